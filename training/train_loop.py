"""Training loop of the judges and baselines: seeded, deterministic, on the CPU, best checked state kept, cached."""

import copy
import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mannerism.core.files import replacing
from mannerism.core.motion import Progress, no_progress

_CHECKS = 10


def use(threads: int) -> None:
    """Run on so many threads, and give the same result each time."""
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)


def train(
    network: nn.Module,
    loss: Callable[[], Tensor],
    *,
    steps: int,
    rate: float,
    check: Callable[[], float] | None = None,
    progress: Progress = no_progress,
    what: str = "training",
) -> float:
    """AdamW with a cosine rate, gradients clipped to 1; returns the best check.

    loss : draws a batch and gives its loss
    check : a figure, higher is better, on persons that are not trained on; taken ten times, and the
        state with the best one is kept; without it the last state is
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share_of_rate(step, steps))
    best, best_state = float("-inf"), None
    for step in range(1, steps + 1):
        network.train()
        value = loss()
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if check is not None and step % max(1, steps // _CHECKS) == 0:
            network.eval()
            found = check()
            if found > best:
                best, best_state = found, copy.deepcopy(network.state_dict())
        progress(step / steps, f"{what}, loss {value.item():.3f}")
    if best_state is not None:
        network.load_state_dict(best_state)
    network.eval()
    return best


def cached(path: Path, network: nn.Module, key: Any, fit: Callable[[], None]) -> None:
    """Weights from a file that was written for the same `key`, else from `fit`, which then writes it.

    key : anything JSON can say: the settings and the recordings trained on
    """
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    if path.exists():
        stored = torch.load(path, weights_only=True)
        if stored["digest"] == digest:
            network.load_state_dict(stored["weights"])
            network.eval()
            return
    fit()
    with replacing(path) as temporary:
        torch.save({"digest": digest, "weights": network.state_dict()}, temporary)


def _share_of_rate(step: int, steps: int) -> float:
    """Up for a tenth of the way, then down along a cosine."""
    return min(1.0, (step + 1) / (0.1 * steps + 1)) * 0.5 * (1.0 + math.cos(math.pi * step / steps))
