"""Obey, as a table: training/evaluation/obey.py DATASET [-o FILE.md] [--persons N].

Each person of the dataset gives a manner, and pins from what they did at another moment; the speech is others'. Beside
the actor as it obeys stand systems that lose: a take bent to its pins by kriging alone, by a spline, and the best of
16 takes, bent; and undirected takes, as the control.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.direct import Direction, Gesture, Part, Pin
from mannerism.core.direct.dragged import bent
from mannerism.core.direct.exact import misses_deg
from mannerism.core.direct.gestures import planned
from mannerism.core.easing import smootherstep
from mannerism.core.errors import MannerismError
from mannerism.core.evaluate.interval import Interval
from mannerism.core.evaluate.obey import Asked, Obeyed, obeyed, swings, window_at
from mannerism.core.generate import GenerationSettings, first_seed, generate
from mannerism.core.generate.actor import Actor
from mannerism.core.motion import GRID_HZ, HeadMotion, motion_of, vectors_of
from mannerism.core.speech import SpeechFeatures
from mannerism.core.style import Style
from mannerism.core.style.encode import encode_style
from mannerism.core.types import Array
from mannerism.training.data.dataset import segments

_SPEECH_S = 30.0
_REFERENCE_S = 8.0
_DENSE_S = (4.0, 7.0, 10.0, 15.0, 18.0, 21.0, 26.0)
_LONE_S = (8.0, 21.0)
_PARTS_S = ((6.0, 10.0), (17.0, 21.0))
_NODS_S = (4.0, 8.0, 12.0, 16.0, 20.0, 24.0)

Bend = Callable[[HeadMotion, Sequence[Pin]], HeadMotion]


@dataclass(frozen=True, eq=False)
class Person:
    """A person who judges: a manner, their own motion in degrees (N, 3), others' speech."""

    name: str
    style: Style
    own: Array
    speech: SpeechFeatures

    def take(self, seed: int, direction: Direction | None = None) -> HeadMotion:
        """A take of the actor.

        Each person has seeds of their own: the same noise in all takes would be what the judge learns to know.
        """
        settings = GenerationSettings(self.seed(seed))
        return generate(self.style, self.speech, settings, direction=direction or Direction())

    def seed(self, number: int) -> int:
        """The person's own seed of a number."""
        return 100_000 * first_seed(self.name) + number

    def pins(self, at_s: Sequence[float], first: int) -> tuple[Pin, ...]:
        """Poses that the person had in their own motion, as far from each other as the times are, in its order."""
        rows = (first + np.round(np.array(at_s) * GRID_HZ).astype(int)) % len(self.own)
        angles = np.degrees(rot.to_euler(rot.from_rotvec(np.radians(self.own[rows]))))
        return tuple(Pin(time, *angle) for time, angle in zip(at_s, angles.tolist(), strict=True))


def people(dataset: Path, most: int) -> list[Person]:
    """The persons of a dataset who have a recording that is long enough, each with the speech of those after them."""
    found = [
        (row.person, arrays)
        for row, arrays in segments(dataset)
        if len(arrays.time_s) >= 1.4 * _REFERENCE_S * GRID_HZ
    ]
    longest = {
        name: max((a for n, a in found if n == name), key=lambda a: len(a.time_s)) for name, _ in found
    }
    names = sorted(longest)[:most]
    persons = []
    for i, name in enumerate(names):
        cut = round(_REFERENCE_S * GRID_HZ)
        whole = longest[name]
        reference = whole.part(0, cut)
        voices = [longest[other].speech for other in (names[i + 1 :] + names[:i]) or names]
        values = np.concatenate(voices * 9)[: round(_SPEECH_S * GRID_HZ)]
        speech = SpeechFeatures(np.arange(len(values)) / GRID_HZ, values, len(values) / GRID_HZ)
        own = np.degrees(whole.rotvec_rad[cut:].astype(np.float64))
        persons.append(Person(name, encode_style(reference.track(), reference.features()), own, speech))
    return persons


def pin_rows(persons: Sequence[Person], at_s: Sequence[float], seeds: int) -> dict[str, Obeyed]:
    """Figures of each system on pins at the same times."""
    found: dict[str, list[Asked]] = {}
    for person in persons:
        for seed in range(seeds):
            pins = person.pins(at_s, 37 * seed)
            free, other = person.take(1000 + seed), person.take(2000 + seed)
            made = {"actor": person.take(1000 + seed, Direction(pins))}
            made |= {
                name: bend(free, pins) for name, bend in {"kriging alone": bent, "spline": _spline}.items()
            }
            takes = [person.take(3000 + 16 * seed + i) for i in range(16)]
            nearest = min(
                takes,
                key=lambda take: float(np.square(misses_deg(take.time_s, vectors_of(take), pins)).sum()),
            )
            made |= {"best of 16": bent(nearest, pins), "undirected": free}
            for name, motion in made.items():
                missed = misses_deg(motion.time_s, vectors_of(motion), pins)
                found.setdefault(name, []).extend(
                    Asked(person.name, pin.time_s, _angles(motion), _angles(other), person.own, float(by))
                    for pin, by in zip(pins, missed, strict=True)
                )
    return {name: obeyed(asked) for name, asked in found.items()}


