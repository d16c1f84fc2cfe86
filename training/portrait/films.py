"""Rendering of a whole drive, as the product renders it."""

from dataclasses import dataclass, replace

import numpy as np

from mannerism.core.portrait.model.person import Drive
from mannerism.core.portrait.quality import FrameRenderer, QualityRenderer
from mannerism.core.portrait.render.renderer import Layers, Plan, Renderer
from mannerism.core.portrait.render.window import Window
from mannerism.core.types import ByteArray


def film(renderer: FrameRenderer, drive: Drive, shown: Window | None = None) -> ByteArray:
    """Render all frames of a drive, uint8, shape (T, S, S, 3).

    shown : the part of the frame that is shown, the whole without
    """
    picture = QualityRenderer(renderer).frames_of(drive, shown)
    return np.stack([picture(number) for number in range(len(drive))])


@dataclass(frozen=True)
class OneReference:
    """Ablation: warps the one nearest reference frame, without slots and cross-fades."""

    renderer: Renderer

    def plan(self, drive: Drive) -> Plan:
        """Choose the source frames of a video."""
        plan = self.renderer.plan(drive)
        return replace(plan, chosen=plan.chosen[:, [0, 0, 0]], half=0)

    def frame(self, plan: Plan, index: int) -> Layers:
        """Render the frame of an index."""
        return self.renderer.frame(plan, index)
