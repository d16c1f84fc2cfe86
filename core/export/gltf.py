"""Head motion as glTF: nodes for root, neck and head, Y up, metres, face along +Z, as glTF demands."""

from pathlib import Path

from ..motion import HeadMotion
from ..timing import FrameRate
from ..types import Array
from .gltf_file import Gltf
from .presets import ANY, Form, Preset
from .skeleton import Posed, posed

OWN = Preset("glTF", "Y", 1.0)


def write_gltf(path: Path, motion: HeadMotion, rate: FrameRate, form: Form = ANY) -> None:
    """Write a motion as binary glTF, a key a frame from t = 0 to its end. Raises OutputError."""
    body = posed(motion, rate, form, own=OWN)
    file = Gltf()
    add_body(file, body, path.stem)
    file.write(path)


def add_body(file: Gltf, body: Posed, name: str, more: list[tuple[int, str, Array]] | None = None) -> None:
    """Append the joints of a body as nodes and their motion as an animation; `more` are channels beside it."""
    first = len(file.document.get("nodes", []))
    channels = list(more or [])
    for index, bone in enumerate(body.bones):
        node = {"name": bone.name, "translation": bone.offset.tolist()}
        if index + 1 < len(body.bones):
            node["children"] = [first + index + 1]
        file.append("nodes", node)
        channels.append((first + index, "rotation", bone.rotation))
        if bone.place is not None:
            channels.append((first + index, "translation", bone.place))
    scenes = file.document.setdefault("scenes", [{"nodes": []}])
    scenes[0]["nodes"].append(first)
    file.document["scene"] = 0
    file.animation(name, body.time_s, channels)
