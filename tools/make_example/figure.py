"""The figure in Blender: objects made once, and posed frame by frame."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from mannerism.core import rotation as rot
from mannerism.tools.make_example import materials, parts
from mannerism.tools.make_example import topology as topo
from mannerism.tools.make_example.complexion import tint
from mannerism.tools.make_example.hair import grow_hair
from mannerism.tools.make_example.head import EYE_RADIUS, Head, eye_centre
from mannerism.tools.make_example.pose import HINGE, PIVOT, Frame, Puppeteer, lids
from mannerism.tools.make_example.studio import CAMERA_M

Array = NDArray[np.float64]

# Head frame (y up, z out of the face) to Blender's world (z up, -y out of the face), cm to m.
TO_WORLD = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
CM = 0.01

IRIS_CM = 0.69
IRIS_COLOUR = (0.10, 0.16, 0.085)
HAIR_COLOUR = (0.115, 0.042, 0.020)
BROW_COLOUR = (0.085, 0.036, 0.019)
JERSEY_COLOUR = (0.035, 0.16, 0.17)
STRANDS = 16000


class Figure:
    """Her objects in the current scene."""

    def __init__(self, head: Head, seed: int) -> None:
        self._puppeteer = Puppeteer(head)
        self._skin = _mesh("skin", parts.Part(head.points, head.faces), materials.skin(), subdivide=2)
        colours = self._skin.data.color_attributes.new("Tint", "FLOAT_COLOR", "POINT")
        colours.data.foreach_set("color", tint(head).astype("f").ravel())
        surface = self._surface()
        fibre = materials.lacquer("hair", HAIR_COLOUR, 0.38)
        self._rigid = [
            _strands("hair", grow_hair(STRANDS, seed, surface), fibre, 0.0055, 0.0020),
            _mesh("upper teeth", parts.teeth(upper=True), _enamel(), subdivide=2),
            _mesh("upper gum", parts.gum(upper=True), _flesh()),
        ]
        left = parts.ear()
        for sign in (1, -1):
            points = left.points * [sign, 1, 1]
            faces = left.faces if sign == 1 else [f[::-1] for f in left.faces]
            self._rigid.append(_mesh("ear", parts.Part(points, faces), _ear_skin(), subdivide=1))
        self._jaw = [
            _mesh("lower teeth", parts.teeth(upper=False), _enamel(), subdivide=2),
            _mesh("lower gum", parts.gum(upper=False), _flesh()),
            _mesh("tongue", parts.tongue(), _flesh(), subdivide=1),
        ]
        iris = materials.eye(IRIS_CM * CM, IRIS_COLOUR)
        ball = parts.ball((EYE_RADIUS,) * 3, 48, 64)
        self._eyes = {side: _mesh(f"{side} eye", ball, iris) for side in topo.EYES}
        jersey = _mesh("jersey", parts.jersey(), materials.knit(JERSEY_COLOUR), subdivide=2)
        jersey.matrix_world = Matrix(TO_WORLD)
        self._lashes = Fringe("lashes", surface, head, seed)

    def pose(self, frame: Frame, rotation: Array, translation_m: Array) -> float:
        """Pose all of her; returns the opening of the mouth in metres."""
        puppeteer = self._puppeteer
        head = _rigid(rotation, PIVOT, translation_m / CM)
        gazes = {side: _gaze(head, eye_centre(side)) for side in self._eyes}
        frame = replace(frame, gaze_down=float(np.arcsin(-gazes["left"][1, 2])))
        shaped = puppeteer.shape(frame)
        placed = puppeteer.place(shaped, rotation, translation_m / CM)
        self._skin.data.vertices.foreach_set("co", (placed * CM).astype("f").ravel())
        self._skin.data.update()
        self._skin.matrix_world = Matrix(TO_WORLD)

        for thing in self._rigid:
            thing.matrix_world = Matrix(TO_WORLD @ head)
        jaw = head @ _rigid(puppeteer.lower_teeth(frame), HINGE, np.zeros(3))
        for thing in self._jaw:
            thing.matrix_world = Matrix(TO_WORLD @ jaw)
        for side, eye in self._eyes.items():
            eye.matrix_world = Matrix(TO_WORLD @ head @ gazes[side])
        self._lashes.follow(self._surface(), lids(frame), rotation)
        return puppeteer.opening(shaped)

    def _surface(self) -> Array:
        """Points of the subdivided skin, head frame, centimetres; the mesh's own points come first."""
        graph = bpy.context.evaluated_depsgraph_get()
        mesh = self._skin.evaluated_get(graph).to_mesh()
        points = np.empty(3 * len(mesh.vertices), "f")
        mesh.vertices.foreach_get("co", points)
        return points.reshape(-1, 3).astype(float) / CM


