"""Figure of the eyes for two heads: tools/figures/gaze_curves.py [-o docs/images].

A take for the example's speech, and a head that is turned by hand.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mannerism.core import rotation as rot
from mannerism.core.face.mouth_from_speech import loudness_on_grid, speech_features, voice_activity
from mannerism.core.gaze.directions import angles_of, pointing
from mannerism.core.gaze.look import look
from mannerism.core.gaze.settings import GazeDoses
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion import GRID_HZ, HeadMotion
from mannerism.core.motion_csv import read_track
from mannerism.core.speech import extract_features
from mannerism.core.style import encode_style
from mannerism.core.types import Array, BoolArray
from mannerism.tools.figures.score_pictures import FURTHER, INK, MADE, PALE, REAL, ROOT

_SHOWN_S = (0.0, 13.0)
_SEED = 4
_ROWS = ("to the left, °", "up, °")


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    path = parser.parse_args().output / "gaze_curves.png"
    sound = ROOT / "examples" / "reference.mp4"
    speech = extract_features(sound)
    style = encode_style(read_track(ROOT / "examples" / "reference.truth.csv"), speech)
    take = generate(style, speech, GenerationSettings(seed=1))
    talking = voice_activity(loudness_on_grid(speech_features(sound)))
    figure = picture({"a generated take": take, "a head turned by hand": _turned()}, talking)
    figure.savefig(path)
    print(path)


def picture(heads: dict[str, HeadMotion], talking: BoolArray) -> Figure:
    """A column for each head: its angles, the eyes' in it, and both together."""
    figure = Figure(figsize=(9.6, 4.4), dpi=100, layout="constrained")
    grid = figure.subplots(len(_ROWS), len(heads), sharex=True, sharey="row")
    time_s = np.arange(*_SHOWN_S, 1 / 60)
    for across, (title, head) in zip(grid.T, heads.items(), strict=True):
        gaze = look(head, time_s, talking=talking, doses=GazeDoses(look_away=1.0), seed=_SEED)
        turned = np.degrees(angles_of(pointing(head.at(time_s))))
        eye = np.degrees(gaze.eye)
        across[0].set_title(title, fontsize=9, color=INK)
        across[-1].set_xlabel("s (shaded: looks away; ticks: blinks with shifts)", fontsize=8)
        for axes, label, of_head, of_eye in zip(across, _ROWS, turned.T, eye.T, strict=True):
            _plot(axes, time_s, {"head": (REAL, of_head), "eyes in it": (MADE, of_eye)})
            axes.plot(time_s, of_head + of_eye, color=FURTHER, lw=1.2, label="gaze")
            axes.fill_between(
                time_s,
                0.0,
                1.0,
                where=gaze.away.tolist(),
                transform=axes.get_xaxis_transform(),
                color=PALE,
                lw=0,
            )
            for blink in gaze.blink_s[gaze.blink_s < _SHOWN_S[1]]:
                axes.axvline(blink, 0.0, 0.06, color=INK, lw=1.5)
            if axes in grid[:, 0]:
                axes.set_ylabel(label, fontsize=8)
            axes.tick_params(labelsize=7)
    grid[0, 0].legend(fontsize=7, loc="upper right")
    return figure


def _plot(axes: Any, time_s: Array, lines: dict[str, tuple[str, Array]]) -> None:
    axes.axhline(0.0, color=PALE, lw=0.8)
    for label, (colour, values) in lines.items():
        axes.plot(time_s, values, color=colour, lw=0.9, label=label)


def _turned() -> HeadMotion:
    """Looks left for some seconds, and nods twice."""
    time_s = np.arange(0, _SHOWN_S[1], 1 / GRID_HZ)
    yaw = np.interp(time_s, [2.0, 2.5, 6.0, 6.6], [0.0, 40.0, 40.0, 0.0])
    nods = 8.0 * np.sin(2 * np.pi * (time_s - 9.0)) * ((time_s > 9.0) & (time_s < 11.0))
    rotation = rot.from_euler(np.radians(nods), np.radians(yaw), 0.0)
    return HeadMotion(time_s, rot.continuous(rotation), np.zeros((len(time_s), 3)))


if __name__ == "__main__":
    main()
