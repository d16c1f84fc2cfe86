"""Obey, as a table: training/evaluation/obey.py DATASET [-o FILE.md] [--split SPLIT] [--persons N].

Each person of the dataset gives a manner, and pins from what they did at another moment; the speech is others'. Beside
the actor as it obeys stand systems that lose: a take bent to its pins by kriging alone, by a spline, and the best of
16 takes, bent; and undirected takes, as the control. Gestures are those of `_GESTURES`.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from mannerism.core.speech.windows import smooth
from mannerism.core.style import Style
from mannerism.core.style.encode import encode_style
from mannerism.core.types import Array
from mannerism.training.data.dataset import SPLITS, segments

_SPEECH_S = 30.0
_REFERENCE_S = 8.0
_DENSE_S = (4.0, 7.0, 10.0, 15.0, 18.0, 21.0, 26.0)
_LONE_S = (8.0, 21.0)
_PARTS_S = ((6.0, 10.0), (17.0, 21.0))
_GESTURES_S = (4.0, 8.0, 12.0, 16.0, 20.0, 24.0)
_HELD_S = 1.0  # in the middle of a look or a tilt
_GESTURES = (
    ("Nods", Gesture("nod", 0.0)),
    ("Shakes", Gesture("shake", 0.0)),
    ("Tilts", Gesture("tilt", 0.0, towards="left")),
    ("Looks", Gesture("look", 0.0, towards="right")),
)

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


def people(dataset: Path, split: str, most: int) -> list[Person]:
    """The persons of a split who have a recording that is long enough, each with the speech of those after them."""
    found = [
        (row.person, arrays)
        for row, arrays in segments(dataset)
        if row.split == split and len(arrays.time_s) >= 1.4 * _REFERENCE_S * GRID_HZ
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


def gesture_rows(persons: Sequence[Person], gesture: Gesture, seeds: int) -> dict[str, Obeyed]:
    """Figures of gestures, each compared with what came by itself in undirected takes of the person.

    gesture : its time does not count
    """
    found: dict[str, list[Asked]] = {}
    rivals: list[Array] = []
    for person in persons:
        _, units = Actor().prepared(person.style, person.speech, GenerationSettings())
        plan = planned(gesture, 1.0, person.style.statistics, units)
        top = float(plan.height[len(plan.height) // 2] * units[plan.channel])
        # A shake swings from one side to the other.
        depth = 2.0 * top if plan.height.min() < 0.0 < plan.height.max() else top
        held_s = _HELD_S if plan.is_pose else 0.0
        frees = [_angles(person.take(1000 + seed)) for seed in range(4 * seeds)]
        own = [
            window
            for free in frees
            for window in _by_itself(np.sign(depth) * free[:, plan.channel], free, abs(depth), held_s)
        ]
        for seed in range(seeds):
            asked = tuple(replace(gesture, time_s=at) for at in _GESTURES_S)
            made = {
                "actor": person.take(1000 + seed, Direction(gestures=asked)),
                "undirected": person.take(1000 + seed),
            }
            for i, at in enumerate(_GESTURES_S):
                rivals.append(
                    own[(seed * len(_GESTURES_S) + i) % len(own)] if own else window_at(frees[1], at)
                )
                for name, motion in made.items():
                    one = Asked(
                        person.name,
                        at,
                        _angles(motion),
                        frees[1],
                        person.own,
                        depth_deg=depth,
                        axis=plan.channel,
                        held_s=held_s,
                    )
                    found.setdefault(name, []).append(one)
    return {name: obeyed(asked_of, rivals) for name, asked_of in found.items()}


def _by_itself(angle: Array, free: Array, depth: float, held_s: float) -> list[Array]:
    """Windows of an undirected take (T, 3) around what is nearly as large, in an angle (T,) of it, as a gesture."""
    if held_s > 0.0:
        mean = smooth(angle, 0.5 * held_s)
        middle = np.flatnonzero(np.abs(mean / depth - 1.0) <= 0.3) / GRID_HZ
        times = middle[:: round(held_s * GRID_HZ)].tolist()
    else:
        times = [swing.time_s for swing in swings(angle, 0.7 * depth) if swing.depth < 1.5 * depth]
    return [window_at(free, at) for at in times if 2.0 < at < _SPEECH_S - 2.0]


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
    parser.add_argument(
        "--split", choices=SPLITS, default="test", help="whose persons (default: %(default)s)"
    )
    parser.add_argument("--seeds", type=int, default=2, help="takes of each person")
    arguments = parser.parse_args()
    try:
        persons = people(arguments.dataset, arguments.split, arguments.persons)
        parts: tuple[tuple[str, Callable[[], dict[str, Obeyed]]], ...] = (
            *((title, partial(gesture_rows, persons, of, arguments.seeds)) for title, of in _GESTURES),
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
