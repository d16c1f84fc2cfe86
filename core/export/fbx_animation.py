"""The one animation of an FBX file: what it had is taken out, and curves of a key a frame are put in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..types import Array
from .fbx_nodes import FbxNode, encoded, node

LIMBS = (b"LimbNode", b"Limb")
_TICKS = 46_186_158_000
"""FBX's units of time in a second."""

_OWN_RATE = 14  # the mode of time that has a rate of its own
_LINEAR = 1 << 2
_KINDS = ("AnimationStack", "AnimationLayer", "AnimationCurveNode", "AnimationCurve")
_SEPARATOR = b"\x00\x01"


@dataclass(frozen=True)
class Curves:
    """Three curves of one property: of the node with this id, values (T, 3)."""

    model: int
    short: str
    property: str
    values: Array


def replace_animation(top: FbxNode, name: str, curves: Sequence[Curves], fps: Fraction) -> int:
    """Let curves be a file's only animation, frames from 0. Returns how many animations it had."""
    objects, links = top.first("Objects"), top.first("Connections")
    old = {entry.value(0) for entry in objects.children if entry.name in _KINDS}
    had = sum(1 for _ in objects.all("AnimationStack"))
    objects.children = [entry for entry in objects.children if entry.name not in _KINDS]
    links.children = [link for link in links.children if not old.intersection((link.value(1), link.value(2)))]
    free = 1 + max([1_000_000, *(entry.value(0) for entry in objects.children if entry.properties)])
    numbers = iter(range(free, free + 2 + 4 * len(curves)))
    last = max(len(each.values) for each in curves) - 1
    end = _ticks(last, fps)
    stack, layer = next(numbers), next(numbers)
    objects.children += [
        node("AnimationStack", np.int64(stack), _named(name, "AnimStack"), "", children=[_span(end)]),
        node("AnimationLayer", np.int64(layer), _named("BaseLayer", "AnimLayer"), "", closed=True),
    ]
    links.children.append(node("C", "OO", np.int64(layer), np.int64(stack)))
    times = np.array([_ticks(frame, fps) for frame in range(last + 1)], np.int64)
    for each in curves:
        _add(top, each, layer, times, numbers)
    _count(top, objects)
    _settings(top, fps, end)
    take = [node("FileName", f"{name}.tak"), *(node(kind, np.int64(0), np.int64(end)) for kind in _SPANS)]
    top.first("Takes").children = [node("Current", name), node("Take", name, children=take)]
    return had


_SPANS = ("LocalTime", "ReferenceTime")


def _ticks(frame: int, fps: Fraction) -> int:
    return round(frame * _TICKS / fps)


def _named(name: str, kind: str) -> bytes:
    return name.encode() + _SEPARATOR + kind.encode()


def _property(name: str, kind: str, label: str, flags: str, *values: object) -> FbxNode:
    return node("P", name, kind, label, flags, *values)


def _span(end: int) -> FbxNode:
    edges = {"LocalStart": 0, "LocalStop": end, "ReferenceStart": 0, "ReferenceStop": end}
    rows = [_property(name, "KTime", "Time", "", np.int64(at)) for name, at in edges.items()]
    return node("Properties70", children=rows)


def _add(top: FbxNode, curves: Curves, layer: int, times: NDArray[np.int64], numbers: Iterator[int]) -> None:
    objects, links = top.first("Objects"), top.first("Connections")
    own = next(numbers)
    rows = [
        _property(f"d|{axis}", "Number", "", "A", float(value))
        for axis, value in zip("XYZ", curves.values[0], strict=True)
    ]
    objects.children.append(
        node(
            "AnimationCurveNode",
            np.int64(own),
            _named(curves.short, "AnimCurveNode"),
            "",
            children=[node("Properties70", children=rows)],
        )
    )
    links.children += [
        node("C", "OO", np.int64(own), np.int64(layer)),
        node("C", "OP", np.int64(own), np.int64(curves.model), curves.property),
    ]
    for axis, values in zip("XYZ", curves.values.T, strict=True):
        curve = next(numbers)
        keys = [
            node("Default", float(values[0])),
            node("KeyVer", 4008),
            node("KeyTime", times),
            node("KeyValueFloat", values.astype(np.float32)),
            node("KeyAttrFlags", np.array([_LINEAR], np.int32)),
            node("KeyAttrDataFloat", np.zeros(4, np.float32)),
            node("KeyAttrRefCount", np.array([len(values)], np.int32)),
        ]
        objects.children.append(
            node("AnimationCurve", np.int64(curve), _named("", "AnimCurve"), "", children=keys)
        )
        links.children.append(node("C", "OP", np.int64(curve), np.int64(own), f"d|{axis}"))


def _count(top: FbxNode, objects: FbxNode) -> None:
    """Let the definitions state how many objects of each kind there are."""
    definitions = top.first("Definitions")
    known = {entry.value(0).decode(errors="replace"): entry for entry in definitions.all("ObjectType")}
    for kind in _KINDS:
        if kind not in known:
            known[kind] = node("ObjectType", kind)
            definitions.children.append(known[kind])
        known[kind].first("Count").properties = [encoded(sum(1 for _ in objects.all(kind)))]
    total = [entry.first("Count").value(0) for entry in known.values()]
    definitions.first("Count").properties = [encoded(int(sum(total)))]


def _settings(top: FbxNode, fps: Fraction, end: int) -> None:
    """Let the file state the frame rate and the span of time."""
    rows = top.first("GlobalSettings").first("Properties70")
    wanted = [
        _property("TimeMode", "enum", "", "", _OWN_RATE),
        _property("CustomFrameRate", "double", "Number", "", float(fps)),
        _property("TimeSpanStart", "KTime", "Time", "", np.int64(0)),
        _property("TimeSpanStop", "KTime", "Time", "", np.int64(end)),
    ]
    names = {each.value(0) for each in wanted}
    rows.children = [each for each in rows.children if each.value(0) not in names] + wanted
