"""Renderer: reference frames warped by the mesh, cross-faded and composited over the background."""

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from ...types import Array, BoolArray, ByteArray, Float32Array, IntArray
from ..model.person import Drive, Person
from ..model.topology import EYE, RING, topology
from .cross_fade import aligned, conflicts, mean_of, sources
from .detail import single_detail, single_mouth
from .edges import filled, folds, raggedness, without_slivers
from .frame_selection import EYES, MOUTH, POSE, Chooser
from .look import FADED, Look
from .moving_background import MovingBackground
from .part_registration import Surroundings, register
from .raster import Raster, paint
from .sampling import CUBIC, LINEAR, SHARP, sample
from .warp import Vertices, eye_weight, head_points, mouth_weight, vertices
from .window import Window as Shown

Window = tuple[slice, slice]

_FADE_S = 0.16  # either side
_EDGE_PX = 0.8
_SEEN = 0.1  # share of a source frame from which on a line in it is seen
_LIDS = 1 / 40  # about the openings of the eyes, widths of the frame: as far as patches of the flow reach
_LEAP_PX = 8.0  # from one pixel to the next, in pixels of the head at rest


@dataclass(frozen=True)
class Plan:
    """Source frames and vertices of every frame of a video.

    drive : what they show
    vertices : where the mesh is in them
    chosen : (T, 3) reference frames, see `choose`
    half : frames over which one fades into the next, either side
    shown : the part of the frame that is shown, and in which the vertices count; the whole without
    """

    drive: Drive
    vertices: Vertices
    chosen: IntArray
    half: int
    shown: Shown | None = None

    def __len__(self) -> int:
        return len(self.drive)

    def through(self, shown: Shown) -> "Plan":
        """The same of which only a part is shown."""
        places = shown.places(self.vertices.points_px)
        return replace(self, vertices=replace(self.vertices, points_px=places), shown=shown)


@dataclass(frozen=True)
class Layers:
    """Rendered frame, its masks, and the head point of each pixel.

    picture : (S, S, 3) red, green, blue from 0 to 255
    mouth, eyes : (S, S) shares of the frame chosen for the mouth, and for the eyes
    head : (S, S, 3) the visible place on the head at rest, metres in the head frame
    matte : (S, S) 1 where the person is, 0 where the background is
    """

    picture: Float32Array
    mouth: Float32Array
    eyes: Float32Array
    head: Float32Array
    matte: Float32Array


