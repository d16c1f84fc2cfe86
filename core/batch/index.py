"""Index of a manifest: where each row is, and which lines collide. A chunk then reads its own rows alone."""

import hashlib
import json
from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np

from ..files import replacing
from ..motion import Progress
from ..same_file import folded, identities
from .collisions import known_of, read_by, without_collisions
from .given import Given
from .manifest_row import Line, each_file, line_of
from .places import Places
from .presence import Presence
from .rows import Form, fields_of, row_at, rows_of, unreadable

FORMAT = 2
"""Of an index; one of another format is written anew."""
ROW = np.dtype([("start", "<u8"), ("row", "<u8"), ("out", "<u8"), ("length", "<u4"), ("number", "<u4")])
"""Byte at which a row begins, hashes of its text and of its output (0 without), its bytes, number of its first line."""
_PACKED = Struct("<QQQII")
_SPREAD, _64_BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1
_SAY_EVERY = 1000
_LONGEST_HEAD = 1 << 12


@dataclass(frozen=True)
class Index:
    """What an index holds for one chunk.

    quoting : as in `Form`
    count : number of lines of the whole manifest
    rows : of the chunk, ROW
    inputs : sorted hashes of what the files are known by that any line reads
    problems : of lines that collide with others, by number, one for each file of the row
    """

    quoting: int
    count: int
    rows: Any
    inputs: Any
    problems: dict[int, list[str]]


@dataclass(frozen=True)
class Source:
    """A manifest and how it is read.

    form : how it is written
    places : where its paths lead
    given : what lines leave out, with what the manifest itself states
    """

    form: Form
    places: Places
    given: Given

    def line(self, text: str, number: int) -> Line:
        """The line of a row."""
        return line_of(partial(fields_of, text, self.form), f"line {number}", self.places, self.given)


def hashed(text: str) -> int:
    """64 bits of a hash, equal on every machine."""
    content = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def output_hash(line: Line) -> int:
    """Hash of the places of the outputs of a row, 0 where it has none."""
    return _of_places([_place(file) for file in each_file([line])])


def _place(line: Line) -> int:
    return 0 if line.problem else hashed(folded(line.out_text))


def _of_places(places: Sequence[int]) -> int:
    return places[0] if len(places) == 1 else hashed(repr(places)) if any(places) else 0


def known_as(path: Path | str) -> Iterator[int]:
    """Hashes of what a file is known by."""
    return _hashes(identities(path))


def _hashes(known: Iterable[Hashable]) -> Iterator[int]:
    """Hashes of identities; without the device, which each machine numbers for itself."""
    for identity in known:
        if isinstance(identity, str):
            yield hashed(identity)
        elif isinstance(identity, tuple) and identity[-1]:
            yield identity[-1] * _SPREAD & _64_BITS  # one to one, and not like a small number


def write_index(path: Path, source: Source, stamp: str, progress: Progress) -> None:
    """Read a whole manifest once, in little memory, and write its index.

    stamp : by which `read_index` knows that it is of this manifest

    Raises
    ------
    BatchError : as `rows_of`, or it has no lines
    OutputError : the index cannot be written
    """
    form = source.form
    size = max(form.path.stat().st_size, 1)
    rows, known = bytearray(), _Known()
    count = 0
    for row in rows_of(form):
        line = source.line(row.text, row.number)
        places = [known.add(count, file, source.places.presence) for file in each_file([line])]
        rows += _PACKED.pack(row.start, hashed(row.text), _of_places(places), row.length, row.number)
        count += 1
        if count % _SAY_EVERY == 0:
            progress((row.start + row.length) / size, "Indexing the manifest")
    if not count:
        raise unreadable(form.path, "has no lines")
    table = np.frombuffer(rows, ROW)
    problems = _problems(source, known.suspects([form.path]), table)
    inputs = np.unique(np.array(known.inputs, "<u8"))
    encoded = json.dumps(problems).encode()
    head = {
        "stamp": stamp,
        "quoting": form.quoting,
        "count": count,
        "inputs": len(inputs),
        "problems": len(encoded),
    }
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(json.dumps(head).encode().ljust(_LONGEST_HEAD - 1) + b"\n")
        for part in (rows, inputs.tobytes(), encoded):
            file.write(part)


