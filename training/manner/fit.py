"""Training loop of the manner network: seeded, resumable, early stopping on held-out persons."""

import copy
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from mannerism.core.files import replacing
from mannerism.core.motion import Progress
from mannerism.core.network.sizes import Sizes
from mannerism.training.manner.distributed import ProcessGroup
from mannerism.training.manner.examples import Batch, Examples
from mannerism.training.manner.network import MannerNetwork
from mannerism.training.manner.objective import Objective
from mannerism.training.manner.options import Options

CHECKPOINT = "checkpoint.pt"
_CHECKED = 192  # windows of persons who are not learned from
_AT_ONCE = 96
_AFTERWARDS = ("temperature", "gain", "vector_sd")  # options that training does not depend on


@dataclass(frozen=True)
class Check:
    """Result of a check: mean negative log likelihoods of a step, lower is better.

    trained : of the examples since the last check, as they were augmented, with what contrast adds
    strangers, no_vector, no_voice : of persons who are not learned from, also with parts left out
    """

    step: int
    trained: float
    strangers: float
    no_vector: float
    no_voice: float


@dataclass
class _State:
    """What a training needs to go on, beside weights and optimiser."""

    step: int
    checks: list[Check]
    best: Mapping[str, Tensor]

    @property
    def since_best(self) -> int:
        """Checks since the best one."""
        likely = [check.strangers for check in self.checks]
        return len(likely) - 1 - likely.index(min(likely)) if likely else 0


class Training:
    """A training of the network on some examples, chosen by others, in a folder where it keeps its checkpoint."""

    def __init__(
        self,
        learned: Examples,
        strangers: Examples,
        sizes: Sizes,
        options: Options,
        *,
        key: Any,
        folder: Path,
        group: ProcessGroup,
    ) -> None:
        """Begin, or go on where a training of the same key and options was stopped.

        key : anything JSON can hold that identifies the training data
        """
        torch.manual_seed(options.seed)
        self._options, self._group, self._learned = options, group, learned
        self._file = folder / CHECKPOINT
        self._objective = Objective(MannerNetwork(sizes, options.dropout), options).to(group.device)
        self._average = copy.deepcopy(self._objective.network)
        self._optimiser = torch.optim.AdamW(
            self._objective.parameters(), options.rate, betas=(0.9, 0.99), weight_decay=options.weight_decay
        )
        decisive = {k: value for k, value in asdict(options).items() if k not in _AFTERWARDS}
        self._digest = hashlib.sha256(json.dumps([decisive, key], sort_keys=True).encode()).hexdigest()
        self._state = _State(0, [], {})
        self._shown = [
            self._placed(strangers.batch(0, range(first, first + _AT_ONCE), varied=False))
            for first in range(0, _CHECKED, _AT_ONCE)
        ]
        self._resume()
        # Each process learns from its share of a batch; gradients are averaged.
        self._module: nn.Module = self._objective
        if group.size > 1:
            self._module = DistributedDataParallel(self._objective)

    def run(self, progress: Progress) -> tuple[Mapping[str, Tensor], list[Check]]:
        """Train, and return the weights of highest likelihood of held-out persons, on the CPU, and all checks."""
        options, state, group = self._options, self._state, self._group
        losses: list[float] = []
        while state.step < options.steps and state.since_best < options.patience:
            state.step += 1
            losses.append(self._step(state.step))
            if state.step % options.check_every == 0 or state.step == options.steps:
                self._check(losses)
                losses.clear()
            note = f", strangers {state.checks[-1].strangers:.3f}" if state.checks else ""
            if group.leads:
                progress(state.step / options.steps, f"step {state.step}{note}")
        return state.best, state.checks

    def _step(self, step: int) -> float:
        """One step; all that is random in it is a function of the seed, the step and the process."""
        options, group = self._options, self._group
        seed = np.random.SeedSequence([options.seed, step, group.rank]).generate_state(1, np.uint64)[0]
        torch.manual_seed(int(seed) % 2**63)
        warm = min(1.0, step / options.warm_up)
        for parameters in self._optimiser.param_groups:
            parameters["lr"] = options.rate * warm * 0.5 * (1.0 + math.cos(math.pi * step / options.steps))
        self._module.train()
        loss = self._module(
            self._placed(self._learned.batch(step, range(group.rank, options.batch, group.size)))
        )
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._objective.parameters(), 1.0)
        self._optimiser.step()
        keep = min(options.average, step / (step + 20))
        with torch.no_grad():
            pairs = zip(self._average.parameters(), self._objective.network.parameters(), strict=True)
            for mean, now in pairs:
                mean.lerp_(now, 1.0 - keep)
        return float(loss.item())

    def _check(self, losses: list[float]) -> None:
        state = self._state
        found = self._found(float(np.mean(losses))) if self._group.leads else None
        values = [self._group.broadcast(value) for value in (asdict(found).values() if found else [0.0] * 5)]
        state.checks.append(Check(int(values[0]), *values[1:]))
        if state.since_best == 0:
            state.best = {
                name: value.detach().cpu().clone() for name, value in self._average.state_dict().items()
            }
        if self._group.leads:
            with replacing(self._file) as temporary:
                torch.save(
                    {
                        "digest": self._digest,
                        "network": self._objective.network.state_dict(),
                        "average": self._average.state_dict(),
                        "optimiser": self._optimiser.state_dict(),
                        "step": state.step,
                        "checks": [asdict(check) for check in state.checks],
                        "best": dict(state.best),
                    },
                    temporary,
                )

    def _found(self, trained: float) -> Check:
        """Likelihoods of held-out persons under the averaged weights."""
        objective = Objective(self._average, self._options).eval()
        sums = np.zeros(3)
        with torch.no_grad():
            for batch in self._shown:
                vectors = self._average.encoder(
                    batch["known_rates"], batch["known_speech"], batch["known_valid"]
                )
                without_speech = {**batch, "speech": torch.zeros_like(batch["speech"])}
                for i, (shown, given) in enumerate(
                    ((batch, vectors), (batch, torch.zeros_like(vectors)), (without_speech, vectors))
                ):
                    sums[i] -= float(objective.likelihood(shown, given).item())
        return Check(self._state.step, trained, *(sums / len(self._shown)).tolist())

    def _resume(self) -> None:
        if not self._file.exists():
            return
        stored = torch.load(self._file, map_location=self._group.device, weights_only=True)
        if stored["digest"] != self._digest:
            return
        self._objective.network.load_state_dict(stored["network"])
        self._average.load_state_dict(stored["average"])
        self._optimiser.load_state_dict(stored["optimiser"])
        best = {name: value.cpu() for name, value in stored["best"].items()}
        self._state = _State(stored["step"], [Check(**check) for check in stored["checks"]], best)

    def _placed(self, batch: Batch) -> Batch:
        return {name: value.to(self._group.device) for name, value in batch.items()}
