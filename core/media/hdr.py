"""HDR and wide-gamut frames brought to the standard range and the colours of BT.709.

Code values become light relative to HDR reference white (203 cd/m², ITU-R BT.2408), the primaries those of
BT.709; what is brighter than `_KNEE` is compressed towards white and the rest is left as it is. The mapping is
written as a table of colours, which FFmpeg interpolates.
"""

import tempfile
from pathlib import Path
from typing import Any, Self

import numpy as np

from ..types import Array

_PQ, _HLG = 16, 18  # color_trc: SMPTE ST 2084, ARIB STD-B67
_BT2020, _P3 = 9, 12  # color_primaries
NAMES = {_PQ: "PQ", _HLG: "HLG"}
_WHITE_NITS, _HLG_PEAK_NITS, _HLG_GAMMA = 203.0, 1000.0, 1.2
_KNEE = 0.8
_SDR_GAMMA = 2.4  # ITU-R BT.1886
_SIDE = 33  # of the table
_STORED = "gbrp12le"
_BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593])
_TO_BT709 = {
    _BT2020: np.array(
        [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]]
    ),
    _P3: np.array([[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]]),
}


def needs_mapping(picture: Any) -> bool:
    """Whether a decoded frame is HDR, or has the primaries of BT.2020."""
    return picture.color_trc in NAMES or picture.color_primaries == _BT2020


def mapping_note(picture: Any) -> str:
    """What is done to such a frame, a sentence without a full stop."""
    name = NAMES.get(picture.color_trc)
    if name is None:
        return "The picture has the wide colours of BT.2020, and was converted to those of BT.709"
    return f"The picture is HDR ({name}), and was converted to the standard range of brightness and colour"


class ToneMap:
    """Converts frames of one kind; the table is made once and lies in a temporary file. Use it as a context."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mannerism-colours-")
        self._graphs: dict[Any, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._graphs.clear()
        self._folder.cleanup()

    def standard(self, picture: Any) -> Any:
        """The frame in the standard range, as RGB of 8 bits."""
        primaries = picture.color_primaries
        key = (picture.color_trc, primaries, picture.width, picture.height)
        stored = picture.reformat(format=_STORED)
        stored.pts = None
        if key not in self._graphs:
            self._graphs[key] = self._graph(picture, stored)
        graph = self._graphs[key]
        graph.push(stored)
        return graph.pull().reformat(format="rgb24")

    def _graph(self, picture: Any, stored: Any) -> Any:
        from av.filter import Graph

        table = Path(self._folder.name) / f"{int(picture.color_trc)}_{int(picture.color_primaries)}.cube"
        if not table.exists():
            _write_table(table, picture.color_trc, picture.color_primaries)
        graph: Any = Graph()
        source = graph.add_buffer(
            width=stored.width, height=stored.height, format=stored.format, time_base=stored.time_base or 1
        )
        lut = graph.add("lut3d", file=str(table), interp="tetrahedral")
        sink = graph.add("buffersink")
        source.link_to(lut)
        lut.link_to(sink)
        graph.configure()
        return graph


def standard_range(code: Array, transfer: int, primaries: int) -> Array:
    """Code values of BT.709 for code values (N, 3) of another transfer and primaries, both 0 to 1."""
    light = _LIGHT.get(transfer, _sdr_light)(code)
    light = np.maximum(light @ _TO_BT709.get(primaries, np.eye(3)).T, 0.0)
    if transfer in NAMES:
        brightest = np.maximum(light.max(axis=1, keepdims=True), 1e-9)
        light *= _rolled_off(brightest) / brightest
    return np.asarray(np.minimum(light, 1.0) ** (1.0 / _SDR_GAMMA))


def _rolled_off(light: Array) -> Array:
    over = np.maximum(light - _KNEE, 0.0) / (1.0 - _KNEE)
    return np.where(light > _KNEE, _KNEE + (1.0 - _KNEE) * over / (1.0 + over), light)


def _pq_light(code: Array) -> Array:
    """ITU-R BT.2100 table 4, in units of reference white."""
    root = np.maximum(code, 0.0) ** (1 / 78.84375)
    light = np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return np.asarray(10_000.0 / _WHITE_NITS * light ** (1 / 0.1593017578125))


def _hlg_light(code: Array) -> Array:
    """ITU-R BT.2100 table 5, on a display of 1000 cd/m², in units of reference white."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    luma = np.maximum(scene @ _BT2020_LUMA, 1e-9)[:, None]
    return np.asarray(_HLG_PEAK_NITS / _WHITE_NITS * luma ** (_HLG_GAMMA - 1) * scene)


def _sdr_light(code: Array) -> Array:
    return np.asarray(np.maximum(code, 0.0) ** _SDR_GAMMA)


_LIGHT = {_PQ: _pq_light, _HLG: _hlg_light}


def _write_table(path: Path, transfer: int, primaries: int) -> None:
    """A .cube file; red changes fastest."""
    steps = np.linspace(0.0, 1.0, _SIDE)
    blue, green, red = (axis.ravel() for axis in np.meshgrid(steps, steps, steps, indexing="ij"))
    rows = standard_range(np.stack([red, green, blue], axis=1), transfer, primaries)
    np.savetxt(path, rows, fmt="%.6f", header=f"LUT_3D_SIZE {_SIDE}", comments="")