def part_rows(persons: Sequence[Person], seeds: int) -> dict[str, Obeyed]:
    """Figures at the seams of parts."""
    found: dict[str, list[Asked]] = {}
    for person in persons:
        for seed in range(seeds):
            free, other, third = (person.take(base + seed) for base in (1000, 2000, 4000))
            parts = tuple(Part(first, stop, person.seed(4000 + seed)) for first, stop in _PARTS_S)
            made = {
                "actor": person.take(1000 + seed, Direction(parts=parts)),
                "cross-fade": _faded(free, third),
                "undirected": free,
            }
            for name, motion in made.items():
                found.setdefault(name, []).extend(
                    Asked(person.name, at, _angles(motion), _angles(other), person.own)
                    for part in _PARTS_S
                    for at in part
                )
    return {name: obeyed(asked) for name, asked in found.items()}


def nod_rows(persons: Sequence[Person], seeds: int) -> dict[str, Obeyed]:
    """Figures of asked nods, compared with nods that came by themselves in undirected takes of the person."""
    found: dict[str, list[Asked]] = {}
    rivals: list[Array] = []
    for person in persons:
        _, units = Actor().prepared(person.style, person.speech, GenerationSettings())
        depth = float(
            planned(Gesture("nod", 1.0), 1.0, person.style.statistics, units).height.max() * units[0]
        )
        frees = [_angles(person.take(1000 + seed)) for seed in range(4 * seeds)]
        own = [
            window_at(free, swing.time_s)
            for free in frees
            for swing in swings(free[:, 0], 0.7 * depth)
            if 2.0 < swing.time_s < _SPEECH_S - 2.0 and swing.depth < 1.5 * depth
        ]
        for seed in range(seeds):
            gestures = tuple(Gesture("nod", at) for at in _NODS_S)
            made = {
                "actor": person.take(1000 + seed, Direction(gestures=gestures)),
                "undirected": person.take(1000 + seed),
            }
            for i, at in enumerate(_NODS_S):
                rivals.append(own[(seed * len(_NODS_S) + i) % len(own)] if own else window_at(frees[1], at))
                for name, motion in made.items():
                    asked = Asked(person.name, at, _angles(motion), frees[1], person.own, 0.0, depth)
                    found.setdefault(name, []).append(asked)
    return {name: obeyed(asked, rivals) for name, asked in found.items()}


def table(title: str, rows: dict[str, Obeyed]) -> str:
    """Rows as a table in Markdown."""
    columns = ("missed_deg", "within", "found", "deep", "c2st")
    lines = [f"**{title}**", "", "| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, row in rows.items():
        lines.append(f"| {name} | " + " | ".join(_shown(getattr(row, column)) for column in columns) + " |")
    return "\n".join(lines) + "\n"


def _shown(value: Interval) -> str:
    if not np.isfinite(value.value):
        return "–"
    spread = f" ({value.low:.2f}–{value.high:.2f})" if np.isfinite(value.low) else ""
    return f"{value.value:.2f}{spread}"


def _angles(motion: HeadMotion) -> Array:
    return np.degrees(rot.to_rotvec(motion.rotation))


def _spline(motion: HeadMotion, pins: Sequence[Pin]) -> HeadMotion:
    """A take with the least jerk added that meets its pins: what an animator's curves would do."""
    vectors = vectors_of(motion)
    knots = np.array([motion.time_s[0], *(pin.time_s for pin in pins), motion.time_s[-1]])
    wanted = np.array(
        [rot.to_rotvec(rot.from_euler(*np.radians(np.array(pin.angles_deg, float)))) for pin in pins]
    )
    rows = np.round(knots[1:-1] * GRID_HZ).astype(int)
    lacking = np.vstack([np.zeros(3), wanted - vectors[rows, :3], np.zeros(3)])
    left = np.clip(np.searchsorted(knots, motion.time_s, side="right") - 1, 0, len(knots) - 2)
    share = smootherstep((motion.time_s - knots[left]) / (knots[left + 1] - knots[left]))[:, None]
    moved = vectors.copy()
    moved[:, :3] += (1.0 - share) * lacking[left] + share * lacking[left + 1]
    return motion_of(motion.time_s, moved)


def _faded(free: HeadMotion, other: HeadMotion) -> HeadMotion:
    """Parts of another take, faded in and out over 0.8 s."""
    one, two = vectors_of(free), vectors_of(other)
    share = np.zeros(len(one))
    for first, stop in _PARTS_S:
        rise = smootherstep(np.minimum(free.time_s - first, stop - free.time_s) / 0.8 + 0.5)
        share = np.maximum(share, rise)
    return motion_of(free.time_s, one + share[:, None] * (two - one))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("-o", "--out", type=Path, help="a Markdown file, beside stdout")
    parser.add_argument("--persons", type=int, default=33, help="at most so many")
    parser.add_argument("--seeds", type=int, default=2, help="takes of each person")
    arguments = parser.parse_args()
    try:
        persons = people(arguments.dataset, arguments.persons)
        parts: tuple[tuple[str, Callable[[], dict[str, Obeyed]]], ...] = (
            ("Nods", lambda: nod_rows(persons, arguments.seeds)),
            ("Seams of parts", lambda: part_rows(persons, arguments.seeds)),
            ("Dense pins", lambda: pin_rows(persons, _DENSE_S, arguments.seeds)),
            ("Lone pins", lambda: pin_rows(persons, _LONE_S, arguments.seeds)),
        )
        text = ""
        for title, rows in parts:
            text += (found := table(title, rows())) + "\n"
            print(found, flush=True)
            if arguments.out:
                arguments.out.write_text(text, encoding="utf-8")
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
