"""Pictures of a whole drive, as the product draws them."""

from dataclasses import dataclass, replace

import numpy as np

from mannerism.core.portrait.model.person import Drive
from mannerism.core.portrait.quality import FrameRenderer, QualityRenderer
from mannerism.core.portrait.render.renderer import Layers, Plan, Renderer
from mannerism.core.types import ByteArray


def film(renderer: FrameRenderer, drive: Drive) -> ByteArray:
    """All pictures of a drive, uint8, shape (T, S, S, 3)."""
    picture = QualityRenderer(renderer).frames_of(drive)
    return np.stack([picture(number) for number in range(len(drive))])


@dataclass(frozen=True)
class OneReference:
    """Warps the one picture of the reference that the pose asks for, without slots and fades."""

    renderer: Renderer

    def plan(self, drive: Drive) -> Plan:
        """What to draw the pictures of a video from."""
        plan = self.renderer.plan(drive)
        return replace(plan, chosen=plan.chosen[:, [0, 0, 0]], half=0)

    def frame(self, plan: Plan, index: int) -> Layers:
        """The picture of a number."""
        return self.renderer.frame(plan, index)
