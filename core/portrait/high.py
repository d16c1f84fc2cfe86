"""High: a network on top of the refined pictures, for graphics cards. Torch is loaded when it is asked for."""

from dataclasses import dataclass, replace
from math import cos, pi
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingPartError
from ..motion import Progress, no_progress
from .choose import Mask
from .composite import Layers, Plan, Renderer
from .person import Drive, Person
from .refine import Refiner, split, trial
from .refine_verdict import Verdict, quality
from .register import drawn_from_others
from .topology import topology

if TYPE_CHECKING:
    from .high_network import Network

Field = NDArray[np.float32]
Frames = NDArray[np.intp]
Drawer = Renderer | Refiner

_PREPARING = 0.3  # of the time
_TIMED = 5  # steps, after which it is known how many there is time for
_REACH_M = 0.2  # of the network's map of the head, from its middle


@dataclass(frozen=True)
class Recipe:
    """How the network learns.

    channels : of its first level
    crop : pixels of the square pieces it learns from
    pairs : of pieces a step, each of two pictures that follow one another
    moments : of the reference that it learns from, at most
    steps : at most
    critic_from : share of the learning after which it is also told how real it looks
    critic_weight, motion_weight : of that, and of how the pictures change, beside the difference itself
    """

    channels: int = 48
    crop: int = 256
    pairs: int = 2
    moments: int = 150
    steps: int = 6000
    rate: float = 1e-3
    critic_from: float = 0.35
    critic_weight: float = 0.01
    motion_weight: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class High:
    """Draws a person as a `Renderer` does, in its place."""

    drawer: Drawer
    network: "Network"
    device: str

    def plan(self, drive: Drive, forbidden: Mask | None = None) -> Plan:
        """What to draw the T pictures of a video from; see `Renderer.plan`."""
        return self.drawer.plan(drive, forbidden)

    def picture(self, plan: Plan, index: int) -> Layers:
        """The picture of a number, from 0, and its layers."""
        import torch

        layers = self.drawer.picture(plan, index)
        with torch.no_grad(), torch.autocast(self.device, dtype=torch.bfloat16):
            made = self.network(torch.from_numpy(_seen(layers)[None]).to(self.device))
        picture = made[0].float().cpu().numpy().transpose(1, 2, 0) * 255
        return replace(layers, picture=np.ascontiguousarray(picture, np.float32))


def train(
    person: Person, seconds: float, progress: Progress = no_progress, recipe: Recipe = Recipe()
) -> High | Refiner | None:
    """What draws a person best on held-out pictures: a network, or the refiner without, or neither (None).

    seconds : to stay within, all in all; the network takes what the refiner leaves

    Raises
    ------
    MissingPartError : there is no torch
    CancelledError : through `progress`
    """
    torch = _torch()
    begun = monotonic()
    refiner, verdict = trial(person, _PREPARING * seconds, _part(progress, 0.0, 0.1))
    if verdict is None:
        return None
    drawer: Drawer = refiner if refiner is not None and verdict.kept else Renderer(person)
    learned, held = split(person)
    plan = drawn_from_others(replace(person, usable=np.isin(np.arange(len(person.clip)), learned)))
    pieces = Pieces.of(drawer, plan, _moments(learned, recipe), _part(progress, 0.1, 0.2))
    left_s = seconds - (monotonic() - begun)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        network = learn(pieces, recipe, left_s, _part(progress, 0.2, 1.0))
    high = High(drawer, network, _device(torch))
    judged = Verdict(
        *(quality(person, held, (by.picture(plan, i).picture for i in held)) for by in (drawer, high))
    )
    if judged.kept:
        return high
    return refiner if verdict.kept else None


