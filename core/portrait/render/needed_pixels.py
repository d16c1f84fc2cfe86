"""Places of a video's frames that would show what lies beyond the reference's frames."""

import numpy as np

from ...types import Array, BoolArray, ByteArray, Float32Array, IntArray
from ..model.person import Person
from ..model.topology import topology
from .frame_selection import POSE
from .raster import paint
from .renderer import Plan
from .warp import vertices

CELLS = 64
_EVERY_S = 0.12  # the head moves smoothly
_HARDLY = 0.012  # widths of the frame: so little of a replicated edge is not seen
_PERSON = 128  # of 255 in the matte
_KNOWN = 128  # of 255 in the background's alpha


def missing_cells(person: Person, plan: Plan) -> BoolArray:
    """Mask of cells in which a frame of the plan samples the reference beyond its edge, (CELLS, CELLS).

    Where the clean background is shown instead, nothing is missing.
    """
    size = person.clip.size
    scale = CELLS / size
    middle = (np.arange(CELLS) + 0.5) / scale - 0.5
    grid = np.stack(np.meshgrid(middle, middle), axis=2)
    known = (
        np.zeros((CELLS, CELLS), np.bool_)
        if person.background is None
        else _at(person.background[..., 3], grid) >= _KNOWN
    )
    of_reference = vertices(person, person.poses, person.expression).points_px
    found = np.zeros((CELLS, CELLS), np.bool_)
    for index in sampled_frames(plan):
        points = plan.vertices.points_px[index]
        raster = paint(
            (points + 0.5) * scale - 0.5,
            plan.vertices.nearness[index],
            topology().triangles,
            CELLS,
            plan.vertices.facing[index],
        )
        near = plan.chosen[max(index - plan.half, 0) : index + plan.half + 1, POSE]
        for frame in np.unique(near):
            where = grid + raster.spread(of_reference[frame] - points)
            beyond = np.maximum(-0.5 - where, where - (size - 0.5)).max(axis=2)
            person_there = _at(person.matte[frame], where) >= _PERSON
            found |= (beyond > _HARDLY * size) & (person_there | ~known)
    return found


def face_cells(person: Person, plan: Plan) -> tuple[int, int, int, int]:
    """Box of the face over the frames of a plan, cells: left, top, and the first beyond at right and bottom."""
    oval = plan.vertices.points_px[sampled_frames(plan)][:, topology().oval]
    share = (oval + 0.5) / person.clip.size * CELLS
    low = np.clip(np.floor(share.min(axis=(0, 1))), 0, CELLS).astype(int)
    high = np.clip(np.ceil(share.max(axis=(0, 1))), 0, CELLS).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def sampled_frames(plan: Plan) -> IntArray:
    """Indices of the frames looked at."""
    time_s = plan.drive.time_s
    step = 1 if len(time_s) < 2 else max(1, round(_EVERY_S / float(np.median(np.diff(time_s)))))
    return np.unique([*range(0, len(time_s), step), len(time_s) - 1])


def _at(picture: ByteArray, where: Array | Float32Array) -> ByteArray:
    """Nearest pixel of (S, S) at places (..., 2); that at the edge for those beyond it."""
    place = np.clip(np.rint(where), 0, len(picture) - 1).astype(np.intp)
    return np.asarray(picture[place[..., 1], place[..., 0]])
