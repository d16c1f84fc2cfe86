"""Landmark registration by optical flow: least-squares agreement of all frames on where face points lie.

Tracked points are off by half a pixel, differently in each frame, which causes most of the error and of the blur
of warped frames. Each reference frame is rendered from the others; DIS optical flow (Kroeger et al. 2016) between
the rendering and the frame measures the difference of their points. The corrections of all frames solve one
least-squares problem, as in the adjustment of a geodetic network.
"""

from dataclasses import replace

import cv2
import numpy as np

from ...motion import Progress, no_progress
from ...progress import part
from ...types import Array, ByteArray, Float32Array, IntArray
from ..model.camera import FacePoses
from ..model.optical_flow import FlowPreset, optical_flow, zero_flow
from ..model.person import Clip, Drive, Person
from ..model.resized import resized_clip, resized_person, resized_poses
from ..parallel import in_parallel
from ..render.cross_fade import sources
from ..render.look import FADED, Look
from ..render.renderer import Plan, Renderer
from ..render.warp import eye_weight, mouth_weight

ROUNDS = 2
_MOST_PICTURES = 300
"""Frames registered of a longer reference; between them corrections are interpolated, since they change slowly."""
APART_S = 0.75
"""Frames nearer in time than this show the same moment, and give no information about each other."""
_FLOW_SIZE = 256
_CALM_PX = 4.0  # blur of the flow, pixels of `_FLOW_SIZE`: points move with what is about them
_LARGEST_PX = 4.0  # larger flow is an outlier
_PULL = 0.1  # weight of the prior of no correction, for points without data


def register(person: Person, progress: Progress = no_progress) -> Person:
    """Correct the expression of each frame so that landmarks agree with the other frames' pixels.

    Poses stay. Frames that are not usable contribute nothing.

    Raises
    ------
    CancelledError : through `progress`
    """
    usable = np.flatnonzero(person.usable)
    indices = usable[np.unique(np.linspace(0, len(usable) - 1, _MOST_PICTURES).astype(int))]
    time_s = person.clip.time_s
    drawn_from = replace(_small(person, indices), usable=np.isin(np.arange(len(time_s)), indices))
    for count in range(ROUNDS):
        moved = _corrections(drawn_from, indices, part(progress, count / ROUNDS, (count + 1) / ROUNDS))
        flat = moved.reshape(len(indices), -1)  # (L x 478·3)
        between = np.stack(
            [np.interp(time_s, time_s[indices], each) for each in flat.T], axis=1
        )  # (N x 478·3)
        drawn_from = replace(
            drawn_from, expression=drawn_from.expression + between.reshape(person.expression.shape)
        )
    return replace(person, expression=drawn_from.expression)


def registered_drive(person: Person, clip: Clip, drive: Drive, progress: Progress = no_progress) -> Drive:
    """Correct the expressions of a drive tracked in a clip by optical flow against a registered person.

    clip : T frames of the same person, cut and scaled alike
    drive : poses and expressions tracked in them

    Raises
    ------
    CancelledError : through `progress`
    """
    renderer = Renderer(_small(person, np.flatnonzero(person.usable)))
    share = renderer.person.clip.size / person.clip.size
    frames = np.arange(len(clip))
    small_clip = resized_clip(clip, renderer.person.clip.size, frames)
    small = replace(drive, poses=resized_poses(drive.poses, share))
    for count in range(ROUNDS):
        plan = renderer.plan(small)
        displacement = _displacements(
            renderer, plan, small_clip, frames, part(progress, count / ROUNDS, (count + 1) / ROUNDS)
        )
        small = replace(small, expression=small.expression + displacement)
    return replace(drive, expression=small.expression)


def _small(person: Person, frames: IntArray) -> Person:
    """The person at the size at which displacements are measured; rendering larger ones would add nothing to these."""
    return person if person.clip.size <= _FLOW_SIZE else resized_person(person, _FLOW_SIZE, frames)


