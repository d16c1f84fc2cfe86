"""Binary FBX as a tree of nodes, 7.0 and later: read, changed and written without losing what is not understood.

The layout is that which Blender documents (code.blender.org/2013/08/fbx-binary-file-format-specification): each record has its
end, its properties and its children. Properties stay the bytes that they were until somebody asks for their value.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAGIC = b"Kaydara FBX Binary  \x00\x1a\x00"
_WIDE = 7500  # from this version on, records have 64-bit sizes
_DEEPEST = 64
_SCALARS = {b"Y": "<h", b"C": "<?", b"B": "<?", b"I": "<i", b"F": "<f", b"D": "<d", b"L": "<q"}
_ITEMS = {b"f": 4, b"d": 8, b"l": 8, b"i": 4, b"b": 1, b"c": 1}
_FOOT_ID = b"\xfa\xbc\xab\x09\xd0\xc8\xd4\x66\xb1\x76\xfb\x83\x1c\xf7\x26\x7e"
_FOOT = b"\xf8\x5a\x8c\x6a\xde\xf5\xd9\x7e\xec\xe9\x0c\xe3\x75\x8f\x29\x0b"


@dataclass
class FbxNode:
    """A node.

    properties : each with its type, as it lies in the file
    closed : whether a mark ends its children, also where there are none
    """

    name: str
    properties: list[bytes] = field(default_factory=list)
    children: list["FbxNode"] = field(default_factory=list)
    closed: bool = False

    def all(self, name: str) -> Iterator["FbxNode"]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "FbxNode":
        """The first child of a name; a new one where there is none."""
        found = next(self.all(name), None)
        if found is None:
            found = FbxNode(name)
            self.children.append(found)
        return found

    def value(self, index: int) -> Any:
        """A property: a number, or bytes. Raises ValueError for an array, IndexError where there is none."""
        raw = self.properties[index]
        if raw[:1] in _SCALARS:
            return struct.unpack(_SCALARS[raw[:1]], raw[1:])[0]
        if raw[:1] in {b"S", b"R"}:
            return raw[5:]
        raise ValueError("an array")


def node(name: str, *values: Any, children: Sequence[FbxNode] = (), closed: bool = False) -> FbxNode:
    """A new node: whole numbers below 2³¹ are written as 32 bits, numpy's arrays by their type."""
    return FbxNode(name, [encoded(value) for value in values], list(children), closed)


def encoded(value: Any) -> bytes:
    """A property as bytes."""
    match value:
        case bool():
            return b"C" + struct.pack("<?", value)
        case np.integer():
            return b"L" + struct.pack("<q", int(value))
        case int():
            return b"I" + struct.pack("<i", value)
        case float():
            return b"D" + struct.pack("<d", value)
        case np.ndarray():
            kind = {"float32": b"f", "float64": b"d", "int64": b"l", "int32": b"i"}[value.dtype.name]
            data = value.astype(value.dtype.newbyteorder("<")).tobytes()
            return kind + struct.pack("<III", value.size, 0, len(data)) + data
        case _:
            data = value if isinstance(value, bytes) else str(value).encode()
            return b"S" + struct.pack("<I", len(data)) + data


def read_nodes(raw: bytes) -> tuple[int, FbxNode]:
    """Version, and a node that holds those of the file. Raises ValueError, struct.error where it is damaged."""
    if raw[: len(MAGIC)] != MAGIC:
        raise ValueError("no binary FBX")
    (version,) = struct.unpack_from("<I", raw, len(MAGIC))
    top = FbxNode("")
    at = len(MAGIC) + 4
    while True:
        child, at = _read(raw, at, version, 0)
        if child is None:
            return version, top
        top.children.append(child)


def _read(raw: bytes, at: int, version: int, depth: int) -> tuple[FbxNode | None, int]:
    """The record at a place, None for the mark that ends a list; and the place after it."""
    head = struct.Struct("<QQQB" if version >= _WIDE else "<IIIB")
    end, count, length, name_length = head.unpack_from(raw, at)
    if end == 0:
        return None, at + head.size
    start = at + head.size + name_length
    if not start + length <= end <= len(raw) or depth > _DEEPEST:
        raise ValueError("a record reaches beyond its end")
    found = FbxNode(raw[at + head.size : start].decode("ascii", errors="replace"))
    place = start
    for _ in range(count):
        size = _size(raw, place)
        if place + size > start + length:
            raise ValueError("a property reaches beyond its record")
        found.properties.append(raw[place : place + size])
        place += size
    while place < end:
        child, place = _read(raw, place, version, depth + 1)
        if child is None:
            found.closed = True
            break
        found.children.append(child)
    return found, end


def _size(raw: bytes, at: int) -> int:
    """Bytes of a property, its type included."""
    kind = raw[at : at + 1]
    if kind in _SCALARS:
        return 1 + struct.calcsize(_SCALARS[kind])
    if kind in {b"S", b"R"}:
        return 5 + struct.unpack_from("<I", raw, at + 1)[0]
    if kind in _ITEMS:
        count, packed, length = struct.unpack_from("<III", raw, at + 1)
        return 13 + (length if packed else count * _ITEMS[kind])
    raise ValueError("a property of an unknown type")


def written(version: int, top: FbxNode) -> bytes:
    """The bytes of a file with these nodes."""
    whole = bytearray(MAGIC + struct.pack("<I", version))
    for child in top.children:
        _write(whole, child, version)
    whole += bytes(25 if version >= _WIDE else 13) + _FOOT_ID + bytes(4)
    whole += bytes(-len(whole) % 16 or 16) + struct.pack("<I", version) + bytes(120) + _FOOT
    return bytes(whole)


def _write(whole: bytearray, entry: FbxNode, version: int) -> None:
    head = struct.Struct("<QQQB" if version >= _WIDE else "<IIIB")
    at = len(whole)
    name = entry.name.encode("ascii", errors="replace")
    whole += bytes(head.size) + name
    start = len(whole)
    whole += b"".join(entry.properties)
    length = len(whole) - start
    for child in entry.children:
        _write(whole, child, version)
    if entry.children or entry.closed:
        whole += bytes(head.size)
    head.pack_into(whole, at, len(whole), len(entry.properties), length, len(name))
