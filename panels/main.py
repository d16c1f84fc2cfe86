"""Panel at the top of the tab: the running job, or what to do first."""

from typing import Any

from ..bridge import batch, operator_ids, worker
from ..bridge.carrier import carrier_of
from .tab import Tab


class MANNERISM_PT_main(Tab):
    """Head motion in the manner of one speaker."""

    bl_label = "Mannerism"

    def draw(self, context: Any) -> None:
        """Draw the progress of the job, or what to do first."""
        layout: Any = self.layout
        job = batch.running() or worker.running()
        if job:
            layout.label(text=job.label)
            layout.progress(factor=job.share, text=job.what)
            layout.label(text="Press ESC to cancel")
        elif getattr(context, "object", None):
            layout.label(text=context.object.name, icon="OBJECT_DATA")
            carrier = carrier_of(context.object)
            if carrier:
                layout.label(text=f"{carrier.name} carries it", icon="INFO")
                layout.operator(operator_ids.USE_ARMATURE, text=f"Use {carrier.name}", icon="ARMATURE_DATA")
                layout.prop(context.object.mannerism, "by_itself")
        else:
            layout.label(text="Select an armature or an object", icon="INFO")


class StepPanel(Tab):
    """Base of one step of the work, on the active object."""

    bl_parent_id = "MANNERISM_PT_main"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether there is an active object."""
        return getattr(context, "object", None) is not None


CLASSES = (MANNERISM_PT_main,)
