"""A glTF file of the user's as one document and one buffer, whether it was .glb, .vrm or .gltf with files beside it."""

import base64
import struct
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .. import strict_json
from ..errors import RigError
from .damaged import DAMAGED
from .gltf_file import BINARY_CHUNK, JSON_CHUNK, MAGIC, Gltf

_LARGEST = 1 << 30
_LISTS = ("accessors", "animations", "buffers", "bufferViews", "images", "meshes", "nodes", "scenes", "skins")
_REMEDY = "Give a glTF 2.0 file as Blender or a game engine writes it"


def read_gltf(path: Path) -> Gltf:
    """Read a file; buffers and pictures beside it are taken into the one buffer.

    Raises
    ------
    RigError : no glTF 2.0, damaged, larger than 1 GB, or with parts that are not there or lie outside its folder
    """
    try:
        if not path.is_file():
            raise _refusal(path, "is no file")
        if path.stat().st_size > _LARGEST:
            raise _refusal(path, "is larger than 1 GB")
        raw = path.read_bytes()
        text, binary = _chunks(raw) if raw[:4] == struct.pack("<I", MAGIC) else (raw, b"")
        document = strict_json.loads(text, finite=True)
        if not isinstance(document, dict) or not str(document.get("asset", {}).get("version", "")).startswith(
            "2."
        ):
            raise _refusal(path, "is no glTF 2.0")
        return _with_one_buffer(path, document, binary)
    except OSError as error:
        raise _refusal(path, f"cannot be read ({error.strerror or error})") from error
    except DAMAGED as error:
        raise _refusal(path, "is damaged, or no glTF") from error


def _chunks(raw: bytes) -> tuple[bytes, bytes]:
    """JSON and buffer of the binary form."""
    _, version, length = struct.unpack_from("<III", raw)
    if version != 2 or length > len(raw):
        raise ValueError(f"version {version}, {length} bytes announced")
    found: dict[int, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", raw, at)
        if at + 8 + size > length:
            raise ValueError("a chunk is cut")
        found.setdefault(kind, raw[at + 8 : at + 8 + size])
        at += 8 + size
    return found[JSON_CHUNK], found.get(BINARY_CHUNK, b"")


def _with_one_buffer(path: Path, document: dict[str, Any], binary: bytes) -> Gltf:
    for kind in _LISTS:
        entries = document.get(kind, [])
        if not (isinstance(entries, list) and all(isinstance(each, dict) for each in entries)):
            raise ValueError(f"{kind} are no list")
    buffers = document.get("buffers", [])
    if not any("uri" in each for each in buffers) and len(buffers) <= 1:
        return Gltf(document, bytearray(binary))
    whole, starts = bytearray(), []
    for buffer in buffers:
        data = _load(path, buffer["uri"]) if "uri" in buffer else binary
        if len(data) < buffer["byteLength"]:
            raise ValueError("a buffer is cut")
        whole.extend(bytes(-len(whole) % 4))
        starts.append(len(whole))
        whole.extend(data[: buffer["byteLength"]])
    for view in document.get("bufferViews", []):
        if "EXT_meshopt_compression" in view.get("extensions", {}):
            raise _refusal(path, "is packed with meshopt and in parts")
        view["byteOffset"] = view.get("byteOffset", 0) + starts[view["buffer"]]
        view["buffer"] = 0
    file = Gltf(document, whole)
    for image in document.get("images", []):
        if "uri" in image and not image["uri"].startswith("data:"):
            data = _load(path, image.pop("uri"))
            image["bufferView"] = file.view(data)
            image["mimeType"] = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
    document["buffers"] = [{}]
    return file


def _load(path: Path, uri: str) -> bytes:
    """The bytes of a part: in the file itself, or of a file in its folder."""
    if uri.startswith("data:"):
        return base64.b64decode(uri.partition(",")[2], validate=True)
    folder = path.resolve().parent
    part = (folder / unquote(uri)).resolve()
    if not part.is_relative_to(folder):
        raise _refusal(path, f"asks for “{uri[:80]}”, which lies outside its folder")
    if not part.is_file() or part.stat().st_size > _LARGEST:
        raise _refusal(path, f"lacks its part “{uri[:80]}”")
    return part.read_bytes()


def _refusal(path: Path, what: str) -> RigError:
    return RigError(f"“{path.name}” {what}", _REMEDY)
