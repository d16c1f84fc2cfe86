"""Training objective: negative log likelihood of the next increment, given the motion so far."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from mannerism.core.network.decoder import TURNS
from mannerism.core.network.sizes import PER_STEP
from mannerism.training.evaluation.contrast import contrast
from mannerism.training.manner.examples import Batch
from mannerism.training.manner.network import MannerNetwork, log_likelihood
from mannerism.training.manner.options import Options


class Objective(nn.Module):
    """A batch to its loss.

    While it trains, vectors are blurred, and vectors of one person, from the reference and from the
    window itself, are pulled together.
    """

    def __init__(self, network: MannerNetwork, options: Options) -> None:
        super().__init__()
        self.network = network
        self.options = options

    def forward(self, batch: Batch) -> Tensor:
        """Mean negative log likelihood of a step, plus what contrast weighs."""
        network, options = self.network, self.options
        vectors = network.encoder(batch["known_rates"], batch["known_speech"], batch["known_valid"])
        style_vectors, likelihood = vectors, self.likelihood
        if not self.training:
            return -likelihood(batch, style_vectors)
        style_vectors = functional.normalize(
            vectors + options.vector_noise * torch.randn_like(vectors), dim=1
        )
        loss = -likelihood(batch, style_vectors * batch["vector_kept"][:, None])
        if options.contrast > 0.0:
            own = network.encoder(batch["rates"], batch["speech"], batch["valid"])
            loss = loss + options.contrast * contrast(
                torch.cat([vectors, own]), batch["person"].repeat(2), options.contrast_temperature
            )
        return loss

    def likelihood(self, batch: Batch, vectors: Tensor) -> Tensor:
        """Mean log likelihood of a step, given vectors (B, V)."""
        counted = torch.ones_like(batch["strides"])
        counted[:, TURNS:] = batch["translated"][:, None]
        counted = counted[:, None]
        poses = batch["poses"][:, ::PER_STEP] * counted
        increments = poses.diff(dim=1) / batch["strides"][:, None]
        valid = batch["valid"][:, ::PER_STEP]
        known = valid[:, 1:] * valid[:, :-1]
        before = functional.pad(increments, (0, 0, 1, 0))[:, :-1]
        begun = poses[:, :-1]
        if self.training:
            begun, before = (self._blurred(each) * counted for each in (begun, before))
        mixtures = self.network(
            self.network.past(begun, before),
            self.network.code(batch["speech"])[:, 1:],
            self.network.condition(batch["statistics"], vectors),
        )
        likelihoods = log_likelihood(mixtures, increments, counted)
        return (likelihoods * known).sum() / known.sum().clamp(min=1.0)

    def _blurred(self, values: Tensor) -> Tensor:
        return values + self.options.input_noise * torch.randn_like(values)
