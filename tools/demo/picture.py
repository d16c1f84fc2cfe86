"""Figure of the demo: motion and speech of the reference, beside takes for other lines."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.speech import SpeechFeatures
from mannerism.core.types import Array

# Okabe and Ito's palette, distinguishable with any colour vision; in grey, line styles differ.
REFERENCE = "#0072B2"
TAKES = ("#D55E00", "#009E73")
STYLES = ("-", (0, (4, 1.2)))
PITCH = "#CC79A7"
SPEECH, INK, PAPER = "#C9CED6", "#2B2F36", "#FFFFFF"

ANGLES = ("pitch", "yaw", "roll")
MEANINGS = ("+ looks down", "+ turns left", "+ tips right")


@dataclass(frozen=True)
class Recording:
    """One column of the picture: a speech and the motions that go with it.

    seeds : of the motions that were generated; empty for the reference, which has its own motion alone
    """

    title: str
    speech: SpeechFeatures
    motions: tuple[HeadMotion, ...]
    seeds: tuple[int, ...] = ()


def draw(path: Path, recordings: list[Recording]) -> None:
    """Draw pitch, yaw, roll and the speech over time, all columns on the same scales, as PNG."""
    figure = Figure(
        figsize=(12.0, 8.2),
        dpi=120,
        facecolor=PAPER,
        layout=ConstrainedLayoutEngine(wspace=0.015, hspace=0.02),
    )
    seconds = [recording.speech.duration_s for recording in recordings]
    grid = figure.subplots(
        4,
        len(recordings),
        sharex="col",
        sharey="row",
        squeeze=False,
        gridspec_kw={"width_ratios": seconds, "height_ratios": [1, 1, 1, 0.8]},
    )
    angles = [[degrees(motion) for motion in recording.motions] for recording in recordings]
    for row in range(3):
        known = np.percentile(np.concatenate([a[:, row] for a in angles[0]]), [5, 95])
        for column, recording in enumerate(recordings):
            _draw_angle(grid[row, column], recording, [a[:, row] for a in angles[column]], known)
        _fit(grid[row, 0], [a[:, row] for column in angles for a in column])
        grid[row, 0].set_ylabel(f"{ANGLES[row]} (°)\n{MEANINGS[row]}", color=INK)
    for axes, recording in zip(grid[3], recordings, strict=True):
        _draw_speech(axes, recording, last=recording is recordings[-1])
    grid[3, 0].set_ylabel("speech level (dB)", color=INK)
    for axes, recording in zip(grid[0], recordings, strict=True):
        axes.set_title(recording.title, fontsize=11, color=INK, loc="left")
    figure.suptitle(
        "The manner of the reference (blue), carried to new lines, another take for every seed",
        fontsize=14,
        fontweight="bold",
        color=INK,
        x=0.01,
        ha="left",
    )
    figure.supxlabel(
        "seconds   ·   numbers: range that holds the middle 90 % of each curve   ·   blue band: the reference's",
        fontsize=10,
        color=INK,
    )
    figure.savefig(path, facecolor=PAPER)


def degrees(motion: HeadMotion) -> Array:
    """Pitch, yaw and roll in degrees, shape (T, 3)."""
    return np.degrees(rot.to_euler(motion.rotation))


def _draw_angle(axes: Axes, recording: Recording, curves: list[Array], known: Array) -> None:
    axes.axhspan(*known, color=REFERENCE, alpha=0.10, linewidth=0)
    axes.axhline(0, color=SPEECH, linewidth=0.8, zorder=0)
    colours = TAKES if recording.seeds else (REFERENCE,)
    for index, (motion, curve) in enumerate(zip(recording.motions, curves, strict=True)):
        axes.plot(motion.time_s, curve, color=colours[index], linestyle=STYLES[index], linewidth=1.3)
        low, high = np.percentile(curve, [5, 95])
        label = f"seed {recording.seeds[index]}: " if recording.seeds else ""
        axes.text(
            0.015,
            0.97 - 0.125 * index,
            f"{label}{high - low:.1f}°",
            transform=axes.transAxes,
            color=colours[index],
            fontsize=9.5,
            fontweight="bold",
            va="top",
            bbox={"facecolor": PAPER, "alpha": 0.8, "edgecolor": "none", "pad": 0.5},
        )
    _clean(axes)


def _draw_speech(axes: Axes, recording: Recording, *, last: bool) -> None:
    """Level as a grey hill; the voice's pitch on an axis of its own, only where there is a voice."""
    speech = recording.speech
    axes.fill_between(speech.time_s, -40.0, 10.0 * speech.column("energy"), color=SPEECH, linewidth=0)
    axes.set_ylim(-40.0, 12.0)
    _clean(axes)
    pitch = axes.twinx()
    voiced = speech.column("voicing") > 0.5
    pitch.plot(speech.time_s, np.where(voiced, speech.column("f0"), np.nan), color=PITCH, linewidth=1.6)
    pitch.set_ylim(-13.0, 13.0)
    pitch.tick_params(colors=PITCH, labelright=last, length=3 if last else 0)
    if last:
        pitch.set_ylabel("F0 (semitones)", color=PITCH)
    for spine in pitch.spines.values():
        spine.set_visible(False)


def _fit(axes: Axes, curves: list[Array]) -> None:
    """Limits that show every curve whole, with room for the numbers above."""
    values = np.concatenate(curves)
    low, high = float(values.min()), float(values.max())
    room = max(high - low, 4.0)
    axes.set_ylim(low - 0.06 * room, high + 0.38 * room)


def _clean(axes: Axes) -> None:
    axes.margins(x=0)
    axes.tick_params(colors=INK, labelsize=9)
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(SPEECH)
