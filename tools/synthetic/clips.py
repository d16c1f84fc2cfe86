"""Clips of characters in files, read without Blender: world rotations of a node over time."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import ufbx

from mannerism.core import rotation as rot
from mannerism.core.types import Array


def fbx_clip(path: Path, node: str, time_s: Array) -> tuple[Array, Array]:
    """World rotations (T, 4) and positions (T, 3) in metres of a node of an FBX file, by `ufbx`: its first clip."""
    scene = ufbx.load_file(str(path))
    index = next(each.typed_id for each in scene.nodes if each.name == node)
    turns, places = [], []
    for t in time_s.tolist():
        shown = ufbx.evaluate_scene(scene, scene.anim, t)
        m = shown.nodes[index].node_to_world
        columns = np.array([[c.x, c.y, c.z] for c in (m.c0, m.c1, m.c2)]).T
        turns.append(rot.from_matrix(columns / np.linalg.norm(columns, axis=0)))
        places.append([m.c3.x, m.c3.y, m.c3.z])
    return np.array(turns), np.array(places) * scene.settings.unit_meters


def glb_clips(path: Path) -> list[str]:
    """Names of the clips in a binary glTF file."""
    return [str(each.get("name", "")) for each in _parts(path.read_bytes())[0].get("animations", [])]


def glb_clip(path: Path, node: str, time_s: Array, clip: int | None = None) -> tuple[Array, Array]:
    """The same of a binary glTF file, by its specification.

    clip : which of them; by default all at once
    """
    document, binary = _parts(path.read_bytes())
    parents = {child: i for i, each in enumerate(document["nodes"]) for child in each.get("children", [])}
    channels = {}
    for animation in document["animations"] if clip is None else [document["animations"][clip]]:
        for channel in animation["channels"]:
            sampler = animation["samplers"][channel["sampler"]]
            assert sampler.get("interpolation", "LINEAR") in {"LINEAR", "STEP"}
            target = channel["target"]
            channels[target["node"], target["path"]] = (
                _accessor(document, binary, sampler["input"])[:, 0],
                _accessor(document, binary, sampler["output"]),
            )
    line = [next(i for i, each in enumerate(document["nodes"]) if each.get("name") == node)]
    while line[-1] in parents:
        line.append(parents[line[-1]])
    world = np.tile(np.eye(4), (len(time_s), 1, 1))
    for index in reversed(line):
        world = world @ _local(document["nodes"][index], index, channels, time_s)
    columns = world[:, :3, :3]
    return rot.from_matrix(columns / np.linalg.norm(columns, axis=1, keepdims=True)), world[:, :3, 3]


def glb_weights(path: Path) -> Array:
    """Values of all shape keys that move in a binary glTF file, in one row."""
    document, binary = _parts(path.read_bytes())
    found = [
        _accessor(document, binary, animation["samplers"][channel["sampler"]]["output"])[:, 0]
        for animation in document["animations"]
        for channel in animation["channels"]
        if channel["target"]["path"] == "weights"
    ]
    return np.concatenate(found)


def _local(
    node: dict[str, Any],
    index: int,
    channels: dict[tuple[int, str], tuple[Array, Array]],
    time_s: Array,
) -> Array:
    assert "matrix" not in node

    def value(path: str, rest: list[float]) -> Array:
        if (index, path) not in channels:
            return np.tile(node.get(path, rest), (len(time_s), 1))
        times, values = channels[index, path]
        if path == "rotation":
            values = rot.continuous(values)
        return np.stack([np.interp(time_s, times, column) for column in values.T], axis=1)

    local = np.tile(np.eye(4), (len(time_s), 1, 1))
    turn = value("rotation", [0.0, 0.0, 0.0, 1.0])
    local[:, :3, :3] = rot.to_matrix(rot.normalize(turn[:, [3, 0, 1, 2]]))
    local[:, :3, :3] *= value("scale", [1.0, 1.0, 1.0])[:, None, :]
    local[:, :3, 3] = value("translation", [0.0, 0.0, 0.0])
    return local


def _parts(data: bytes) -> tuple[dict[str, Any], bytes]:
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def _accessor(document: dict[str, Any], binary: bytes, index: int) -> Array:
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor["type"]]
    assert accessor["componentType"] == 5126
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    values = np.frombuffer(binary, "<f4", accessor["count"] * width, start)
    return values.reshape(-1, width).astype(np.float64)
