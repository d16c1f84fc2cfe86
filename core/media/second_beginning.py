"""Files of kinds that players read only to the first one's end, put one behind another."""

import mmap
import re
from pathlib import Path

_INITIAL = re.escape(bytes(byte for byte in range(256) if byte & 8))  # flag of a block of the first channels
_W64 = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
_BEGINNINGS = {
    b"caff": rb"caff\0\x01\0\0desc\0{7}\x20",
    b"FLV\x01": rb"FLV\x01[\x01\x04\x05]\0\0\0\x09\0{4}",
    b"TTA1": rb"TTA1[\x01\x02]\0",
    b"Crea": rb"Creative Voice File\x1a",
    b"riff": re.escape(_W64),
    b"wvpk": rb"wvpk.{6}\0.{5}\0{4}.{5}[" + _INITIAL + rb"]",  # of sample 0
    b".snd": rb"\.snd\0\0.{6}\0\0\0[\x01-\x1b]\0[\0-\x05].{2}\0{3}[\x01-\x10]",
}


def begins_again(path: Path) -> bool:
    """Whether a file of one of these kinds has another beginning of its kind within it. Raises OSError."""
    with path.open("rb") as file:
        beginning = _BEGINNINGS.get(file.read(4))
        if beginning is None:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return re.compile(beginning, re.DOTALL).search(data, 4) is not None
