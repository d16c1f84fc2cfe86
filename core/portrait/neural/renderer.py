"""High: a network on top of the refined pictures, for graphics cards. Torch is loaded when it is asked for."""

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from ...errors import MissingPartError
from ...motion import Progress, no_progress
from ...progress import part
from ...types import BoolArray
from ..analysis.flow_registration import drawn_from_others
from ..model.person import Drive, Person
from ..refine.holdout import Verdict, quality
from ..refine.refiner import Refiner, split
from ..refine.refiner import trial as refiner_trial
from ..render.renderer import Layers, Plan, Renderer
from .training import FULL, Drawer, Pieces, Recipe, half_precision, learn, moments, network_input

if TYPE_CHECKING:
    from .network import Network

_PREPARING = 0.3  # of the time


@dataclass(frozen=True)
class High:
    """Draws a person as `Renderer` and `Refiner` do, in their place.

    drawer : who draws what the network makes better
    device : that the network is on, by torch's name
    """

    drawer: Drawer
    network: "Network"
    device: str

    def plan(self, drive: Drive, forbidden: BoolArray | None = None) -> Plan:
        """What to draw the T pictures of a video from; see `Renderer.plan`."""
        return self.drawer.plan(drive, forbidden)

    def picture(self, plan: Plan, index: int) -> Layers:
        """The picture of a number, from 0, and its layers."""
        import torch

        layers = self.drawer.picture(plan, index)
        with torch.no_grad(), half_precision(self.device):
            made = self.network(torch.from_numpy(network_input(layers)[None]).to(self.device))
        picture = made[0].float().cpu().numpy().transpose(1, 2, 0) * 255
        return replace(layers, picture=np.ascontiguousarray(picture, np.float32))


def graphics_card() -> str:
    """The device to learn on, by torch's name. Raises MissingPartError: no torch, or no card that it can use."""
    try:
        import torch
    except ImportError as error:
        raise MissingPartError(
            "The quality High needs PyTorch, which is not installed",
            "Install torch in the worker's Python, or choose Refined, which needs no network",
        ) from error
    if torch.cuda.is_available():
        return "cuda"
    if torch.backends.mps.is_available():
        return "mps"
    raise MissingPartError(
        "The quality High needs a graphics card that PyTorch can use, and it finds none",
        "Choose Refined, which needs no graphics card",
    )


def trial(
    person: Person,
    refiner: Refiner | None,
    device: str,
    seconds: float,
    progress: Progress = no_progress,
    *,
    recipe: Recipe = FULL,
) -> tuple[High | None, Verdict | None]:
    """Learn to draw a person on a device, and judge it on the end of the reference, which nothing is learned from.

    The network learns and is judged on top of a refiner that has not seen that end either; it is given on
    top of `refiner`, or of the renderer where there is none.

    seconds : to stay within, all in all

    Returns None twice where the reference is too short. The verdict compares with what the network is on
    top of, and the network is not given where that is no worse.

    Raises
    ------
    MissingPartError : the device has too little memory
    CancelledError : through `progress`
    """
    import torch

    begun = monotonic()
    learned, held = split(person)
    if len(learned) < 2 or len(held) == 0:
        return None, None
    school = replace(person, usable=np.isin(np.arange(len(person.clip)), learned))
    drawer: Drawer | None = Renderer(school)
    if refiner is not None:
        drawer = refiner_trial(school, _PREPARING * seconds, part(progress, 0.0, 0.15))[0]
    if drawer is None:
        return None, None
    plan = drawn_from_others(school)
    frames = moments(learned, recipe, person.clip.size)
    pieces = Pieces.of(drawer, plan, frames, part(progress, 0.15, 0.3))
    try:
        left_s = seconds - (monotonic() - begun)
        network = learn(pieces, recipe, device, left_s, part(progress, 0.3, 1.0))
        pair = drawer, High(drawer, network, device)
        verdict = Verdict(
            *(quality(person, held, (by.picture(plan, i).picture for i in held)) for by in pair)
        )
    except torch.cuda.OutOfMemoryError as error:
        raise MissingPartError(
            "The graphics card has too little memory for the quality High at this size",
            "Choose a smaller size, or Refined",
        ) from error
    return High(refiner or Renderer(person), network, device) if verdict.kept else None, verdict
