"""Figures of docs/scorecard.md: tools/figures/score_pictures.py [-o docs/images].

All but one show the shipped example's own motion, which is known exactly, and what cheats make of it.
The persons of the first are drawn from the population's statistics; none of them exists.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mannerism.core.evaluate import EvaluationCase, cheat_takes, make_take
from mannerism.core.evaluate.hold_gap import HOLD
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion import GRID_HZ, HeadPoseTrack
from mannerism.core.motion_csv import read_track
from mannerism.core.speech import SpeechFeatures, extract_features
from mannerism.core.speech.windows import smooth
from mannerism.core.style import encode_style
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import rate
from mannerism.core.style.voice_coupling import SMOOTHING_S, log_speed, raw_drives
from mannerism.core.types import Array

ROOT = Path(__file__).parents[2]
# Okabe and Ito's palette, distinguishable with any colour vision.
REAL, MADE, FURTHER, PALE, INK = "#0072B2", "#D55E00", "#009E73", "#C9CED6", "#2B2F36"
_SPEECH_S = 10.0

Draw = Callable[[Axes, EvaluationCase], None]


def main() -> None:
    """Draw all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().output
    track = read_track(ROOT / "examples" / "reference.truth.csv")
    take = as_take(track, extract_features(ROOT / "examples" / "reference.mp4"))
    for name, draw in PICTURES.items():
        figure = Figure(figsize=(4.0, 1.9), dpi=100, layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=7, colors=INK)
        draw(axes, take)
        axes.xaxis.label.set_fontsize(8)
        axes.yaxis.label.set_fontsize(8)
        axes.legend(fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
        figure.savefig(folder / f"score_{name}.png")
        print(folder / f"score_{name}.png")


def as_take(track: HeadPoseTrack, speech: SpeechFeatures) -> EvaluationCase:
    """The example as a take that is its own reference."""
    return make_take("example", "example", reference=track, target=track, motion=track, speech=speech)


def cheat(name: str, take: EvaluationCase) -> Array:
    """The angles (T, 3) that a cheat makes of the example; cheats want somebody else to be there."""
    return cheat_takes(name, [take, replace(take, person="nobody", pair="nobody")])[0].motion.angles_deg


def style_id(axes: Axes, _take: EvaluationCase) -> None:
    """Persons and recordings at the distances of the population, as points."""
    random = np.random.default_rng(4)
    names = ("log_speed_pitch", "log_speed_roll")
    spreads = [load_population().spreads[name] for name in names]
    within = [np.sqrt(spread.situation + spread.sampling / _SPEECH_S) for spread in spreads]
    truth = np.array([spread.mean + np.sqrt(spread.between) * random.normal(size=8) for spread in spreads])
    first, second = (truth + np.array(within)[:, None] * random.normal(size=truth.shape) for _ in range(2))
    axes.plot([first[0], second[0]], [first[1], second[1]], color=PALE, zorder=0)
    axes.plot(*first, "o", color=REAL, label="reference")
    axes.plot(*second, "o", color=REAL, fillstyle="none", label="another recording")
    axes.set(xlabel="speed of nods, ln °/s", ylabel="of tilts, ln °/s")


def kin(axes: Axes, take: EvaluationCase) -> None:
    """Yaw as the person moves, at half its size, and smoothed away."""
    plot(axes, take.target.angles_deg[:, 1], "real", REAL)
    plot(axes, cheat("half gain", take)[:, 1], "half gain", MADE)
    plot(axes, cheat("over-smoothed", take)[:, 1], "over-smoothed", FURTHER)
    axes.set(xlabel="s", ylabel="yaw, °")


def sync_gap(axes: Axes, take: EvaluationCase) -> None:
    """Speed of the head, and loudness of the voice."""
    speed = smooth(log_speed(rate(take.target.angles_deg)), SMOOTHING_S)
    energy = raw_drives(take.speech)[: len(speed), 0]
    axes.fill_between(seconds(energy), scaled(energy) - 6.0, -8.5, color=PALE, label="loudness")
    plot(axes, scaled(speed), "speed, real", REAL)
    plot(axes, scaled(speed)[::-1] - 3.0, "speed, backwards", MADE)
    axes.set(xlabel="s", yticks=[])


def hold_gap(axes: Axes, take: EvaluationCase) -> None:
    """Where the head rests, in what is real and in noise of the same spectrum."""
    for angles, name, colour, base in (
        (take.target.angles_deg, "real", REAL, 0.0),
        (cheat("spectrum noise", take), "spectrum noise", MADE, -5.0),
    ):
        speed = np.linalg.norm(rate(angles), axis=1)
        speed = speed / speed.mean()
        plot(axes, speed + base, name, colour)
        axes.fill_between(
            seconds(speed), base, base - 0.7, where=(speed < HOLD).tolist(), color=colour, alpha=0.5, lw=0
        )
    axes.set(xlabel="s (bars: at rest)", ylabel="speed", yticks=[])


def c2st(axes: Axes, take: EvaluationCase) -> None:
    """One window of four seconds as input of the classifier: angular rates."""
    window = slice(4 * GRID_HZ, 8 * GRID_HZ)
    plot(axes, rate(cheat("jitter", take))[window, 0], "jitter", MADE)
    plot(axes, rate(take.target.angles_deg)[window, 0], "real", REAL)
    axes.set(xlabel="s", ylabel="pitch rate, °/s")


def one_to_many(axes: Axes, take: EvaluationCase) -> None:
    """Three seeds of one speech, about as far from each other as recordings of one person are."""
    track = read_track(ROOT / "examples" / "reference.truth.csv")
    style = encode_style(track, take.speech)
    for seed, colour in enumerate((REAL, MADE, FURTHER)):
        motion = generate(style, take.speech, GenerationSettings(seed=seed))
        made = make_take("a", "a", reference=track, target=track, motion=motion, speech=take.speech)
        plot(axes, made.motion.angles_deg[:, 1], f"seed {seed}", colour)
    axes.set(xlabel="s", ylabel="yaw, °")


def clean(axes: Axes, take: EvaluationCase) -> None:
    """Jerk where pieces were joined without care, beside what is real."""
    angles = take.target.angles_deg.copy()
    for joint, step in ((100, 2.0), (200, -3.0), (300, 2.0)):
        angles[joint:] += [step, 0.0, 0.0]
    plot(axes, jerk(angles), "joined from pieces", MADE)
    plot(axes, jerk(take.target.angles_deg), "real", REAL)
    axes.set(xlabel="s", ylabel="jerk, 1000 °/s³")


PICTURES: Mapping[str, Draw] = {
    "style_id": style_id,
    "kin": kin,
    "sync_gap": sync_gap,
    "hold_gap": hold_gap,
    "c2st": c2st,
    "one_to_many": one_to_many,
    "clean": clean,
}


def plot(axes: Axes, values: Array, name: str, colour: str) -> None:
    """One curve over seconds."""
    axes.plot(seconds(values), values, color=colour, lw=1.0, label=name)


def seconds(values: Array) -> Array:
    """Time of samples on the grid."""
    return np.arange(len(values)) / GRID_HZ


def scaled(values: Array) -> Array:
    """About 0, with a deviation of 1."""
    return (values - values.mean()) / values.std()


def jerk(angles_deg: Array) -> Array:
    """Size of the third derivative, thousands of degrees per second³."""
    return np.linalg.norm(np.diff(angles_deg, 3, axis=0), axis=1) * GRID_HZ**3 / 1e3


if __name__ == "__main__":
    main()
