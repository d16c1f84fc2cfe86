"""A glTF character made by code: a skinned body whose bones lie in odd ways, with a face that has morph targets."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.export.gltf_file import Gltf
from mannerism.core.types import Array

PLACES: Mapping[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0, 0.95, 0)),
    "spine": ("hips", (0, 1.05, 0)),
    "chest": ("spine", (0, 1.25, -0.02)),
    "neck": ("chest", (0, 1.48, -0.03)),
    "head": ("neck", (0, 1.57, 0)),
    "shoulder.L": ("chest", (0.06, 1.42, 0)),
    "arm.L": ("shoulder.L", (0.17, 1.42, 0)),
    "forearm.L": ("arm.L", (0.43, 1.42, 0)),
    "shoulder.R": ("chest", (-0.06, 1.42, 0)),
    "arm.R": ("shoulder.R", (-0.17, 1.42, 0)),
    "forearm.R": ("arm.R", (-0.43, 1.42, 0)),
    "thigh.L": ("hips", (0.09, 0.92, 0)),
    "shin.L": ("thigh.L", (0.09, 0.5, 0)),
    "foot.L": ("shin.L", (0.09, 0.1, 0)),
    "thigh.R": ("hips", (-0.09, 0.92, 0)),
    "shin.R": ("thigh.R", (-0.09, 0.5, 0)),
    "foot.R": ("shin.R", (-0.09, 0.1, 0)),
}
"""Parent and place of each bone in metres: left, up, out of the face."""


def local_axes(seed: int) -> dict[str, Array]:
    """A rotation for each bone, from its own axes to the body's: none lies like another."""
    rng = np.random.default_rng(seed)
    return {name: rot.normalize(rng.normal(size=4)) for name in PLACES}


def write_character(
    path: Path,
    *,
    targets: Sequence[str] = (),
    seed: int = 0,
    scale: float = 1.0,
    world: Array = rot.IDENTITY,
    matrices: bool = False,
) -> Path:
    """Write the character, under a node that scales and turns it.

    targets : names of the face's morph targets, of which the second rests at 0.25
    scale : of the node, and the body below it is smaller by it
    world : rotation of the node
    matrices : state the nodes as matrices
    """
    file = Gltf()
    axes = local_axes(seed)
    top = file.append(
        "nodes",
        {"name": "Armature", "rotation": world[[1, 2, 3, 0]].tolist(), "scale": [scale] * 3, "children": []},
    )
    index: dict[str, int] = {}
    for name, (parent, place) in PLACES.items():
        above = rot.IDENTITY if parent is None else axes[parent]
        origin = (0.0, 0.0, 0.0) if parent is None else PLACES[parent][1]
        offset = rot.rotate(rot.inverse(above), np.subtract(place, origin)) / scale
        turn = rot.multiply(rot.inverse(above), axes[name])
        node: dict[str, object] = {
            "name": name,
            "translation": offset.tolist(),
            "rotation": turn[[1, 2, 3, 0]].tolist(),
        }
        if matrices:
            whole = np.eye(4)
            whole[:3, :3], whole[:3, 3] = rot.to_matrix(turn), offset
            node = {"name": name, "matrix": whole.T.ravel().tolist()}
        index[name] = file.append("nodes", node)
        carrier = top if parent is None else index[parent]
        file.document["nodes"][carrier].setdefault("children", []).append(index[name])
    corners = file.accessor(np.array([[0.0, 1.6, 0.1], [0.01, 1.6, 0.1], [0.0, 1.61, 0.1]]), limits=True)
    mesh: dict[str, object] = {"name": "Head", "primitives": [{"attributes": {"POSITION": corners}}]}
    if targets:
        mesh["primitives"] = [
            {"attributes": {"POSITION": corners}, "targets": [{"POSITION": corners}] * len(targets)}
        ]
        mesh["weights"] = [0.25 * (at == 1) for at in range(len(targets))]
        mesh["extras"] = {"targetNames": list(targets)}
    file.append("meshes", mesh)
    skin = file.append("skins", {"joints": list(index.values())})
    face = file.append("nodes", {"name": "Head", "mesh": 0, "skin": skin})
    file.document |= {"scene": 0, "scenes": [{"nodes": [top, face]}]}
    file.animation("old", np.array([0.0, 1.0]), [(index["arm.L"], "rotation", np.tile(rot.IDENTITY, (2, 1)))])
    file.write(path)
    return path
