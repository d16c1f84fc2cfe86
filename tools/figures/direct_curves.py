"""Figure of docs/direct.md, of the shipped character: tools/figures/direct_curves.py [-o docs/images].

Her take for her own speech, grey, and the same take as it obeys: pins, a nod and a hold, a part of another seed, a
kept stretch. What is coloured differs; elsewhere both are the same bytes.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mannerism.core import rotation as rot
from mannerism.core.direct import Direction, Gesture, Kept, Part, Pin
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import read_track
from mannerism.core.speech import extract_features
from mannerism.core.style import encode_style
from mannerism.core.types import Array
from mannerism.tools.figures.score_pictures import FURTHER, INK, MADE, PALE, REAL, ROOT

_PINS = (Pin(3.0, 4.0, 12.0, -3.0), Pin(5.5, -3.0, -10.0, 4.0), Pin(9.0, 0.0, 6.0, 0.0))
_NOD, _STILL = Gesture("nod", 4.0, 1.5), Gesture("still", 9.0, length_s=2.0)
_PART = Part(5.0, 8.0, 12)
_KEPT_S = (6.0, 7.5)
_SEED = 1


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    path = parser.parse_args().output / "direct_curves.png"
    speech = extract_features(ROOT / "examples" / "reference.mp4")
    style = encode_style(read_track(ROOT / "examples" / "reference.truth.csv"), speech)

    def take(direction: Direction, seed: int = _SEED) -> HeadMotion:
        return generate(style, speech, GenerationSettings(seed), direction=direction)

    plain = take(Direction())
    kept = Kept.of(take(Direction(), 5), *_KEPT_S)
    rows = (
        ("yaw, ° · pins", 1, take(Direction(_PINS))),
        ("pitch, ° · a nod, a hold", 0, take(Direction(gestures=(_NOD, _STILL)))),
        ("yaw, ° · a part anew", 1, take(Direction(parts=(_PART,)))),
        ("yaw, ° · a kept stretch", 1, take(Direction(kept=(kept,)))),
    )
    figure = Figure(figsize=(7.2, 6.0), dpi=100, layout="constrained")
    for axes, (name, axis, made) in zip(figure.subplots(len(rows), 1, sharex=True), rows, strict=True):
        compare(axes, plain, made, axis)
        axes.set_ylabel(name, fontsize=8)
    first, nods, parts, joined = figure.axes
    for pin in _PINS:
        first.plot([pin.time_s], [pin.yaw_deg or 0.0], "o", color=REAL, ms=5)
    nods.axvline(_NOD.time_s, color=REAL, lw=0.8, ls=":")
    nods.axvspan(_STILL.time_s - 1.0, _STILL.time_s + 1.0, color=PALE, lw=0)
    parts.axvspan(_PART.start_s, _PART.stop_s, color=PALE, lw=0)
    joined.axvspan(*_KEPT_S, color=PALE, lw=0)
    inside, made = slice(kept.first, kept.stop), rows[-1][2]
    assert made.rotation[inside].tobytes() == np.array(kept.samples)[:, :4].tobytes()
    joined.plot(plain.time_s[inside], angle(made, 1)[inside], color=FURTHER, lw=1.6)
    joined.set_xlabel("s", fontsize=8)
    figure.savefig(path)
    print(path)


def angle(motion: HeadMotion, axis: int) -> Array:
    """One angle (T,) in degrees."""
    return np.degrees(rot.to_euler(motion.rotation))[:, axis]


def compare(axes: Axes, plain: HeadMotion, made: HeadMotion, axis: int) -> None:
    """A take behind the same take as it obeys, coloured where it is another one."""
    before, after = angle(plain, axis), angle(made, axis)
    other = (plain.rotation != made.rotation).any(axis=1)
    axes.plot(plain.time_s, before, color="#9AA0A8", lw=1.0)
    axes.plot(made.time_s, np.where(other, after, np.nan), color=MADE, lw=1.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=7, colors=INK)
    axes.set_xlim(0.5, 13.0)


if __name__ == "__main__":
    main()
