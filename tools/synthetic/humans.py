"""Persons of 1.75 m as armatures, and simple skin on their bones, for what a rig's head is found and measured by."""

from collections.abc import Iterable
from typing import Any

import bpy
from mathutils import Matrix

from .characters import Bone, armature

BOX = 0.1  # half the size of a box of skin, metres
_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def human(
    extra: Iterable[Bone] = (), head_m: float = 0.2, scale: float = 1.0, head: str = "head", feet: bool = True
) -> Any:
    """Looks along -Y, in an object of `scale` whose bones are in 1/scale metres."""
    bones: list[Bone] = [
        ("hips", None, (0, 0, 1.0), (0, 0, 1.1), 0.0),
        ("spine", "hips", (0, 0, 1.1), (0, 0, 1.3), 0.0),
        ("chest", "spine", (0, 0, 1.3), (0, 0, 1.45), 0.0),
        ("neck", "chest", (0, 0, 1.47), (0, 0, 1.54), 0.0),
        (head, "neck", (0, 0, 1.55), (0, 0, 1.55 + head_m), 0.0),
    ]
    for letter, x in (("L", 1.0), ("R", -1.0)):
        arm = ("shoulder", "upper_arm", "forearm", "hand")
        above = "chest"
        for i, part in enumerate(arm):
            at, to = x * (0.05 + 0.2 * i), x * (0.22 + 0.2 * i)
            bones.append((f"{part}.{letter}", above, (at, 0, 1.42), (to, 0, 1.42), 0.0))
            above = f"{part}.{letter}"
        bones.append((f"thigh.{letter}", "hips", (x * 0.1, 0, 0.95), (x * 0.1, 0, 0.5), 0.0))
        if feet:
            bones.append((f"shin.{letter}", f"thigh.{letter}", (x * 0.1, 0, 0.5), (x * 0.1, 0, 0.08), 0.0))
            bones.append((f"foot.{letter}", f"shin.{letter}", (x * 0.1, 0, 0.08), (x * 0.1, -0.15, 0), 0.0))
    return armature(_scaled([*bones, *extra], 1 / scale), matrix=Matrix.Scale(scale, 4))


def control_rig() -> Any:
    """A control for the head on a hinge of its own, tied to the neck by a constraint; the skin has bones of its own."""
    bones: list[Bone] = [
        ("MSTR-Hips", None, (0, 0, 1.0), (0, 0, 1.1), 0.0),
        ("FK-Chest", "MSTR-Hips", (0, 0, 1.3), (0, 0, 1.45), 0.0),
        ("FK-Neck", "FK-Chest", (0, 0, 1.47), (0, 0, 1.54), 0.0),
        ("HNG-Head", None, (0, 0, 1.55), (0, 0, 1.65), 0.0),
        ("FK-Head", "HNG-Head", (0, 0, 1.55), (0, 0, 1.75), 0.0),
        ("DEF-Neck", "FK-Neck", (0, 0, 1.47), (0, 0, 1.54), 0.0),
        ("DEF-Head", "FK-Head", (0, 0, 1.55), (0, 0, 1.75), 0.0),
    ]
    for letter, x in (("L", 1.0), ("R", -1.0)):
        bones.append((f"FK-Clavicle.{letter}", "FK-Chest", (x * 0.05, 0, 1.42), (x * 0.2, 0, 1.42), 0.0))
        bones.append(
            (f"FK-UpperArm.{letter}", f"FK-Clavicle.{letter}", (x * 0.2, 0, 1.42), (x * 0.5, 0, 1.42), 0.0)
        )
    obj = armature(bones)
    for bone in obj.data.bones:
        bone.use_deform = bone.name in {"DEF-Head", "DEF-Neck", "FK-Chest"}
    tie = obj.pose.bones["HNG-Head"].constraints.new("ARMATURE").targets.new()
    tie.target, tie.subtarget = obj, "FK-Neck"
    bpy.context.view_layer.update()  # type: ignore[union-attr]
    return obj


def skin_on(obj: Any, **heights: float) -> Any:
    """A mesh of boxes, each in the middle of the body at a height in metres and bent by one bone."""
    points: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    groups: dict[str, range] = {}
    for bone, z in heights.items():
        first = len(points)
        points += [(x * BOX, y * BOX, z + h * BOX) for x in (-1, 1) for y in (-1, 1) for h in (-1, 1)]
        faces += [tuple(first + corner for corner in face) for face in _FACES]
        groups[bone] = range(first, first + 8)
    data = bpy.data.meshes.new("Skin")
    data.from_pydata(points, [], faces)
    mesh: Any = bpy.data.objects.new("Skin", data)
    bpy.context.scene.collection.objects.link(mesh)  # type: ignore[union-attr]
    for bone, indices in groups.items():
        mesh.vertex_groups.new(name=bone).add(list(indices), 1.0, "REPLACE")
    mesh.modifiers.new("Armature", "ARMATURE").object = obj
    bpy.context.view_layer.update()  # type: ignore[union-attr]
    return mesh


def _scaled(bones: Iterable[Bone], by: float) -> list[Bone]:
    def times(point: tuple[float, float, float]) -> tuple[float, float, float]:
        return (point[0] * by, point[1] * by, point[2] * by)

    return [(name, parent, times(head), times(tail), roll) for name, parent, head, tail, roll in bones]
