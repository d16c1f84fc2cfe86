"""Speed of the speech analysis and of generation, warm, on one core: benchmarks/speech.py [--hour].

Speaks a minute with the synthesiser in praat-parselmouth, times the parts against what the two
libraries take for the same work in one call each, then generates; with --hour also an hour, with
the memory that it took.
"""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import librosa
import numpy as np
import parselmouth
from parselmouth.praat import call

from mannerism.core.generate import ENGINES, GenerationSettings, generate
from mannerism.core.generate.calibrate import calibrate
from mannerism.core.motion import GRID_HZ, Array, no_progress
from mannerism.core.speech import extract_features
from mannerism.core.speech.decode import RATE_HZ, Sound
from mannerism.core.speech.shorttime import analyse
from mannerism.core.style import Style
from mannerism.core.style.population import load_population

RECORDED = 30 * GRID_HZ
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
    features = extract_features(path)
    style = Style(load_population().means(), speech_s=12.0, confidence=1.0)
    single = samples.astype(np.float32)

    def floor() -> None:
        parselmouth.Sound(samples, RATE_HZ).to_pitch_ac(time_step=0.02, pitch_floor=70.0, pitch_ceiling=500.0)
        power = np.square(np.abs(librosa.stft(single, n_fft=512, hop_length=160)))
        librosa.feature.melspectrogram(S=power, sr=RATE_HZ, n_mels=36)
        list(Sound(path).pieces())

    decode_s = best_of(lambda: list(Sound(path).pieces()))
    analyse_s = best_of(lambda: list(analyse(pieces)))
    whole_s = best_of(lambda: extract_features(path))

    fresh = iter(range(100))
    tune_s = best_of(lambda: calibrate(_another(style, next(fresh))))
    generate_s = best_of(lambda: generate(style, features, GenerationSettings(seed=1)))
    recorded = replace(
        style, motion=ENGINES["puppet"](style, features, GenerationSettings(), no_progress)[:RECORDED]
    )
    replay_s = best_of(lambda: generate(recorded, features, GenerationSettings(1, "replay")))
    print("60 s of speech, warm, least of five runs")
    print(f"  decode to 16 kHz mono         {1e3 * decode_s:7.0f} ms")
    print(f"  spectrum, onset, pitch        {1e3 * analyse_s:7.0f} ms")
    print(f"  windows and features          {1e3 * (whole_s - decode_s - analyse_s):7.0f} ms")
    print(f"  extract_features in all       {1e3 * whole_s:7.0f} ms")
    print(f"  floor: the same, one call each{1e3 * best_of(floor):7.0f} ms")
    print(f"  tuning to a style, once       {1e3 * tune_s:7.0f} ms")
    print(f"  generate, tuned               {1e3 * generate_s:7.1f} ms")
    print(f"  generate, replay of 30 s      {1e3 * replay_s:7.0f} ms")


def _another(style: Style, number: int) -> Style:
    """A style that no cache knows."""
    statistics = dict(style.statistics)
    statistics["hold"] += 1e-6 * number
    return Style(statistics, style.speech_s, style.confidence)


def hour(path: Path) -> None:
    """Print time and memory of an hour."""
    style = Style(load_population().means(), speech_s=12.0, confidence=1.0)
    before = _peak_mb()
    start = time.perf_counter()
    features = extract_features(path)
    heard = time.perf_counter()
    after_features = _peak_mb()
    motion = generate(style, features)
    done = time.perf_counter()
    print("an hour of speech")
    print(f"  extract_features {heard - start:6.1f} s, peak memory {before:.0f} to {after_features:.0f} MB")
    print(
        f"  generate         {done - heard:6.1f} s, peak memory {after_features:.0f} to {_peak_mb():.0f} MB"
    )
    print(f"  {len(motion.time_s)} samples, the last at {motion.time_s[-1]:.2f} s")


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hour", action="store_true", help="also an hour of speech")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, one of {os.cpu_count()} cores, load {load:.1f}")
    samples = speak(60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        write_wav(path, samples)
        minute(path, samples)
        if arguments.hour:
            write_wav(path, samples, times=60)
            hour(path)


if __name__ == "__main__":
    main()
