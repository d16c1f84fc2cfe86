"""Contrastive loss: embeddings of one person together, of two persons apart."""

import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.nn import functional


def contrast(points: Tensor, person: ArrayLike, temperature: float) -> Tensor:
    """Supervised contrastive loss (Khosla et al. 2020) of (B, D), scaled to unit length, and (B,) persons.

    Every person is there at least twice.
    """
    unit = functional.normalize(points, dim=1)
    itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    log_share = (unit @ unit.T / temperature).masked_fill(itself, -torch.inf).log_softmax(1)
    own = torch.as_tensor(person)
    return -log_share[(own[:, None] == own) & ~itself].mean()
