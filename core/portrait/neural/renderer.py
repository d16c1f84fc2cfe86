"""Neural renderer of the quality High: a network on top of the refined frames. Torch is imported on use."""

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from ...errors import MissingPartError
from ...motion import Progress, no_progress
from ...progress import part
from ...types import BoolArray
from ..analysis.flow_registration import leave_out_plan
from ..model.person import Drive, Person
from ..refine.holdout import HoldoutComparison, quality
from ..refine.refiner import Refiner, split
from ..refine.refiner import trial as refiner_trial
from ..render.look import FILM
from ..render.renderer import Layers, Plan, Renderer
from .training import (
    FULL,
    BaseRenderer,
    TrainingCrops,
    TrainingSettings,
    frame_pairs,
    half_precision,
    network_input,
    train,
)

if TYPE_CHECKING:
    from .network import Network

_PREPARING = 0.3  # of the time


@dataclass(frozen=True)
class NeuralRenderer:
    """Renders a person with a trained network on top of a base renderer.

    base : renderer of the network's input
    device : of the network, by torch's name
    """

    base: BaseRenderer
    network: "Network"
    device: str

    def plan(self, drive: Drive, forbidden: BoolArray | None = None) -> Plan:
        """Choose the source frames of the T frames of a video; see `Renderer.plan`."""
        return self.base.plan(drive, forbidden)

    def frame(self, plan: Plan, index: int) -> Layers:
        """Render the frame of an index, from 0, and its layers."""
        import torch

        layers = self.base.frame(plan, index)
        with torch.no_grad(), half_precision(self.device):
            made = self.network(torch.from_numpy(network_input(layers)[None]).to(self.device))
        picture = made[0].float().cpu().numpy().transpose(1, 2, 0) * 255
        return replace(layers, picture=np.ascontiguousarray(picture, np.float32))


def graphics_card() -> str:
    """Name of torch's device for training. Raises MissingPartError: no torch, or no usable graphics card."""
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
    settings: TrainingSettings = FULL,
) -> tuple[NeuralRenderer | None, HoldoutComparison | None]:
    """Train a network on a person, and compare it with its base renderer on held-out frames of the reference.

    Training and validation use a base refiner that is trained without the held-out frames too; the network returned
    is on top of `refiner`, or of the renderer where there is none.

    seconds : time limit of it all

    Returns None twice where the reference is too short. The holdout compares with what the network is on
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
    training_person = replace(person, usable=np.isin(np.arange(len(person.clip)), learned))
    base: BaseRenderer | None = Renderer(training_person, FILM)
    if refiner is not None:
        base = refiner_trial(training_person, _PREPARING * seconds, part(progress, 0.0, 0.15))[0]
    if base is None:
        return None, None
    plan = leave_out_plan(training_person, FILM)
    frames = frame_pairs(learned, settings, person.clip.size)
    crops = TrainingCrops.of(base, plan, frames, part(progress, 0.15, 0.3))
    try:
        left_s = seconds - (monotonic() - begun)
        network = train(crops, settings, device, left_s, part(progress, 0.3, 1.0))
        pair = base, NeuralRenderer(base, network, device)
        holdout = HoldoutComparison(
            *(quality(person, held, (by.frame(plan, i).picture for i in held)) for by in pair)
        )
    except torch.cuda.OutOfMemoryError as error:
        raise MissingPartError(
            "The graphics card has too little memory for the quality High at this size",
            "Choose a smaller size, or Refined",
        ) from error
    return NeuralRenderer(
        refiner or Renderer(person, FILM), network, device
    ) if holdout.kept else None, holdout
