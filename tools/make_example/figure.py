"""The figure in Blender: objects made once, and posed frame by frame."""

from dataclasses import replace
from typing import Any

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.types import Array
from mannerism.tools.make_example import blender_objects, head_meshes, materials
from mannerism.tools.make_example import topology as topo
from mannerism.tools.make_example.blender_objects import CM, TO_WORLD
from mannerism.tools.make_example.complexion import tint
from mannerism.tools.make_example.fringe import Brows, Lashes
from mannerism.tools.make_example.hair import grow_hair
from mannerism.tools.make_example.head import EYE_RADIUS, Head, eye_centre
from mannerism.tools.make_example.pose import HINGE, PIVOT, Frame, Puppeteer, lids
from mannerism.tools.make_example.studio import CAMERA_M

STRANDS = 9000
IRIS_CM = 0.69
IRIS_COLOUR = (0.10, 0.16, 0.085)
HAIR_COLOUR = (0.115, 0.042, 0.020)
BROW_COLOUR = (0.085, 0.036, 0.019)
LASH_COLOUR = (0.006, 0.004, 0.003)
JERSEY_COLOUR = (0.035, 0.16, 0.17)
ENAMEL_COLOUR = (0.80, 0.74, 0.64)
FLESH_COLOUR = (0.55, 0.14, 0.12)
EAR_COLOUR = (0.60, 0.31, 0.22)


class Figure:
    """Her objects in the current scene."""

    def __init__(self, head: Head, seed: int) -> None:
        self._puppeteer = Puppeteer(head)
        self._skin = blender_objects.add_mesh(
            "skin", head_meshes.Part(head.points, head.faces), materials.skin(), subdivide=2
        )
        colours = self._skin.data.color_attributes.new("Tint", "FLOAT_COLOR", "POINT")
        colours.data.foreach_set("color", tint(head).astype("f").ravel())
        skin = blender_objects.surface(self._skin)

        enamel = materials.lacquer("enamel", ENAMEL_COLOUR, 0.18, coat=0.5, glow=0.4)
        flesh = materials.lacquer("flesh", FLESH_COLOUR, 0.3, glow=0.5)
        ear_skin = materials.lacquer("ear", EAR_COLOUR, 0.45, glow=1.0)
        fibre = materials.lacquer("hair", HAIR_COLOUR, 0.38)
        self._rigid = [
            blender_objects.add_strands("hair", grow_hair(STRANDS, seed, skin), fibre, 0.0090, 0.0035),
            blender_objects.add_mesh("upper teeth", head_meshes.teeth(upper=True), enamel, subdivide=2),
            blender_objects.add_mesh("upper gum", head_meshes.gum(upper=True), flesh),
            *(
                blender_objects.add_mesh("ear", head_meshes.ear(left=left), ear_skin, subdivide=1)
                for left in (True, False)
            ),
        ]
        self._jaw = [
            blender_objects.add_mesh("lower teeth", head_meshes.teeth(upper=False), enamel, subdivide=2),
            blender_objects.add_mesh("lower gum", head_meshes.gum(upper=False), flesh),
            blender_objects.add_mesh("tongue", head_meshes.tongue(), flesh, subdivide=1),
        ]
        iris = materials.eye(IRIS_CM * CM, IRIS_COLOUR)
        ball = head_meshes.ball((EYE_RADIUS,) * 3, 48, 64)
        self._eyes = {side: blender_objects.add_mesh(f"{side} eye", ball, iris) for side in topo.EYES}
        blender_objects.add_mesh("jersey", head_meshes.jersey(), materials.knit(JERSEY_COLOUR), subdivide=2)

        random = np.random.default_rng(seed)
        self._lashes, self._brows = Lashes(random), Brows(random)
        lash_fibre = materials.lacquer("lashes", LASH_COLOUR, 0.5)
        brow_fibre = materials.lacquer("brows", BROW_COLOUR, 0.5)
        lashes = self._lashes.points(skin, 0.0, rot.IDENTITY)
        brows = self._brows.points(skin, rot.IDENTITY)
        self._lash_strands = blender_objects.add_strands("lashes", lashes, lash_fibre, 0.010, 0.002)
        self._brow_strands = blender_objects.add_strands("brows", brows, brow_fibre, 0.0085, 0.002)

    def pose(self, frame: Frame, rotation: Array, translation_m: Array) -> float:
        """Pose all of her; returns the opening of the mouth in metres."""
        puppeteer = self._puppeteer
        head = _rigid(rotation, PIVOT, translation_m / CM)
        gazes = {side: _gaze(head, eye_centre(side)) for side in self._eyes}
        frame = replace(frame, gaze_down=float(np.arcsin(-gazes["left"][1, 2])))
        shaped = puppeteer.shape(frame)
        blender_objects.move_mesh(self._skin, puppeteer.place(shaped, rotation, translation_m / CM))

        for thing in self._rigid:
            blender_objects.place(thing, head)
        jaw = head @ _rigid(puppeteer.lower_teeth(frame), HINGE, np.zeros(3))
        for thing in self._jaw:
            blender_objects.place(thing, jaw)
        for side, eye in self._eyes.items():
            blender_objects.place(eye, head @ gazes[side])

        skin = blender_objects.surface(self._skin)
        blender_objects.move_strands(self._lash_strands, self._lashes.points(skin, lids(frame), rotation))
        blender_objects.move_strands(self._brow_strands, self._brows.points(skin, rotation))
        return puppeteer.opening(shaped)


def _gaze(head: Array, centre: Array) -> Array:
    """Where an eye sits in the head's frame and how it turns to look into the camera, as (4, 4), metres."""
    camera = np.linalg.inv(TO_WORLD @ head) @ [*CAMERA_M, 1.0]
    direction = camera[:3] - centre * CM
    direction /= np.linalg.norm(direction)
    axis = np.cross([0.0, 0.0, 1.0], direction)
    turn: Any = rot.from_rotvec(axis * np.arccos(direction[2]) / max(float(np.linalg.norm(axis)), 1e-9))
    matrix = np.eye(4)
    matrix[:3, :3] = rot.to_matrix(turn)
    matrix[:3, 3] = centre * CM
    return matrix


def _rigid(rotation: Array, pivot: Array, shift: Array) -> Array:
    """Rotation about a pivot, then a shift, both centimetres, as a matrix (4, 4) in metres."""
    matrix = np.eye(4)
    matrix[:3, :3] = rot.to_matrix(rotation)
    matrix[:3, 3] = (pivot + shift - matrix[:3, :3] @ pivot) * CM
    return matrix
