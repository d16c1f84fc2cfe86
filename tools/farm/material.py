"""Batches made of the example's speech, and what became of them."""

import hashlib
import json
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mannerism.core.batch.status import DONE, SKIPPED, read_status
from mannerism.core.types import Array

EXAMPLES = Path(__file__).parents[2] / "examples"
BATCH = (sys.executable, "-m", "mannerism.core.cli", "batch")
RATE_HZ = 16_000
SHORTEST_S, LONGEST_S = 2.0, 8.0
STYLES = ("calm", "lively", "emphatic nods")
SOUNDS = 100
"""Different ones at most; beyond, lines differ in their seeds."""


def make_manifest(folder: Path, count: int) -> Path:
    """Write sounds of 2 to 8 s, cut from the example's lines, and a manifest; its path."""
    (folder / "sounds").mkdir(parents=True, exist_ok=True)
    speech = np.concatenate([_samples(path) for path in sorted(EXAMPLES.glob("line_?.wav"))])
    random = np.random.Generator(np.random.Philox(key=[13, 0]))
    sounds = min(count, SOUNDS)
    for at in range(sounds):
        length = round(RATE_HZ * random.uniform(SHORTEST_S, LONGEST_S))
        begin = int(random.integers(len(speech)))
        with wave.open(str(folder / "sounds" / f"{at:03d}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(np.take(speech, range(begin, begin + length), mode="wrap").tobytes())
    rows = (
        {
            "id": f"line {at:05d}",
            "audio": f"sounds/{at % sounds:03d}.wav",
            "style": STYLES[at % len(STYLES)],
            "seed": at,
            "out": f"motion/{at:05d}.bvh",
        }
        for at in range(count)
    )
    manifest = folder / "lines.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return manifest


def _samples(path: Path) -> Array:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


@dataclass(frozen=True)
class Result:
    """What a batch left: SHA-256 of each motion by name, and how many lines its status gives as made."""

    motions: dict[str, str]
    made: int
    leftovers: tuple[str, ...]

    @classmethod
    def of(cls, manifest: Path) -> "Result":
        """Read it."""
        folder = manifest.parent
        files = sorted((folder / "motion").glob("*.bvh"))
        rows = {
            row.id: row.status for row in read_status(manifest.with_name(f"{manifest.stem}.status.jsonl"))
        }
        made = sum(status in {DONE, SKIPPED} for status in rows.values())
        hidden = [path.name for path in (*folder.glob(".*"), *(folder / "motion").glob(".*"))]
        return cls(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}, made, tuple(hidden)
        )

    def faults(self, expected: "Result") -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        lost = expected.motions.keys() - self.motions.keys()
        differ = [
            name for name, sha256 in self.motions.items() if expected.motions.get(name, sha256) != sha256
        ]
        if lost:
            yield f"{len(lost)} motions are missing, as {min(lost)}."
        if differ:
            yield f"{len(differ)} motions have other bytes, as {differ[0]}."
        if self.made != len(expected.motions):
            yield f"The status gives {self.made} of {len(expected.motions)} lines as made."
        if self.leftovers:
            yield f"Left behind: {', '.join(self.leftovers)}."
