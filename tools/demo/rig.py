"""Generic bust to show motion on: a skinned head, neck and torso, shaped by formulas.

Shapes are given in the head's own axes, +X its left, +Y up, +Z out of the face, in metres from the
middle of the head; the object stands in Blender's axes, looking along -Y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from mathutils import Matrix

if TYPE_CHECKING:  # this runs inside Blender too, where the package has another name
    from mannerism.core.types import Array, BoolArray

Colour = tuple[float, float, float, float]
Face = tuple[int, ...]

HEAD_M = 1.64  # height of the middle of the head
BONES = {"chest": (1.18, 1.44), "neck": (1.44, 1.53), "head": (1.53, 1.77)}
"""Height of foot and tip of each bone, metres; each is the parent of the next."""

COLOURS: dict[str, Colour] = {
    "skin": (0.78, 0.55, 0.43, 1.0),
    "lips": (0.62, 0.33, 0.30, 1.0),
    "hair": (0.10, 0.055, 0.035, 1.0),
    "white": (0.93, 0.92, 0.90, 1.0),
    "iris": (0.13, 0.21, 0.20, 1.0),
    "shirt": (0.10, 0.22, 0.30, 1.0),
}

DENTS = (
    # Where on the face (x, y), how wide, how far out, in millimetres; twice where x is not 0.
    ((0, 24), (34, 9), 3.5),  # brow
    ((31, 8), (15, 9), -10.0),  # eye sockets
    ((0, 10), (6, 16), 7.0),  # bridge of the nose
    ((0, -14), (7.5, 15), 13.0),  # nose
    ((0, -25), (8, 7), 8.0),  # its tip
    ((9, -28), (6, 5), 5.0),  # nostrils
    ((46, -14), (16, 14), 4.0),  # cheekbones
    ((42, -52), (18, 18), -4.0),  # cheeks
    ((0, -55), (26, 18), 6.0),  # mouth
    ((0, -50.5), (17, 3.6), 3.2),  # upper lip
    ((0, -62.5), (15, 4.2), 3.6),  # lower lip
    ((0, -56), (22, 1.6), -2.6),  # between the lips
    ((0, -75), (20, 6), -4.0),  # below them
    ((0, -93), (17, 13), 8.0),  # chin
)


@dataclass(frozen=True)
class Shape:
    """Points (N, 3), faces as tuples of their indices, and the colour of each face."""

    points: Array
    faces: list[Face]
    colours: list[str]


def build_rig() -> bpy.types.Object:
    """Add the bust, a camera and a light to the scene; returns the armature, active and selected."""
    scene: Any = bpy.context.scene
    armature = _armature(scene)
    _body(scene, armature)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.matrix_world = Matrix.Translation((0.28, -1.05, 1.58)) @ Matrix.Rotation(0.26, 4, "Z")
    camera.matrix_world @= Matrix.Rotation(1.5708, 4, "X")
    scene.camera = camera
    light = bpy.data.objects.new("Light", bpy.data.lights.new("Light", "SUN"))
    light.matrix_world = Matrix.Rotation(0.8, 4, "X") @ Matrix.Rotation(0.6, 4, "Y")
    light_data: Any = light.data
    light_data.energy, light_data.angle = 3.0, 0.3
    for obj in (camera, light):
        scene.collection.objects.link(obj)
    return armature


def _armature(scene: Any) -> bpy.types.Object:
    layer: Any = bpy.context.view_layer
    data = bpy.data.armatures.new("Bust")
    armature = bpy.data.objects.new("Bust", data)
    scene.collection.objects.link(armature)
    layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    parent = None
    for name, (low, high) in BONES.items():
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0.0, 0.02, low), (0.0, 0.02, high), parent
        parent = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    armature.select_set(True)
    return armature


def _body(scene: Any, armature: bpy.types.Object) -> None:
    mesh = bpy.data.meshes.new("Body")
    body = bpy.data.objects.new("Body", mesh)
    scene.collection.objects.link(body)
    body.parent = armature
    for name, colour in COLOURS.items():
        material: Any = bpy.data.materials.new(name)
        material.diffuse_color = colour
        material.roughness = 0.3 if name in ("white", "iris") else 0.7
        # Blender 5 gives a new material nodes, which then decide instead of the plain colour.
        for node in material.node_tree.nodes if material.node_tree else ():
            if "Base Color" in node.inputs:
                node.inputs["Base Color"].default_value = colour
                node.inputs["Roughness"].default_value = material.roughness
        mesh.materials.append(material)
    shapes = [_torso(), *_head(), *_small_parts()]
    first = np.cumsum([0, *(len(shape.points) for shape in shapes)]).tolist()
    faces = [
        tuple(i + k for i in face) for k, shape in zip(first, shapes, strict=False) for face in shape.faces
    ]
    x, y, z = np.concatenate([shape.points for shape in shapes]).T
    mesh.from_pydata(np.column_stack([x, -z, y + HEAD_M]).tolist(), [], faces)
    names = list(COLOURS)
    colours = [names.index(colour) for shape in shapes for colour in shape.colours]
    mesh.polygons.foreach_set("material_index", colours)
    mesh.shade_smooth()
    for bone, weights in _weights(y + HEAD_M, np.arange(len(y)) < first[1]).items():
        group = body.vertex_groups.new(name=bone)
        for index in np.flatnonzero(weights).tolist():
            group.add([index], weights[index], "REPLACE")
    modifier: Any = body.modifiers.new("Armature", "ARMATURE")
    modifier.object = armature


def _weights(height: Array, torso: BoolArray) -> dict[str, Array]:
    """Share of each bone in each point: the head moves whole, the neck bends."""
    above_chest = np.where(torso, _step(height, 1.43, 1.50), 1.0)
    head = np.where(torso, _step(height, 1.50, 1.57), 1.0)
    return {"chest": 1 - above_chest, "neck": above_chest * (1 - head), "head": head}


def _step(value: Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _grid(rows: int, columns: int) -> list[Face]:
    """Quads between rows of points, from below upward, each row going once around."""
    return [
        (r * columns + c, r * columns + d, (r + 1) * columns + d, (r + 1) * columns + c)
        for r in range(rows - 1)
        for c, d in zip(range(columns), [*range(1, columns), 0], strict=True)
    ]


def _ball(rows: int, columns: int) -> Array:
    """Directions (rows * columns, 3), from below upward, around from the back over the left."""
    polar = np.linspace(-0.5, 0.5, rows)[:, None] * np.pi
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    x, z = np.cos(polar) * np.sin(around), -np.cos(polar) * np.cos(around)
    return np.stack([-x, np.sin(polar) + 0 * around, z], -1).reshape(-1, 3)


def _head() -> list[Shape]:
    """Skull and face, and a cap of hair that is the same surface further out."""
    rows, columns = 80, 96
    points = _ball(rows, columns) * [0.078, 0.118, 0.096]
    x, y, z = points.T
    x *= 1 - 0.30 * _step(-y, 0.02, 0.13) * _step(z, -0.06, 0.04) - 0.20 * _step(-y, 0.03, 0.12)
    z *= np.where(z < 0, 1 - 0.45 * _step(-y, 0.0, 0.10), 1.0)
    z -= 0.012 * _step(y, 0.03, 0.12) * _step(z, 0, 0.05)  # the forehead leans back
    front = _step(z, 0.01, 0.045)
    for (cx, cy), (wide, high), out in DENTS:
        for sign in (1, -1) if cx else (1,):
            gauss = np.exp(-0.5 * (((x * 1e3 - sign * cx) / wide) ** 2 + ((y * 1e3 - cy) / high) ** 2))
            z += front * gauss * out * 1e-3
    faces = _grid(rows, columns)
    centre = points[np.array(faces)].mean(axis=1)
    mouth = (np.abs(centre[:, 0]) / 0.023) ** 2 + ((centre[:, 1] + 0.056) / 0.0105) ** 2 < 1
    lips = mouth & (centre[:, 2] > 0.05)
    skull = Shape(points, faces, ["lips" if lip else "skin" for lip in lips])

    # The hairline runs over the forehead, down before the ears, and low at the back.
    line = np.interp(z, [-0.09, -0.03, 0.012, 0.03, 0.07], [-0.075, -0.055, -0.012, 0.045, 0.066])
    thick = _step(y - line, -0.004, 0.02)
    waves = 1 + 0.10 * np.sin(55 * np.arctan2(x, 0.05 - z) + 60 * y)
    away = points / np.linalg.norm(points, axis=1, keepdims=True)
    hair = points + away * (0.013 * thick * waves - 0.004)[:, None]
    grown = np.array([face for face in faces if thick[list(face)].max() > 0])
    used, grown = np.unique(grown, return_inverse=True)
    locks = [tuple(face) for face in grown.reshape(-1, 4).tolist()]
    return [skull, Shape(hair[used], locks, ["hair"] * len(locks))]


def _small_parts() -> list[Shape]:
    """Eyes, lids, brows and ears: balls, stretched, turned in the face's plane and leaning out of it."""
    shapes = []
    for sign in (1, -1):
        for centre, radii, turn, lean, colour in (
            ((0.0310, 0.0080, 0.0705), (0.0145, 0.0085, 0.0120), -0.05, 0.10, "white"),
            ((0.0305, 0.0085, 0.0790), (0.0066, 0.0066, 0.0045), 0.0, 0.0, "iris"),
            ((0.0310, 0.0155, 0.0725), (0.0170, 0.0040, 0.0125), -0.08, 0.25, "skin"),
            ((0.0330, 0.0290, 0.0835), (0.0185, 0.0032, 0.0045), -0.06, 0.55, "hair"),
            ((0.0790, -0.0060, -0.0020), (0.0065, 0.0290, 0.0170), -0.14, 0.0, "skin"),
        ):
            x, y, z = (_ball(16, 24) * radii).T
            across, up = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
            points = np.column_stack(
                [sign * (across + centre[0]), up + centre[1], z - lean * across + centre[2]]
            )
            faces = [face[::sign] for face in _grid(16, 24)]
            shapes.append(Shape(points, faces, [colour] * len(faces)))
    return shapes


