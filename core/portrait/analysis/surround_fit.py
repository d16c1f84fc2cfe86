"""Motion model of hair, neck and torso: rings of points about the face, each linear in the head's camera."""

import cv2
import numpy as np

from ...motion import Progress, no_progress
from ...types import Array, BoolArray, ByteArray, IntArray
from ..model.camera import FacePoses
from ..model.optical_flow import FlowPreset, optical_flow
from ..model.person import Clip, Surround
from ..model.topology import RINGS, topology
from ..parallel import in_parallel

_OUT = np.array([1.10, 1.25, 1.45, 1.75, 2.2])
"""How far out the rings lie, in distances of the face's outline from its middle."""
_RISE = 0.24  # of the hair above the forehead, widths of the face
_BACK = 0.35  # of skull and neck behind the outline, widths of the face
_RIDGE = 0.15
_OUTLIER = 3.0
_MOST_PICTURES = 300
_FLOW_SIZE = 256
_BEYOND = 0.3  # of the border outside the frame, widths of the frame


def fit_surround(
    clip: Clip, mesh: Array, poses: FacePoses, usable: BoolArray, progress: Progress = no_progress
) -> Surround:
    """Fit the motion of the points about a face to dense optical flow, by ridge regression.

    What a point does is linear in the head's affine camera. A ridge regression pulls it towards a prior:
    rigid with the head beside and above the face, ever less so outwards and on the shoulders.

    usable : (N,) frames to learn from
    """
    outline = mesh[topology().oval]
    points, rigid = _rings(outline)
    cameras = poses.cameras()
    anchor = _most_usual(cameras, usable)
    home = poses[np.array([anchor])].project(points)[0]
    learned = np.flatnonzero(usable)
    learned = learned[np.linspace(0, len(learned) - 1, min(len(learned), _MOST_PICTURES)).astype(int)]
    moved = _flow(clip, anchor, learned, home, progress)
    unit = np.array([*[np.ptp(outline[:, 0])] * 3, 1.0])  # makes each of a camera's numbers one of pixels
    basis = (cameras[learned] - cameras[anchor]) * unit
    prior = rigid[:, None] * np.concatenate([points, np.ones((len(points), 1))], axis=1) / unit
    follow = np.stack([_ridge(basis[:, row], moved[..., row], prior) for row in (0, 1)], axis=1) * unit
    return Surround(
        home=home,
        anchor=cameras[anchor],
        follow=_even_along_rings(follow),
        border=_border(home, clip.size),
    )


def _rings(outline: Array) -> tuple[Array, Array]:
    """Ring points, (J, 3) metres in the head frame, and their rigidity, (J,): 1 moves with the head."""
    middle, width = outline.mean(axis=0), np.ptp(outline[:, 0])
    away = outline - middle
    up = np.clip(away[:, 1] / np.abs(away[:, 1]).max(), 0.0, 1.0)
    points = middle + away * _OUT[:, None, None]
    points[..., 1] += up * width * _RISE * np.minimum(2 * (_OUT[:, None] - 1), 1.0)
    points[..., 2] = outline[:, 2] - width * _BACK * np.minimum((_OUT[:, None] - 1) / 0.3, 1.0)
    below = away[:, 1] < -0.15 * width
    rigid = np.where(below, (1.75 - _OUT[:, None]) / 0.65, (2.1 - _OUT[:, None]) / 0.6)
    return points.reshape(-1, 3), np.clip(rigid, 0.0, 1.0).ravel()


def _most_usual(cameras: Array, usable: BoolArray) -> int:
    """Index of the usable frame whose camera is nearest to the median."""
    flat = cameras.reshape(len(cameras), -1)
    away = (flat - np.median(flat[usable], axis=0)) / (flat[usable].std(axis=0) + 1e-9)
    return int(np.argmin(np.where(usable, (away**2).sum(axis=1), np.inf)))


def _flow(clip: Clip, anchor: int, learned: IntArray, home: Array, progress: Progress) -> Array:
    """Position of each point of `home` in each training frame, (M, J, 2) pixels, by DIS optical flow."""
    share = _FLOW_SIZE / clip.size
    at = np.clip((home + 0.5) * share - 0.5, 0, _FLOW_SIZE - 1).astype(np.float32)[None]
    before = _grey(clip, anchor)
    moved = np.empty((len(learned), len(home), 2))

    def places(frame: int) -> Array:
        flow = cv2.blur(optical_flow(before, _grey(clip, frame), FlowPreset.MEDIUM), (7, 7))
        return np.asarray(cv2.remap(flow, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0] / share)

    with in_parallel(places, learned.tolist()) as found:
        for order, each in enumerate(found):
            moved[order] = each
            progress((order + 1) / len(learned), "Learning how hair, neck and shoulders go along")
    return moved


def _grey(clip: Clip, frame: int) -> ByteArray:
    small = cv2.resize(clip.pictures[frame], (_FLOW_SIZE, _FLOW_SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def _ridge(basis: Array, moved: Array, prior: Array) -> Array:
    """Ridge coefficients (J, 4) with moved ≈ basis · coefficients, shrunk to the prior; outliers of the flow are left out.

    basis : (M, 4); moved : (M, J); prior : (J, 4)
    """
    rest = moved - basis @ prior.T
    near = np.abs(rest) < _OUTLIER * np.median(np.abs(rest), axis=0) + 0.5
    pull = _RIDGE * np.trace(basis.T @ basis) / 4 * np.eye(4)
    normal = np.einsum("mc,mj,md->jcd", basis, near, basis, optimize=True) + pull
    right = np.einsum("mc,mj->jc", basis, near * rest)
    return prior + np.linalg.solve(normal, right[..., None])[..., 0]


def _even_along_rings(follow: Array) -> Array:
    """Coefficients smoothed over each point's neighbours on its ring."""
    rings = follow.reshape(RINGS, -1, 2, 4)
    for _ in range(2):
        rings = (np.roll(rings, 1, axis=1) + 2 * rings + np.roll(rings, -1, axis=1)) / 4
    return rings.reshape(follow.shape)


def _border(home: Array, size: int) -> Array:
    """Fixed points outside the frame, (B, 2) pixels, radially out from those of the last ring."""
    middle = home.mean(axis=0)
    out = home.reshape(RINGS, -1, 2)[-1] - middle
    edge = np.where(out > 0, (1 + _BEYOND) * size, -_BEYOND * size)
    reach = (np.abs(edge - middle) / np.maximum(np.abs(out), 1e-6)).min(axis=1, keepdims=True)
    return middle + out * np.maximum(reach, 1.02)
