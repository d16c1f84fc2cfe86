"""Corrections of a take on its samples that meet pins exactly: kriging with the person's own kernel.

A correction is a sum of the kernel around each pin, times a function of compact support (Wendland 1995), so that
nothing further away moves; its factors are solved through the reader of frames. Of a Gaussian process this is
exact conditioning (Matheron's rule), so that small corrections move as the person does.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .. import rotation as rot
from ..motion import GRID_HZ
from ..network.sizes import PER_STEP
from ..types import Array, BoolArray, IntArray
from .direction import Pin
from .kernel import Kernel, kriged, wendland
from .reader import Reader

NEAR_S = 0.8
"""Reach of a correction that puts right what little a directed take leaves."""

WIDE_S = 2.5
"""Reach of a correction that stands alone."""

SEAM = 16
"""Samples of what is kept that a correction at a seam goes by: 0.64 s."""

_ROUNDS = 12
_NEAR_ENOUGH = 1e-10


def pinned(
    time_s: Array,
    vectors: Array,
    pins: Sequence[Pin],
    kernel: Kernel,
    reach_s: float,
    *,
    envelope: Array | None = None,
) -> Array:
    """Rotation vectors and translation (T, 6) through pins, as near as they allow.

    reach_s : of the correction, to either side of each pin
    envelope : (T,) 0 where nothing may move, 1 where all may
    """
    made = vectors
    if not pins:
        return made
    reader = Reader.at(time_s, [pin.time_s for pin in pins])
    channels = np.array([channels_of(pin) for pin in pins])
    solver = _Solver(time_s, reader, channels, kernel=kernel, reach_s=reach_s, envelope=envelope)
    # An angle that is pinned alone depends on the others, which move with it; so a few rounds.
    for _ in range(_ROUNDS):
        lacking = residuals(reader.values(made), pins)
        if np.abs(lacking).max() < _NEAR_ENOUGH:
            break
        made = solver.moved(made, lacking)
    return made


def misses_deg(time_s: Array, vectors: Array, pins: Sequence[Pin]) -> Array:
    """By how many degrees (P,), beyond its tolerance, each pin is missed where frames are read."""
    if not pins:
        return np.zeros(0)
    found = Reader.at(time_s, [pin.time_s for pin in pins]).values(vectors)
    return np.degrees(np.abs(residuals(found, pins)[:, :3]).max(axis=1))


def channels_of(pin: Pin) -> list[bool]:
    """Which of the six channels a pin fixes."""
    return [*(angle is not None for angle in pin.angles_deg), *[pin.translation_m is not None] * 3]


def wanted_of(pin: Pin) -> Array:
    """A pin as a rotation vector and translation (6,), 0 where it leaves free."""
    angles = np.radians([angle or 0.0 for angle in pin.angles_deg])
    vector = rot.to_rotvec(rot.from_euler(*angles)) if None not in pin.angles_deg else angles
    return np.concatenate([vector, pin.translation_m or np.zeros(3)])


def residuals(found: Array, pins: Sequence[Pin]) -> Array:
    """What each pose (P, 6) lacks to its pin, 0 where nothing is pinned or it is near enough: (P, 6)."""
    rotation = rot.from_rotvec(found[:, :3])
    angles = rot.to_euler(rotation)
    known = np.array([[angle is not None for angle in pin.angles_deg] for pin in pins]).reshape(-1, 3)
    wanted = np.radians([[angle or 0.0 for angle in pin.angles_deg] for pin in pins]).reshape(-1, 3)
    tolerance = np.radians([[pin.tolerance_deg] for pin in pins]).reshape(-1, 1)
    apart = wanted - angles
    near = angles + np.sign(apart) * np.maximum(np.abs(apart) - tolerance, 0.0)
    wanted = np.where(tolerance > 0.0, near, wanted)
    lacking = np.zeros_like(found)
    whole = known.all(axis=1)
    lacking[whole, :3] = rot.to_rotvec(rot.from_euler(*wanted[whole].T)) - found[whole, :3]
    for i in np.flatnonzero(known.any(axis=1) & ~whole).tolist():
        lacking[i, :3] = _towards(found[i, :3], np.where(known[i], wanted[i] - angles[i], 0.0), known[i])
    for i, pin in enumerate(pins):
        if pin.translation_m is not None:
            lacking[i, 3:] = np.array(pin.translation_m) - found[i, 3:]
    return lacking


def _towards(vector: Array, apart: Array, known: BoolArray) -> Array:
    """By how much to change those components of a rotation vector (3,) so that as many angles change as they should."""
    if not apart.any():
        return apart
    nudge = 1e-6 * np.eye(3)[known]
    slopes = (rot.to_euler(rot.from_rotvec(vector + nudge)) - rot.to_euler(rot.from_rotvec(vector)))[:, known]
    change = np.zeros(3)
    change[known] = 1e-6 * np.linalg.lstsq(slopes.T, apart[known], rcond=0.1)[0]
    return np.clip(change, -0.5, 0.5)


def rejoined(fixed: Array, made: Array, run: BoolArray, kernel: Kernel, reach_s: float) -> Array:
    """Samples (T, 6): `fixed` outside of the run, inside it `made`, moved near its ends so that both are one motion.

    What the samples that are kept would be in `made` is what it lacks there; kriged from SEAM of them into the run,
    that goes on smoothly and within the spectrum of the person, and fades.

    reach_s : from either end, beyond which nothing is moved
    """
    out = np.where(run[:, None], made, fixed)
    stays = np.flatnonzero(~run)
    edges = np.flatnonzero(np.diff(run.astype(np.int8), prepend=0, append=0))
    for first, stop in edges.reshape(-1, 2):
        before = stays[(stays >= first - SEAM) & (stays < first)]
        after = stays[(stays >= stop) & (stays < stop + SEAM)]
        # Ends that are further apart do not reach each other: what is appended behind one moves nothing at the other.
        is_long = stop - first > 2 * reach_s * GRID_HZ
        for known in [before, after] if is_long else [np.concatenate([before, after])]:
            if len(known):
                inside = np.arange(first, stop)
                away = (np.abs(inside[:, None] - known).min(axis=1) - 1) / (reach_s * GRID_HZ)
                inside, away = inside[away < 1.0], away[away < 1.0]
                onto = kriged(kernel, known / PER_STEP, inside / PER_STEP, (fixed - made)[known])
                out[inside] += onto * wendland(away)[:, None]
    return out


class _Solver:
    """Corrections of samples that change what is read by given amounts, for one set of pins."""

    def __init__(
        self,
        time_s: Array,
        reader: Reader,
        channels: BoolArray,
        *,
        kernel: Kernel,
        reach_s: float,
        envelope: Array | None,
    ) -> None:
        self._time_s, self._reader, self._channels, self._kernel = time_s, reader, channels, kernel
        self._reach = reach_s
        self._envelope = envelope
        at_s = np.einsum("mj,mj->m", reader.weight, time_s[reader.index])
        self._first = np.searchsorted(time_s, at_s - reach_s)
        self._stop = np.searchsorted(time_s, at_s + reach_s)
        self._basis = self._basis_of(at_s)
        groups = _apart(at_s, 2.0 * reach_s + 0.5)
        self._systems = [(group, self._system(at_s[group], group)) for group in groups]

    def moved(self, samples: Array, lacking: Array) -> Array:
        """Samples (T, 6), changed so that what is read changes by (P, 6)."""
        factors = np.zeros_like(lacking)
        for group, systems in self._systems:
            for channel, (of, inverse) in enumerate(systems):
                factors[group[of], channel] = inverse @ lacking[group[of], channel]
        moved = samples.copy()
        for pin in np.flatnonzero(factors.any(axis=1)).tolist():
            part = slice(self._first[pin], self._stop[pin])
            moved[part] += (self._basis[:, pin, : part.stop - part.start] * factors[pin, :, None]).T
        return moved

    def _basis_of(self, at_s: Array) -> Array:
        """By how much each pin moves the samples within its reach, in each channel (6, P, W)."""
        most = int((self._stop - self._first).max())
        index = np.minimum(self._first[:, None] + np.arange(most), len(self._time_s) - 1)
        return self._spread(index, at_s[:, None])

    def _spread(self, index: IntArray, at_s: Array) -> Array:
        """By how much a pin at a time moves samples, in each channel (6, ...); both of shapes that fit each other."""
        away_s = self._time_s[index] - at_s
        basis = self._kernel(away_s * (GRID_HZ / PER_STEP)) * wendland(np.abs(away_s) / self._reach)
        return basis if self._envelope is None else basis * self._envelope[index]

    def _system(self, at_s: Array, group: IntArray) -> list[tuple[IntArray, Array]]:
        """For each channel, which pins of a group have it, and the inverse of how they move what is read."""
        near, pin = np.nonzero(np.abs(at_s[:, None] - at_s) < self._reach + 0.5)
        moved = self._spread(self._reader.index[group[near]], at_s[pin, None])
        read = np.zeros((moved.shape[0], len(group), len(group)))
        read[:, near, pin] = np.einsum("nj,cnj->cn", self._reader.weight[group[near]], moved)
        found = []
        for channel in range(read.shape[0]):
            of = np.flatnonzero(self._channels[group, channel])
            own = read[channel][np.ix_(of, of)]
            found.append((of, np.linalg.pinv(own, rcond=1e-12) if len(of) else own))
        return found


def _apart(at_s: Array, gap_s: float) -> list[IntArray]:
    """Indices of increasing times, cut where two are further apart than a gap."""
    cuts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(at_s)) if b - a > gap_s), len(at_s)]
    return [np.arange(a, b) for a, b in pairwise(cuts)]
