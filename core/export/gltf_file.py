"""A glTF 2.0 file in the making: its JSON, and the one buffer that keys are appended to.

The specification is that of Khronos (registry.khronos.org/glTF/specs/2.0). Times of keys are 32-bit floats there:
each is the nearest one to its frame, so none is off by more than 0.13 ms in the first hour and errors do not add up.
"""

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..files import replacing
from ..types import Array

MAGIC, JSON_CHUNK, BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT = 5126
_TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}


@dataclass
class Gltf:
    """What a file holds.

    document : its JSON
    binary : the buffer 0, which the accessors look into
    """

    document: dict[str, Any] = field(
        default_factory=lambda: {"asset": {"version": "2.0", "generator": "Mannerism"}}
    )
    binary: bytearray = field(default_factory=bytearray)

    def append(self, kind: str, entry: dict[str, Any]) -> int:
        """Append to a list of the document, as `nodes`; returns the index."""
        entries: list[Any] = self.document.setdefault(kind, [])
        entries.append(entry)
        return len(entries) - 1

    def view(self, data: bytes) -> int:
        """Append bytes to the buffer, where numbers may begin; returns the index of their view."""
        self.binary.extend(bytes(-len(self.binary) % 4))
        entry = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.binary.extend(data)
        return self.append("bufferViews", entry)

    def accessor(self, values: Array, *, limits: bool = False) -> int:
        """Append values (N,), (N, 3) or (N, 4) as 32-bit floats; returns the accessor's index.

        limits : state the smallest and the largest, as times and positions need it
        """
        rows = np.asarray(values, np.float32).reshape(len(values), -1)
        entry: dict[str, Any] = {
            "bufferView": self.view(rows.astype("<f4").tobytes()),
            "componentType": _FLOAT,
            "count": len(values),
            "type": _TYPES[rows.shape[1]] if np.ndim(values) > 1 else "SCALAR",
        }
        if limits:
            entry |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        return self.append("accessors", entry)

    def animation(self, name: str, time_s: Array, channels: list[tuple[int, str, Array]]) -> None:
        """Append an animation.

        time_s : (T,) seconds
        channels : node, path, and values (T, k): translation, rotation as wxyz, or weights
        """
        times = self.accessor(time_s, limits=True)
        samplers: list[dict[str, Any]] = []
        targets: list[dict[str, Any]] = []
        for node, path, values in channels:
            keys = values[:, [1, 2, 3, 0]] if path == "rotation" else values
            output = self.accessor(keys.ravel() if path == "weights" else keys)
            targets.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
            samplers.append({"input": times, "output": output, "interpolation": "LINEAR"})
        self.append("animations", {"name": name, "samplers": samplers, "channels": targets})

    def write(self, path: Path) -> None:
        """Write the binary form, whole or not at all. Raises OutputError."""
        self.binary.extend(bytes(-len(self.binary) % 4))
        buffers = self.document.get("buffers") or [{}]
        self.document["buffers"] = [{**buffers[0], "byteLength": len(self.binary)}, *buffers[1:]]
        text = json.dumps(self.document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        length = 12 + 8 + len(text) + 8 + len(self.binary)
        with replacing(path) as temporary, temporary.open("wb") as file:
            file.write(struct.pack("<III", MAGIC, 2, length))
            file.write(struct.pack("<II", len(text), JSON_CHUNK) + text)
            file.write(struct.pack("<II", len(self.binary), BINARY_CHUNK))
            file.write(self.binary)
