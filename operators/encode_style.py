"""Operators that encode a style: from a reference, and from the head that is animated in the scene."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..bridge import bones, operator_ids, paths, portrait_motion, style_files, timing
from ..bridge.messages import shown_list
from ..bridge.translations import filled
from ..core.errors import StyleError
from ..core.files import replacing
from .job import JobOperator
from .reasons import no_character, no_job

if TYPE_CHECKING:
    from ..core.worker.client import Job, Worker

LONGEST_S = 60.0
"""Of an animation to encode: Blender plays it frame by frame to measure it."""


class MANNERISM_OT_encode_style(JobOperator):
    """Measure how the person in the reference video moves the head, and keep that as a style file"""

    bl_idname = operator_ids.ENCODE_STYLE
    bl_label = "Encode Style"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context) or (
            no_job() if context.object.mannerism.reference else "Choose a reference video first"
        )

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`. The worker writes into its own folder, so that ESC leaves no file."""
        character = context.object.mannerism
        self._object = context.object.name
        self._source = Path(bpy.path.abspath(character.reference))
        self._style = shared.folder / "style.json"
        arguments = {
            "source": str(self._source),
            "style_out": str(self._style),
            "keep_motion": character.keep_motion,
        }
        return shared.start("encode", arguments, label=filled("Encode Style of {}", self._source.name))

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        path = _save(self._style, self._source.stem)
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            obj.mannerism.style = obj.mannerism.encoded_style = str(path)
            obj.mannerism.encoded_from = str(self._source)
        return _said(path, answer)


class MANNERISM_OT_encode_scene(JobOperator):
    """Measure how the active character's head moves in this scene, or in its preview range, and keep that as a style file"""

    bl_idname = operator_ids.ENCODE_SCENE
    bl_label = "Encode Style of Animation"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Any) -> str:
        """See `PollWithReason`."""
        return no_character(context) or no_job()

    def begin(self, context: Any, shared: "Worker") -> "Job":
        """See `JobOperator`. What the viewport shows of the head counts: keys, layers and constraints."""
        from ..core.motion_csv import write_motion

        self._object = context.object.name
        self._style = shared.folder / "style.json"
        scene = context.scene
        first, last = scene.frame_start, scene.frame_end
        if scene.use_preview_range:
            first, last = scene.frame_preview_start, scene.frame_preview_end
        clock = timing.frame_rate(scene, first)
        length_s = float(clock.seconds(last))
        if length_s > LONGEST_S:
            raise StyleError(
                f"The scene is {length_s:.0f} s long, and a style needs 10 to 15 s",
                "Set a preview range of 10 to 60 s, and encode that",
            )
        motion = portrait_motion.evaluated_motion(
            context.object, clock.grid(length_s), start_frame=first, rig_map=bones.rig_map_of(context.object)
        )
        source = shared.folder / "animation.csv"
        write_motion(source, motion)
        arguments = {"source": str(source), "style_out": str(self._style), "keep_motion": True}
        return shared.start("encode", arguments, label=filled("Encode Style of {}", self._object))

    def finish(self, _context: Any, answer: Mapping[str, Any]) -> str:
        """See `JobOperator`."""
        path = _save(self._style, f"{bpy.path.clean_name(self._object)} animated")
        obj = bpy.data.objects.get(self._object)
        if obj is not None:
            obj.mannerism.style = paths.stored_path(str(path))
        return _said(path, answer)


def _save(made: Path, stem: str) -> Path:
    path = style_files.unused(style_files.style_folder(), stem, style_files.SUFFIX)
    with replacing(path) as temporary:
        temporary.write_bytes(made.read_bytes())
    return path


def _said(path: Path, answer: Mapping[str, Any]) -> str:
    saved = filled("The style is saved as {}, confidence {:.0%}", path, answer["confidence"])
    return shown_list([saved, *answer["notes"]])


CLASSES = (MANNERISM_OT_encode_style, MANNERISM_OT_encode_scene)