def leave_out_plan(person: Person, look: Look = FADED) -> Plan:
    """Plan that renders each reference frame from usable frames that are not near it in time."""
    time_s = person.clip.time_s
    near = np.abs(time_s[:, None] - time_s) < APART_S
    alone = (near | ~person.usable).all(axis=1)
    near[alone] = np.eye(len(time_s), dtype=bool)[alone]
    return Renderer(person, look).plan(Drive(time_s, person.poses, person.expression), near)


def _corrections(person: Person, indices: IntArray, progress: Progress) -> Array:
    """Expression corrections of the usable frames that make all frames agree, (L, 478, 3) metres."""
    plan = leave_out_plan(person)
    displacement = _displacements(Renderer(person), plan, person.clip, indices, progress)  # (L x 478 x 3)
    part = _slot_of_points(person)
    moved = np.zeros_like(displacement)
    for slot in range(plan.chosen.shape[1]):
        points = part == slot
        # (L x L): own displacement minus the weighted mean of the source frames'
        agreement = np.eye(len(indices)) - _shares(plan, slot, len(person.clip))[np.ix_(indices, indices)]
        right_side = agreement.T @ displacement[:, points].reshape(len(indices), -1)  # (L x P·3)
        answer = np.linalg.solve(agreement.T @ agreement + _PULL * np.eye(len(indices)), right_side)
        moved[:, points] = answer.reshape(len(indices), -1, 3)
    return moved


def _displacements(
    renderer: Renderer, plan: Plan, clip: Clip, indices: IntArray, progress: Progress
) -> Array:
    """Displacement of each point in a clip's frames from its place in the rendered frames, metres in the head frame.

    Shape (L, 478, 3), for the L frames `indices`.
    """
    poses = plan.drive.poses[indices]
    points = plan.vertices.points_px[indices, : plan.drive.expression.shape[1]]
    shifts = np.empty_like(points)

    def shift_px(order: int) -> Array:
        index = int(indices[order])
        return _displacement_px(renderer.frame(plan, index).picture, clip.pictures[index], points[order])

    with in_parallel(shift_px, range(len(indices))) as found:
        for order, shift in enumerate(found):
            progress(order / len(indices), "Bringing the pictures into step")
            shifts[order] = shift
    return _on_the_head(poses, shifts)


def _displacement_px(drawn: Float32Array, truth: ByteArray, points: Array) -> Array:
    """Displacement of each point in a frame from its place in the rendered frame, pixels, shape (478, 2).

    points : (478, 2) pixels, where they are meant to be
    """
    rounded = np.clip(np.rint(drawn), 0, 255).astype(np.uint8)
    seen, other = _grey(truth), _grey(rounded)
    raw = optical_flow(seen, other, FlowPreset.MEDIUM, zero_flow(seen))
    flow = cv2.GaussianBlur(raw, (0, 0), _CALM_PX)
    where = np.asarray(points[None], np.float32)
    found = cv2.remap(flow, where, np.empty(0, np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(-found[0].astype(np.float64), -_LARGEST_PX, _LARGEST_PX)


def _on_the_head(poses: FacePoses, shifts_px: Array) -> Array:
    """Image displacements over N frames, (N, K, 2) pixels, as metres in the head frame, (N, K, 3)."""
    across = shifts_px * [1.0, -1.0] / poses.scale[:, None, None]  # (N x K x 2), metres
    return np.asarray(across @ poses.rotation[:, :2])  # (N x K x 2) @ (N x 2 x 3)


def _shares(plan: Plan, slot: int, count: int) -> Array:
    """Blending weight of each reference frame in each frame of a plan for one slot, shape (T, N)."""
    shares = np.zeros((len(plan), count))
    for picture in range(len(plan)):
        frames, share = sources(plan.chosen[:, slot], picture, plan.half)
        shares[picture, frames] = share
    return shares


def _slot_of_points(person: Person) -> IntArray:
    """Slot that contributes most to each point of the face, shape (478,)."""
    face = slice(0, len(person.mesh))
    mouth, eyes = mouth_weight(person)[face], eye_weight(person)[face]
    return np.argmax([(1 - mouth) * (1 - eyes), mouth * (1 - eyes), eyes], axis=0)


def _grey(picture: ByteArray) -> ByteArray:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), np.uint8)
