"""Hold-out validation: refined frames are used only if nearer the truth than warped ones and not blurred."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from ...types import Array, ByteArray, Float32Array, IntArray
from ..model.person import Person
from ..model.topology import topology

_MARGIN = 0.08  # of the face's width, about it
_SHARP = 0.8  # of the truth's detail
_AS_SHARP, _HARDLY_BLURRED = 0.9, 0.97  # of the warped frame's, and where that is blurred already


@dataclass(frozen=True)
class Quality:
    """Mean PSNR and relative sharpness of the face in frames of known truth."""

    face_db: float
    sharpness: float


@dataclass(frozen=True)
class HoldoutComparison:
    """Quality of warped and refined frames on held-out frames of the reference."""

    warped: Quality
    refined: Quality

    @property
    def gain_db(self) -> float:
        """Gain in the face's PSNR, dB."""
        return self.refined.face_db - self.warped.face_db

    @property
    def kept(self) -> bool:
        """Whether the refined ones are better: a gain in PSNR alone may be had by blurring."""
        least = min(_SHARP, _HARDLY_BLURRED * self.warped.sharpness)
        return self.gain_db > 0 and self.refined.sharpness >= max(least, _AS_SHARP * self.warped.sharpness)

    def __str__(self) -> str:
        return (
            f"{'Kept' if self.kept else 'Not kept'}: {self.gain_db:+.2f} dB on the face, detail "
            f"{self.refined.sharpness:.2f} of the true where the warped picture has {self.warped.sharpness:.2f}"
        )


def quality(person: Person, frames: IntArray, drawn: Iterable[Float32Array]) -> Quality:
    """Compare rendered frames with the reference's own frames of the same indices."""
    points = person.landmarks()[frames][:, topology().oval]
    pairs = [
        _compared(picture, person.clip.pictures[frame], oval)
        for picture, frame, oval in zip(drawn, frames.tolist(), points, strict=True)
    ]
    face_db, sharpness = np.mean(pairs, axis=0)
    return Quality(float(face_db), float(sharpness))


def _compared(drawn: Float32Array, truth: ByteArray, oval: Array) -> tuple[float, float]:
    margin = _MARGIN * np.ptp(oval[:, 0])
    left, top = np.clip(np.floor(oval.min(axis=0) - margin), 0, len(truth) - 2).astype(int)
    right, bottom = np.clip(np.ceil(oval.max(axis=0) + margin) + 1, (left + 2, top + 2), len(truth)).astype(
        int
    )
    window = (slice(top, bottom), slice(left, right))
    made, true = np.clip(drawn[window], 0, 255), truth[window].astype(np.float32)
    error = max(float(np.square(made - true).mean()), 1.0 / 12.0)  # that of rounding
    return 10 * np.log10(255**2 / error), _detail(made) / max(_detail(true), 1e-6)


def _detail(picture: Float32Array) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())
