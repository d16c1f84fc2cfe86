"""What the network of High learns from, and how it learns. Torch is loaded when it is asked for."""

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

Drawer = Renderer | Refiner

_REACH_M = 0.2  # of the network's map of the head, from its middle
_ASTRAY = 0.15  # of the picture's width: deviation of a piece from the middle of the face
_MEMORY = 2e9  # bytes, for the pieces
_BYTES = 2 * (9 * 2 + 3)  # a pixel of a pair: as drawn in half precision, and as it is


@dataclass(frozen=True)
class Recipe:
    """How the network learns.

    channels : of its first level; 64 make a network of 5 million numbers
    crop : pixels of the square pieces it learns from
    pairs : of pieces a step, each of two pictures that follow one another
    moments : of the reference that it learns from, at most
    steps : at most
    critic_from : share of the learning after which it is also told how real it looks
    critic_weight, motion_weight : of that, and of how the pictures change, beside the difference itself
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


FULL = Recipe()


@dataclass(frozen=True)
class Pieces:
    """Pairs of pictures that follow one another, as drawn and as they are: (M, 2, channels, S, S).

    middle : (M, 2) pixels, of the face
    """

    seen: NDArray[np.float16]
    true: ByteArray
    middle: IntArray

    @classmethod
    def of(cls, drawer: Drawer, plan: Plan, frames: IntArray, progress: Progress = no_progress) -> "Pieces":
        """From pairs of pictures, (M, 2), of the plan of a person's own."""
        person = drawer.person
        seen = []
        for order, frame in enumerate(frames.ravel().tolist()):
            progress(order / frames.size, "Drawing the reference to learn from")
            seen.append(network_input(drawer.picture(plan, frame)).astype(np.float16))
        true = person.clip.pictures[frames.ravel()].transpose(0, 3, 1, 2)
        middle = person.landmarks()[frames[:, 0]][:, topology().oval].mean(axis=1)
        return cls(
            np.stack(seen).reshape(*frames.shape, *seen[0].shape),
            true.reshape(*frames.shape, *true.shape[1:]),
            np.rint(middle).astype(np.intp),
        )

    def draw(self, random: np.random.Generator, recipe: Recipe) -> tuple[Float32Array, Float32Array]:
        """Pieces about the face, each beside that of the picture that follows: (2 pairs, channels, c, c)."""
        size = self.true.shape[-1]
        crop = min(recipe.crop, size)
        seen, true = [], []
        for moment in random.integers(len(self.middle), size=recipe.pairs):
            about = self.middle[moment] + random.normal(0, _ASTRAY * size, 2) - crop / 2
            left, top = np.clip(about, 0, size - crop).astype(int)
            window = (moment, slice(None), slice(None), slice(top, top + crop), slice(left, left + crop))
            seen.append(self.seen[window].astype(np.float32))
            true.append(self.true[window].astype(np.float32) / 255)
        return np.concatenate(seen), np.concatenate(true)


def moments(learned: IntArray, recipe: Recipe, size: int) -> IntArray:
    """Pairs of pictures that follow one another, (M, 2), spread over those to learn from, as memory allows."""
    count = max(1, min(recipe.moments, int(_MEMORY / (_BYTES * size**2))))
    first = np.unique(np.linspace(0, len(learned) - 2, count).astype(int))
    return np.stack([learned[first], learned[first + 1]], axis=1)


def network_input(layers: Layers) -> Float32Array:
    """What the network is given, (9, S, S): colours and masks from 0 to 1, places on the head from −1 to 1."""
    masks = np.stack([layers.mouth, layers.eyes, layers.matte])
    place = np.clip(layers.head.transpose(2, 0, 1) / _REACH_M, -1, 1)
    return np.concatenate([layers.picture.transpose(2, 0, 1) / 255, masks, place]).astype(np.float32)


def learn(
    pieces: Pieces, recipe: Recipe, device: str, seconds: float, progress: Progress = no_progress
) -> "Network":
    """A network that makes of the pieces as drawn those as they are.

    The same again from the same seed on a processor, unless time runs out; a graphics card sums in no
    fixed order. Torch's own random numbers are left as they were.

    seconds : after which it ends, the rate having sunk with the time

    Raises
    ------
    CancelledError : through `progress`
    """
    import torch

    from .network import Critic, Network

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network, critic = Network(recipe.channels), Critic(recipe.channels)
    step = _stepper(network.to(device), critic.to(device), recipe, device)
    random = np.random.default_rng(recipe.seed)
    begun, count, share = monotonic(), 0, 0.0
    while share < 1:
        progress(share, "Learning the person in detail")
        step(*(torch.from_numpy(each).to(device) for each in pieces.draw(random, recipe)), share)
        count += 1
        share = max(count / recipe.steps, (monotonic() - begun) / max(seconds, 1e-3))
    return network.eval()


def half_precision(device: str) -> Any:
    """A context in which an Nvidia card calculates in bfloat16; elsewhere nothing changes."""
    import torch

    return torch.autocast("cuda", dtype=torch.bfloat16, enabled=device == "cuda")


def _stepper(network: Any, critic: Any, recipe: Recipe, device: str) -> Callable[..., None]:
    """One step of learning from pieces seen and true, (B, channels, c, c), at a share of the whole learning."""
    import torch

    from .network import critic_loss, difference, importance

    for_network = torch.optim.AdamW(network.parameters(), recipe.rate, betas=(0.9, 0.98))
    for_critic = torch.optim.AdamW(critic.parameters(), recipe.rate, betas=(0.5, 0.9))

    def step(seen: Any, true: Any, share: float) -> None:
        for optimiser in (for_network, for_critic):
            optimiser.param_groups[0]["lr"] = recipe.rate * (0.05 + 0.475 * (1 + cos(pi * share)))
        with half_precision(device):
            made = network(seen).float()
        change = (made[0::2] - made[1::2]) - (true[0::2] - true[1::2])
        loss = difference(made, true, importance(seen)) + recipe.motion_weight * change.abs().mean()
        if share >= recipe.critic_from:
            for_critic.zero_grad()
            critic_loss(critic(made.detach(), seen), critic(true, seen)).backward()
            for_critic.step()
            loss = loss - recipe.critic_weight * critic(made, seen).mean()
        for_network.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for_network.step()

    return step
