"""Head motion as CSV: one row a frame, with the columns of `motion_csv.py`."""

from pathlib import Path

from ..motion import HeadMotion
from ..motion_csv import write_motion
from ..timing import FrameRate
from .presets import ANY, Form


def write_csv(path: Path, motion: HeadMotion, rate: FrameRate, _form: Form = ANY) -> None:
    """Write a motion as CSV, one row a frame from t = 0 to its end. Raises OutputError."""
    write_motion(path, motion.at(rate.grid(motion.duration_s)))
