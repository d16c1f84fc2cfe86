"""Request and result of a talking-head video."""

import hashlib
import json
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, inf
from pathlib import Path

import numpy as np

from ...errors import PortraitError
from ...face.doses import USUAL, ExpressionDoses
from ...gaze.settings import GazeDoses
from ...motion import HeadMotion
from ...timing import FrameRate
from ...types import Array
from ...version import VERSION
from ..reference.identity import Reference, fingerprint
from .eyes import USUAL_EYES
from .options import (
    AUTO_SIZE,
    DEFAULT_QUALITY,
    DEFAULT_REFINE_S,
    LARGEST_SIZE,
    QUALITIES,
    SMALLEST_SIZE,
    SUFFIX,
)

_DRAWING = 5
"""Of the way in which frames are drawn: an unfinished film of another way is not carried on."""


@dataclass(frozen=True)
class PortraitRequest:
    """Settings of a talking-head video to be made.

    reference : video of the person
    audio : a sound, or a video with sound; it may be the reference
    out : the .mp4 to write
    folder : where what is made from references is kept, see `core/data_folder.py`
    motion : of the head about the reference's neutral pose, t = 0 with the part's first sample; generated
        in the manner of the reference without
    style : a style file for the motion that is generated, else the reference's own
    start_s, length_s : which part of the sound, by default all
    seed : of what is generated: head motion, blinks, brows, cheeks
    fps : frames a second
    quality : one of QUALITIES
    size : width and height, pixels; odd ones are rounded up. AUTO_SIZE for that which the reference fills
    label : whether each frame says that it is synthetic; the file always does
    refine_s : how long a refiner may learn
    expression : doses of brows, cheeks and lids
    eyes : doses of the eyes, see `film_eyes`
    """

    reference: Path
    audio: Path
    out: Path
    folder: Path
    motion: HeadMotion | None = None
    style: Path | None = None
    start_s: float = 0.0
    length_s: float | None = None
    seed: int = 0
    fps: Fraction = Fraction(25)
    quality: str = DEFAULT_QUALITY
    size: int = AUTO_SIZE
    label: bool = True
    refine_s: float = DEFAULT_REFINE_S
    expression: ExpressionDoses = USUAL
    eyes: GazeDoses = USUAL_EYES

    @cached_property
    def identity(self) -> Reference:
        """Identity of the reference by its content, which is read once. Raises VideoError."""
        return Reference.of(self.reference)

    @property
    def needs_own_style(self) -> bool:
        """Whether the head moves in the reference's own manner."""
        return self.motion is None and self.style is None

    @property
    def even_size(self) -> int:
        """Frame size rounded up to an even number, as H.264 requires."""
        return self.size + self.size % 2

    def at_size(self, size: int) -> "PortraitRequest":
        """The same at another size; the reference is not read again."""
        other = replace(self, size=size)
        vars(other)["identity"] = self.identity
        return other

    def check(self) -> None:
        """Validate the settings before any work. Raises PortraitError."""
        if self.quality not in QUALITIES:
            raise PortraitError(
                f"There is no quality “{self.quality}”", f"Choose one of: {', '.join(QUALITIES)}"
            )
        if self.size != AUTO_SIZE and not SMALLEST_SIZE <= self.size <= LARGEST_SIZE:
            raise PortraitError(
                f"A video cannot be {self.size} pixels wide",
                f"Choose a size from {SMALLEST_SIZE} to {LARGEST_SIZE}",
            )
        if not 0 <= self.refine_s < inf:
            raise PortraitError("That is no time to learn a person in", "Give minutes from 0 on")
        if self.seed < 0:
            raise PortraitError(f"The seed {self.seed} is below 0", "Choose a whole number from 0 on")
        if self.out.suffix.lower() != SUFFIX:
            raise PortraitError(f"“{self.out.name}” cannot be written", f"Choose a name ending in {SUFFIX}")
        if self.out.resolve() in {self.reference.resolve(), self.audio.resolve()}:
            raise PortraitError(f"“{self.out.name}” would replace its own source", "Choose another name")

    def times(self, duration_s: float) -> Array:
        """Start times of the frames, (T,), seconds from the part's first sample, for the length of the sound."""
        count = max(1, ceil(duration_s * self.fps - 1e-6))
        return np.asarray(FrameRate(self.fps).seconds(np.arange(count)))

    def digest(self, count: int) -> str:
        """SHA-256 of everything that determines the `count` frames. Raises VideoError."""
        motion = self.motion
        inputs = {
            "version": VERSION,
            "drawing": _DRAWING,
            "reference": self.identity.sha256,
            "audio": self.identity.sha256 if self.audio == self.reference else fingerprint(self.audio),
            "part": [self.start_s, self.length_s],
            "motion": motion
            and hashlib.sha256(
                np.column_stack([motion.time_s, motion.rotation, motion.translation_m]).tobytes()
            ).hexdigest(),
            "style": self.style and fingerprint(self.style),
            "seed": self.seed,
            "fps": str(self.fps),
            "quality": self.quality,
            "refine_s": self.refine_s if self.quality != "warp" else None,
            "size": self.even_size,
            "count": count,
            "expression": vars(self.expression),
            "eyes": vars(self.eyes),
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class PortraitResult:
    """Paths, confidence and notes of a finished video.

    out : the video
    time_s : (T,) when its frames begin
    confidence : (T,) 1 near to what the reference shows, 0 where it never was
    beyond_deg : (T,) angle between the driven pose and the nearest one of the reference
    held_back_deg : (T,) how much of the driven turn is not shown
    notes : sentences to the user
    """

    out: Path
    time_s: Array
    confidence: Array
    beyond_deg: Array
    held_back_deg: Array
    notes: tuple[str, ...] = ()
