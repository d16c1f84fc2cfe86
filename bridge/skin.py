"""Which bones the skin of a character follows, and how far it reaches, from samples of its vertices."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from ..core.rig.detect import ancestors
from ..core.rig.words import HEAD, read_name
from ..core.types import Array

_SAMPLES = 4000  # vertices of a mesh that are looked at
_ABOVE = 98.0  # percentile that stands for the top, above which a few vertices may stick out


@dataclass(frozen=True)
class Skin:
    """Sampled vertices of all meshes that an armature bends.

    points : (N, 3) at rest, in the armature's axes
    bones : the deforming bone with the largest weight on each, "" where none has any
    """

    points: Array
    bones: tuple[str, ...]

    def skull_by_name(self) -> str | None:
        """The bone called a head that most of the skin follows."""
        count = Counter(bone for bone in self.bones if bone and read_name(bone, HEAD))
        return count.most_common(1)[0][0] if count else None

    def skull(self, head: Array, up: Array) -> str | None:
        """The bone that the skin of the skull follows: by its name, else what most skin above the head does.

        head : (3,) position of the head bone
        up : (3,) of the head
        """
        if named := self.skull_by_name():
            return named
        above = (self.points - head) @ up > 0 if len(self.points) else ()
        count = Counter(bone for bone, is_above in zip(self.bones, above, strict=True) if is_above and bone)
        return count.most_common(1)[0][0] if count else None

    def crown(self, head: str, place: Array, up: Array, parents: Mapping[str, str | None]) -> float:
        """How far the skin that the head carries reaches above the place of that bone; 0 without."""
        carried = {bone: bone == head or head in ancestors(parents, bone) for bone in set(self.bones) if bone}
        own = np.array([carried.get(bone, False) for bone in self.bones], bool)
        if not own.any():
            return 0.0
        return max(float(np.percentile((self.points[own] - place) @ up, _ABOVE)), 0.0)


_kept: dict[int, tuple[Any, Skin]] = {}


def read_skin(obj: bpy.types.Object, *, fresh: bool = False) -> Skin:
    """The skin of an armature; unless it has to be fresh, the last one is kept while its meshes stay as large."""
    meshes = list(_meshes(obj))
    key = tuple((mesh.name, mesh.data.name, len(mesh.data.vertices), mesh.parent_bone) for mesh in meshes)
    kept = _kept.get(obj.session_uid)
    if fresh or kept is None or kept[0] != (obj.name, key):
        kept = ((obj.name, key), _sample(obj, meshes))
        _kept[obj.session_uid] = kept
    return kept[1]


def _meshes(obj: bpy.types.Object) -> Iterable[Any]:
    scene: Any = bpy.context.scene
    for mesh in scene.objects:
        bent = mesh.type == "MESH" and any(
            each.type == "ARMATURE" and each.object == obj and each.use_vertex_groups
            for each in mesh.modifiers
        )
        hangs = mesh.parent == obj and mesh.parent_type in {"ARMATURE", "BONE"}
        if mesh.type == "MESH" and (bent or hangs):
            yield mesh


def _sample(obj: bpy.types.Object, meshes: Iterable[Any]) -> Skin:
    armature: Any = obj.data
    deforming = {bone.name for bone in armature.bones if bone.use_deform}
    to_armature = np.array(obj.matrix_world.inverted_safe())
    points: list[Array] = []
    bones: list[str] = []
    for mesh in meshes:
        count = len(mesh.data.vertices)
        place = np.empty(3 * count, np.float32)
        mesh.data.vertices.foreach_get("co", place)
        chosen = np.arange(0, count, max(count // _SAMPLES, 1))
        matrix = to_armature @ np.array(mesh.matrix_world)
        points.append(place.reshape(-1, 3)[chosen] @ matrix[:3, :3].T + matrix[:3, 3])
        if mesh.parent_type == "BONE" and mesh.parent == obj:
            bones += [mesh.parent_bone] * len(chosen)
            continue
        names = [group.name if group.name in deforming else "" for group in mesh.vertex_groups]
        bones += [_heaviest(mesh.data.vertices[index], names) for index in chosen.tolist()]
    return Skin(np.concatenate(points) if points else np.empty((0, 3)), tuple(bones))


def _heaviest(vertex: Any, names: list[str]) -> str:
    best, found = 0.0, ""
    for group in vertex.groups:
        if group.weight > best and group.group < len(names) and names[group.group]:
            best, found = group.weight, names[group.group]
    return found
