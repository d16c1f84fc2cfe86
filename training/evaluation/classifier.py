"""Real-or-generated classifier of a classifier two-sample test (Lopez-Paz and Oquab 2017).

Fitted anew on the windows of some persons and asked about others'. Real motion of persons that are not
judged at all joins the real side, so that a real recording is seldom behind both classes.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from mannerism.core.files import replacing
from mannerism.core.types import Array, BoolArray, Float32Array
from mannerism.training.evaluation.judge_features import mirrored, rates_of
from mannerism.training.evaluation.judge_network import Judge
from mannerism.training.train_loop import train

_BATCH = 48  # of each class
_FROM_OTHERS = 0.5  # of the real ones in a batch


class Classifier:
    """The learner, as `core.evaluate` asks for it.

    others : (N, L, 3) windows of angular velocity of real persons that are never judged, or none
    cache : folder where answers are kept, so that a run that was stopped goes on
    """

    def __init__(self, others: Float32Array | None, cache: Path, *, steps: int = 200, seed: int = 0) -> None:
        self._others = others
        self._cache = cache
        self._steps = steps
        self._seed = seed

    def fit_predict(self, windows: Array, made: BoolArray, unseen: Array) -> Array:
        """Probability (M,) of being made; arguments as in `core.evaluate.c2st.Classifier`."""
        digest = hashlib.sha256(f"{self._steps} {self._seed} ".encode())
        for part in (windows, made, unseen, self._others):
            digest.update(b"" if part is None else np.ascontiguousarray(part).tobytes())
        answer = self._cache / f"{digest.hexdigest()[:32]}.npy"
        if answer.exists():
            return np.asarray(np.load(answer, allow_pickle=False), np.float64)
        log_odds = self._fitted(rates_of(windows), made).judged(rates_of(unseen))[:, 0].astype(np.float64)
        found = 1.0 / (1.0 + np.exp(-log_odds))
        with replacing(answer) as temporary, temporary.open("wb") as file:
            np.save(file, found)
        return found

    def _fitted(self, rates: Float32Array, made: BoolArray) -> Judge:
        torch.manual_seed(self._seed)
        random = np.random.default_rng(self._seed)
        network = Judge(1)
        network.normalise_by(np.concatenate([rates[~made], rates[made]]))
        truth = torch.cat([torch.zeros(_BATCH), torch.ones(_BATCH)])
        borrowed = 0 if self._others is None else round(_FROM_OTHERS * _BATCH)

        def loss() -> torch.Tensor:
            parts = [_drawn(random, rates[~made], _BATCH - borrowed), _drawn(random, rates[made], _BATCH)]
            if self._others is not None:
                parts.insert(0, _drawn(random, self._others, borrowed))
            return functional.binary_cross_entropy_with_logits(network.of(np.concatenate(parts))[:, 0], truth)

        train(network, loss, steps=self._steps, rate=2e-3)
        return network


def _drawn(random: np.random.Generator, parts: Float32Array, count: int) -> Float32Array:
    """A batch of windows, half of them mirrored: left and right carry no information on being real."""
    drawn = parts[random.integers(len(parts), size=count)]
    return np.where(random.random((count, 1, 1)) < 0.5, mirrored(drawn), drawn).astype(np.float32)
