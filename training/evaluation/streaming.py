"""What a short look-ahead costs, as a table: training/evaluation/streaming.py CLIPS_DIR [-o FOLDER] [--persons N].

Of each person of a folder of videos the sound alone counts: it is played in the manner of a built-in style, once as a
whole file and once for each look-ahead. The judges of the scorecard get the running takes as what is made, and takes of the
whole file with other seeds as what is real; more such takes are the control. C2ST is the second one, by random
convolutions, which needs no training.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mannerism.core.errors import MannerismError
from mannerism.core.evaluate.c2st import c2st
from mannerism.core.evaluate.clean import clean
from mannerism.core.evaluate.evaluation_case import EvaluationCase, make_take
from mannerism.core.evaluate.hold_gap import hold_gap
from mannerism.core.evaluate.interval import Interval, combined
from mannerism.core.evaluate.kin import kin
from mannerism.core.evaluate.random_convolutions import RandomConvolutions
from mannerism.core.evaluate.sync_gap import sync_gap
from mannerism.core.generate import GenerationSettings, first_seed, generate
from mannerism.core.generate.actor import FIRST_STEP, Actor
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.motion import GRID_HZ, HeadMotion, HeadPoseTrack
from mannerism.core.network.manner import load_manner
from mannerism.core.network.sizes import PER_STEP
from mannerism.core.speech import SpeechFeatures, extract_features
from mannerism.core.stream.between import BEFORE, two_samples
from mannerism.core.stream.codes import RunningCodes
from mannerism.core.stream.finish import finished_pose
from mannerism.core.stream.inlet import Inlet
from mannerism.core.stream.raw import RawValues
from mannerism.core.stream.steps import RunningSteps
from mannerism.core.stream.terms import Terms
from mannerism.core.style import Style, read_style
from mannerism.core.style.built_in import built_in_path, descriptions
from mannerism.core.types import Array, Float32Array
from mannerism.training.data.catalogue import Clip, find_clips

LOOK_AHEADS_S = (0.12, 0.24, 0.48, 1.0, 2.0)
WHOLE = "whole file"

_SECONDS = (14.0, 25.0)
_SEEDS = 3
_COLUMNS = ("Kin", "Z", "Z − Z of the whole file", "HoldGap", "pause", "C2ST 2", "jerk")


def takes_of(
    name: str, style: Style, sound: Float32Array, speech: SpeechFeatures
) -> Iterator[EvaluationCase]:
    """Takes of one sound (N,) at RATE_HZ: of the whole file, and of each look-ahead."""
    first = first_seed(name)  # the same noise for all persons would be what a classifier learns to know
    reference, target = (_track(_whole(style, speech, first + _SEEDS + i)) for i in range(2))
    seeds = range(first, first + _SEEDS)
    made = {WHOLE: [_whole(style, speech, seed) for seed in seeds]}
    made |= {f"{ahead:g} s": list(streamed(style, sound, seeds, ahead)) for ahead in LOOK_AHEADS_S}
    for system, motions in made.items():
        for seed, motion in zip(seeds, motions, strict=True):
            yield make_take(
                name,
                name,
                reference=reference,
                target=target,
                motion=motion,
                speech=speech,
                system=system,
                seed=seed,
            )


def table(takes: Sequence[EvaluationCase]) -> str:
    """The figures of each system with their intervals over persons."""
    lines = [" | ".join(["| ", *_COLUMNS]) + " |", "|---" * (len(_COLUMNS) + 1) + "|"]
    whole = sync_gap([take for take in takes if take.system == WHOLE]).z
    for system in dict.fromkeys(take.system for take in takes):
        own = [take for take in takes if take.system == system]
        sync, hold = sync_gap(own), hold_gap(own)
        # Not the gap to one take, whose chance would be in each row.
        less = combined(sync.z, whole, np.subtract)
        recognised = c2st(own, RandomConvolutions())
        figures = (kin(own), sync.z, less, hold.gap, hold.pause, recognised, clean(own).jerk)
        lines.append(" | ".join([f"| {system}", *map(_text, figures)]) + " |")
    persons = len({take.person for take in takes})
    return "\n".join([*lines, "", f"{persons} persons, {_SEEDS} takes each."])


def _text(found: Interval) -> str:
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _whole(style: Style, speech: SpeechFeatures, seed: int) -> HeadMotion:
    return generate(style, speech, GenerationSettings(seed))


def streamed(
    style: Style, sound: Float32Array, seeds: Sequence[int], look_ahead_s: float
) -> Iterator[HeadMotion]:
    """What `Stream` gives while the sound runs, of several seeds; the speech's part is done once for all of them."""
    terms, analysis = Terms.of(look_ahead_s), RawValues()
    codes = RunningCodes(load_manner(), terms.wait)
    found: list[Array] = []
    for block in Inlet(RATE_HZ).blocks(sound):
        codes.add(analysis.add(block))
        if codes.count == PER_STEP * len(found) + terms.wait:
            found.append(codes.code(len(found)))
    for seed in seeds:
        settings = GenerationSettings(seed)
        decoder = RunningSteps(Actor(), style, settings)
        steps = [decoder.advance(found[0]) for _ in range(FIRST_STEP, 0)] + [
            decoder.advance(code) for code in found
        ]
        rows = []
        for index in range(PER_STEP * (len(found) - terms.taps) + 1):
            at = (index + 1) // PER_STEP - FIRST_STEP
            pose = two_samples(np.stack(steps[at - BEFORE : at + terms.taps]))[1 - index % PER_STEP]
            rows.append(finished_pose(pose, index, settings.intensity, None))
        made = np.stack(rows)
        yield HeadMotion(np.arange(len(made)) / GRID_HZ, made[:, :4], made[:, 4:])


def _track(motion: HeadMotion) -> HeadPoseTrack:
    return HeadPoseTrack(
        motion.time_s, motion.rotation, motion.translation_m, np.ones(len(motion.time_s), np.bool_)
    )


def _persons(clips: Sequence[Clip], count: int) -> list[Clip]:
    """The first long enough clip of each person, of persons in a fixed order that has nothing to do with their names."""
    found = {
        clip.person: clip for clip in reversed(clips) if clip.seconds == 0.0 or clip.seconds >= _SECONDS[0]
    }
    return sorted(found.values(), key=lambda clip: first_seed(clip.person))[:count]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos, as training/data/prepare.py takes it")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/streaming"), help="folder for the table")
    parser.add_argument("--persons", type=int, default=24)
    arguments = parser.parse_args()
    styles = [read_style(built_in_path(name)) for name in descriptions()]
    takes: list[EvaluationCase] = []
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for number, clip in enumerate(_persons(find_clips(arguments.clips), arguments.persons)):
            try:
                speech = extract_features(clip.path, length_s=_SECONDS[1])
                sound = np.concatenate(list(Sound(clip.path).part(0.0, _SECONDS[1])))
                takes += takes_of(clip.person, styles[number % len(styles)], sound, speech)
            except MannerismError as error:
                print(f"left out: {clip.id}: {error}", file=sys.stderr)
        text = table(takes)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    (arguments.out / "streaming.md").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
