"""Data flow diagram of the actor with the installed weights: tools/figures/actor_flow.py [-o docs/images]."""

import argparse
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from mannerism.core.motion import GRID_HZ
from mannerism.core.network.manner import load_manner
from mannerism.core.network.sizes import STEP_S, Sizes
from mannerism.tools.figures.score_pictures import FURTHER, INK, MADE, REAL, ROOT

_SIZE = (9.6, 4.3)  # inches, and the units in which all is placed
_BOX = (1.6, 0.8)
_COLUMNS, _ROWS = (0.9, 2.85, 4.8, 6.75, 8.7), (0.6, 2.2, 3.7)
_LOOP = 1.4  # the height at which the sampled increment goes back


@dataclass(frozen=True)
class Part:
    """A box in a column and a row: green is given, orange is learned, blue is measured or reckoned."""

    column: int
    row: int
    colour: str
    title: str
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        """Of the box."""
        return _COLUMNS[self.column], _ROWS[self.row]


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    path = parser.parse_args().output / "actor_flow.png"
    figure = Figure(figsize=_SIZE, dpi=120)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, _SIZE[0]), ylim=(0.0, _SIZE[1]))
    axes.set_axis_off()
    draw(axes, load_manner().sizes)
    figure.savefig(path)
    print(path)


def draw(axes: Axes, sizes: Sizes) -> None:
    """The manner above, the voice below, and between them the loop of sampling."""
    reach, samples, steps = f"{sizes.reach * STEP_S:.1f} s", f"{GRID_HZ:g} Hz", f"{1 / STEP_S:g} Hz"
    video = Part(0, 2, FURTHER, "reference", "10–15 s of video,\nor recorded motion")
    track = Part(1, 2, REAL, "track", f"head pose,\n{samples}")
    style = Part(
        2, 2, MADE, "style", f"{len(sizes.statistics)} statistics,\nvector of {sizes.vector} numbers"
    )
    noise = Part(4, 2, FURTHER, "noise", "Philox, of seed,\nchannel and step")
    past = Part(1, 1, REAL, "past", f"pose, {sizes.past} increments,\nmeans of log speed")
    gru = Part(2, 1, MADE, "GRU", f"recurrent state of\n{sizes.hidden} numbers, {steps}")
    density = Part(3, 1, MADE, "output density", f"mixture of {sizes.components} normal\ndistributions")
    sample = Part(4, 1, REAL, "sample", "one increment\nis drawn")
    sound = Part(0, 0, FURTHER, "speech", "any sound")
    prosody = Part(1, 0, REAL, "prosody", f"{len(sizes.speech)} columns,\n{samples}")
    speech_net = Part(2, 0, MADE, "speech encoder", f"convolutions: {reach}\nto either side")
    motion = Part(4, 0, REAL, "head motion", f"doubled to {samples},\nfrom rest to rest")
    for part in (video, track, style, noise, past, gru, density, sample, sound, prosody, speech_net, motion):
        _box(axes, part)
    for row in ((video, track, style), (past, gru, density, sample), (sound, prosody, speech_net)):
        for one, other in pairwise(row):
            (x, y), (end, _) = one.middle, other.middle
            _arrow(axes, (x + _BOX[0] / 2, y), (end - _BOX[0] / 2, y))
    for one, other in ((style, gru), (noise, sample), (speech_net, gru), (sample, motion)):
        (x, y), (_, end) = one.middle, other.middle
        half = _BOX[1] / 2 if end > y else -_BOX[1] / 2
        _arrow(axes, (x, y + half), (x, end - half))
    # Beside the arrow to the motion.
    out, back = sample.middle[0] - 0.5, past.middle[0]
    bottom = sample.middle[1] - _BOX[1] / 2
    axes.plot([out, out, back], [bottom, _LOOP, _LOOP], color=INK, lw=1.0)
    _arrow(axes, (back, _LOOP), (back, bottom))
    axes.text(density.middle[0], _LOOP + 0.05, f"again, {1 / STEP_S:g} times a second", **_text(7.5))


def _box(axes: Axes, part: Part) -> None:
    (x, y), (width, height) = part.middle, _BOX
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=(part.colour, 0.10),
            edgecolor=part.colour,
            lw=1.2,
        )
    )
    axes.text(x, y + 0.11, part.title, weight="bold", **_text(9.0))
    axes.text(x, y - 0.27, part.text, linespacing=1.1, **_text(7.5))


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.0, "shrinkA": 0, "shrinkB": 1}
    )


def _text(size: float) -> dict[str, Any]:
    return {"fontsize": size, "color": INK, "ha": "center", "va": "bottom"}


if __name__ == "__main__":
    main()
