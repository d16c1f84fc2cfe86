"""Training loop of the mouth network: seeded, resumable, best checkpoint on held-out persons."""

import copy
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mannerism.core.face.mouth import basis
from mannerism.core.files import replacing
from mannerism.core.motion import Progress
from mannerism.training.face.examples import Batch, Example, Windows, batch
from mannerism.training.face.network import TrainedMouth, principal
from mannerism.training.face.options import Options

_WARM_UP = 100
_LAG = 4  # steps: 80 ms, about as long as lips take
Check = Callable[[TrainedMouth], float]


def fit(
    talks: Sequence[Example],
    lines: Sequence[Example],
    scale: Tensor,
    options: Options,
    check: Check,
    *,
    kept: Path,
    key: Any,
    progress: Progress,
) -> TrainedMouth:
    """The network that `check` finds best, higher is better.

    scale : (K,) what the numbers of a shape are divided by
    kept : the checkpoint's file; key : anything JSON can hold that identifies the training data
    """
    torch.manual_seed(options.seed)
    network = TrainedMouth(options.phonetic, options.width, options.dilations, len(basis()), options.dropout)
    principal(network, np.concatenate([each.phonetic[::5] for each in talks]).astype(np.float64))
    run = _Run(network, copy.deepcopy(network).eval(), options, kept, key)
    real, made_up = Windows(talks, options.window), Windows(lines, options.window)
    while run.step < options.steps:
        run.step += 1
        torch.manual_seed(options.seed * 1_000_003 + run.step)
        rng = np.random.default_rng([options.seed, run.step])
        given = batch(real.draw(rng, options.batch) + made_up.draw(rng, options.made_up))
        network.train()
        loss = run.learn(loss_of(network, given, scale, options))
        if run.step % options.check_every == 0 or run.step == options.steps:
            value = run.check(check)
            progress(run.step / options.steps, f"step {run.step}, loss {loss:.3f}, validation {value:.3f}")
    return run.best_of_all()


class _Run:
    """A training under way: the network, the running mean of its weights, the best state so far, a checkpoint."""

    def __init__(
        self, network: TrainedMouth, average: TrainedMouth, options: Options, kept: Path, key: Any
    ) -> None:
        self.step = 0
        self._network, self._average, self._options, self._kept = network, average, options, kept
        self._best, self._found = copy.deepcopy(average.state_dict()), -math.inf
        self._optimiser = torch.optim.AdamW(
            network.parameters(), options.rate, weight_decay=options.weight_decay
        )
        identity = json.dumps([asdict(options), key], sort_keys=True)
        self._digest = hashlib.sha256(identity.encode()).hexdigest()
        if kept.exists():
            self._go_on(torch.load(kept, weights_only=True))

    def learn(self, loss: Tensor) -> float:
        """One step down a loss, and its value."""
        options, network = self._options, self._network
        warm = min(1.0, self.step / _WARM_UP)
        for group in self._optimiser.param_groups:
            group["lr"] = options.rate * warm * 0.5 * (1.0 + math.cos(math.pi * self.step / options.steps))
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        self._optimiser.step()
        keep = min(options.average, self.step / (self.step + 20))
        with torch.no_grad():
            for mean, now in zip(self._average.parameters(), network.parameters(), strict=True):
                mean.lerp_(now, 1.0 - keep)
        return float(loss.item())

    def check(self, check: Check) -> float:
        """Validate the running mean of the weights; keep the best and write a checkpoint."""
        value = check(self._average)
        if value > self._found:
            self._found, self._best = value, copy.deepcopy(self._average.state_dict())
        with replacing(self._kept) as temporary:
            torch.save(
                {
                    "digest": self._digest,
                    "network": self._network.state_dict(),
                    "average": self._average.state_dict(),
                    "optimiser": self._optimiser.state_dict(),
                    "step": self.step,
                    "best": self._best,
                    "found": self._found,
                },
                temporary,
            )
        return value

    def best_of_all(self) -> TrainedMouth:
        """The network that was checked best."""
        self._average.load_state_dict(self._best)
        return self._average

    def _go_on(self, stored: Mapping[str, Any]) -> None:
        if stored["digest"] != self._digest:
            return
        self._network.load_state_dict(stored["network"])
        self._average.load_state_dict(stored["average"])
        self._optimiser.load_state_dict(stored["optimiser"])
        self.step, self._best, self._found = stored["step"], stored["best"], stored["found"]


def loss_of(network: TrainedMouth, given: Batch, scale: Tensor, options: Options) -> Tensor:
    """Shapes and their changes where the mouth is visible, and closed lips where that is known."""
    shapes, logits, sounds = network(given["log_mel"], given["phonetic"])
    truth, tracked, known = given["shape"] / scale, given["tracked"][..., None], given["known"]
    weights = torch.full_like(scale, options.others)
    weights[0] = 1.0
    nearly = 1.0 + options.small * torch.exp(-truth[..., :1].clamp(min=0.0) / 0.3)
    value = functional.smooth_l1_loss(shapes, truth, reduction="none", beta=0.5) * weights * nearly
    apart = shapes - truth
    both = tracked[:, _LAG:] * tracked[:, :-_LAG]
    change = (apart[:, _LAG:] - apart[:, :-_LAG]).square() * weights
    closed = functional.binary_cross_entropy_with_logits(logits, given["closed"], reduction="none")
    sound = functional.cross_entropy(sounds, given["sounds"], ignore_index=-1, reduction="sum")
    return (
        _mean(value, tracked)
        + options.velocity * _mean(change, both)
        + options.closures * _mean(closed, known)
        + options.sounds * sound / ((given["sounds"] >= 0).sum() + 1)
    )


def _mean(values: Tensor, counted: Tensor) -> Tensor:
    return (values * counted).sum() / (counted.sum() + 1.0)
