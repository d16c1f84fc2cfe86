"""A take from what directs it to its layer, whoever asks for it: the sidebar, or a line of the batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ..core.errors import RigError
from ..core.motion_npz import load_channels, load_motion
from .direct_take import Directed, made_by, settle_take
from .live import note_activity
from .nla import Layer, list_layers
from .sound import Speech
from .takes import add_take


@dataclass(frozen=True)
class NewTake:
    """A take that is being made.

    settings : style, engine and strengths, as `manner` returns them, from when it was begun
    made_by : see `direct_take.py`, from then too
    folder : where the worker puts it
    """

    speech: Speech
    seed: int
    directed: Directed
    settings: Mapping[str, Any]
    made_by: str
    folder: Path

    @classmethod
    def of(
        cls, speech: Speech, seed: int, directed: Directed, settings: Mapping[str, Any], folder: Path
    ) -> "NewTake":
        """A take of a speech by these settings."""
        take = cls(speech, seed, directed, settings, made_by(settings, speech), folder)
        take.activity_file.unlink(missing_ok=True)
        return take

    @property
    def motion_file(self) -> Path:
        """Where its motion comes."""
        return self.folder / "motion.npz"

    @property
    def activity_file(self) -> Path:
        """Where the activity of its speech comes."""
        return self.folder / "activity.npz"

    @property
    def arguments(self) -> dict[str, Any]:
        """For the worker's job “generate”."""
        directed = {"direction": self.directed.json} if self.directed.json else {}
        return {
            **self.settings,
            "audio": str(self.speech.path),
            "start_s": self.speech.start_s,
            "length_s": self.speech.length_s,
            "seed": self.seed,
            "motion_out": str(self.motion_file),
            "activity_out": str(self.activity_file),
            **directed,
        }

    def check(self, obj: bpy.types.Object) -> None:
        """Refuse to go on where the take that this one comes from is gone. Raises RigError."""
        before = self.directed.before
        if before is not None and before not in [Layer(layer.name) for layer in list_layers(obj)]:
            raise RigError(f"“{before.name}” is gone", "Undo its removal, or generate again")

    def add(self, obj: bpy.types.Object, start_frame: float) -> tuple[Layer, tuple[str, ...]]:
        """Its layer on an object, and sentences on its direction. Raises RigError, see `check` and `add_take`."""
        self.check(obj)
        motion = load_motion(self.motion_file)
        activity = load_channels(self.activity_file)[1]["activity"] if self.activity_file.is_file() else None
        layer = add_take(obj, motion, line=self.speech.name, seed=self.seed, start_frame=start_frame)
        if activity is not None:
            note_activity(bpy.data.actions[layer.name], activity)
        return layer, settle_take(obj, layer, self.directed, self.made_by)
