"""Styles to generate from, and takes as they are measured."""

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.core.style import Style
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import GridTrack, low_pass


def style_with(**changes):
    """The style of an average person, with some statistics set to other values."""
    return Style(load_population().means() | changes, speech_s=12.0, confidence=0.8)


def angles_of(motion):
    """Rotation vectors (N, 3) of a motion, degrees."""
    return np.degrees(rot.to_rotvec(motion.rotation))


def as_measured(motion):
    """The track that a measurement gets of a motion, without its ramps."""
    inside = slice(GRID_HZ, -GRID_HZ)
    angles = low_pass(angles_of(motion))[inside]
    return GridTrack(GRID_HZ, angles, motion.translation_m[inside], np.ones(len(angles), np.bool_), 0.0)
