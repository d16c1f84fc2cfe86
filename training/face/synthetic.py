"""Synthetic speech by the synthesiser that Praat brings, with the times at which lips have to close.

Eyes that see 25 pictures a second, and a tracker, know of most closures but not when exactly; the synthesiser
knows, but has no face. So shapes are learned from people, and closures from both. None of the words is one of
the shipped example, and its two voices are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mannerism.core.arrays_file import NUMBERS, read_arrays, write_arrays
from mannerism.core.face.log_mel import LOG_MEL_HZ, log_mel_features
from mannerism.core.types import Array, BoolArray, Float32Array
from mannerism.tools.make_example.script import Line
from mannerism.tools.make_example.voice import Segment, speak
from mannerism.training.face.corpus import TRACKED_HZ
from mannerism.training.face.phonetics import Halves, phonetic_features

VOICES = ("Male2", "Male3", "Male4", "Male5", "Male6", "Male7", "Female2", "Female3", "Female4", "Female5")
CLOSED, NEARLY = "pbm", "fvw"
SOUNDS = (*("aæɑɐʌ", "eɛəɚɜ", "iɪᵻj", "oɔɒ", "uʊw", "pbm", "fv", "tdn", "szʃʒ", "kɡŋ", "θð", "l", "ɹ", "h"),)
"""Phonemes that look alike on a mouth, by the first letter."""

_ONSETS = "p b m pl br bl pr sp t d k g f v s z sh ch h l r n w y th st tr kr fl gr dr sk j qu"
_NUCLEI = "a e i o u ee oo ai ow oy ar er or ea igh oa"
_CODAS = "m p b t d k n ng s z l r f v mp nt st ks sh lm rb pt mb th"
_ONSET, _CODA = 0.88, 0.35  # how many syllables have one
_RATES = (135, 230)
_PITCHES = (0.6, 1.5)
_LARGEST_BYTES = 1 << 32
_OPEN_S = 0.03  # beyond a closure's ends nothing is asked: lips take their time


@dataclass(frozen=True, eq=False)
class Spoken:
    """A spoken line.

    log_mel : (T, BANDS), LOG_MEL_HZ
    phonetic : (T / 2 rounded up, WIDTH) of `phonetics.py`
    closed, counted : (T // 2,) at TRACKED_HZ, whether the lips are closed, and whether that is known
    sounds : (T // 2,) of which of SOUNDS the phoneme is, −1 where there is none
    """

    log_mel: Float32Array
    phonetic: Halves
    closed: BoolArray
    counted: BoolArray
    sounds: NDArray[np.int64]


def spoken(count: int, seed: int) -> Iterator[Spoken]:
    """So many lines, in order, by one seed."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        sentences = tuple(_sentence(rng) for _ in range(2))
        line = Line(
            name=f"made up {number}",
            voice=str(rng.choice(VOICES)),
            words_per_minute=int(rng.integers(*_RATES)),
            pitch=float(rng.uniform(*_PITCHES)),
            sentences=sentences,
        )
        said = speak(line)
        samples = said.samples.astype(np.float32)
        log_mel = log_mel_features([samples]).astype(np.float32)
        phonetic = phonetic_features(samples).astype(np.float16)
        time_s = np.arange(len(log_mel) // (LOG_MEL_HZ // TRACKED_HZ)) / TRACKED_HZ
        closed = _during(said.phonemes, CLOSED, time_s, 0.0)
        unknown = _during(said.phonemes, CLOSED, time_s, _OPEN_S) & ~closed
        counted = ~unknown & ~_during(said.phonemes, NEARLY, time_s, 0.0)
        counted &= _during(said.phonemes, "", time_s, 0.0)
        yield Spoken(log_mel, phonetic, closed, counted, _sounds(said.phonemes, time_s))


def kept_lines(file: Path, count: int, seed: int) -> list[Spoken]:
    """As `spoken`, kept in a file from one run to the next."""
    if not file.exists():
        arrays = {
            f"{number} {name}": value
            for number, line in enumerate(spoken(count, seed))
            for name, value in vars(line).items()
        }
        write_arrays(file, arrays, compressed=False)
    specs = {f"{number} {field.name}": NUMBERS for number in range(count) for field in fields(Spoken)}
    stored = read_arrays(file, specs, others=NUMBERS, largest_bytes=_LARGEST_BYTES)
    return [
        Spoken(*(stored[f"{number} {field.name}"] for field in fields(Spoken))) for number in range(count)
    ]


def _during(phonemes: tuple[Segment, ...], initials: str, time_s: Array, around_s: float) -> BoolArray:
    """Whether one of such phonemes, or of all, is said at the times (T,), or within `around_s`."""
    found = np.zeros(len(time_s), np.bool_)
    half = 0.5 / TRACKED_HZ
    for each in phonemes:
        if not initials or each.label[0] in initials:
            found |= (time_s >= each.start_s - around_s - half) & (time_s < each.end_s + around_s + half)
    return found


def _sounds(phonemes: tuple[Segment, ...], time_s: Array) -> NDArray[np.int64]:
    found = np.full(len(time_s), -1, np.int64)
    for each in phonemes:
        alike = [number for number, initials in enumerate(SOUNDS) if each.label[0] in initials]
        if alike:
            found[(time_s >= each.start_s) & (time_s < each.end_s)] = alike[0]
    return found


def _sentence(rng: np.random.Generator) -> str:
    words = ["".join(_syllable(rng) for _ in range(rng.integers(1, 4))) for _ in range(rng.integers(5, 10))]
    words.insert(len(words) // 2, ",")
    return " ".join(words) + "."


def _syllable(rng: np.random.Generator) -> str:
    onset = rng.choice(_ONSETS.split()) if rng.random() < _ONSET else ""
    coda = rng.choice(_CODAS.split()) if rng.random() < _CODA else ""
    return f"{onset}{rng.choice(_NUCLEI.split())}{coda}"
