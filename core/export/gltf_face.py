"""A speaking face as glTF: weights of morph targets, on a small mesh or on a character; and as VRM Animation."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import rotation as rot
from ..errors import RigError
from ..face.key_search import best_set, find_keys
from ..face.named import named, weighted
from ..face.shape_keys import SETS
from ..motion import HeadMotion
from .damaged import DAMAGED
from .gltf import OWN, add_body
from .gltf_file import Gltf
from .gltf_read import read_gltf
from .gltf_skeleton import Channel, head_channels, with_animation
from .presets import ANY, Form
from .skeleton import lay_out
from .vrm_expressions import expression_weights
from .vrma import NO_SHIFT, write_performance

if TYPE_CHECKING:
    from ..face.curves import FaceCurves
    from ..types import Array


def write_face_vrma(
    path: Path, curves: "FaceCurves", head: HeadMotion | None, form: Form = ANY
) -> tuple[str, ...]:
    """Write a VRM Animation of expressions, and of neck and head."""
    still = np.broadcast_to(rot.IDENTITY, (len(curves.time_s), 4))
    turns = still if head is None else head.rotation
    write_performance(path, curves.time_s, turns, named(curves.channels, "vrm"), form)
    return (NO_SHIFT,) if head is not None and head.translation_m.any() else ()


def write_face_gltf(
    path: Path, curves: "FaceCurves", head: HeadMotion | None, form: Form = ANY
) -> tuple[str, ...]:
    """Write weights of morph targets: of the form's character, else of a small mesh that has ARKit's names.

    Raises
    ------
    RigError : the character cannot be read, or has no morph targets with known names
    """
    if form.skeleton is not None:
        return _onto(path, curves, head, form)
    file = Gltf()
    corners = np.array([[-0.01, 0.0, 0.0], [0.01, 0.0, 0.0], [0.0, 0.02, 0.0]])
    moved = file.accessor(np.array([[0.0, 0.0, 0.001]] * 3), limits=True)
    names = list(curves.channels)
    primitive = {
        "attributes": {"POSITION": file.accessor(corners, limits=True)},
        "targets": [{"POSITION": moved}] * len(names),
    }
    file.append("meshes", {"name": "Face", "primitives": [primitive], "extras": {"targetNames": names}})
    node = file.append("nodes", {"name": "Face", "mesh": 0})
    file.document |= {"scene": 0, "scenes": [{"nodes": [node]}]}
    weights: Channel = (node, "weights", np.column_stack(list(curves.channels.values())))
    if head is None:
        file.animation(path.stem, curves.time_s, [weights])
    else:
        add_body(file, lay_out(head, form, own=OWN), path.stem, [weights])
    file.write(path)
    return ()


def _onto(path: Path, curves: "FaceCurves", head: HeadMotion | None, form: Form) -> tuple[str, ...]:
    assert form.skeleton is not None
    file = read_gltf(form.skeleton)
    try:
        channels, keys = _morphs(file.document, curves)
    except DAMAGED as error:
        raise RigError(
            f"“{form.skeleton.name}” is damaged: its meshes cannot be read", "Export it again"
        ) from error
    if not channels:
        raise RigError(
            f"“{form.skeleton.name}” has no morph targets with names of a known set",
            "Name them as ARKit, VRM or another set in docs/blender.md does",
        )
    said = [f"{keys} morph targets move."]
    if head is not None:
        own, notes = head_channels(file, head, form)
        channels += own
        said += notes
    return (*said, *with_animation(file, path, curves.time_s, channels))


def _morphs(document: dict[str, Any], curves: "FaceCurves") -> tuple[list[Channel], int]:
    """Channels of weights (T, targets) for each node whose mesh has targets that speech moves, and how many do."""
    channels: list[Channel] = []
    count = 0
    meshes = document.get("meshes", [])
    names = [[str(name) for name in mesh.get("extras", {}).get("targetNames", ())] for mesh in meshes]
    chosen = best_set([each for each in names if each])
    for at, node in enumerate(document.get("nodes", [])):
        mesh = node.get("mesh")
        if mesh is None or chosen is None:
            continue
        keys = weighted(curves.channels, find_keys(names[mesh], SETS[chosen]))
        if keys:
            rest = node.get("weights") or meshes[mesh].get("weights") or [0.0] * len(names[mesh])
            values: Array = np.tile(np.asarray(rest, np.float64), (len(curves.time_s), 1))
            for name, column in keys.items():
                values[:, names[mesh].index(name)] = column
            channels.append((at, "weights", values))
            count += len(keys)
    if not channels:  # targets without names of a set, as many a VRM has: its expressions say what they are
        stated = expression_weights(document, named(curves.channels, "vrm"))
        channels = [(at, "weights", values) for at, values in stated.items()]
        count = sum(int(values.any(axis=0).sum()) for values in stated.values())
    if not all(np.isfinite(values).all() for _, _, values in channels):
        raise ValueError("a weight is no number")
    return channels, count
