"""Speed of the speech analysis, warm, on one core: python benchmarks/speech.py.

Speaks a minute with the synthesiser in praat-parselmouth, and times the parts against what the two
libraries take for the same work in one call each. An hour, and the memory that it takes: `generate.py --hour`.
"""

import os
import platform
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

import librosa
import numpy as np
import parselmouth
from parselmouth.praat import call

from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.speech import extract_features
from mannerism.core.speech.shorttime import analyse
from mannerism.core.types import Array

TEXT = (
    "When I was young, we lived in a small house near the harbour, and every day the boats came in. "
    "Was it beautiful? Yes, it really was! But the winters were long, cold, and terribly quiet."
)


def speak(seconds: int) -> Array:
    """Speech at 16 kHz, the text over and over with pauses of half a second."""
    synthesizer = call("Create SpeechSynthesizer", "English (America)", "Female1")
    made = call(synthesizer, "To Sound", TEXT, "no")
    sound = (made[0] if isinstance(made, list) else made).resample(RATE_HZ).values[0]
    once = np.concatenate([0.5 * sound, np.zeros(RATE_HZ // 2)])
    return np.resize(once, seconds * RATE_HZ)


def write_wav(path: Path, samples: Array, times: int = 1) -> None:
    """16-bit wav of the samples, several times over."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for _ in range(times):
            file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


def best_of(work: Callable[[], object], runs: int = 5) -> float:
    """Least wall-clock seconds of several runs after one that warms up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def minute(path: Path, samples: Array) -> None:
    """Print the split for 60 s of speech."""
    pieces = list(Sound(path).pieces())
    single = samples.astype(np.float32)

    def floor() -> None:
        parselmouth.Sound(samples, RATE_HZ).to_pitch_ac(time_step=0.02, pitch_floor=70.0, pitch_ceiling=500.0)
        power = np.square(np.abs(librosa.stft(single, n_fft=512, hop_length=160)))
        librosa.feature.melspectrogram(S=power, sr=RATE_HZ, n_mels=36)
        list(Sound(path).pieces())

    decode_s = best_of(lambda: list(Sound(path).pieces()))
    analyse_s = best_of(lambda: list(analyse(pieces)))
    whole_s = best_of(lambda: extract_features(path))

    print("60 s of speech, warm, least of five runs")
    print(f"  decode to 16 kHz mono         {1e3 * decode_s:7.0f} ms")
    print(f"  spectrum, onset, pitch        {1e3 * analyse_s:7.0f} ms")
    print(f"  windows and features          {1e3 * (whole_s - decode_s - analyse_s):7.0f} ms")
    print(f"  extract_features in all       {1e3 * whole_s:7.0f} ms")
    print(f"  floor: the same, one call each{1e3 * best_of(floor):7.0f} ms")


def main() -> None:
    """Print the table; it judges nothing."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, one of {os.cpu_count()} cores, load {load:.1f}")
    samples = speak(60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        write_wav(path, samples)
        minute(path, samples)


if __name__ == "__main__":
    main()
