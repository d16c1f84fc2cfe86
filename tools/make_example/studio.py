"""Camera, three lights, a soft backdrop, and how Cycles renders them."""

from dataclasses import dataclass
from math import pi
from typing import Any

import bpy
from mathutils import Vector

FOCAL_HEIGHTS = 1.5
CAMERA_M = (0.0, -0.62, -0.028)
"""Blender's axes: x to the subject's left, -y out of the face, z up."""

AMBIENT = (0.11, 0.12, 0.14, 1.0)
BACKDROP = ((0.060, 0.080, 0.095, 1.0), (0.30, 0.325, 0.33, 1.0))

# Place, size, power and colour of each lamp; all look at the middle of the face.
LAMPS = {
    "key": ((-0.55, -0.75, 0.55), 0.34, 15.5, (1.0, 0.93, 0.85)),
    "fill": ((0.8, -0.7, 0.1), 0.7, 2.2, (0.86, 0.93, 1.0)),
    "left rim": ((0.55, 0.55, 0.55), 0.35, 9.0, (1.0, 0.95, 0.88)),
    "right rim": ((-0.6, 0.5, 0.4), 0.3, 7.0, (0.9, 0.95, 1.0)),
}


@dataclass(frozen=True)
class Quality:
    """Side of the square picture in pixels, and light paths per pixel."""

    size: int
    samples: int


QUICK = Quality(256, 4)
FILM = Quality(384, 10)
STILL = Quality(480, 48)


def set_up(quality: Quality, threads: int) -> Any:
    """Camera, lamps, backdrop and render settings of an empty scene."""
    scene = bpy.context.scene
    scene.camera = _camera()
    for name in LAMPS:
        _lamp(name)
    _world(scene)
    _settings(scene, quality, threads)
    return scene


def _camera() -> Any:
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "VERTICAL"
    data.sensor_height = data.sensor_width = 24.0
    data.lens = FOCAL_HEIGHTS * data.sensor_height
    camera = _link(bpy.data.objects.new("camera", data))
    camera.location = CAMERA_M
    camera.rotation_euler = (pi / 2, 0.0, 0.0)
    return camera


def _lamp(name: str) -> None:
    place, size, power, colour = LAMPS[name]
    data = bpy.data.lights.new(name, "AREA")
    data.size, data.energy, data.color = size, power, colour
    lamp = _link(bpy.data.objects.new(name, data))
    lamp.location = place
    lamp.rotation_euler = (-Vector(place)).to_track_quat("-Z", "Y").to_euler()


def _world(scene: Any) -> None:
    """Dim light from everywhere; the camera sees a soft gradient instead, which costs no rays."""
    world = bpy.data.worlds.new("studio")
    world.use_nodes = True
    tree = world.node_tree
    ambient = tree.nodes["Background"]
    ambient.inputs["Color"].default_value = AMBIENT
    place = tree.nodes.new("ShaderNodeTexCoord")
    shift = tree.nodes.new("ShaderNodeMapping")
    shift.inputs["Location"].default_value = (-0.62, -0.55, 0.0)
    tree.links.new(place.outputs["Window"], shift.inputs["Vector"])
    gradient = tree.nodes.new("ShaderNodeTexGradient")
    gradient.gradient_type = "QUADRATIC_SPHERE"
    tree.links.new(shift.outputs[0], gradient.inputs[0])
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.interpolation = "EASE"
    ramp.color_ramp.elements[0].color, ramp.color_ramp.elements[1].color = BACKDROP
    tree.links.new(gradient.outputs["Fac"], ramp.inputs[0])
    seen = tree.nodes.new("ShaderNodeBackground")
    tree.links.new(ramp.outputs[0], seen.inputs["Color"])
    ray = tree.nodes.new("ShaderNodeLightPath")
    mix = tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(ray.outputs["Is Camera Ray"], mix.inputs[0])
    tree.links.new(ambient.outputs[0], mix.inputs[1])
    tree.links.new(seen.outputs[0], mix.inputs[2])
    tree.links.new(mix.outputs[0], tree.nodes["World Output"].inputs["Surface"])
    scene.world = world


def _settings(scene: Any, quality: Quality, threads: int) -> None:
    scene.render.engine = "CYCLES"
    scene.render.resolution_x = scene.render.resolution_y = quality.size
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.25
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = quality.samples
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_quality, cycles.denoising_prefilter = "BALANCED", "ACCURATE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 1
    cycles.use_light_tree = False
    cycles.filter_width = 1.1
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.cycles_curves.shape = "RIBBONS"
    scene.cycles_curves.subdivisions = 1


def _link(thing: Any) -> Any:
    bpy.context.scene.collection.objects.link(thing)
    return thing
