"""Lines spoken by the synthesiser that Praat brings, with the times of words and phonemes."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import parselmouth
from parselmouth.praat import call

from mannerism.core.types import Array
from mannerism.tools.make_example.script import Line

SAMPLE_RATE = 16000
PEAK = 0.7


@dataclass(frozen=True)
class Segment:
    """One word or phoneme, seconds from the first sample."""

    start_s: float
    end_s: float
    label: str

    @property
    def middle_s(self) -> float:
        """Time of its middle, seconds."""
        return 0.5 * (self.start_s + self.end_s)


@dataclass(frozen=True)
class Speech:
    """A spoken line: samples (N,) in -1…1 at SAMPLE_RATE, and what was said when."""

    samples: Array
    phrases: tuple[Segment, ...]
    words: tuple[Segment, ...]
    phonemes: tuple[Segment, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE


def speak(line: Line) -> Speech:
    """Speak a line: its sentences one after the other, with silence before, between and after."""
    synthesiser = call("Create SpeechSynthesizer", "English (America)", line.voice)
    call(synthesiser, "Speech output settings", 44100, 0.01, line.pitch, 1.0, line.words_per_minute, "IPA")
    parts = [_silence(line.lead_s)]
    tiers: dict[str, list[Segment]] = {"word": [], "phoneme": []}
    phrases = []
    for number, sentence in enumerate(line.sentences):
        if number:
            parts.append(_silence(line.pause_s))
        grid, sound = call(synthesiser, "To Sound", sentence, "yes")
        sound = sound.resample(SAMPLE_RATE)
        begin = sum(map(len, parts)) / SAMPLE_RATE
        found = {tier: list(_intervals(grid, tier, begin)) for tier in tiers}
        # The synthesiser ends each sentence with a silence of its own; only ours is written down.
        end = found["phoneme"][-1].end_s
        parts.append(sound.values[0][: round((end - begin) * SAMPLE_RATE)])
        phrases.append(Segment(found["phoneme"][0].start_s, end, sentence))
        for tier, segments in found.items():
            tiers[tier] += segments
    parts.append(_silence(line.tail_s))
    samples = np.concatenate(parts)
    samples *= PEAK / np.abs(samples).max()
    return Speech(samples, tuple(phrases), tuple(tiers["word"]), tuple(tiers["phoneme"]))


def write_wav(path: Path, speech: Speech) -> None:
    """Write 16-bit mono at SAMPLE_RATE."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.round(speech.samples * 32767).astype("<i2").tobytes())


def _silence(duration_s: float) -> Array:
    return np.zeros(round(duration_s * SAMPLE_RATE))


def _intervals(grid: parselmouth.TextGrid, tier: str, begin: float) -> list[Segment]:
    count = call(grid, "Get number of tiers")
    number = next(i for i in range(1, count + 1) if call(grid, "Get tier name", i) == tier)
    segments = []
    for i in range(1, call(grid, "Get number of intervals", number) + 1):
        label = call(grid, "Get label of interval", number, i)
        if label:
            start = call(grid, "Get start time of interval", number, i)
            end = call(grid, "Get end time of interval", number, i)
            segments.append(Segment(begin + start, begin + end, label))
    return segments
