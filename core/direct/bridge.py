"""From a take's state before a stretch, through aims, back to the take: twisted sequential Monte Carlo.

Particles are drawn step by step from the network's mixtures, each multiplied by the density of all aims within
reach, as a Gaussian process of the person foretells them from where that draw leads (Whiteley and Lee 2014;
Guarniero, Johansen and Lee 2017). What a particle's draws were worth is its weight, and resampling makes the
likely ones many: so what is drawn moves as the network does, and arrives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from ..network.mixture import DIMENSIONS
from ..noise import DIRECTED_MOVEMENT, Channel, normals, uniforms
from ..types import Array, IntArray
from .acting import Acting, State
from .aims import Aim, Guide
from .kernel import LAGS, Kernel, kriged, wendland
from .particles import Particles
from .tilt import Evidence, free_draw, tilted_draw

PARTICLES = 32
REACH = 20  # steps ahead of an aim from which on it weighs: 1.6 s
AROUND = 31  # steps of a window to either side of an aim: 2.5 s
SETTLE = 4  # steps after an aim that one particle is drawn
AFTER = 10  # steps of what follows a stretch that it is joined to
LEAST_AFTER = 4  # where fewer follow, the stretch goes on to the end of the take
TRIES = 8  # independent sets of noise for a stretch

_AIMED = 2  # steps of what follows that are aimed at, so that pose and speed fit
_LANDING = 20  # steps over which what the end lacks to what follows is made up for

_EVERYTHING = np.ones(DIMENSIONS, np.bool_)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Steps first to stop - 1 to be made anew.

    before : (LAGS, 6) poses before it, the newest last
    state : after the step before it
    after : (N, 6) poses that follow, N <= AFTER; none at the end of a take
    aims : in order of their steps
    still : of steps at which the angles are to stay: by how many mean speeds they may move
    """

    first: int
    stop: int
    before: Array
    state: State
    after: Array
    aims: tuple[Aim, ...] = ()
    still: Mapping[int, float] | None = None


def bridged_steps(acting: Acting, kernel: Kernel, stretch: Stretch, seed: int, attempt: int = 0) -> Array:
    """Poses (stop - first, 6) of the stretch, in standard deviations.

    attempt : 0 to TRIES - 1, another way of the same seed
    """
    return _Bridge(acting, kernel, stretch, seed, attempt).run()


