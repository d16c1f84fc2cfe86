"""Head motion on a glTF character: the file as it is, with one animation, of its own head and neck."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import rotation as rot
from ..errors import RigError
from ..motion import HeadMotion
from ..rig.detect import RigMap
from ..timing import FrameRate
from ..types import Array
from .damaged import DAMAGED
from .gltf_file import Gltf
from .gltf_read import read_gltf
from .presets import Form
from .target import TargetJoint, find_head, on_target

Channel = tuple[int, str, Array]


@dataclass(frozen=True)
class Node:
    """A node at rest.

    place, turn, scale : (3,), (4,) wxyz and (3,) in its parent
    parent_scale : (3,) of its parent in the world
    world : (4,) rotation in the world
    at : (3,) position in the world
    """

    place: Array
    turn: Array
    scale: Array
    parent_scale: Array
    world: Array
    at: Array


def write_onto_gltf(path: Path, motion: HeadMotion, rate: FrameRate, form: Form) -> tuple[str, ...]:
    """Write the form's glTF with the motion on its head and neck, in the binary form.

    Meshes, materials, names and rest pose stay; animations that it had are left out, and a sentence says so.

    Raises
    ------
    RigError : no glTF, damaged, or none with a head
    OutputError : the file cannot be written
    """
    assert form.skeleton is not None
    file = read_gltf(form.skeleton)
    motion = motion.at(rate.grid(motion.duration_s))
    channels, notes = head_channels(file, motion, form)
    return (*notes, *with_animation(file, path, motion.time_s, channels))


def with_animation(file: Gltf, path: Path, time_s: Array, channels: list[Channel]) -> tuple[str, ...]:
    """Write a file with this animation alone. Returns sentences on what was left out. Raises OutputError."""
    had = len(file.document.pop("animations", ()))
    file.animation(path.stem, time_s, channels)
    file.write(path)
    return (f"Left out: the {had} animation(s) that the skeleton's file had.",) if had else ()


def head_channels(file: Gltf, motion: HeadMotion, form: Form) -> tuple[list[Channel], tuple[str, ...]]:
    """The channels that move head and neck at the samples of a motion, and sentences to the user. Raises RigError."""
    assert form.skeleton is not None
    try:
        nodes, parents, names = _nodes(file.document)
        joints = _joints(file.document, nodes, parents, names)
        known = _vrm_head(file.document, names, joints)
    except DAMAGED as error:
        raise RigError(
            f"“{form.skeleton.name}” is damaged: its nodes do not make a skeleton",
            "Export it again from the program that made it",
        ) from error
    found = known or find_head({name: joint.parent for name, joint in joints.items()}, form)
    moved = on_target(motion, joints, form, found)
    channels: list[Channel] = []
    index = {name: at for at, name in names.items()}
    for name, turn in moved.turns.items():
        node = nodes[index[name]]
        channels.append((index[name], "rotation", rot.continuous(rot.multiply(node.turn, turn))))
        _as_parts(file.document["nodes"][index[name]], node)
    for name, shift in moved.shifts.items():
        node = nodes[index[name]]
        # Along the joint's own axes in the world's unit, to the parent's axes in the parent's unit.
        channels.append(
            (index[name], "translation", node.place + rot.rotate(node.turn, shift) / node.parent_scale)
        )
        _as_parts(file.document["nodes"][index[name]], node)
    return channels, moved.notes


def _nodes(document: dict[str, Any]) -> tuple[dict[int, Node], dict[int, int], dict[int, str]]:
    """Nodes at rest, parents, and names that differ, by index, parents first."""
    entries = document["nodes"]
    parents = {child: at for at, node in enumerate(entries) for child in node.get("children", ())}
    found: dict[int, Node] = {}
    names: dict[int, str] = {}
    taken: set[str] = set()
    queue = [at for at in range(len(entries)) if at not in parents]
    for at in queue:
        above = found.get(parents.get(at, -1))
        found[at] = _node(entries[at], above)
        queue.extend(entries[at].get("children", ()))
        name = str(entries[at].get("name") or f"node {at}")
        names[at] = name if name not in taken else f"{name} ({at})"
        taken.add(names[at])
        if len(queue) > len(entries):
            raise ValueError("a node has two parents")
    return found, parents, names


def _node(entry: dict[str, Any], above: Node | None) -> Node:
    place, turn, scale = _parts(entry)
    if not all(np.isfinite(each).all() for each in (place, turn, scale)):
        raise ValueError("a node is nowhere")
    if above is None:
        return Node(place, turn, scale, np.ones(3), turn, place)
    parent_scale = above.parent_scale * above.scale
    return Node(
        place,
        turn,
        scale,
        parent_scale,
        rot.multiply(above.world, turn),
        above.at + rot.rotate(above.world, parent_scale * place),
    )


def _parts(entry: dict[str, Any]) -> tuple[Array, Array, Array]:
    """Translation, rotation wxyz and scale of a node."""
    if "matrix" in entry:
        matrix = np.array(entry["matrix"], np.float64).reshape(4, 4).T
        scale = np.linalg.norm(matrix[:3, :3], axis=0)
        if np.linalg.det(matrix[:3, :3]) < 0:
            scale[0] = -scale[0]
        return matrix[:3, 3], rot.from_matrix(matrix[:3, :3] / scale), scale
    x, y, z, w = np.array(entry.get("rotation", (0, 0, 0, 1)), np.float64)
    place = np.array(entry.get("translation", (0, 0, 0)), np.float64).reshape(3)
    scale = np.array(entry.get("scale", (1, 1, 1)), np.float64).reshape(3)
    return place, rot.normalize([w, x, y, z]), scale


def _as_parts(entry: dict[str, Any], node: Node) -> None:
    """Let a node have parts instead of a matrix, as one that is animated must."""
    if entry.pop("matrix", None) is not None:
        entry["translation"], entry["scale"] = node.place.tolist(), node.scale.tolist()
        entry["rotation"] = node.turn[[1, 2, 3, 0]].tolist()


def _joints(
    document: dict[str, Any], nodes: dict[int, Node], parents: dict[int, int], names: dict[int, str]
) -> dict[str, TargetJoint]:
    """The joints of the skins, or all nodes where there is no skin; with the nodes that carry them."""
    skinned = {joint for skin in document.get("skins", ()) for joint in skin["joints"]}
    wanted = set(nodes) if not skinned else set()
    for joint in skinned:
        at: int | None = joint
        while at is not None and at not in wanted:
            wanted.add(at)
            at = parents.get(at)
    return {
        names[at]: TargetJoint(names.get(parents.get(at, -1)), node.world, node.at)
        for at, node in nodes.items()
        if at in wanted
    }


def _vrm_head(
    document: dict[str, Any], names: dict[int, str], joints: dict[str, TargetJoint]
) -> RigMap | None:
    """Head and neck as a VRM file states them, version 1 or 0; None in other files."""
    extensions = document.get("extensions", {})
    bones = extensions.get("VRMC_vrm", {}).get("humanoid", {}).get("humanBones", {})
    if not bones:
        listed = extensions.get("VRM", {}).get("humanoid", {}).get("humanBones", [])
        bones = {each["bone"]: each for each in listed}
    if "head" not in bones:
        return None
    head, neck = (names[bones[bone]["node"]] if bone in bones else None for bone in ("head", "neck"))
    if head not in joints:
        return None
    return RigMap(head, (neck,) if neck in joints else ())
