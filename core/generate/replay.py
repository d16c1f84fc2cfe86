"""Engine replay: the person's recorded motion, cut into patches and concatenated to fit the speech.

Each gesture is one that the person made, so its shape is right; the voice, through the person's own
coupling, decides how lively a patch is wanted when. Patches are joined in the space of poses, where
the recording itself lies: nothing adds up, so nothing drifts.
"""

from dataclasses import replace as changed

import numpy as np

from ..easing import smootherstep
from ..errors import StyleError
from ..motion import GRID_HZ, Progress, cubic
from ..noise import Channel, normals
from ..speech.features import SpeechFeatures
from ..speech.windows import smooth
from ..style.population import load_population
from ..style.resampling import rate
from ..style.schema import Style
from ..style.voice_coupling import SMOOTHING_S, log_speed
from ..types import Array
from .calibrate import calibrate
from .coloured_noise import LARGEST_FOLLOW, playing_rate
from .patch_selection import STEP, Costs, Patch, choose
from .puppet import drives_of
from .settings import GenerationSettings

LEAST_S = 6.0
BLEND_S = 0.4  # at 0.25 s the jerk in a blend is 1.4 times that elsewhere

_ECHO = 0.5  # how far what comes out follows what is wanted: a recording holds no fit for every moment
WARP, WARP_SD = 0.15, 0.08
"""Of the logarithm of how fast a patch is played."""
_HEAD_RADIUS_M = 0.12  # a shift of the head by it counts as a turn by a radian

# A patch's misfit is expressed in ln² of speed, a jump in squares of the person's own rate.
_FIT = 0.3
_REPEATED = 3.0


def replay(style: Style, speech: SpeechFeatures, settings: GenerationSettings, progress: Progress) -> Array:
    """Generate one take, see `Engine`, after Kovar et al. 2002 and Arikan and Forsyth 2002 (motion graphs).

    Of the settings, personality means nothing here: what is played is the person.

    Speech reaches back by 8.6 s at most into what is wanted when (see `drives_of`), and by HORIZON
    steps and half a blend further into the choice of patches: less than 12 s in all.

    Raises
    ------
    StyleError : the style has no recorded motion, or less than LEAST_S of it
    """
    motion = recorded_motion(style)
    wanted = wanted_activity(style, speech, settings.seed, settings.voice)
    warps = np.exp(
        np.clip(WARP_SD * normals(settings.seed, Channel.REPLAY_SPEED, 0, len(wanted)), -WARP, WARP)
    )
    patches = choose(costs_of(motion, wanted), warps, progress)
    return joined(motion, patches, len(speech.time_s))


def recorded_motion(style: Style) -> Array:
    """The style's own motion (N, 6), if there is enough of it."""
    if style.motion is None:
        raise StyleError(
            "This style has no recorded motion, which is all that the engine replay can play",
            "Encode a reference with its motion kept, or choose the engine puppet",
        )
    seconds = len(style.motion) / GRID_HZ
    if seconds < LEAST_S:
        raise StyleError(
            f"This style has {seconds:.1f} s of recorded motion, and the engine replay needs {LEAST_S:.0f}",
            "Encode a reference of 10 to 30 s, or choose the engine puppet",
        )
    return style.motion


def wanted_activity(style: Style, speech: SpeechFeatures, seed: int, voice: float) -> Array:
    """Log speed that the person would have at each step, about its mean: from the voice and from chance.

    voice : as in GenerationSettings
    """
    parameters = calibrate(style).heeding(voice)
    follow = min(parameters.follow / _ECHO, LARGEST_FOLLOW)
    parameters = changed(parameters, follow=follow, burst=style.statistics["sd_log_speed"])
    playing = np.log(playing_rate(parameters, seed, *drives_of(speech, parameters)))
    usual = -0.5 * parameters.burst**2 - parameters.pause * (1.0 - load_population().speech_share)
    whole = np.pad(playing - usual, (0, -len(playing) % STEP), mode="edge")
    return np.asarray(whole.reshape(-1, STEP).mean(axis=1))


def costs_of(motion: Array, wanted: Array) -> Costs:
    """What `choose` weighs against each other.

    motion : (N, 6) as in a style
    wanted : (S,) as from `wanted_activity`
    """
    poses = motion / np.repeat([1.0, _HEAD_RADIUS_M], 3)
    rates = rate(poses)
    speed = smooth(log_speed(rates[:, :3]), SMOOTHING_S)
    mean_over_step = np.convolve(speed - speed.mean(), np.full(STEP, 1.0 / STEP), mode="valid")
    activity = np.full(len(motion), np.inf)
    reach = margin(BLEND_S)
    inside = slice(reach, len(motion) - 2 * reach)
    activity[inside] = mean_over_step[inside]
    # A blend turns a difference of poses into a rate. So both count alike: by the rate that they add.
    jump = jumps(rates, poses * (1.5 / BLEND_S))
    return Costs(np.sqrt(_FIT) * activity, np.sqrt(_FIT) * wanted, jump, _REPEATED)


def jumps(rates: Array, places: Array) -> Array:
    """Cost (N, N) of going from one sample on at another, in squares of the recording's own rate.

    rates : (N, C) a second; places : (N, C), expressed as rates
    """
    points = np.concatenate([rates, places], axis=1)
    points /= max(float(np.sqrt(np.square(rates).sum(axis=1).mean())), 1e-9)
    squares = np.square(points).sum(axis=1)
    return np.asarray(np.maximum(squares[:, None] + squares - 2.0 * points @ points.T, 0.0))


def margin(blend_s: float) -> int:
    """Samples of a recording that a blend or a step can reach beyond a patch."""
    return int(np.ceil(np.exp(WARP) * max(0.5 * blend_s * GRID_HZ, STEP)))


def joined(motion: Array, patches: list[Patch], count: int, blend_s: float = BLEND_S) -> Array:
    """The patches one after another, (count, C) of a motion (N, C), blended over `blend_s` around each joint."""
    half = 0.5 * blend_s * GRID_HZ
    begin = np.array([STEP * patch.step for patch in patches])
    start = np.array([patch.start for patch in patches])
    rates = np.array([patch.rate for patch in patches])
    sample = np.arange(count)
    coming = np.searchsorted(begin - half, sample, side="right") - 1
    going = np.maximum(coming - 1, 0)
    share = smootherstep((sample - begin[coming] + half) / (2.0 * half))[:, None]
    before, after = (
        cubic(np.arange(len(motion), dtype=np.float64), motion, start[i] + rates[i] * (sample - begin[i]))
        for i in (going, coming)
    )
    return (1.0 - share) * before + share * after
