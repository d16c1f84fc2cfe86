"""Process group of distributed training: a single process, or as many as torchrun starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed


@dataclass(frozen=True)
class ProcessGroup:
    """Rank, size and device of this process within the group.

    rank : 0 leads: it alone checks and writes
    """

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the one that checks and writes."""
        return self.rank == 0

    def broadcast(self, value: float) -> float:
        """The value of rank 0, in all processes."""
        if self.size == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(shared, 0)
        return float(shared.item())


ALONE = ProcessGroup(0, 1, torch.device("cpu"))


@contextmanager
def assembled() -> Iterator[ProcessGroup]:
    """The group that the environment of torchrun describes, on CUDA devices where there are, else on processors."""
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    if size == 1:
        yield ProcessGroup(0, 1, device)
        return
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield ProcessGroup(rank, size, device)
    finally:
        distributed.destroy_process_group()