class Fringe:
    """Lashes and brows: short strands that stand on the skin and go with it."""

    def __init__(self, name: str, surface: Array, head: Head, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._roots: list[tuple[int, int, float]] = []  # between two points of the skin
        self._kind: list[tuple[str, float]] = []
        for side, ring in topo.EYES.items():
            upper = [ring[8], *ring[9:16], ring[0]]
            for at in np.linspace(0.9, 7.9, 90):
                i = min(int(at), 7)
                self._roots.append((upper[i], upper[i + 1], at - i))
                self._kind.append((side, at / 8))
            lower = ring[0:9]
            for at in np.linspace(0.6, 6.0, 34):
                i = min(int(at), 7)
                self._roots.append((lower[i], lower[i + 1], at - i))
                self._kind.append((side, -at / 8 - 1e-3))
        self._jitter = random.normal(0, 1, (len(self._roots), 3))
        self._object = _strands(
            name, self._lash_points(surface, 0.0, rot.IDENTITY), _lash_fibre(), 0.010, 0.002
        )
        self._object.matrix_world = Matrix(TO_WORLD)
        self._brows = _Brows(surface, random)

    def follow(self, surface: Array, blink: float, rotation: Array) -> None:
        _set_points(self._object, self._lash_points(surface, blink, rotation))
        self._brows.follow(surface, rotation)

    def _lash_points(self, surface: Array, blink: float, rotation: Array) -> Array:
        a, b, share = (np.array(column) for column in zip(*self._roots, strict=True))
        root = surface[a] + share[:, None] * (surface[b] - surface[a])
        outer = np.array([1.0 if side == "left" else -1.0 for side, _ in self._kind])
        at = np.array([where for _, where in self._kind])
        upper = at >= 0
        along = np.where(upper, at, 1 + at)  # 0 at the nose, 1 at the temple
        length = np.where(upper, 0.48 + 0.42 * along, 0.26) * (1 + 0.12 * self._jitter[:, 0])
        lift = np.where(upper, 0.55 - 1.15 * blink, -0.55)
        fan = outer * (along - 0.35) * 0.9
        out = rot.rotate(rotation, np.stack([fan, 0.2 * lift, np.ones(len(at))], 1))
        curl = rot.rotate(rotation, np.stack([0.5 * fan, lift, np.full(len(at), 0.2)], 1))
        u = np.linspace(0, 1, 5)[None, :, None]
        out = out + 0.10 * self._jitter
        return np.asarray(
            root[:, None] + length[:, None, None] * (0.75 * u * out[:, None] + 0.55 * u**2 * curl[:, None])
        )


class _Brows:
    COUNT = 340

    def __init__(self, surface: Array, random: np.random.Generator) -> None:
        self._jitter = random.normal(0, 1, (2 * self.COUNT, 3))
        self._along = np.tile(random.uniform(0, 1, self.COUNT), 2)
        self._across = np.tile(random.uniform(0, 1, self.COUNT), 2)
        self._object = _strands("brows", self._points(surface, rot.IDENTITY), _brow_fibre(), 0.0085, 0.002)
        self._object.matrix_world = Matrix(TO_WORLD)

    def follow(self, surface: Array, rotation: Array) -> None:
        _set_points(self._object, self._points(surface, rotation))

    def _points(self, surface: Array, rotation: Array) -> Array:
        strands = []
        for number, (high, low) in enumerate(
            (
                ([336, 296, 334, 293, 300], [285, 295, 282, 283, 276]),
                ([107, 66, 105, 63, 70], [55, 65, 52, 53, 46]),
            )
        ):
            rows = slice(number * self.COUNT, (number + 1) * self.COUNT)
            along, across = self._along[rows], self._across[rows]
            knots = np.linspace(0, 1, 5)
            top = np.stack([np.interp(along, knots, surface[high, k]) for k in range(3)], 1)
            bottom = np.stack([np.interp(along, knots, surface[low, k]) for k in range(3)], 1)
            width = np.interp(along, [0, 0.15, 0.55, 1], [0.62, 0.66, 0.50, 0.10])
            root = 0.5 * (top + bottom) + ((across - 0.5) * width)[:, None] * (top - bottom) * 1.2
            root += rot.rotate(rotation, np.stack([0 * along, -0.22 * (1 - along) ** 2, 0 * along + 0.04], 1))
            sign = 1.0 if number == 0 else -1.0
            rise = np.interp(along, [0, 0.2, 0.6, 1], [0.75, 0.40, 0.02, -0.35]) + 0.5 * (0.5 - across)
            direction = np.stack([np.full(len(along), sign), rise, -0.55 * along**1.5], 1)
            direction += 0.09 * self._jitter[rows]
            direction = rot.rotate(rotation, direction / np.linalg.norm(direction, axis=1, keepdims=True))
            bulge = rot.rotate(rotation, [0.0, 0.0, 1.0])
            u = np.linspace(0, 1, 5)[None, :, None]
            length = (0.50 * (1 + 0.15 * self._jitter[rows, 0]))[:, None, None]
            strands.append(
                root[:, None] + length * (u * direction[:, None] + 0.14 * np.sin(np.pi * u) * bulge)
            )
        return np.concatenate(strands)


def _gaze(head: Array, centre: Array) -> Array:
    """Turn an eye, in the head's frame, towards the camera."""
    camera = np.linalg.inv(TO_WORLD) @ np.array([*CAMERA_M, 1.0]) / [CM, CM, CM, 1.0]
    direction = (np.linalg.inv(head) @ camera)[:3] - centre
    direction /= np.linalg.norm(direction)
    axis = np.cross([0.0, 0.0, 1.0], direction)
    turn = rot.from_rotvec(axis * np.arccos(direction[2]) / max(float(np.linalg.norm(axis)), 1e-9))
    matrix = np.eye(4)
    matrix[:3, :3] = rot.to_matrix(turn)
    matrix[:3, 3] = centre * CM
    return matrix


def _rigid(rotation: Array, pivot: Array, shift: Array) -> Array:
    """Rotation about a pivot, then a shift, both centimetres, as a matrix in metres."""
    matrix = np.eye(4)
    matrix[:3, :3] = rot.to_matrix(rotation)
    matrix[:3, 3] = (pivot + shift - matrix[:3, :3] @ pivot) * CM
    return matrix


def _mesh(name: str, part: parts.Part, material: Any, subdivide: int = 0) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((part.points * CM).tolist(), [], part.faces)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    if subdivide:
        modifier = thing.modifiers.new("smooth", "SUBSURF")
        modifier.levels = modifier.render_levels = subdivide
    return thing


def _strands(name: str, points: Array, material: Any, root_cm: float, tip_cm: float) -> Any:
    data = bpy.data.hair_curves.new(name)
    data.add_curves([points.shape[1]] * len(points))
    radius = data.attributes.new("radius", "FLOAT", "POINT")
    taper = np.linspace(1, 0, points.shape[1]) ** 0.7
    width = (tip_cm + (root_cm - tip_cm) * taper) * CM
    radius.data.foreach_set("value", np.tile(width, len(points)).astype("f"))
    data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    _set_points(thing, points)
    return thing


def _set_points(strands: Any, points: Array) -> None:
    strands.data.position_data.foreach_set("vector", (points * CM).astype("f").ravel())
    strands.data.update_tag()


def _enamel() -> Any:
    return materials.lacquer("enamel", (0.80, 0.74, 0.64), 0.18, coat=0.5, glow=0.4)


def _flesh() -> Any:
    return materials.lacquer("flesh", (0.42, 0.10, 0.09), 0.3, glow=0.5)


def _ear_skin() -> Any:
    return materials.lacquer("ear", (0.60, 0.31, 0.22), 0.45, glow=1.0)


def _lash_fibre() -> Any:
    return materials.lacquer("lashes", (0.006, 0.004, 0.003), 0.5)


def _brow_fibre() -> Any:
    return materials.lacquer("brows", BROW_COLOUR, 0.5)
