"""What a layer was fitted to and what was written, kept with it: so that its keys can be made anew in an instant.

The rig is kept as it was then, and the values below without rounding. So the same shape gives the same bytes.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import bpy
import numpy as np

from ..core import rotation as rot
from ..core.arrays_file import NUMBERS, ArraysFileError, read_arrays, write_arrays
from ..core.errors import RigError
from ..core.rig import Base, Joint, MotionCurves, Rig
from ..core.types import Array, Float32Array
from .layer_tracks import Key
from .rig import channel_path

_FIT = "mannerism_fit"  # custom property of a layer's action: rig, shares and channels, as JSON
_BASES = "mannerism_fit_below"  # the animator's values of each joint, as `.npz`
_WRITTEN = "mannerism_written"  # the values that were written, 32 bits each, a channel after the other


@dataclass(frozen=True)
class Fit:
    """What a motion needs to become the keys of a layer.

    bases : the animator's pose of each joint, by name, one row or a row a frame
    first : frame of the action at which their rows begin
    translation_scale : factor of the displacement
    """

    rig: Rig
    bases: Mapping[str, Base]
    first: int
    neck_share: float
    translation_scale: float

    @property
    def joints(self) -> tuple[Joint, ...]:
        """Neck and head."""
        return *self.rig.neck, self.rig.head

    def below(self, frames: Array) -> dict[str, Base]:
        """The poses at frames of the action (T,), whole or not; held beyond the first and last."""
        return {
            name: Base(
                _at(base.channels, frames - self.first), rot.normalize(_at(base.above, frames - self.first))
            )
            for name, base in self.bases.items()
        }

    def covers(self, first: int, last: int) -> bool:
        """Whether all these frames of the action have poses: one that never moves holds for ever."""
        rows = [len(each) for base in self.bases.values() for each in (base.channels, base.above)]
        return all(n == 1 or self.first <= first <= last < self.first + n for n in rows)


def channel_values(curves: MotionCurves) -> dict[Key, Float32Array]:
    """Values (T,) by channel, in the order and in the 32 bits in which they are written."""
    return {
        (channel_path(channel.joint, channel.attribute), index): values.astype(np.float32)
        for channel in curves.channels
        for index, values in zip(channel.index, channel.values.T, strict=True)
    }


def keep_fit(action: bpy.types.Action, fit: Fit, written: Mapping[Key, Float32Array]) -> None:
    """Keep with a layer's action what it was fitted to, and what was written."""
    arrays = {}
    for number, joint in enumerate(fit.joints):
        base = fit.bases[joint.name]
        arrays[f"channels {number}"], arrays[f"above {number}"] = _short(base.channels), _short(base.above)
    buffer = io.BytesIO()
    write_arrays(buffer, arrays)
    put_bytes(action, _BASES, buffer.getvalue())
    plain = {
        "head": _plain(fit.rig.head),
        "neck": [_plain(joint) for joint in fit.rig.neck],
        "axes": fit.rig.axes.tolist(),
        "units_per_m": float(fit.rig.units_per_m),
        "first": fit.first,
        "neck_share": fit.neck_share,
        "translation": fit.translation_scale,
        "channels": [list(key) for key in written],
    }
    action[_FIT] = json.dumps(plain)
    keep_written(action, written)


def keep_written(action: bpy.types.Action, written: Mapping[Key, Float32Array]) -> None:
    """Keep what was written, channels in the order of `keep_fit`."""
    put_bytes(action, _WRITTEN, np.concatenate([*written.values()]).tobytes() if written else b"")


def put_bytes(action: Any, name: str, value: bytes) -> None:
    """Keep bytes in a custom property: put over others that are there, Blender cuts them at the first zero."""
    if name in action:
        del action[name]
    action[name] = value


def forget_written(action: Any) -> None:
    """Have a layer no longer say what was written: it still follows, and is not shaped any more."""
    if _WRITTEN in action:
        del action[_WRITTEN]


def has_written(action: Any) -> bool:
    """Whether a layer's action says what was written."""
    return _WRITTEN in action


def fit_of(action: bpy.types.Action) -> Fit:
    """What a layer was fitted to. Raises RigError where it does not hold that."""
    return _stored(action)[0]


def written_of(action: bpy.types.Action) -> dict[Key, Float32Array]:
    """Values (T,) that were written, by channel. Raises RigError where the layer does not hold them."""
    keys = _stored(action)[1]
    values: Any = action.get(_WRITTEN)
    if values is None:
        raise RigError(
            f"“{action.name}” does not say how its keys were written", "Generate it again with the same seed"
        )
    if not isinstance(values, bytes) or (keys and len(values) % (4 * len(keys))):
        raise _broken(action)
    table = np.frombuffer(values, np.float32).reshape(max(len(keys), 1), -1)
    return dict(zip(keys, table, strict=False))


def _stored(action: bpy.types.Action) -> tuple[Fit, tuple[Key, ...]]:
    text, arrays = action.get(_FIT), action.get(_BASES)
    if text is None or arrays is None:
        raise RigError(
            f"“{action.name}” does not hold what it was fitted to, as it is from an older version",
            "Generate it again with the same seed",
        )
    if not (isinstance(text, str) and isinstance(arrays, bytes)):
        raise _broken(action)
    try:
        return _decoded(text, arrays)
    except (ArraysFileError, LookupError, TypeError, ValueError) as error:
        raise _broken(action) from error


def _broken(action: bpy.types.Action) -> RigError:
    return RigError(
        f"What “{action.name}” was fitted to cannot be read", "Generate it again with the same seed"
    )


@lru_cache(maxsize=8)
def _decoded(text: str, arrays: bytes) -> tuple[Fit, tuple[Key, ...]]:
    plain = json.loads(text)
    neck, head = tuple(_joint(each) for each in plain["neck"]), _joint(plain["head"])
    rig = Rig(head, neck, np.array(plain["axes"]), plain["units_per_m"])
    joints = (*neck, head)
    names = [f"{kind} {number}" for number in range(len(joints)) for kind in ("channels", "above")]
    read = read_arrays(io.BytesIO(arrays), dict.fromkeys(names, NUMBERS))
    bases = {
        joint.name: Base(read[f"channels {number}"], read[f"above {number}"])
        for number, joint in enumerate(joints)
    }
    fit = Fit(rig, bases, plain["first"], plain["neck_share"], plain["translation"])
    return fit, tuple((path, int(index)) for path, index in plain["channels"])


def _short(values: Array) -> Array:
    """One row where all are the same."""
    return values[:1] if len(values) and (values == values[:1]).all() else values


def _at(values: Array, rows: Array) -> Array:
    if len(values) == 1:
        return np.repeat(values, len(rows), axis=0)
    whole = np.rint(rows)
    if np.array_equal(whole, rows):
        return values[np.clip(whole, 0, len(values) - 1).astype(np.intp)]
    return np.stack([np.interp(rows, np.arange(len(values)), column) for column in values.T], axis=1)


def _plain(joint: Joint) -> dict[str, Any]:
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(joint).items()}


def _joint(plain: Mapping[str, Any]) -> Joint:
    arrays = {name: np.array(plain[name]) for name in ("rest", "place")}
    axes = plain["location_axes"]
    locks = {name: tuple(plain[name]) for name in ("locked_rotation", "locked_location")}
    more = {"location_axes": None if axes is None else np.array(axes)}
    return Joint(**{**plain, **arrays, **locks, **more})
