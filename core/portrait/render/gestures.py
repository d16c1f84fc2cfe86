"""Detection of frames with gestures: hands and body that differ from their usual look."""

import cv2
import numpy as np

from ...types import Array
from ..model.person import Person
from ..model.topology import topology

_CELLS = 32  # each way: hands are large
_USUAL = 1.5  # medians: what shoulders do with the head
_LEAST = 1.0  # levels, noise of a body that never moves


def gestures(person: Person) -> Array:
    """Deviation of the body in each frame from its median, beyond usual shoulder motion, shape (N,).

    The body is what lies below the chin. In units of the median of the distance over the usable frames, 0 for
    most; 0 for all where the chin is at the frame's edge.
    """
    size, usable = person.clip.size, person.usable
    chin = person.landmarks()[usable][:, topology().oval, 1].max()
    first = int(np.ceil(max(chin, 0.0) / size * _CELLS))
    if first >= _CELLS:
        return np.zeros(len(person.clip))
    cells = (_CELLS, _CELLS)
    bodies = np.stack(
        [cv2.resize(picture, cells, interpolation=cv2.INTER_AREA)[first:] for picture in person.clip.pictures]
    ).astype(np.float64)
    away = np.sqrt(((bodies - np.median(bodies[usable], axis=0)) ** 2).mean(axis=(1, 2, 3)))
    return np.maximum(away / max(float(np.median(away[usable])), _LEAST) - _USUAL, 0.0)
