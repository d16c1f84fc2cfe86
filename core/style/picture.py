"""A small picture of a manner, so that styles compare at a glance: where the nose goes, how far the head tips, nods and rests."""

import numpy as np

from ..drawing import blank, stroke
from ..motion import GRID_HZ
from ..types import Array, ByteArray
from .schema import AXES, BANDS_HZ, Style

SECONDS = 10.0
RANGE_DEG = 20.0
"""What half of the picture's width stands for; what goes further ends at its edge."""
NODS_PER_TICK = 10.0  # nods a minute

_COLOURS = {
    "background": (38, 38, 42),
    "cross": (70, 70, 76),
    "path": (240, 190, 80),
    "tilt": (86, 156, 242),
    "nods": (235, 87, 87),
    "rests": (150, 150, 158),
}


def path(style: Style) -> Array:
    """Pitch, yaw and roll in degrees (3, n), over SECONDS at GRID_HZ, each about its mean.

    The reference's own motion where the style holds it; else waves of the style's sizes and spectra, whose
    phases are always the same. They show a manner, and are no take.
    """
    count = round(SECONDS * GRID_HZ)
    if style.motion is not None and len(style.motion) >= count:
        angles = np.degrees(style.motion[:count, :3]).T
    else:
        angles = np.array([_waves(style, axis, count) for axis in AXES])
    return np.asarray(angles - angles.mean(axis=1, keepdims=True))


def _waves(style: Style, axis: str, count: int) -> Array:
    """Band by band, from the density of the rate: the angle is its integral."""
    frequency = np.fft.rfftfreq(4 * count, 1 / GRID_HZ)
    density = np.zeros(len(frequency))
    for band, (low, high) in enumerate(BANDS_HZ, 1):
        within = (frequency >= low) & (frequency < high)
        density[within] = 10.0 ** style.statistics[f"psd_{axis}_{band}"]
    size = np.sqrt(density) / np.maximum(frequency, BANDS_HZ[0][0])
    phase = np.random.default_rng(AXES.index(axis)).uniform(0, 2 * np.pi, len(frequency))
    wave = np.fft.irfft(size * np.exp(1j * phase))[:count]
    return np.asarray(wave / wave.std() * np.exp(style.statistics[f"log_sigma_{axis}"]))


def picture(style: Style, size: int = 64) -> ByteArray:
    """Draw a style as RGBA (size, size, 4), top row first.

    The line is where the nose goes, RANGE_DEG from the middle to the edge. Below it: at the left how far the
    head tips to either side, at the right a tick for every NODS_PER_TICK nods a minute, over a bar as long as
    the share of time at rest.
    """
    value = style.statistics
    pitch, yaw, _ = path(style)
    nose = np.array([0.5, 0.4]) + np.column_stack([yaw, -pitch]) / RANGE_DEG / 2
    tip = min(float(np.exp(value["log_sigma_roll"])) * 4, 60.0)  # two deviations, drawn twice as steep
    fan = [np.array([0.16, 0.95]) + 0.16 * _direction(angle) for angle in (-tip, 0.0, tip)]
    ticks = np.linspace(0.4, 0.94, 13)[: round(max(value["nod_rate"], 0.0) * 60 / NODS_PER_TICK)]
    rest = 0.4 + 0.54 * float(np.clip(value["hold"], 0.0, 1.0))
    shapes: list[tuple[str, Array, float]] = [
        ("cross", np.array([[0.5, 0.02], [0.5, 0.76]]), 0.008),
        ("cross", np.array([[0.02, 0.4], [0.98, 0.4]]), 0.008),
        ("path", np.clip(nose, 0.02, [0.98, 0.76]), 0.012),
        *[("tilt", np.array([[0.16, 0.95], end]), 0.014) for end in fan],
        *[("nods", np.array([[x, 0.83], [x, 0.9]]), 0.014) for x in ticks],
        ("rests", np.array([[0.4, 0.95], [rest, 0.95]]), 0.014),
    ]
    canvas = blank(size, size, _COLOURS["background"])
    for name, points, width in shapes:
        stroke(canvas, points * size, width * size, _COLOURS[name])
    return canvas


def _direction(angle_deg: float) -> Array:
    """Upwards, turned clockwise by an angle; y points down."""
    angle = np.radians(angle_deg)
    return np.array([np.sin(angle), -np.cos(angle)])


def summary(style: Style) -> str:
    """The figures behind the picture, in a line for a tooltip."""
    value = style.statistics
    pitch, yaw, roll = (float(np.exp(value[f"log_sigma_{axis}"])) for axis in AXES)
    return (
        f"Pitch ±{pitch:.1f}°, yaw ±{yaw:.1f}°, roll ±{roll:.1f}°, about {value['centroid_pitch']:.1f} Hz; "
        f"{max(value['nod_rate'], 0) * 60:.0f} nods a minute of {np.exp(value['log_nod_size']):.1f}°, "
        f"{np.clip(value['hold'], 0, 1):.0%} at rest"
    )
