"""Style vector of a reference: what its statistics do not hold, encoded by the manner network.

The encoder computes it in one pass. Then the vector, never the weights, is moved to maximise the decoder's
likelihood of the recorded motion, under a prior around the encoder's output.
"""

from collections.abc import Callable, Mapping

import numpy as np

from ..motion import GRID_HZ
from ..network.decoder import TURNS, Decoder, Past
from ..network.manner import Manner, load_manner
from ..network.mixture import DIMENSIONS, log_likelihood
from ..network.sizes import PER_STEP, STEP_S
from ..speech.features import NAMES, SpeechFeatures
from ..types import Array
from .resampling import GridTrack, rate
from .schema import AXES

LONGEST_REFERENCE_S = 30

_ROUNDS = 3
_NUDGE = 1e-3


def learn(
    track: GridTrack,
    speech: SpeechFeatures,
    statistics: Mapping[str, float],
    *,
    adapt: bool = True,
    manner: Manner | None = None,
) -> tuple[tuple[float, ...], str]:
    """Compute the style vector of a reference, of unit length, and the version of the encoder that made it.

    Of a long reference, the LONGEST_REFERENCE_S that hold most of the person count.

    track : two seconds or more that are valid and lie within the speech
    statistics : the person's, as in a style
    adapt : whether to move the vector after the encoder has given it
    manner : None for the weights that are installed

    Raises
    ------
    MissingPartError : the weights are missing
    """
    manner = manner or load_manner()
    part = _part(track, len(speech.time_s))
    speech_part = slice(part.start + track.start, part.stop + track.start)
    columns = [NAMES.index(name) for name in manner.sizes.speech]
    features = manner.standardise_speech(speech.values[speech_part, columns])
    rates = rate(track.angles_deg)[part] / scales(statistics)[1]
    vector = manner.encode(rates, features, track.valid[part])
    if adapt:
        vector = _adapted(manner, vector, _evidence(manner, track, part, features, statistics))
    return tuple(vector.tolist()), manner.version


def scales(statistics: Mapping[str, float]) -> tuple[Array, Array, Array]:
    """The person's own units, of the angles in degrees and of translation in millimetres.

    Returns standard deviations (6,), mean speeds of the angles per second (3,), and strides (6,): by how
    many standard deviations a step of an increment of 1 moves.
    """
    units = np.exp([statistics[f"log_sigma_{axis}"] for axis in (*AXES, *"xyz")])
    speeds = np.exp([statistics[f"log_speed_{axis}"] for axis in AXES])
    per_second = speeds / units[:TURNS]
    # Nobody has measured how fast translation is: as the angles.
    return units, speeds, STEP_S * np.append(per_second, np.full(3, per_second.mean()))


def _part(track: GridTrack, speech_samples: int) -> slice:
    """The samples of a track within `speech_samples` samples of speech, at most LONGEST_REFERENCE_S: those with most valid ones."""
    first, stop = max(0, -track.start), min(len(track.valid), speech_samples - track.start)
    length = min(stop - first, LONGEST_REFERENCE_S * GRID_HZ)
    count = np.concatenate([[0], np.cumsum(track.valid[first:stop])])
    first += int(np.argmax(count[length:] - count[: len(count) - length]))
    return slice(first, first + length)


def _evidence(
    manner: Manner, track: GridTrack, part: slice, features: Array, statistics: Mapping[str, float]
) -> Callable[[Array], Array]:
    """The function that gives, for vectors (B, V), log likelihoods (N, B) of the steps of a reference."""
    units, _, strides = scales(statistics)
    channels = np.column_stack([track.angles_deg, 1e3 * track.translation_m])[part]
    counted = DIMENSIONS if channels[:, TURNS:].any() else TURNS  # some recordings hold only rotation
    poses = (channels / units)[: len(features) // PER_STEP * PER_STEP : PER_STEP]
    increments = np.diff(poses, axis=0) / strides
    valid = track.valid[part][: PER_STEP * len(poses) : PER_STEP]
    past = Past(manner.sizes, poses[0])
    inputs = np.empty((len(increments), manner.sizes.inputs))
    for i, increment in enumerate(increments):
        inputs[i] = past.inputs[0]
        past.add(poses[i + 1], increment)
    codes = manner.code(features)[1:]
    known = valid[1:] & valid[:-1]
    standing = [statistics[name] for name in manner.sizes.statistics]

    def evidence(vectors: Array) -> Array:
        mixtures = Decoder(manner, manner.condition(standing, vectors)).follow(inputs, codes)
        return log_likelihood(mixtures, increments[:, None], counted) * known[:, None]

    return evidence


def _adapted(manner: Manner, vector: Array, evidence: Callable[[Array], Array]) -> Array:
    """The best vector found near the one given: likelihood times a normal prior around it.

    Natural gradient steps (Amari 1998) with the empirical Fisher information; slopes by differences, so
    a round is one pass of the decoder with a sequence for each dimension.
    """
    precision = 1.0 / manner.sizes.vector_sd**2
    found, best = [vector], vector
    values = []
    for _ in range(_ROUNDS + 1):
        tried = best + _NUDGE * np.vstack([np.zeros(len(best)), np.eye(len(best))])
        likelihoods = evidence(tried)
        away = best - vector
        values.append(likelihoods[:, 0].sum() - 0.5 * precision * away @ away)
        slopes = (likelihoods[:, 1:] - likelihoods[:, :1]) / _NUDGE
        information = slopes.T @ slopes + precision * np.eye(len(best))
        best = best + np.linalg.solve(information, slopes.sum(axis=0) - precision * away)
        best /= np.linalg.norm(best)
        found.append(best)
    return found[int(np.argmax(values))]
