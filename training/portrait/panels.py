"""Panels of the test of looks: crops of real and made pictures, single ones and strips of five, in a shuffled order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mannerism.core.portrait.model.topology import IRISES, topology
from mannerism.core.types import Array, ByteArray

REAL, MADE = "real", "made"
SINGLE, STRIP = "single", "strip"
_IN_A_STRIP, _STRIP_S = 5, 0.12
_HEIGHT = 256  # of each picture in a panel, pixels


@dataclass(frozen=True)
class Scene:
    """The same moments of one person twice, T frames.

    real, made : (T, S, S, 3) uint8
    landmarks : (T, 478, 2 or more) pixels
    time_s : (T,)
    """

    real: ByteArray
    made: ByteArray
    landmarks: Array
    time_s: Array


@dataclass(frozen=True)
class Item:
    """One panel to be judged.

    what : REAL or MADE
    kind : SINGLE or STRIP
    crop : a name of CROPS
    scene : index of its person
    """

    what: str
    kind: str
    crop: str
    scene: int
    picture: ByteArray


def _mouth(landmarks: Array) -> tuple[Array, float, float]:
    lips = landmarks[topology().lips, :2]
    width = float(np.ptp(lips[:, 0]))
    return lips.mean(axis=0), 1.6 * width, 1.2 * width


def _eyes(landmarks: Array) -> tuple[Array, float, float]:
    eyes = landmarks[np.concatenate(topology().eyes), :2]
    width = float(np.linalg.norm(np.subtract(*landmarks[list(IRISES), :2])))
    return eyes.mean(axis=0) - [0.0, 0.2 * width], 2.2 * width, 1.1 * width


CROPS: Mapping[str, Callable[[Array], tuple[Array, float, float]] | None] = {
    "mouth": _mouth,
    "eyes": _eyes,
    "whole": None,
}
"""By name: from one face's landmarks to middle, width and height of the crop in pixels; None for the whole frame."""


def items_of(scenes: Sequence[Scene], each: int, rng: np.random.Generator) -> list[Item]:
    """Draw `each` real and as many made panels of every kind and crop from each scene, and shuffle them.

    Real and made ones show moments drawn apart, so that no two can be laid side by side.
    """
    found = [
        Item(what, kind, crop, number, _panel(scene, what, kind, crop, rng))
        for number, scene in enumerate(scenes)
        for kind in (SINGLE, STRIP)
        for crop in CROPS
        for what in (REAL, MADE)
        for _ in range(each)
    ]
    return [found[place] for place in rng.permutation(len(found))]


def _panel(scene: Scene, what: str, kind: str, crop: str, rng: np.random.Generator) -> ByteArray:
    pictures = scene.real if what == REAL else scene.made
    count = len(pictures)
    step = max(1, round(_STRIP_S / float(np.median(np.diff(scene.time_s))))) if count > 1 else 1
    frames = np.zeros(1, np.intp)
    if kind == STRIP:
        frames = np.minimum(np.arange(_IN_A_STRIP) * step, count - 1)
    first = int(rng.integers(0, max(count - int(frames[-1]), 1)))
    # One crop for a strip, about where its middle picture has the face: the window of an observer stands still.
    middle = scene.landmarks[first + frames[len(frames) // 2]]
    return np.concatenate([_cropped(pictures[first + frame], middle, crop) for frame in frames], axis=1)


def _cropped(picture: ByteArray, landmarks: Array, crop: str) -> ByteArray:
    measure = CROPS[crop]
    if measure is None:
        return np.asarray(cv2.resize(picture, (_HEIGHT, _HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    middle, width, height = measure(landmarks)
    scale = _HEIGHT / height
    size = (round(width * scale), _HEIGHT)
    matrix = np.array(
        [[scale, 0.0, size[0] / 2 - scale * middle[0]], [0.0, scale, _HEIGHT / 2 - scale * middle[1]]]
    )
    shown = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8)
