"""An animator's change to generated channel values, carried along when these are generated anew."""

from .. import rotation as rot
from ..types import Array
from . import modes


def carried(mode: str, changed: Array, written: Array, made: Array, base: Array | None = None) -> Array:
    """Channel values with the difference that the animator made to what was written there.

    A rotation keeps its rotation from the written one, about the joint's own axes: made · written⁻¹ · changed. In
    Euler and axis-angle modes this holds for the sums with what lies below, as Blender adds these channel by
    channel; of the angles that give it, those nearest to the sum of the differences are taken. A location keeps
    its difference.

    mode : Blender's rotation mode; "" for a location
    changed, written, made : (M, k) values as the animator left them, as they were generated, and as they are now
    base : (M, k) what lies below; needed for Euler and axis-angle
    """
    sums = made + (changed - written)
    if not mode:
        return sums
    if mode == "QUATERNION":
        back = rot.inverse(modes.to_quaternion(mode, written))
        return rot.multiply(modes.to_quaternion(mode, made), rot.multiply(back, changed))
    if base is None:
        raise ValueError(f"{mode} needs what lies below")
    before, now, then = (modes.to_quaternion(mode, base + each) for each in (written, made, changed))
    turned = rot.multiply(now, rot.multiply(rot.inverse(before), then))
    return modes.nearest(mode, turned, base + sums) - base
