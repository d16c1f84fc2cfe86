"""The training itself: seeded, goes on where it was stopped, keeps what is best for persons not learned from."""

import copy
import hashlib
import json
import math
from collections.abc import Callable, Sequence
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
from mannerism.training.face.network import TrainedMouth
from mannerism.training.face.options import Options

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
    kept : the checkpoint's file; key : anything JSON can say that tells what is learned from
    """
    torch.manual_seed(options.seed)
    network = TrainedMouth(options.width, options.dilations, len(basis()), options.dropout)
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=options.weight_decay)
    digest = hashlib.sha256(json.dumps([asdict(options), key], sort_keys=True).encode()).hexdigest()
    begun, best, found = 0, average.state_dict(), -math.inf
    if kept.exists():
        stored = torch.load(kept, weights_only=True)
        if stored["digest"] == digest:
            network.load_state_dict(stored["network"])
            average.load_state_dict(stored["average"])
            optimiser.load_state_dict(stored["optimiser"])
            begun, best, found = stored["step"], stored["best"], stored["found"]
    real, made_up = Windows(talks, options.window), Windows(lines, options.window)
    for step in range(begun + 1, options.steps + 1):
        torch.manual_seed(options.seed * 1_000_003 + step)
        rng = np.random.default_rng([options.seed, step])
        warm = min(1.0, step / 100.0)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * warm * 0.5 * (1.0 + math.cos(math.pi * step / options.steps))
        network.train()
        given = batch(real.draw(rng, options.batch) + made_up.draw(rng, options.made_up))
        loss = loss_of(network, given, scale, options)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        _follow(average, network, min(options.average, step / (step + 20)))
        if step % options.check_every == 0 or step == options.steps:
            value = check(average)
            if value > found:
                found, best = value, copy.deepcopy(average.state_dict())
            with replacing(kept) as temporary:
                torch.save(
                    {
                        "digest": digest,
                        "network": network.state_dict(),
                        "average": average.state_dict(),
                        "optimiser": optimiser.state_dict(),
                        "step": step,
                        "best": best,
                        "found": found,
                    },
                    temporary,
                )
            progress(step / options.steps, f"step {step}, loss {loss.item():.3f}, strangers {value:.3f}")
    average.load_state_dict(best)
    return average


def loss_of(network: TrainedMouth, given: Batch, scale: Tensor, options: Options) -> Tensor:
    """Shapes and their changes where the mouth is seen, and closed lips where that is known."""
    told, logits, sounds = network(given["heard"])
    truth, seen, known = given["shape"] / scale, given["seen"][..., None], given["known"]
    weights = torch.full_like(scale, options.others)
    weights[0] = 1.0
    nearly = 1.0 + options.small * torch.exp(-truth[..., :1].clamp(min=0.0) / 0.3)
    value = functional.smooth_l1_loss(told, truth, reduction="none", beta=0.5) * weights * nearly
    apart = told - truth
    both = seen[:, _LAG:] * seen[:, :-_LAG]
    change = (apart[:, _LAG:] - apart[:, :-_LAG]).square() * weights
    closed = functional.binary_cross_entropy_with_logits(logits, given["closed"], reduction="none")
    sound = functional.cross_entropy(sounds, given["sounds"], ignore_index=-1, reduction="sum")
    return (
        _mean(value, seen)
        + options.velocity * _mean(change, both)
        + options.closures * _mean(closed, known)
        + options.sounds * sound / ((given["sounds"] >= 0).sum() + 1)
    )


def _mean(values: Tensor, counted: Tensor) -> Tensor:
    return (values * counted).sum() / (counted.sum() + 1.0)


def _follow(average: nn.Module, network: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for mean, now in zip(average.parameters(), network.parameters(), strict=True):
            mean.lerp_(now, 1.0 - keep)
