"""Reasons why an operator cannot run now, as a greyed-out button shows them."""

from collections.abc import Callable
from typing import Any

import bpy

from ..bridge import batch, carrier, rig, takes, translations, worker
from ..bridge.messages import shown, shown_refusal, without_stop
from ..bridge.translations import filled
from ..core.errors import MannerismError, RigError

_UNREADY = (
    AttributeError,
    MannerismError,
    LookupError,
    OSError,
    ReferenceError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading a context, a file or settings raises that are not as they should be."""


class PollWithReason(bpy.types.Operator):
    """Base of an operator whose `disabled_reason` answers Blender's poll; "" means that it can run."""

    @classmethod
    def disabled_reason(cls, _context: Any) -> str:
        """What to do first, one sentence without a full stop; by default nothing has to be."""
        return ""

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Whether the operator can run; otherwise Blender shows the reason."""
        try:
            reason = cls.disabled_reason(context)
        except _UNREADY as error:  # a poll that raises prints a traceback at each redraw
            reason = filled("Not possible here ({})", shown(str(error)))
        if reason:
            cls.poll_message_set(translations.tip(reason))
        return not reason


def no_character(context: Any) -> str:
    """The reason when the active object cannot take head motion."""
    return _refusal(lambda: rig.editable(getattr(context, "object", None)))


def no_armature(context: Any) -> str:
    """The reason when the active object is no armature that can take head motion."""
    reason = no_character(context)
    return reason or ("" if context.object.type == "ARMATURE" else "Select the armature of a character")


def no_mover(context: Any) -> str:
    """The reason when head motion cannot be put on the active object, or should go on its armature."""
    return _refusal(lambda: carrier.mover(getattr(context, "object", None)))


def no_style(context: Any) -> str:
    """The reason when there is no character, or it has no style."""
    return no_character(context) or (
        "" if context.object.mannerism.style else "Encode or choose a style first"
    )


def no_layer(context: Any) -> str:
    """The reason when the active object has no layer of ours."""
    return _refusal(lambda: takes.active_layer(rig.editable(getattr(context, "object", None))))


def no_job() -> str:
    """The reason when no job can begin: nothing is there that could run it, or one runs."""
    if worker.lacks_python():
        return "Choose a Worker Python in the preferences first: this build of the extension has no packages"
    return busy()


def busy() -> str:
    """The reason when a job runs."""
    job = batch.running() or worker.running()
    return filled("“{}” is still running: wait for it, or press ESC to cancel it", job.label) if job else ""


def _refusal(look: Callable[[], Any]) -> str:
    try:
        look()
    except RigError as error:
        return without_stop(shown_refusal(error))
    return ""
