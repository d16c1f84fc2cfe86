"""Take of a look-ahead from a whole sound: what any chunks of it give, made without chunks.

Every step is made from the beginning of the sound up to where it may look, and from nothing that was kept.
"""

import numpy as np
from numpy.typing import ArrayLike

from ..generate.actor import FIRST_STEP, Actor
from ..generate.settings import GenerationSettings
from ..motion import GRID_HZ, HeadMotion
from ..network.sizes import PER_STEP
from ..style.schema import Style
from .between import BEFORE, two_samples
from .codes import code_at
from .finish import REST, finished_pose
from .inlet import Inlet
from .levels import RunningLevels
from .raw import RawValues
from .steps import RunningSteps
from .terms import DEFAULT_S, Terms


def take_at_once(
    style: Style,
    sound: ArrayLike,
    settings: GenerationSettings,
    *,
    rate_hz: int,
    look_ahead_s: float = DEFAULT_S,
) -> HeadMotion:
    """The take of a sound (N,), N > 0, up to its end and 0.6 s more in which the head goes to rest; see `Stream`.

    Raises
    ------
    AudioError : it is no mono sound
    SettingsError : the rate or the look-ahead is out of range
    MissingPartError : the weights are missing
    """
    terms = Terms.of(look_ahead_s)
    inlet, analysis, running = Inlet(rate_hz), RawValues(), RunningLevels()
    blocks = list(inlet.blocks(sound))
    last = inlet.last_sample
    end = last + REST
    blocks += inlet.silence(REST + terms.wait + PER_STEP * (terms.taps + 1))
    raw = np.stack([analysis.add(block) for block in blocks])
    levels = np.stack([running.add(each) for each in raw])

    decoder = RunningSteps(Actor(), style, settings)
    poses = []
    for step in range((end + 1) // PER_STEP + terms.taps):
        known = PER_STEP * step + terms.wait
        code = code_at(decoder.manner, raw[:known], levels[:known], step)
        poses += [decoder.advance(code) for _ in range(FIRST_STEP if step == 0 else 0, 1)]
    rows = []
    for index in range(end + 1):
        step = (index + 1) // PER_STEP - FIRST_STEP
        between, at_step = two_samples(np.stack(poses[step - BEFORE : step + terms.taps]))
        pose = between if index % PER_STEP else at_step
        rows.append(finished_pose(pose, index, settings.intensity, end if index > last else None))
    found = np.stack(rows)
    return HeadMotion(np.arange(end + 1) / GRID_HZ, found[:, :4], found[:, 4:])
