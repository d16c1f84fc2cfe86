"""Toy dataset of synthetic persons: training/data/toy.py -o DATASET [--persons N]. For trying things out."""

import argparse
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.motion import GRID_HZ
from mannerism.tools.synthetic.persons import draw_person, move, speak
from mannerism.training.data.dataset import Arrays, Recording, write_arrays, write_index

_PARTS = ("test", "train", "train", "valid", "train")


def write_toy(folder: Path, persons: int, *, seconds: float = 20.0, seed: int = 0) -> None:
    """Two recordings each of some persons: of five one judges, one validates, and three are learned from.

    Of every second one of those who judge there is one recording alone, so that both kinds of pairs are there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(persons):
        random = np.random.default_rng([seed, number])
        person = draw_person(f"toy{number:03d}", random)
        for take in range(2 if number % 10 else 1):
            speech = speak(seconds, random)
            track = move(person, speech, random)
            name = f"{person.name}_{take + 1:02d}"
            arrays = Arrays(
                track.time_s,
                rot.to_rotvec(track.rotation).astype(np.float32),
                track.translation_m.astype(np.float32),
                track.valid,
                speech.values,
            )
            write_arrays(folder, name, arrays)
            rows.append(_row(name, person.name, _PARTS[number % len(_PARTS)], len(track.time_s)))
    write_index(folder, rows)


def _row(name: str, person: str, split: str, samples: int) -> Recording:
    return Recording(
        id=name,
        person=person,
        source="toy",
        session=name,
        licence="none needed",
        split=split,
        duration_s=samples / GRID_HZ,
        noise_deg=(0.0, 0.0, 0.0),
        av_offset_s=0.0,
        av_confidence=9.0,
        rotation_only=True,
        segments=((0, samples),),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--persons", type=int, default=20)
    arguments = parser.parse_args()
    write_toy(arguments.out, arguments.persons)


if __name__ == "__main__":
    main()
