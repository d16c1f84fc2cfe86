"""Materials as Cycles shader trees."""

from typing import Any

import bpy

Colour = tuple[float, float, float]


def skin() -> Any:
    """Skin: translucent, its colour painted on the mesh's points as `Tint`, with freckles."""
    material, surface = _principled("skin", roughness=0.46)
    tree = material.node_tree
    tint = tree.nodes.new("ShaderNodeAttribute")
    tint.attribute_name = "Tint"
    spots = tree.nodes.new("ShaderNodeTexVoronoi")
    spots.inputs["Scale"].default_value = 310.0
    place = tree.nodes.new("ShaderNodeTexCoord")
    tree.links.new(place.outputs["Object"], spots.inputs["Vector"])
    near = tree.nodes.new("ShaderNodeMapRange")
    near.inputs["From Min"].default_value, near.inputs["From Max"].default_value = 0.10, 0.30
    near.inputs["To Min"].default_value, near.inputs["To Max"].default_value = 0.5, 0.0
    tree.links.new(spots.outputs["Distance"], near.inputs["Value"])
    share = tree.nodes.new("ShaderNodeMath")
    share.operation = "MULTIPLY"
    tree.links.new(near.outputs[0], share.inputs[0])
    tree.links.new(tint.outputs["Alpha"], share.inputs[1])
    freckled = tree.nodes.new("ShaderNodeMix")
    freckled.data_type = "RGBA"
    tree.links.new(share.outputs[0], freckled.inputs["Factor"])
    tree.links.new(tint.outputs["Color"], freckled.inputs["A"])
    freckled.inputs["B"].default_value = (0.30, 0.115, 0.06, 1.0)
    tree.links.new(freckled.outputs["Result"], surface.inputs["Base Color"])
    surface.inputs["Subsurface Weight"].default_value = 1.0
    surface.inputs["Subsurface Radius"].default_value = (1.0, 0.36, 0.22)
    surface.inputs["Subsurface Scale"].default_value = 0.0045
    surface.inputs["Specular IOR Level"].default_value = 0.4
    return material


def lacquer(name: str, colour: Colour, roughness: float, coat: float = 0.0, glow: float = 0.0) -> Any:
    """A plain coloured surface, with translucency `glow` of a few millimetres."""
    material, surface = _principled(name, roughness=roughness)
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Coat Weight"].default_value = coat
    surface.inputs["Coat Roughness"].default_value = 0.05
    if glow:
        surface.inputs["Subsurface Weight"].default_value = glow
        surface.inputs["Subsurface Radius"].default_value = (1.0, 0.6, 0.4)
        surface.inputs["Subsurface Scale"].default_value = 0.002
    return material


def eye(iris_m: float, colour: Colour) -> Any:
    """An eyeball that looks along its +z: pupil, a fibrous iris with a dark rim, and a wet, warm white."""
    material, surface = _principled("eye", roughness=0.35)
    tree = material.node_tree
    surface.inputs["Coat Weight"].default_value = 1.0
    surface.inputs["Coat Roughness"].default_value = 0.01
    surface.inputs["Coat IOR"].default_value = 1.45
    place = tree.nodes.new("ShaderNodeTexCoord")
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(place.outputs["Object"], split.inputs[0])
    flat = tree.nodes.new("ShaderNodeCombineXYZ")
    tree.links.new(split.outputs["X"], flat.inputs["X"])
    tree.links.new(split.outputs["Y"], flat.inputs["Y"])
    radius = tree.nodes.new("ShaderNodeVectorMath")
    radius.operation = "LENGTH"
    tree.links.new(flat.outputs[0], radius.inputs[0])
    share = tree.nodes.new("ShaderNodeMath")
    share.operation = "DIVIDE"
    share.inputs[1].default_value = 2.0 * iris_m
    tree.links.new(radius.outputs["Value"], share.inputs[0])
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    dark = tuple(0.25 * c for c in colour)
    stops = [
        (0.0, (0.004, 0.004, 0.005)),
        (0.205, (0.004, 0.004, 0.005)),
        (0.225, tuple(1.5 * c + 0.02 for c in colour)),
        (0.36, colour),
        (0.45, tuple(0.55 * c for c in colour)),
        (0.485, dark),
        (0.515, (0.62, 0.55, 0.50)),
        (0.60, (0.80, 0.75, 0.71)),
        (1.0, (0.78, 0.66, 0.61)),
    ]
    elements = ramp.color_ramp.elements
    while len(elements) < len(stops):
        elements.new(0.5)
    for element, (position, value) in zip(elements, stops, strict=True):
        element.position = position
        element.color = (*value, 1.0)
    tree.links.new(share.outputs[0], ramp.inputs[0])
    tree.links.new(ramp.outputs[0], surface.inputs["Base Color"])
    return material


def knit(colour: Colour) -> Any:
    """Wool: rough, with a sheen."""
    material, surface = _principled("knit", roughness=0.9)
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Sheen Weight"].default_value = 0.4
    surface.inputs["Sheen Roughness"].default_value = 0.4
    return material


def _principled(name: str, roughness: float) -> tuple[Any, Any]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    surface = material.node_tree.nodes["Principled BSDF"]
    surface.inputs["Roughness"].default_value = roughness
    return material, surface