def read_index(path: Path, stamp: str, chunk: slice) -> Index | None:
    """What an index holds for a chunk; None where there is none of this stamp, or a damaged one."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.read(_LONGEST_HEAD))
            if head["stamp"] != stamp:
                return None
            count, known, encoded = head["count"], head["inputs"], head["problems"]
            at_inputs = _LONGEST_HEAD + count * ROW.itemsize
            at_problems = at_inputs + known * 8
            if file.seek(0, 2) != at_problems + encoded:
                return None
            file.seek(at_problems)
            problems = {int(at): each for at, each in json.loads(file.read(encoded)).items()}
        rows = np.memmap(path, ROW, "r", _LONGEST_HEAD, (count,))[chunk].copy()
        inputs: Any = np.memmap(path, "<u8", "r", at_inputs, (known,)) if known else np.zeros(0, "<u8")
        return Index(head["quoting"], count, rows, inputs, problems)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


class _Known:
    """Hashes of the names and files of all lines, eight bytes each, to find the few that may collide."""

    def __init__(self) -> None:
        self.ids, self.outs, self.lines = array("Q"), array("Q"), array("Q")
        self.out_known, self.out_lines = array("Q"), array("Q")
        self.inputs, self.input_lines = array("Q"), array("Q")
        self._shared = {str(Path())}

    def add(self, at: int, line: Line, presence: Presence) -> int:
        """Take in a file of a row; returns the hash of its place, 0 where it has none."""
        outs = () if line.problem else tuple(_hashes(known_of(line.out_text, presence)))
        place = outs[-1] if outs else 0  # a place is the last of what a file is known by
        self.lines.append(at)
        self.ids.append(hash(line.id) & _64_BITS)  # compared here and now alone
        self.outs.append(place)
        self.out_known.extend(outs)
        self.out_lines.extend([at] * len(outs))
        for what, path in read_by(line):
            if path in self._shared:
                continue
            if what != "sound":  # each line has its own
                self._shared.add(path)
            for known in known_as(path):
                self.inputs.append(known)
                self.input_lines.append(at)
        return place

    def suspects(self, others: Sequence[Path]) -> list[int]:
        """Numbers of the lines that may collide, with all that they may collide with.

        others : files that no line may overwrite
        """
        inputs, outs = np.array(self.inputs, "<u8"), np.array(self.out_known, "<u8")
        kept = np.array([known for path in others for known in known_as(path)], "<u8")
        over = np.isin(outs, inputs) | np.isin(outs, kept)
        read = np.isin(inputs, outs[over])
        places, lines = np.array(self.outs, "<u8"), np.array(self.lines, "<u8")
        found = [
            lines[_repeated(np.array(self.ids, "<u8"))],
            lines[places != 0][_repeated(places[places != 0])],
            np.array(self.out_lines, "<u8")[over],
            np.array(self.input_lines, "<u8")[read],
        ]
        return [int(at) for at in np.unique(np.concatenate([each.astype(np.int64) for each in found]))]


def _repeated(values: Any) -> Any:
    """Places of the values that occur more than once."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[places.reshape(-1)] > 1)


def _problems(source: Source, suspects: Sequence[int], rows: Any) -> dict[int, list[str]]:
    """What is wrong with each file of the suspects, in the words of a whole reading."""
    lines = []
    with source.form.open() as file:
        for at in suspects:
            start, _, _, length, number = rows[at].tolist()
            row = row_at(file, source.form, start, length, number)
            lines.append(source.line(row.text if row else "", number))
    checked = without_collisions(lines, [source.form.path])
    found = {}
    for at, before, after in zip(suspects, lines, checked, strict=True):
        if before != after:
            found[at] = [file.problem for file in each_file([after])]
    return found


def with_problems(line: Line, problems: Sequence[str]) -> Line:
    """A line with what is wrong with each of its files."""
    first, *beside = problems
    if not line.beside:
        return replace(line, problem=first)
    own = zip(line.beside, beside, strict=True)
    return replace(line, problem=first, beside=tuple(replace(file, problem=each) for file, each in own))
