"""What the eyes of a character's face are asked for: doses, and the head as the scene shows it."""

from collections.abc import Mapping

import bpy
import numpy as np

from ..core.errors import RigError
from ..core.gaze.settings import DOSES, gaze_doses
from ..core.motion import GRID_HZ, HeadMotion
from .bones import rig_map_of
from .face_names import chosen_names
from .portrait_motion import evaluated_motion
from .settings import character
from .shape_key_blocks import key_names
from .sound import Speech, duration_s

_AFTER_S = 1.0  # of the head beyond the speech, which eyes know of beforehand


def chosen_doses(obj: bpy.types.Object) -> dict[str, float]:
    """Doses of the eyes by name, as the settings of an object have them; none where no shape key is an eye's."""
    face = character(obj).face
    doses = {name: float(getattr(face, name)) for name in DOSES}
    wanted = chosen_names(obj)
    moved: set[str] = set()
    for names in key_names(obj):
        for weights in wanted.find(names).values():
            moved |= set(weights)
    has_eyes = any(channel.startswith("eyeLook") for channel in moved)
    return doses if has_eyes else dict.fromkeys(DOSES, 0.0)


def shown_head(
    obj: bpy.types.Object, speech: Speech, doses: Mapping[str, float]
) -> tuple[HeadMotion | None, tuple[str, ...]]:
    """The head's motion as the scene shows it during a speech, and sentences on what is left out.

    Against the object: the body's turns count, and what the object itself does carries gaze along.
    """
    if not gaze_doses(doses).moves_eyes:
        return None, ()
    length_s = speech.length_s if speech.length_s is not None else duration_s(speech.path) - speech.start_s
    time_s = np.arange(int((length_s + _AFTER_S) * GRID_HZ) + 1) / GRID_HZ
    try:
        motion = evaluated_motion(
            obj, time_s, start_frame=speech.start_frame, rig_map=rig_map_of(obj), on_chest=False
        )
    except RigError as error:
        return None, (f"The eyes belong to a still head: {error.problem}",)
    return motion, ()