class _Bridge:
    def __init__(self, acting: Acting, kernel: Kernel, stretch: Stretch, seed: int, attempt: int) -> None:
        self.acting, self.kernel, self.stretch = acting, kernel, stretch
        ends = [
            Aim(float(stretch.stop + i), pose, _EVERYTHING, settles=False)
            for i, pose in enumerate(stretch.after[:_AIMED])
        ]
        self.aims: Sequence[Aim] = (*stretch.aims, *ends)
        # Beside what follows it goes on freely: by how much the two then differ moves as a take does.
        self.stop = stretch.stop + len(stretch.after)
        count = self.stop - stretch.first
        first = stretch.first * TRIES * PARTICLES
        shape = (count, TRIES, PARTICLES)
        size = count * TRIES * PARTICLES
        self.normal = np.stack(
            [normals(seed, c, first, size).reshape(shape)[:, attempt] for c in DIRECTED_MOVEMENT], axis=2
        )
        self.chance = uniforms(seed, Channel.DIRECTED_COMPONENT, first, size).reshape(shape)[:, attempt]
        self.choice = uniforms(seed, Channel.DIRECTED_CHOICE, stretch.first * TRIES, count * TRIES)[
            attempt::TRIES
        ]
        self.settled = _settling(self.aims, stretch.first, self.stop)

    def run(self) -> Array:
        stretch, acting = self.stretch, self.acting
        particles = Particles(acting, stretch.state, PARTICLES)
        # (LAGS x K x 6), the newest first
        last = np.repeat(stretch.before[::-1, None], PARTICLES, axis=1)
        log_weights, foretold = np.zeros(PARTICLES), np.zeros(PARTICLES)
        tracks = np.empty((self.stop - stretch.first, PARTICLES, DIMENSIONS))
        ancestors = np.empty((self.stop - stretch.first, PARTICLES), np.intp)
        everyone = np.arange(PARTICLES)
        for step, drive, head in acting.projected(particles.decoder, stretch.first, self.stop):
            i = step - stretch.first
            near = self._near(step)
            still = (stretch.still or {}).get(step)
            parts = particles.components(drive, head)
            if near or still is not None:
                guide = Guide(self.kernel, step, near) if near else None
                evidence = Evidence.of(guide, last[: LAGS - 1], acting.strides, still)
                increments, mass = tilted_draw(parts, evidence, self.normal[i], self.chance[i])
                log_weights += mass - foretold
            else:
                increments = free_draw(parts, self.normal[i], self.chance[i])
            particles.add(increments)
            last = np.concatenate([particles.pose[None], last[: LAGS - 1]])
            ahead = [aim for aim in near if aim.step > step]
            foretold = np.zeros(PARTICLES)
            if ahead:
                guide = Guide(self.kernel, step, ahead)
                foretold = guide.log_density(guide.gaps(*last))
            tracks[i] = particles.pose
            ancestors[i] = everyone
            chosen = self._chosen(log_weights, i, one=step in self.settled)
            if chosen is not None:
                particles.resample(chosen)
                last, foretold, log_weights = last[:, chosen], foretold[chosen], np.zeros(PARTICLES)
                ancestors[i] = chosen
        return _landed(_traced(tracks, ancestors), stretch, self.kernel)

    def _near(self, step: int) -> list[Aim]:
        return [aim for aim in self.aims if step - 1 < aim.step <= step + REACH]

    def _chosen(self, log_weights: Array, i: int, *, one: bool) -> IntArray | None:
        """Which particles go on, by systematic resampling (Kitagawa 1996), or one of them; None for each itself."""
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        if one:
            places = np.full(PARTICLES, self.choice[i])
        elif 1.0 / np.square(weights).sum() < PARTICLES / 2:
            places = (np.arange(PARTICLES) + self.choice[i]) / PARTICLES
        else:
            return None
        return np.minimum(np.searchsorted(np.cumsum(weights), places), PARTICLES - 1)


def _settling(aims: Sequence[Aim], first: int, stop: int) -> frozenset[int]:
    """Steps after which one particle goes on alone.

    After each aim, and before the next one is near: so what comes later, in pins or in speech, reaches back by
    AROUND + SETTLE steps at most.
    """
    settling = [aim for aim in aims if aim.settles]
    after = [ceil(aim.step) + SETTLE for aim in settling]
    before = [floor(aim.step) - AROUND for aim in (*settling, *aims[-1:])]
    return frozenset(step for step in (*after, *before, stop - 1) if first <= step < stop)


def _landed(way: Array, stretch: Stretch, kernel: Kernel) -> Array:
    """The way up to what follows, corrected near its end by kriging from what it lacks to that.

    What follows fixes more than the pose and speed that were aimed at: a stretch that goes on as it came, and another
    one behind it, would show at the seam. Of a Gaussian process the correction is exact conditioning (Matheron's rule).

    way : of the stretch, and on beside all of what follows
    """
    count = stretch.stop - stretch.first
    lacking = stretch.after - way[count:]
    if len(lacking):
        length = min(_LANDING, count)
        inside = np.arange(count - length, count, dtype=np.float64)
        onto = kriged(kernel, np.arange(count, len(way), dtype=np.float64), inside, lacking)
        way[count - length : count] += onto * wendland((count - inside) / (length + 1.0))[:, None]
    return way[:count]


def _traced(tracks: Array, ancestors: IntArray) -> Array:
    """The way (N, 6) that the first particle came, of ways (N, K, 6) and of whom each went on from (N, K)."""
    way = np.empty((len(tracks), DIMENSIONS))
    particle = 0
    for i in range(len(tracks) - 1, -1, -1):
        particle = ancestors[i][particle]
        way[i] = tracks[i, particle]
    return way
