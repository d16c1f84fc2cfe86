"""How the skull really turns under a layer, measured on the evaluated rig against what was asked of it.

The rig is evaluated in a scene of its own, so that neither the frame nor a pose without keys changes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.errors import RigError
from ..core.motion import HeadMotion
from ..core.rig import Rig, RigMap, find_rig_map
from ..core.rig.words import HEAD, read_name
from ..core.types import Array
from .carriers import carriers, followed_by
from .constraints import TURNS, held
from .hidden import unhidden, unposed
from .nla import Layer, track_of
from .rig import read_rig
from .skin import read_skin
from .timing import frame_rate

TOLERANCE = 0.02
_STILL = np.radians(0.5)  # a motion that turns less shows nothing


@dataclass(frozen=True)
class Turned:
    """What was asked of the head in one frame, and what the skull did.

    asked, measured : (4,) rotations in the head frame
    shift_m : (3,) displacement of the head bone's place in the head frame, metres of a head of 0.24 m
    """

    frame: float
    asked: Array
    measured: Array
    shift_m: Array

    @property
    def share(self) -> float:
        """How much of the angle arrived, 1 for all of it; NaN where nothing was asked."""
        asked, got = (np.linalg.norm(rot.to_rotvec(each)) for each in (self.asked, self.measured))
        return float(got / asked) if asked > 0 else float("nan")

    @property
    def is_right(self) -> bool:
        """Whether it turned as far and about the same axis, to the tolerance."""
        apart = float(rot.angle_between(self.asked, self.measured))
        return apart <= TOLERANCE * float(np.linalg.norm(rot.to_rotvec(self.asked)))


@dataclass(frozen=True)
class Measured:
    """What a layer did to a rig.

    skull : the bone that the skin of the skull follows, or the head bone where there is no skin
    skinned : whether there is any skin
    bare : whether none of that skin follows the head bone
    frames : in the order in which they were asked for
    """

    rig: Rig
    skull: str
    skinned: bool
    bare: bool
    frames: tuple[Turned, ...]

    @property
    def is_right(self) -> bool:
        """Whether skin follows the head, and turns as asked."""
        return not self.bare and all(each.is_right for each in self.frames)


def measure(
    obj: bpy.types.Object,
    layer: Layer,
    motion: HeadMotion,
    rig_map: RigMap,
    *,
    start_frame: float,
    frames: Sequence[float],
) -> Measured:
    """Turn and shift of the skull at some frames, with the layer against without it.

    frames : of the active scene, within the layer
    """
    rig = read_rig(obj, rig_map)
    skin = read_skin(obj, fresh=True)
    up = rot.rotate(rig.axes, [0.0, 1.0, 0.0])
    skull = skin.skull(rig.head.place, up) or _deforming_head(obj, rig.head.name) or rig.head.name
    strip = track_of(obj, layer).strips[0]
    scene: Any = bpy.context.scene
    asked = motion.at(frame_rate(scene, start_frame).seconds(np.array(frames, float))).rotation
    muted = strip.mute
    try:
        with _stage(obj) as stage:
            strip.mute = True
            before = [_pose(stage, obj, rig, skull, frame) for frame in frames]
            strip.mute = False
            after = [_pose(stage, obj, rig, skull, frame) for frame in frames]
    finally:
        strip.mute = muted
    turned = [
        _compare(rig, frame, each, old, new)
        for frame, each, old, new in zip(frames, asked, before, after, strict=True)
    ]
    skinned = {bone for bone in skin.bones if bone}
    bare = bool(skinned) and not any(rig.head.name in followed_by(obj, bone) for bone in skinned)
    # Where the skull turns as asked, it follows in a way that is not known here.
    bare = bare and (skull == rig.head.name or not all(each.is_right for each in turned))
    return Measured(rig, skull, bool(skinned), bare, tuple(turned))


def check_layer(
    obj: bpy.types.Object,
    layer: Layer,
    motion: HeadMotion,
    rig_map: RigMap | None,
    *,
    start_frame: float,
) -> tuple[str, ...]:
    """Sentences for a report where the skull does not turn as asked: why, and which bone to choose instead."""
    if why := unposed(obj):
        return (why[0],)
    if rig_map is None or not shows(obj):
        return ()
    angle = np.linalg.norm(rot.to_rotvec(motion.rotation), axis=1)
    scene: Any = bpy.context.scene
    at = frame_rate(scene, start_frame).frames(motion.time_s)
    best = {int(np.argmax(np.abs(rot.to_euler(motion.rotation)[:, axis]))) for axis in range(3)}
    # Neighbouring samples may lie nearest to one frame.
    frames = sorted({round(float(at[index])) for index in best if angle[index] > _STILL})
    if not frames:
        return ()
    return verdict(obj, measure(obj, layer, motion, rig_map, start_frame=start_frame, frames=frames))


def shows(obj: bpy.types.Object) -> bool:
    """Whether a layer on an object is to be seen: poses are, and the NLA is evaluated, with all of its tracks."""
    data = obj.animation_data
    return unposed(obj) is None and (
        data is None or (data.use_nla and not any(track.is_solo for track in data.nla_tracks))
    )


def nothing_shows(obj: bpy.types.Object) -> RigError:
    """The refusal where the NLA shows no layer."""
    return RigError(
        f"The NLA of “{obj.name}” is off or a track is soloed, so no layer shows",
        "Switch the NLA on, and solo off",
    )


def verdict(obj: bpy.types.Object, found: Measured) -> tuple[str, ...]:
    """What is wrong and what to choose, or nothing."""
    wrong = [each for each in found.frames if not each.is_right]
    head, skull = found.rig.head.name, found.skull
    if found.bare and skull == head:
        return (f"No skin follows “{head}”; bind the skull to it, or choose another bone as Head under Rig",)
    if not wrong:
        return ()
    better = _better(obj, found)
    remedy = (
        f"choose “{better}” as Head under Rig" if better else "look at its locks, constraints and drivers"
    )
    worst = max(wrong, key=lambda each: abs(1 - each.share))
    if found.bare or (skull != head and max(each.share for each in found.frames) < TOLERANCE):
        much = f"turns {worst.share:.0%} as far" if worst.share > TOLERANCE else "stands still"
        return (f"No skin follows “{head}”: the skull follows “{skull}”, which {much}; {remedy}",)
    if abs(worst.share - 1) <= TOLERANCE:
        return (f"The skull (bone “{skull}”) turns about other axes than asked; {remedy}",)
    much = f"{worst.share:.0%} of what was asked of “{head}” at frame {worst.frame:g}"
    return (f"The skull (bone “{skull}”) turns {much}; {remedy}",)


def _better(obj: bpy.types.Object, found: Measured) -> str | None:
    """A head that the skull follows and that is free to turn, other than the one that was tried."""
    turned = {**held(obj, TURNS)}
    followed = followed_by(obj, found.skull) - {found.rig.head.name}
    parents = carriers(obj)
    named = find_rig_map({**parents, found.skull: parents[found.skull]}, followed=followed, held=turned).head
    name = read_name(named, HEAD)
    if named in followed and named not in turned and not (name and name.machinery):
        return named
    if found.rig.head.name in followed_by(obj, found.skull):
        return None
    return found.skull if found.skull in followed and found.skull not in turned else None


def _deforming_head(obj: bpy.types.Object, head: str) -> str | None:
    """Without skin: the bone called a head that would bend it."""
    armature: Any = obj.data
    named = [bone.name for bone in armature.bones if bone.use_deform and read_name(bone.name, HEAD)]
    if head in named:
        return head
    return next((name for name in named if head in followed_by(obj, name)), named[0] if named else None)


@contextmanager
def _stage(obj: bpy.types.Object) -> Iterator[Any]:
    """A scene with the object alone, and with what it depends on."""
    scene: Any = bpy.data.scenes.new("stage")
    own: Any = bpy.context.scene
    try:
        scene.render.fps, scene.render.fps_base = own.render.fps, own.render.fps_base
        scene.collection.objects.link(obj)
        with unhidden([obj]):
            yield scene
    finally:
        bpy.data.scenes.remove(scene)


@dataclass(frozen=True)
class _Pose:
    """Rotations (4,) in the armature's axes of the joints and of the skull; the rotation (4,) of what
    carries the lowest joint against its rest; place (3,) of the head bone.
    """

    joints: tuple[Array, ...]
    own: tuple[Array, ...]
    skull: Array
    body: Array
    place: Array


def _pose(scene: Any, obj: bpy.types.Object, rig: Rig, skull: str, frame: float) -> _Pose:
    scene.frame_set(int(frame // 1), subframe=frame % 1)
    depsgraph = scene.view_layers[0].depsgraph
    depsgraph.update()
    evaluated: Any = obj.evaluated_get(depsgraph)
    bones = evaluated.pose.bones
    joints = [bones[joint.name] for joint in (*rig.neck, rig.head)]
    chest = joints[0].parent
    return _Pose(
        tuple(_turn(bone.matrix) for bone in joints),
        tuple(_turn(bone.matrix_basis) for bone in joints),
        _turn(bones[skull].matrix),
        _turn(chest.matrix @ chest.bone.matrix_local.inverted_safe()) if chest else rot.IDENTITY,
        np.array(joints[-1].head),
    )


def _compare(rig: Rig, frame: float, asked: Array, before: _Pose, after: _Pose) -> Turned:
    """Asked is what the joints' own channels add, about where their bones stood; so poses below do not matter."""
    wanted: Array = rot.IDENTITY
    alone: Array = rot.IDENTITY
    for joint, stood, old, new in zip(
        (*rig.neck, rig.head), before.joints, before.own, after.own, strict=True
    ):
        added = rot.multiply(rot.inverse(old), new)
        share = rot.power(rot.multiply(stood, rot.multiply(added, rot.inverse(stood))), joint.follow)
        wanted = rot.multiply(wanted, share)
        own = rot.multiply(joint.rest, rot.multiply(added, rot.inverse(joint.rest)))
        alone = rot.multiply(alone, rot.power(own, joint.follow))
    whole = rot.multiply(rig.axes, rot.multiply(asked, rot.inverse(rig.axes)))
    # What the channels lack, as behind locks, was asked all the same.
    wanted = rot.multiply(wanted, rot.multiply(rot.inverse(alone), whole))
    turned = rot.multiply(after.skull, rot.inverse(before.skull))
    to_head = rot.multiply(rot.inverse(rig.axes), rot.inverse(before.body))
    return Turned(
        frame,
        asked=rot.multiply(to_head, rot.multiply(wanted, rot.inverse(to_head))),
        measured=rot.multiply(to_head, rot.multiply(turned, rot.inverse(to_head))),
        shift_m=rot.rotate(to_head, after.place - before.place) / rig.units_per_m,
    )


def _turn(matrix: Any) -> Array:
    return rot.from_matrix(np.array(matrix.normalized())[:3, :3])
