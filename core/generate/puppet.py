"""Engine puppet: Gaussian noise with the person's spectrum, played at a rate that the speech drives.

Speech hardly predicts which way a head turns, but it does predict when and how much. So the way comes
from Gaussian noise that has the person's size, spectrum and coupling of the axes, and the voice
decides how fast it is played: slower in pauses, faster on accents, in bursts as the person's own.
Playing at another rate keeps the distribution of poses, so nothing drifts.
"""

import numpy as np

from ..motion import Progress
from ..speech.features import SpeechFeatures
from ..speech.windows import smooth
from ..style.personality import towards
from ..style.population import load_population
from ..style.schema import Style
from ..style.voice_coupling import raw_drives, shifted
from ..types import Array
from .calibrate import calibrate
from .coloured_noise import NoiseParameters, play, playing_rate
from .settings import GenerationSettings

_ACCENT_LIMIT = 2.5  # standard deviations


def puppet(style: Style, speech: SpeechFeatures, settings: GenerationSettings, progress: Progress) -> Array:
    """Generate one take, see `Engine`.

    What comes later in a sound reaches back by LOOK_AHEAD_S of the features, and less than 2 s more.
    """
    progress(0.0, "tuning the puppet")
    parameters = calibrate(towards(style, settings.personality)).heeding(settings.voice)
    progress(0.3, "moving")
    drive, active = drives_of(speech, parameters)
    take = play(parameters, settings.seed, playing_rate(parameters, settings.seed, drive, active))
    return np.column_stack([np.radians(take[:, :3]), take[:, 3:]])


def drives_of(speech: SpeechFeatures, parameters: NoiseParameters) -> tuple[Array, Array]:
    """The drive, 0 in pauses and of variance 1 in speech, and the activity, ahead by the head's lead."""
    population = load_population()
    standard = (raw_drives(speech) - population.drive_mean) / population.drive_sd
    active = smooth(speech.column("activity"), 0.1)
    drive = np.clip(standard @ parameters.drive, -_ACCENT_LIMIT, _ACCENT_LIMIT) * active
    return shifted(drive, parameters.lead_s), shifted(active, parameters.lead_s)
