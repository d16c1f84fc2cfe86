"""Which morph targets of a VRM character make its expressions, as the file states it: version 1, and 0."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..types import Array

_OLD = {
    "a": "aa",
    "i": "ih",
    "u": "ou",
    "e": "ee",
    "o": "oh",
    "blink": "blink",
    "blink_l": "blinkLeft",
    "blink_r": "blinkRight",
}
"""Names of version 0, and those of version 1."""


def expression_weights(document: Mapping[str, Any], expressions: Mapping[str, Array]) -> dict[int, Array]:
    """Weights (T, targets) of each mesh's node, by its index, for expressions (T,) by their names in version 1.

    A character without a blink for each eye blinks with both. Raises what a damaged document makes of this.
    """
    binds = list(_binds(document))
    found: dict[int, Array] = {}
    moving = dict(expressions)
    if not {"blinkLeft", "blinkRight"} & {name for name, *_ in binds}:
        moving["blink"] = np.maximum(moving["blinkLeft"], moving["blinkRight"])
    for name, node, target, weight in binds:
        if name in moving:
            mesh = document["meshes"][document["nodes"][node]["mesh"]]
            count = len(mesh["primitives"][0]["targets"])
            if node < 0 or not 0 <= target < count:
                raise ValueError("an expression moves a morph target that is not there")
            values = found.setdefault(node, np.zeros((len(moving[name]), count)))
            values[:, target] = np.clip(values[:, target] + weight * moving[name], 0.0, 1.0)
    return found


def _binds(document: Mapping[str, Any]) -> Iterator[tuple[str, int, int, float]]:
    """Expression, node, morph target and weight of each bind."""
    extensions = document.get("extensions", {})
    presets = extensions.get("VRMC_vrm", {}).get("expressions", {}).get("preset", {})
    for name, preset in presets.items():
        for bind in preset.get("morphTargetBinds", ()):
            yield name, int(bind["node"]), int(bind["index"]), float(bind["weight"])
    for group in extensions.get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", ()):
        for bind in group.get("binds", ()):
            for node, entry in enumerate(document["nodes"]):
                if entry.get("mesh") == bind["mesh"] and group.get("presetName") in _OLD:
                    yield _OLD[group["presetName"]], node, int(bind["index"]), float(bind["weight"]) / 100.0