def learn(pieces: "Pieces", recipe: Recipe, seconds: float, progress: Progress = no_progress) -> "Network":
    """A network that makes of the pieces as drawn those as they are; the same again unless time runs out."""
    import torch

    from .high_network import Critic, Network, difference, grudge

    device = _device(torch)
    network, critic = Network(recipe.channels).to(device), Critic(recipe.channels).to(device)
    for_network = torch.optim.AdamW(network.parameters(), recipe.rate, betas=(0.9, 0.98))
    for_critic = torch.optim.AdamW(critic.parameters(), recipe.rate, betas=(0.5, 0.9))
    random = np.random.default_rng(recipe.seed)
    begun, step, steps = monotonic(), 0, recipe.steps
    while step < steps:
        progress(step / steps, "Learning the person in detail")
        for optimiser in (for_network, for_critic):
            optimiser.param_groups[0]["lr"] = recipe.rate * (0.05 + 0.475 * (1 + cos(pi * step / steps)))
        seen, true = (torch.from_numpy(each).to(device) for each in pieces.draw(random, recipe))
        weight = 1 + 3 * seen[:, 3:4] + 2 * seen[:, 4:5] + seen[:, 5:6]
        with torch.autocast(device, dtype=torch.bfloat16):
            made = network(seen).float()
        change = (made[0::2] - made[1::2]) - (true[0::2] - true[1::2])
        loss = difference(made, true, weight) + recipe.motion_weight * change.abs().mean()
        if step >= recipe.critic_from * steps:
            for_critic.zero_grad()
            grudge(critic(made.detach(), seen), critic(true, seen)).backward()
            for_critic.step()
            loss = loss - recipe.critic_weight * critic(made, seen).mean()
        for_network.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for_network.step()
        step += 1
        if step == _TIMED:
            steps = min(steps, max(step, int(seconds / (monotonic() - begun) * step)))
    return network.eval()


@dataclass(frozen=True)
class Pieces:
    """Pairs of pictures that follow one another, as drawn and as they are: (M, 2, channels, S, S).

    middle : (M, 2) pixels, of the face
    """

    seen: NDArray[np.float16]
    true: NDArray[np.uint8]
    middle: NDArray[np.intp]

    @classmethod
    def of(cls, drawer: Drawer, plan: Plan, frames: Frames, progress: Progress = no_progress) -> "Pieces":
        """From pairs of pictures, (M, 2), of the plan of a person's own."""
        person = drawer.person
        seen = []
        for order, frame in enumerate(frames.ravel().tolist()):
            progress(order / frames.size, "Drawing the reference to learn from")
            seen.append(_seen(drawer.picture(plan, frame)).astype(np.float16))
        true = person.clip.pictures[frames.ravel()].transpose(0, 3, 1, 2)
        middle = person.landmarks()[frames[:, 0]][:, topology().oval].mean(axis=1)
        return cls(
            np.stack(seen).reshape(*frames.shape, *seen[0].shape),
            true.reshape(*frames.shape, *true.shape[1:]),
            np.rint(middle).astype(np.intp),
        )

    def draw(self, random: np.random.Generator, recipe: Recipe) -> tuple[Field, Field]:
        """Pieces about the face, each beside the same piece of the picture that follows: (2 pairs, channels, c, c)."""
        size = self.true.shape[-1]
        crop = min(recipe.crop, size)
        seen, true = [], []
        for moment in random.integers(len(self.middle), size=recipe.pairs):
            about = self.middle[moment] + random.normal(0, 0.15 * size, 2) - crop / 2
            left, top = np.clip(about, 0, size - crop).astype(int)
            window = (moment, slice(None), slice(None), slice(top, top + crop), slice(left, left + crop))
            seen.append(self.seen[window].astype(np.float32))
            true.append(self.true[window].astype(np.float32) / 255)
        return np.concatenate(seen), np.concatenate(true)


def _moments(learned: Frames, recipe: Recipe) -> Frames:
    """Pairs of pictures that follow one another, (M, 2), spread over those to learn from."""
    first = np.unique(np.linspace(0, len(learned) - 2, recipe.moments).astype(int))
    return np.stack([learned[first], learned[first + 1]], axis=1)


def _seen(layers: Layers) -> Field:
    """What the network is given, (9, S, S): colours and masks from 0 to 1, places on the head from −1 to 1."""
    masks = np.stack([layers.mouth, layers.eyes, layers.matte])
    place = np.clip(layers.head.transpose(2, 0, 1) / _REACH_M, -1, 1)
    return np.concatenate([layers.picture.transpose(2, 0, 1) / 255, masks, place]).astype(np.float32)


def _device(torch: Any) -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda share, what: progress(start + (end - start) * share, what)


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise MissingPartError(
            "The quality High needs PyTorch, which is not installed",
            "Install torch in the worker's Python, or choose Refined, which needs no network",
        ) from error
    return torch
