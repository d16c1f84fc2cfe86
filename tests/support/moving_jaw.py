"""A skinned person for tests of what Blender shows, with a jaw that moves by a shape key."""

from typing import Any

from mannerism.tools.synthetic.humans import human, skin_on


def skinned_human() -> Any:
    """An armature of a person, with a skin that follows head and chest."""
    obj = human()
    skin_on(obj, head=1.66, chest=1.3)
    return obj


def add_moving_jaw(skin: Any) -> Any:
    """Give a mesh a key `jawOpen` that moves its first vertex by 0.1 m, with keys at frames 1, 20 and 40."""
    skin.shape_key_add(name="Basis")
    key = skin.shape_key_add(name="jawOpen")
    key.points[0].co.z -= 0.1
    for frame, value in ((1, 0.0), (20, 0.8), (40, 0.1)):
        key.value = value
        key.keyframe_insert("value", frame=frame)
    return key
