"""Pictures of a drive without a network."""

from dataclasses import replace

import numpy as np

from mannerism.core.portrait.person import Drive
from mannerism.training.portrait.cases import Case
from mannerism.training.portrait.pictures import Pictures, as_bytes


def warped(case: Case, drive: Drive, *, one: bool = False) -> Pictures:
    """Pictures of a drive, uint8, shape (T, S, S, 3), without a network.

    one : of one picture of the reference each, that of the nearest pose, without fades
    """
    plan = case.renderer.plan(drive)
    if one:
        plan = replace(plan, chosen=plan.chosen[:, [0, 0, 0]], half=0)
    return np.stack([as_bytes(case.renderer.picture(plan, i).picture) for i in range(len(plan))])