def _torso() -> Shape:
    """Chest, shoulders and neck from below upward: half width, half depth, and how far back, by height."""
    heights, wide, deep, back, square = np.array(
        [
            (-0.430, 0.172, 0.105, 0.020, 2.6),
            (-0.370, 0.185, 0.113, 0.018, 2.6),
            (-0.300, 0.203, 0.108, 0.024, 2.5),
            (-0.245, 0.205, 0.092, 0.030, 2.3),
            (-0.212, 0.182, 0.080, 0.036, 2.1),
            (-0.188, 0.135, 0.072, 0.038, 2.0),
            (-0.168, 0.088, 0.064, 0.036, 2.0),
            (-0.152, 0.064, 0.060, 0.032, 2.0),
            (-0.143, 0.060, 0.059, 0.030, 2.0),
            (-0.142, 0.053, 0.053, 0.030, 2.0),
            (-0.110, 0.050, 0.052, 0.026, 2.0),
            (-0.050, 0.050, 0.054, 0.018, 2.0),
        ]
    ).T
    columns, fine = 64, np.linspace(0, 1, 60)
    known = np.linspace(0, 1, len(heights))
    y, a, b, c, n = (
        np.interp(fine, known, values)[:, None] for values in (heights, wide, deep, back, square)
    )
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    sine, cosine = np.sin(around), np.cos(around)
    x = -a * np.sign(sine) * np.abs(sine) ** (2 / n)
    z = -b * np.sign(cosine) * np.abs(cosine) ** (2 / n) - c
    points = np.stack([x, y + 0 * x, z], -1).reshape(-1, 3)
    faces = [*_grid(len(fine), columns), tuple(reversed(range(columns)))]
    colours = ["shirt" if points[face[0], 1] < -0.1435 else "skin" for face in faces]
    return Shape(points, faces, colours)
