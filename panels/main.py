"""Panel at the top of the tab: the running job, or what to do first."""

from typing import Any

from .. import __package__ as base_package
from ..bridge import batch, carrier, nla, operator_ids, worker
from ..bridge.messages import shown
from ..bridge.translations import filled
from .tab import Tab

_PREFERENCES = "preferences.addon_show"  # Blender's own: the preferences at an extension


class MANNERISM_PT_main(Tab):
    """Head motion in the manner of one speaker."""

    bl_label = "Mannerism"

    def draw(self, context: Any) -> None:
        """Draw the active object, and the progress of the job: a row that is always there, so that nothing jumps."""
        layout: Any = self.layout
        obj = getattr(context, "object", None)
        if obj is None:
            layout.label(text="Select an armature or an object", icon="INFO")
        else:
            layout.label(text=obj.name, icon="OBJECT_DATA")
        job = batch.running() or worker.running()
        row = layout.row(align=True)
        if job:
            row.progress(factor=job.share, text=f"{job.label}: {shown(job.what)}")
            row.operator(operator_ids.CANCEL, text="", icon="X")
        else:
            row.label(text=_hint(context), icon="INFO")
        if worker.lacks_python():
            chosen = layout.operator(_PREFERENCES, text="Choose Worker Python", icon="ERROR")
            chosen.module = base_package
        if obj is not None:
            found = carrier.carrier_of(context.object)
            if carrier.instanced_on_show(context.object):
                layout.prop(context.object.mannerism, "by_itself")
            if found:
                layout.label(text=filled("{} carries it", found.name), icon="INFO")
                layout.operator(
                    operator_ids.USE_ARMATURE, text=filled("Use {}", found.name), icon="ARMATURE_DATA"
                )
                layout.prop(context.object.mannerism, "by_itself")


def _hint(context: Any) -> str:
    """What to do next, or that all is there."""
    obj = getattr(context, "object", None)
    if obj is None:
        return "Then choose its speech"
    if not obj.mannerism.style:
        return "Encode or choose a style"
    if not obj.mannerism.speech_name:
        return "Drop a sound on the viewport"
    return "Generate a take" if not nla.has_layers(obj) else "Next Take makes another one"


class StepPanel(Tab):
    """Base of one step of the work, on the active object."""

    bl_parent_id = "MANNERISM_PT_main"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether there is an active object."""
        return getattr(context, "object", None) is not None


CLASSES = (MANNERISM_PT_main,)
