"""Background that goes on moving: noise, light and what happens behind the person, played from the reference.

The clean background is a median over time: without noise, and a screen or a tree behind the person stands still. So
around the median plays what the reference recorded, frame by frame, wherever its person is not in the way.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Array, BoolArray, ByteArray, Float32Array
from ..model.person import Person

_FADE_S = 0.5  # where the reference ends and begins anew
_SHORTEST_S = 3.0  # of a reference that is played; a shorter loop would be noticed
_SAMPLED = 40  # frames, for how much each pixel usually changes
_CERTAIN = 25  # of 255 in the matte; below it is background
_FAR = 1 / 50  # from the person, widths of the frame: mattes miss fine hair
_SOFT = 1 / 25  # widths of the frame, over which the median goes over into the frame
_HIDDEN = 255  # in place of a change, where the person is in the way
_UNUSUAL = 4.0  # times a pixel's usual change, from where something new is there
_LEAST = 10.0  # levels, of such a change
_STRIDE, _FEWEST = 4, 16  # visible pixels by which the exposure is measured, and how many there have to be


@dataclass(frozen=True)
class MovingBackground:
    """Plays the background of a reference.

    person : with a clean background
    usual : (S, S) levels by which each pixel usually differs from the clean background
    """

    person: Person
    usual: Float32Array

    @classmethod
    def of(cls, person: Person) -> "MovingBackground | None":
        """The moving background of a person; None without a clean background, or where the clip is shorter than 3 s."""
        time_s = person.clip.time_s
        if person.background is None or time_s[-1] - time_s[0] < _SHORTEST_S:
            return None
        return cls(person, _usual_change(person, person.background))

    def at(self, time_s: float, dose: float) -> ByteArray:
        """Background (S, S, 4) RGBA at a time, seconds; the reference is played in a loop.

        dose : from 0, the clean background, to 1
        """
        background = self.person.background
        assert background is not None
        colours = background[..., :3].astype(np.float32)
        for frame, share in _frames(self.person.clip.time_s, time_s):
            colours += np.float32(dose * share) * self._change(frame, background)
        moving = background.copy()
        moving[..., :3] = np.clip(np.rint(colours, out=colours), 0, 255, out=colours)
        return moving

    def _change(self, frame: int, background: ByteArray) -> Float32Array:
        """What a frame adds to the clean background, levels, (S, S, 3); 0 at the person and what belongs to them."""
        size = len(background)
        picture = np.asarray(self.person.clip.pictures[frame])
        change = np.asarray(cv2.subtract(picture, background[..., :3], dtype=cv2.CV_32F), np.float32)
        hidden = _grown(self.person.matte[frame] >= _CERTAIN, _FAR * size) | (background[..., 3] < 255)
        some = change[::_STRIDE, ::_STRIDE][~hidden[::_STRIDE, ::_STRIDE]]
        if len(some) < _FEWEST:
            return np.zeros_like(change)
        change -= np.median(some, axis=0)  # exposure, which the person's own pixels do not follow
        hidden |= self._belongings(change, hidden)
        reach = 2 * round(_SOFT * size / 2) + 1
        share = cv2.blur((~_grown(hidden, _SOFT * size / 2)).astype(np.float32), (reach, reach))
        change *= share[..., None]
        return change

    def _belongings(self, change: Float32Array, hidden: BoolArray) -> BoolArray:
        """Unusual changes that touch the person, (S, S): hands and sleeves that the matte misses, shadows."""
        size = len(change)
        unusual = _largest(np.abs(change)) > np.maximum(_UNUSUAL * self.usual, _LEAST)
        opened = cv2.morphologyEx(unusual.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, parts = cv2.connectedComponents(opened)
        touching = np.unique(parts[_grown(hidden, _SOFT * size) & (parts > 0)])
        return _grown(np.isin(parts, touching[touching > 0]), _FAR * size)


def _usual_change(person: Person, background: ByteArray) -> Float32Array:
    """Median over time of the absolute difference from the clean background, levels, (S, S), the largest colour's."""
    clip = person.clip
    sampled = np.unique(np.linspace(0, len(clip) - 1, min(len(clip), _SAMPLED)).astype(int))
    changes = np.full((len(sampled), *background.shape[:2]), _HIDDEN, np.uint8)
    for order, frame in enumerate(sampled):
        visible = person.matte[frame] < _CERTAIN
        away = cv2.absdiff(np.asarray(clip.pictures[frame]), np.ascontiguousarray(background[..., :3]))
        changes[order][visible] = np.minimum(_largest(away)[visible], _HIDDEN - 1)
    middle = np.maximum((changes != _HIDDEN).sum(axis=0) - 1, 0) // 2
    changes.sort(axis=0)  # hidden pixels go last
    found = np.take_along_axis(changes, middle[None], axis=0)[0]
    return np.where(found == _HIDDEN, 0, found).astype(np.float32)


def _frames(clip_s: Array, time_s: float) -> list[tuple[int, float]]:
    """Frames of a clip that are shown at a time, and their shares: one, or two where the end goes over into the start."""
    period = float(clip_s[-1] - clip_s[0]) - _FADE_S
    into = time_s % period
    if time_s < period or into >= _FADE_S:
        return [(_nearest(clip_s, into), 1.0)]
    share = into / _FADE_S
    return [(_nearest(clip_s, into), share), (_nearest(clip_s, into + period), 1.0 - share)]


def _nearest(clip_s: Array, time_s: float) -> int:
    return int(np.abs(clip_s - clip_s[0] - time_s).argmin())


def _largest(colours: NDArray[Any]) -> NDArray[Any]:
    """Largest of three colours, (S, S)."""
    return np.maximum(np.maximum(colours[..., 0], colours[..., 1]), colours[..., 2])


def _grown(marked: BoolArray, far: float) -> BoolArray:
    reach = 2 * round(far) + 1
    return np.asarray(cv2.dilate(marked.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0)