@dataclass(frozen=True)
class Renderer:
    """Renders a person by warping reference frames. Needs no network and no graphics card."""

    person: Person
    look: Look = FADED

    def plan(self, drive: Drive, forbidden: BoolArray | None = None) -> Plan:
        """Choose the source frames of the T frames of a video.

        forbidden : (T, N) reference frames that may not be used
        """
        chosen = self._chooser.choose(drive, forbidden)
        where = vertices(self.person, drive.poses, drive.expression)
        return Plan(drive, where, chosen, _half(drive.time_s))

    def frame(self, plan: Plan, index: int) -> Layers:
        """Render the frame of an index, from 0, and its layers."""
        points_px, nearness = plan.vertices.points_px[index], plan.vertices.nearness[index]
        size = self.person.clip.size
        raster = paint(points_px, nearness, topology().triangles, size, plan.vertices.facing[index])
        carried = raster.spread(self._carried)
        mouth, eyes, head = carried[..., 0], carried[..., 1], carried[..., 2:]
        best = plan.chosen[index]
        picture, matte, field = self._body(
            raster, points_px, *sources(plan.chosen[:, POSE], index, plan.half), best[POSE]
        )
        rough = self._raggedness(field)
        for slot, mask in ((MOUTH, mouth), (EYES, eyes)):
            window = _box(mask)
            if window is None:
                continue
            part, field = self._part(raster, window, slot, plan, index, around=picture[window])
            picture[window] += mask[window][..., None] * (part - picture[window])
            rough[window] += mask[window] * (self._raggedness(field) - rough[window])
        if self.person.background is not None:
            background = self._background(plan, index).astype(np.float32)
            seen_through = (1 - matte[..., None]) * background[..., 3:] / 255
            picture += seen_through * (background[..., :3] - picture)
        scale = plan.drive.poses.scale[index] * (1.0 if plan.shown is None else plan.shown.zoom)
        edges = np.maximum(_outlines(head, scale), rough)[..., None]
        picture += edges * (cv2.GaussianBlur(picture, (0, 0), _EDGE_PX) - picture)
        return Layers(picture, mouth, eyes, head, matte)

    def _body(
        self, raster: Raster, points_px: Array, frames: IntArray, shares: Array, best: int
    ) -> tuple[Float32Array, Float32Array, Float32Array]:
        """Whole frame, its matte and the sampling map of `best`, the source frame that fits best, from those of the pose."""
        maps = [self._map(raster, points_px, frame, (slice(None), slice(None))) for frame in frames]
        if self.look.edges:
            maps = [
                without_slivers(field) if share >= _SEEN else field
                for field, share in zip(maps, shares, strict=True)
            ]
        at_best, face = int(np.flatnonzero(frames == best)[0]), _of_face(raster)
        of_best = maps[at_best]
        if len(maps) > 1:
            maps = aligned(maps, shares, lambda k, field: self._grey(int(frames[k]), field))
        drawn = [
            sample(self.person.clip.pictures[k], field, SHARP if k == best else CUBIC).astype(np.float32)
            for k, field in zip(frames, maps, strict=True)
        ]
        mattes = [
            sample(self.person.matte[k], field, LINEAR).astype(np.float32) / 255
            for k, field in zip(frames, maps, strict=True)
        ]
        picture, matte = (mean_of(pictures, shares) for pictures in (drawn, mattes))
        # Frames that follow each other hardly differ: of two stretches of the reference, these are one of each.
        extremes = sorted({0, at_best, len(maps) - 1})
        if len(maps) > 1:
            single = drawn[at_best]
            if self.look.detail:
                picture = single_detail(picture, single, self.look.detail, self.person.clip.size)
            if self.look.cuts:
                others = [drawn[k] for k in extremes if k != at_best]
                cut = np.float32(self.look.cuts) * np.max(mattes, axis=0) * conflicts(others, single, face)
                picture += cut[..., None] * (single - picture)
                matte += cut * (mattes[at_best] - matte)
        if self.look.edges:
            folded = np.max([folds(maps[k], face) for k in extremes], axis=0)
            picture = filled(picture, np.float32(self.look.edges) * folded)
        return picture, matte, of_best

    def _background(self, plan: Plan, index: int) -> ByteArray:
        """Background of a frame, (S, S, 4) RGBA: clean, or with what moves in it by the look's dose."""
        background, dose = self.person.background, self.look.background
        assert background is not None
        if dose and self._moving_background is not None:
            background = self._moving_background.at(float(plan.drive.time_s[index]), dose)
        return background if plan.shown is None else plan.shown.of(background)

    def _part(
        self, raster: Raster, window: Window, slot: int, plan: Plan, index: int, *, around: Float32Array
    ) -> tuple[Float32Array, Float32Array]:
        """Part of a frame about mouth or eyes, from the source frames of a slot, and the sampling map of the one that fits best.

        around : (h, w, 3) what is drawn so far there, from the source frames of the pose
        """
        points_px, size = plan.vertices.points_px[index], self.person.clip.size
        best, dose = plan.chosen[index, slot], self.look.mouth if slot == MOUTH else self.look.detail
        is_met = slot == EYES and bool(self.look.eyes)
        meets = self._surroundings(raster, window, around) if is_met else None
        total = np.zeros((*raster.triangle[window].shape, 3), np.float32)
        for frame, share in zip(*sources(plan.chosen[:, slot], index, plan.half), strict=True):
            of_frame = self._map(raster, points_px, frame, window)
            if meets is not None:
                of_frame = self._registered(frame, of_frame, meets)
            drawn = sample(self.person.clip.pictures[frame], of_frame, SHARP if frame == best else CUBIC)
            total += np.float32(share) * drawn
            if frame == best:
                single, field = drawn, of_frame
        if not dose:
            return total, field
        if slot == MOUTH:
            return single_mouth(total, single, raster.triangle[window], dose, size), field
        return single_detail(total, single, dose, size), field

    def _surroundings(self, raster: Raster, window: Window, around: Float32Array) -> Surroundings:
        """What is around the eyes' part, with the openings of the eyes, in which the part differs on purpose."""
        opening = np.append(topology().label == EYE, np.False_)[raster.triangle[window]]
        size = self.person.clip.size
        lids = 2 * round(_LIDS * size) + 1
        own = cv2.dilate(opening.astype(np.uint8), np.ones((lids, lids), np.uint8)) > 0
        grey = cv2.cvtColor(np.clip(around, 0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY)
        return Surroundings(np.asarray(grey, np.uint8), own, size)

    def _registered(self, frame: int, field: Float32Array, meets: Surroundings) -> Float32Array:
        """Sampling map of the eyes' part that meets what is around it, by the look's dose."""
        moved = register(field, self._grey(frame, field), meets)
        return np.asarray(field + np.float32(self.look.eyes) * (moved - field), np.float32)

    def _map(self, raster: Raster, points_px: Array, frame: int, window: Window) -> Float32Array:
        """Sampling map from a window of the output to a reference frame, pixels, (h, w, 2)."""
        field = raster.spread(self._reference.points_px[frame] - points_px, window)
        field[..., 0] += np.arange(self.person.clip.size, dtype=np.float32)[window[1]]
        field[..., 1] += np.arange(self.person.clip.size, dtype=np.float32)[window[0], None]
        return field

    def _raggedness(self, field: Float32Array) -> Float32Array:
        """How ragged what a sampling map gives is, (h, w), by the look's dose."""
        if not self.look.edges:
            return np.zeros(field.shape[:2], np.float32)
        return np.float32(self.look.edges) * raggedness(field)

    def _grey(self, frame: int, field: Float32Array) -> ByteArray:
        picture = sample(self.person.clip.pictures[frame], field, LINEAR)
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)

    @cached_property
    def _chooser(self) -> Chooser:
        return Chooser(self.person, self.look)

    @cached_property
    def _moving_background(self) -> MovingBackground | None:
        return MovingBackground.of(self.person)

    @cached_property
    def _reference(self) -> Vertices:
        return vertices(self.person, self.person.poses, self.person.expression)

    @cached_property
    def _carried(self) -> Array:
        weights = np.column_stack([mouth_weight(self.person), eye_weight(self.person)])
        return np.concatenate([weights, head_points(self.person)], axis=1)


def _outlines(head: Float32Array, scale: float) -> Float32Array:
    """Mask of occlusion edges, which the raster leaves aliased, (S, S): 1 there."""
    leap = _LEAP_PX / scale
    edge = np.zeros(head.shape[:2], np.float32)
    for place in (head[..., 0], head[..., 1]):
        across, down = (np.abs(np.diff(place, axis=axis)) > leap for axis in (1, 0))
        edge[:, 1:][across] = edge[:, :-1][across] = edge[1:][down] = edge[:-1][down] = 1
    return edge


def _of_face(raster: Raster) -> BoolArray:
    """Pixels that show the face's own mesh, (S, S)."""
    return np.append(topology().label < RING, np.False_)[raster.triangle]


def _half(time_s: Array) -> int:
    """Frames of a cross-fade on either side."""
    return max(1, round(_FADE_S / np.median(np.diff(time_s)))) if len(time_s) > 1 else 0


def _box(mask: Float32Array) -> Window | None:
    """Smallest window that contains all nonzero pixels of a mask."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return None
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
