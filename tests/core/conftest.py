"""Speech for tests, spoken by the free synthesiser inside praat-parselmouth, and takes to judge."""

import wave
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from mannerism.tests.support.judges import Distance
from mannerism.tests.support.small_disk import small_disk_in
from mannerism.tools.synthetic.persons import draw_takes

RATE_HZ = 16_000

LINES = (
    "Good morning, everyone. I would like to tell you a short story about the sea.",
    "When I was young, we lived in a small house near the harbour, and every day the boats came in.",
    "Was it beautiful? Yes, it really was! But the winters were long, cold, and terribly quiet.",
    "My father said that nothing is ever lost; it only waits for someone to find it again.",
    "So we walked along the shore, my sister and I, looking for bottles, for letters, for anything at all.",
    "And then, one evening, we found something that nobody in the village could explain.",
)


@cache
def _spoken(line, voice):
    from parselmouth.praat import call

    synthesizer = call("Create SpeechSynthesizer", "English (America)", voice)
    made = call(synthesizer, "To Sound", line, "no")
    sound = made[0] if isinstance(made, list) else made
    return sound.resample(RATE_HZ).values[0].astype(np.float32) * 0.5


def _talk(seconds, voice="Female1", pause_s=0.6, first_line=0):
    """Lines one after another with pauses between them, exactly `seconds` long, at 16 kHz."""
    gap = np.zeros(int(pause_s * RATE_HZ), np.float32)
    parts: list[npt.NDArray[np.float32]] = []
    have = 0
    while have < seconds * RATE_HZ:
        line = LINES[(first_line + len(parts) // 2) % len(LINES)]
        parts += [_spoken(line, voice), gap]
        have += len(parts[-2]) + len(gap)
    return np.concatenate(parts)[: round(seconds * RATE_HZ)]


@pytest.fixture(scope="session")
def talk():
    return _talk


@pytest.fixture(scope="session")
def write_wav():
    """Write samples (N,) or (N, channels), full scale 1, as 16-bit wav."""

    def write(path, samples, rate_hz=RATE_HZ):
        samples = np.asarray(samples)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        return path

    return write


@pytest.fixture(scope="session")
def takes():
    """One take each of eight synthetic persons, as the scorecard judges them."""
    return draw_takes(8, seed=1)


@pytest.fixture(scope="session")
def verifier():
    """A judge of StyleID that learned from eight others."""
    return Distance([(take.reference, take.target) for take in draw_takes(8, seed=2)])


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KiB."""
    with small_disk_in(tmp_path, 256 << 10) as disk:
        yield disk
