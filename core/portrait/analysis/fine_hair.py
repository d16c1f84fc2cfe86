"""Fine hair in a matte: what the segmentation misses beside the head, separated from the background by its colour.

Difference keying (Smith and Blinn, "Blue screen matting", 1996, with a known background): near the person, what differs from
the background is the person's.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ...types import ByteArray, Float32Array
from ..model.person import Clip
from ..model.picture_file import write_pictures
from ..parallel import in_parallel
from .matte import MATTE

_NEAR = 1 / 20  # of the person, widths of the frame: farther off there is no hair of theirs
_PERSON = 128  # of 255 in the matte
_LEAST, _CERTAIN = 20.0, 60.0
"""Levels of the channel that differs most from which on something may be hair, and certainly is; noise and faint shadows
are below."""
_CALM = 3  # pixels over which the difference is averaged, for grain


def with_fine_hair(
    clip: Clip, silhouette: ByteArray, background: ByteArray | None, *, folder: Path | None = None
) -> ByteArray:
    """Matte, (N, S, S) uint8, of a silhouette and the fine hair beside it; the silhouette where no background is known.

    silhouette : (N, S, S) as `person_matte`
    background : (S, S, 4) as `clean_background`
    folder : where to keep the matte, in memory without

    Raises
    ------
    OutputError : no room in `folder`
    """
    mattes = _mattes(clip, silhouette, background)
    return write_pictures(folder / MATTE, mattes, silhouette.shape) if folder else np.stack(list(mattes))


def _mattes(clip: Clip, silhouette: ByteArray, background: ByteArray | None) -> Iterator[ByteArray]:
    if background is None:
        yield from silhouette
        return
    reach = 2 * round(_NEAR * clip.size) + 1
    colours, seen = np.ascontiguousarray(background[..., :3]), background[..., 3] == 255

    def matte_of(frame: int) -> ByteArray:
        matte = silhouette[frame]
        about = cv2.dilate((matte >= _PERSON).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
        hair = np.where(about & seen, _differing(clip.pictures[frame], colours), 0).astype(np.uint8)
        return np.maximum(matte, hair)

    with in_parallel(matte_of, range(len(clip))) as mattes:
        yield from mattes


def _differing(picture: ByteArray, colours: ByteArray) -> Float32Array:
    """How certainly each pixel is not the background's, (S, S), 0 to 255."""
    red, green, blue = cv2.split(cv2.absdiff(picture, colours))
    most = cv2.max(cv2.max(red, green), blue)
    apart = cv2.blur(most.astype(np.float32), (_CALM, _CALM))
    return np.asarray(255 * np.clip((apart - _LEAST) / (_CERTAIN - _LEAST), 0.0, 1.0), np.float32)
