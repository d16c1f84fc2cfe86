"""Pictures and videos of a face turned by known rotations, for the tests and benchmarks of tracking.

One frontal picture becomes a surface in space: each landmark lies on its own line of sight at the depth of
the posed canonical face, and rings around the face slope back to a head. The surface is turned and drawn
again through the same pinhole camera.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import ConvexHull, Delaunay

from mannerism.core import rotation as rot
from mannerism.core.media.video import Video
from mannerism.core.track.head_pose import HeadPoses, canonical_face, head_poses
from mannerism.core.track.landmarks import FaceFinder
from mannerism.core.types import Array, BoolArray, ByteArray, IntArray

FOCAL_HEIGHTS = 1.5
_MESH = 468
_RINGS = ((1.25, 0.04), (1.5, 0.10))  # times the face's outline, and how far behind it in metres
_TURN_ABOUT_M = np.array([0.0, -0.06, -0.08])  # in the middle of the head, so that it stays in the picture


class WarpedFace:
    """A picture of a face that can be turned.

    picture : (S, S, 3) uint8, square, one face
    landmarks : (478, 3) of that face as `FaceFinder.find` returns them
    """

    def __init__(self, picture: ByteArray, landmarks: Array) -> None:
        size = picture.shape[0]
        self.size, self.focal = size, FOCAL_HEIGHTS * size
        pose = head_poses(landmarks[None], size, size, FOCAL_HEIGHTS)
        canonical = rot.rotate(pose.rotation[0], canonical_face()) + pose.position_m[0]
        corners = landmarks[:_MESH, :2] * size
        depth = -canonical[:, 2]
        outline = ConvexHull(corners).vertices
        middle = corners.mean(axis=0)
        for factor, behind in _RINGS:
            corners = np.concatenate([corners, middle + factor * (corners[outline] - middle)])
            depth = np.concatenate([depth, depth[outline] + behind])
        self._texture_xy = corners
        self._triangles = Delaunay(corners).simplices
        centred = (corners - size / 2) * [1, -1]
        self._surface_m = np.concatenate([centred * depth[:, None] / self.focal, -depth[:, None]], axis=1)
        self._pivot_m = pose.position_m[0] + rot.rotate(pose.rotation[0], _TURN_ABOUT_M)
        self._picture = picture.astype(np.float64)
        self._behind = gaussian_filter(self._picture, (size / 12, size / 12, 0))

    def turned(self, rotation: ArrayLike, shift_m: ArrayLike = (0.0, 0.0, 0.0)) -> ByteArray:
        """The picture with the head turned by a quaternion and shifted, both in the camera frame."""
        points = rot.rotate(rotation, self._surface_m - self._pivot_m) + self._pivot_m + np.asarray(shift_m)
        depth = -points[:, 2]
        screen = points[:, :2] * [1, -1] * self.focal / depth[:, None] + self.size / 2
        at, pixels = self._sight(screen[self._triangles], 1 / depth[self._triangles])
        drawn = self._behind.copy().reshape(-1, 3)
        for channel in range(3):
            sampled = map_coordinates(self._picture[..., channel], at.T[::-1] - 0.5, order=1, mode="nearest")
            drawn[pixels, channel] = sampled
        return np.clip(np.rint(drawn), 0, 255).astype(np.uint8).reshape(self.size, self.size, 3)

    def _sight(self, corners: Array, inverse_depth: Array) -> tuple[Array, IntArray]:
        """What each pixel sees: where in the first picture to look, (P, 2), and the pixels' flat numbers.

        corners : (T, 3, 2) of the triangles on the screen; inverse_depth : (T, 3)
        """
        low = np.clip(np.floor(corners.min(axis=1)).astype(int), 0, self.size - 1)
        span = np.clip(np.ceil(corners.max(axis=1)).astype(int), 1, self.size) - low
        span = np.where((span <= 0).any(axis=1, keepdims=True), 0, span)
        count = span.prod(axis=1)
        owner = np.repeat(np.arange(len(corners)), count)
        place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        x = low[owner, 0] + place % span[owner, 0]
        y = low[owner, 1] + place // span[owner, 0]
        (ax, ay), (bx, by) = (corners[:, 0] - corners[:, 2]).T, (corners[:, 1] - corners[:, 2]).T
        area = ax * by - ay * bx
        area = np.where(np.abs(area) < 1e-9, np.nan, area)  # seen from the edge: never inside
        px, py = x + 0.5 - corners[owner, 2, 0], y + 0.5 - corners[owner, 2, 1]
        a = (px * by[owner] - py * bx[owner]) / area[owner]
        b = (py * ax[owner] - px * ay[owner]) / area[owner]
        shares = np.stack([a, b, 1 - a - b], axis=1)
        inside = (shares >= -1e-9).all(axis=1)
        shares, owner = shares[inside] * inverse_depth[owner[inside]], owner[inside]
        nearness = shares.sum(axis=1)
        order = np.argsort(-nearness)
        pixels, first = np.unique((y * self.size + x)[inside][order], return_index=True)
        nearest = order[first]
        at = np.einsum("pk,pkc->pc", shares[nearest], self._texture_xy[self._triangles[owner[nearest]]])
        return at / nearness[
            nearest, None
        ], pixels  # shares over depth, then times depth: perspective-correct


def frontal_face(video: Path, model: Path, size: int = 400, upto: int = 150) -> WarpedFace | None:
    """A `WarpedFace` from the most frontal and closed-mouthed of every tenth frame, None where none will do.

    It will do when it is turned by less than 10° and 120 pixels wide or more.
    """
    best, chosen = np.radians(10), None
    with FaceFinder(model) as finder:
        for frame in islice(Video(video), 0, upto, 10):
            height, width = frame.rgb.shape[:2]
            for landmarks in finder.find(frame.rgb):
                pose = head_poses(landmarks[None], width, height, FOCAL_HEIGHTS)
                turn = rot.angle_between(pose.rotation[0], rot.IDENTITY) + pose.mouth_m[0] / 0.1
                if turn < best and np.ptp(landmarks[:, 0]) * width >= 120:
                    best, chosen = turn, (frame.rgb, landmarks)
        if chosen is None:
            return None
        square = _square(*chosen, size)
        return WarpedFace(square, finder.find(square)[0])


def _square(picture: ByteArray, landmarks: Array, size: int) -> ByteArray:
    height, width = picture.shape[:2]
    xy = landmarks[:_MESH, :2] * [width, height]
    middle, half = (xy.min(axis=0) + xy.max(axis=0)) / 2, 1.1 * np.ptp(xy, axis=0).max()
    at = middle[:, None] + (np.arange(size) + 0.5 - size / 2) / (size / 2) * half
    y, x = np.meshgrid(at[1] - 0.5, at[0] - 0.5, indexing="ij")
    blur = max(2 * half / size / 2 - 0.5, 0.0)  # before taking fewer pixels
    smooth = gaussian_filter(picture.astype(np.float64), (blur, blur, 0))
    cut = [map_coordinates(smooth[..., channel], [y, x], order=1, mode="reflect") for channel in range(3)]
    return np.clip(np.rint(np.stack(cut, axis=-1)), 0, 255).astype(np.uint8)


def known_rotations(seed: int = 0) -> Array:
    """57 head rotations: rest, each axis alone to ±20° by 5°, and 32 mixes within ±20° on all three."""
    alone = [degrees for degrees in range(-20, 21, 5) if degrees]
    axes = [tuple(d if axis == k else 0 for k in range(3)) for axis in range(3) for d in alone]
    mixes = np.random.default_rng(seed).uniform(-20, 20, (32, 3)).tolist()
    pitch, yaw, roll = np.radians([(0, 0, 0), *axes, *mixes]).T
    return rot.from_euler(pitch, yaw, roll)


def measured_poses(pictures: Iterable[ByteArray], model: Path) -> tuple[HeadPoses, BoolArray]:
    """Head poses of square pictures with one face each, and in which of them a face was found."""
    with FaceFinder(model) as finder:
        faces = [(finder.find(picture), picture.shape[0]) for picture in pictures]
    found = np.array([len(face) > 0 for face, _ in faces])
    size = faces[0][1]
    return head_poses(np.array([f[0] for f, _ in faces if len(f)]), size, size, FOCAL_HEIGHTS), found


def errors_deg(measured: Array, truth: Array) -> Array:
    """Angles between measured and true rotations, degrees, with the constant offset in the head removed."""
    offset = rot.geodesic_median(rot.multiply(rot.inverse(truth), measured))
    return np.degrees(rot.angle_between(measured, rot.multiply(truth, offset)))


def write_video(
    path: Path, pictures: Sequence[ByteArray], time_s: Iterable[float], *, sound: bool = False
) -> None:
    """Write pictures as H.264 at times that need not be uniform, with two seconds of noise from 0 if asked."""
    tick = Fraction(1, 12800)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=60, options={"crf": "12", "preset": "veryfast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", tick
        voice = container.add_stream("aac", rate=16000, layout="mono") if sound else None
        for picture, at_s in zip(pictures, time_s, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(at_s / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice:
            samples = np.random.default_rng(0).normal(0, 0.1, (1, 32000)).astype(np.float32)
            noise = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            noise.rate, noise.pts = 16000, 0
            container.mux(voice.encode(noise))
            container.mux(voice.encode())
