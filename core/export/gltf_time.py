"""The time of the clips in a glTF file that another program wrote."""

import struct
from pathlib import Path

from .gltf_read import read_gltf


def end_at(path: Path, seconds: float) -> None:
    """Scale the times of all keys so that the last one lies at `seconds`.

    Blender's exporter multiplies by the base of the frame rate where it has to divide, so 29.97 frames a second, which
    are 30 / 1.001, become 30.03.

    Raises
    ------
    RigError : the file cannot be read
    """
    file = read_gltf(path)
    document = file.document
    times = {sampler["input"] for clip in document.get("animations", ()) for sampler in clip["samplers"]}
    ends = [max(document["accessors"][each]["max"]) for each in times]
    if not ends or max(ends) <= 0:
        return
    factor = seconds / max(ends)
    for entry in (document["accessors"][each] for each in times):
        view = document["bufferViews"][entry["bufferView"]]
        form = f"<{entry['count']}f"
        start = view.get("byteOffset", 0) + entry.get("byteOffset", 0)
        scaled = [each * factor for each in struct.unpack_from(form, file.binary, start)]
        struct.pack_into(form, file.binary, start, *scaled)
        kept = struct.unpack_from(form, file.binary, start)  # in 32 bits
        entry["min"], entry["max"] = [kept[0]], [kept[-1]]
    file.write(path)
