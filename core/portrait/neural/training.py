"""Training of the neural renderer: crops, settings, optimisation. Torch is imported on use."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...motion import Progress, no_progress
from ...types import ByteArray, Float32Array, IntArray
from ..model.topology import topology
from ..refine.refiner import Refiner
from ..render.renderer import Layers, Plan, Renderer

if TYPE_CHECKING:
    from .network import Network

BaseRenderer = Renderer | Refiner

_REACH_M = 0.2  # of the network's map of the head, from its middle
_ASTRAY = 0.15  # of the frame's width: deviation of a piece from the middle of the face
_MEMORY = 2e9  # bytes, for the crops
_BYTES = 2 * (9 * 2 + 3)  # a pixel of a pair: as rendered in half precision, and as it is


@dataclass(frozen=True)
class TrainingSettings:
    """Hyperparameters of the training.

    channels : of its first level; 64 make a network of 5 million numbers
    crop : pixels of the square crops it learns from
    pairs : of crops a step, each of two frames that follow one another
    moments : training pairs, at most
    steps : optimiser steps, at most
    rate : initial learning rate
    critic_from : share of the training after which the critic's loss is added
    critic_weight, motion_weight : of the critic's loss and of the temporal difference, relative to the L1 loss
    """

    channels: int = 64
    crop: int = 256
    pairs: int = 2
    moments: int = 150
    steps: int = 6000
    rate: float = 1e-3
    critic_from: float = 1 / 3
    critic_weight: float = 0.01
    motion_weight: float = 1.0
    seed: int = 0


FULL = TrainingSettings()


@dataclass(frozen=True)
class TrainingCrops:
    """Pairs of successive frames, as rendered and as recorded: (M, 2, channels, S, S).

    middle : (M, 2) pixels, of the face
    """

    inputs: NDArray[np.float16]
    true: ByteArray
    middle: IntArray

    @classmethod
    def of(
        cls, base: BaseRenderer, plan: Plan, frames: IntArray, progress: Progress = no_progress
    ) -> "TrainingCrops":
        """Render the training pairs of frames (M, 2), by the plan of a person's own drive."""
        person = base.person
        inputs = []
        for order, frame in enumerate(frames.ravel().tolist()):
            progress(order / frames.size, "Drawing the reference to learn from")
            inputs.append(network_input(base.frame(plan, frame)).astype(np.float16))
        true = person.clip.pictures[frames.ravel()].transpose(0, 3, 1, 2)
        middle = person.landmarks()[frames[:, 0]][:, topology().oval].mean(axis=1)
        return cls(
            np.stack(inputs).reshape(*frames.shape, *inputs[0].shape),
            true.reshape(*frames.shape, *true.shape[1:]),
            np.rint(middle).astype(np.intp),
        )

    def draw(
        self, random: np.random.Generator, settings: TrainingSettings
    ) -> tuple[Float32Array, Float32Array]:
        """Sample crops about the face, each beside that of the next frame: (2 pairs, channels, c, c)."""
        size = self.true.shape[-1]
        crop = min(settings.crop, size)
        inputs, true = [], []
        for moment in random.integers(len(self.middle), size=settings.pairs):
            about = self.middle[moment] + random.normal(0, _ASTRAY * size, 2) - crop / 2
            left, top = np.clip(about, 0, size - crop).astype(int)
            window = (moment, slice(None), slice(None), slice(top, top + crop), slice(left, left + crop))
            inputs.append(self.inputs[window].astype(np.float32))
            true.append(self.true[window].astype(np.float32) / 255)
        return np.concatenate(inputs), np.concatenate(true)


def frame_pairs(learned: IntArray, settings: TrainingSettings, size: int) -> IntArray:
    """Pairs of successive training frames, (M, 2), evenly spread, as many as memory allows."""
    count = max(1, min(settings.moments, int(_MEMORY / (_BYTES * size**2))))
    first = np.unique(np.linspace(0, len(learned) - 2, count).astype(int))
    return np.stack([learned[first], learned[first + 1]], axis=1)


def network_input(layers: Layers) -> Float32Array:
    """Input of the network, (9, S, S): colours and masks from 0 to 1, places on the head from −1 to 1."""
    masks = np.stack([layers.mouth, layers.eyes, layers.matte])
    place = np.clip(layers.head.transpose(2, 0, 1) / _REACH_M, -1, 1)
    return np.concatenate([layers.picture.transpose(2, 0, 1) / 255, masks, place]).astype(np.float32)


def train(
    crops: TrainingCrops,
    settings: TrainingSettings,
    device: str,
    seconds: float,
    progress: Progress = no_progress,
) -> "Network":
    """Train a network that maps rendered crops to recorded ones.

    Deterministic for a seed on a CPU, unless time runs out; a graphics card sums in no fixed order. Torch's global
    random state stays unchanged.

    seconds : time limit; the learning rate decays to it

    Raises
    ------
    CancelledError : through `progress`
    """
    import torch

    from .network import Critic, Network

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network, critic = Network(settings.channels), Critic(settings.channels)
    step = _stepper(network.to(device), critic.to(device), settings, device)
    random = np.random.default_rng(settings.seed)
    begun, count, share = monotonic(), 0, 0.0
    while share < 1:
        progress(share, "Learning the person in detail")
        step(*(torch.from_numpy(each).to(device) for each in crops.draw(random, settings)), share)
        count += 1
        share = max(count / settings.steps, (monotonic() - begun) / max(seconds, 1e-3))
    return network.eval()


def half_precision(device: str) -> Any:
    """Autocast context: bfloat16 on an Nvidia card; no effect elsewhere."""
    import torch

    return torch.autocast("cuda", dtype=torch.bfloat16, enabled=device == "cuda")


def _stepper(network: Any, critic: Any, settings: TrainingSettings, device: str) -> Callable[..., None]:
    """Training step on crops as rendered and as recorded, (B, channels, c, c), at a share of the training."""
    import torch

    from .network import critic_loss, difference, importance

    for_network = torch.optim.AdamW(network.parameters(), settings.rate, betas=(0.9, 0.98))
    for_critic = torch.optim.AdamW(critic.parameters(), settings.rate, betas=(0.5, 0.9))

    def step(inputs: Any, true: Any, share: float) -> None:
        for optimiser in (for_network, for_critic):
            optimiser.param_groups[0]["lr"] = settings.rate * (0.05 + 0.475 * (1 + cos(pi * share)))
        with half_precision(device):
            made = network(inputs).float()
        change = (made[0::2] - made[1::2]) - (true[0::2] - true[1::2])
        loss = difference(made, true, importance(inputs)) + settings.motion_weight * change.abs().mean()
        if share >= settings.critic_from:
            for_critic.zero_grad()
            critic_loss(critic(made.detach(), inputs), critic(true, inputs)).backward()
            for_critic.step()
            loss = loss - settings.critic_weight * critic(made, inputs).mean()
        for_network.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for_network.step()

    return step
