"""Figure of the actor's motion beside its reference: tools/figures/actor_curves.py [-o docs/images].

The example's character with her true motion, and two takes for her own speech.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mannerism.core import rotation as rot
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion_csv import read_track
from mannerism.core.speech import SpeechFeatures, extract_features
from mannerism.core.style import encode_style
from mannerism.core.types import Array
from mannerism.tools.figures.score_pictures import FURTHER, INK, MADE, PALE, REAL, ROOT

_SEEDS = {1: MADE, 2: FURTHER}
_SHOWN_S = (1.0, 13.0)
_ANGLES = ("pitch, °", "yaw, °", "roll, °")


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    path = parser.parse_args().output / "actor_curves.png"
    track = read_track(ROOT / "examples" / "reference.truth.csv")
    speech = extract_features(ROOT / "examples" / "reference.mp4")
    style = encode_style(track, speech)
    columns = {"the character's own": (REAL, track.time_s, track.rotation)}
    for seed, colour in _SEEDS.items():
        take = generate(style, speech, GenerationSettings(seed=seed, engine="actor"))
        columns[f"actor, seed {seed}"] = (colour, take.time_s, take.rotation)
    figure = picture(columns, speech)
    figure.savefig(path)
    print(path)


def picture(columns: dict[str, tuple[str, Array, Array]], speech: SpeechFeatures) -> Figure:
    """A column for each motion: colour, times (N,) and quaternions (N, 4); bars mark speech."""
    figure = Figure(figsize=(9.6, 4.4), dpi=100, layout="constrained")
    grid = figure.subplots(len(_ANGLES), len(columns), sharex=True, sharey=True)
    for across, (title, (colour, time_s, rotation)) in zip(grid.T, columns.items(), strict=True):
        angles = np.degrees(rot.to_euler(rotation))
        across[0].set_title(title, fontsize=9, color=colour)
        across[-1].set_xlabel("s (bars: speech)", fontsize=8)
        for axes, values in zip(across, angles.T, strict=True):
            axes.axhline(0.0, color=PALE, lw=0.8)
            axes.plot(time_s, values, color=colour, lw=1.0)
            axes.fill_between(
                speech.time_s,
                0.0,
                0.05,
                where=(speech.column("activity") > 0.5).tolist(),
                transform=axes.get_xaxis_transform(),
                color=PALE,
                lw=0,
            )
            axes.spines[["top", "right"]].set_visible(False)
            axes.tick_params(labelsize=7, colors=INK)
            axes.set_xlim(_SHOWN_S)
    for axes, name in zip(grid[:, 0], _ANGLES, strict=True):
        axes.set_ylabel(name, fontsize=8)
    return figure


if __name__ == "__main__":
    main()
