"""Lines that would overwrite each other's outputs, or what any of them reads: refused before anything is made."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ..same_file import folded, identities, inode_of
from .manifest_row import Line
from .places import shown
from .presence import Presence

_Read = tuple[str, str, str]
"""What a file is that is read, its path, and the id of the line that reads it; empty for one of the batch itself."""


def without_collisions(
    lines: Sequence[Line], others: Iterable[Path] = (), presence: Presence | None = None
) -> tuple[Line, ...]:
    """The lines, those that cannot be made with the reason as their `problem`.

    others : files that no line may overwrite, as the manifest itself
    presence : where nothing is, as far as that is known

    Of several lines with one id, or with one output, the first is made.
    """
    checked = iter(_checked([file for line in lines for file in (line, *line.beside)], others, presence))
    found = []
    for line in lines:
        first = next(checked)
        if line.beside:
            first = replace(first, beside=tuple(islice(checked, len(line.beside))))
        found.append(first)
    return tuple(found)


def _checked(lines: Sequence[Line], others: Iterable[Path], presence: Presence | None) -> list[Line]:
    presence = Presence() if presence is None else presence
    known = [() if line.problem else known_of(line.out_text, presence) for line in lines]
    # What is not there yet can be known by its name alone, and so can all that is read.
    inputs = _inputs(lines, others, by_inode=any(len(each) > 1 for each in known))
    ids: set[str] = set()
    outputs: dict[Hashable, Line] = {}
    kept = []
    for line, own in zip(lines, known, strict=True):
        place = own[-1] if own else ""  # the last is its path
        if own and (line.id in ids or place in outputs or not inputs.keys().isdisjoint(own)):
            problem = _problem(line, own, outputs.get(place), ids, inputs)
            kept.append(replace(line, problem=problem))
            continue
        if own:
            ids.add(line.id)
            outputs[place] = line
        kept.append(line)
    return kept


def known_of(path: str, presence: Presence) -> tuple[Hashable, ...]:
    """What an output is known by, as `identities`; where nothing is, its name alone."""
    return (folded(path),) if presence.is_absent(path) else tuple(identities(path))


def read_by(line: Line) -> list[tuple[str, str]]:
    """What a line reads, a word and the path of each; `str(Path())` where it has none."""
    found = [("sound", line.audio_text), ("style", str(line.style))]
    if line.form.skeleton is not None:
        found.append(("skeleton", str(line.form.skeleton)))
    if line.direct is not None:
        found.append(("direction", str(line.direct)))
    if line.product is not None and line.product.reference is not None:
        found.append(("reference", str(line.product.reference)))
    return found


def _inputs(lines: Iterable[Line], others: Iterable[Path], *, by_inode: bool) -> dict[Hashable, _Read]:
    """What each input is, by all that it is known by.

    by_inode : whether that is more than its name
    """
    found: dict[Hashable, _Read] = {}

    def add(path: str, read: _Read) -> None:
        found[folded(path)] = read
        if by_inode and (there := inode_of(path)) is not None:
            found[there] = read

    for other in others:
        add(str(other), ("", str(other), ""))
    seen = {str(Path())}
    for line in lines:
        for what, path in read_by(line):
            if path not in seen:
                seen.add(path)
                add(path, (what, path, line.id))
    return found


def _problem(
    line: Line,
    known: Sequence[Hashable],
    first: Line | None,
    ids: set[str],
    inputs: Mapping[Hashable, _Read],
) -> str:
    if line.id in ids:
        return f"An earlier line has this id, “{line.id}”. Give each line its own."
    for identity in known:
        if identity in inputs:
            return f"“{shown(line.out.name)}” would overwrite {_in_words(*inputs[identity])}. Choose another output."
    if first is None:
        return ""
    name = shown(line.out.name)
    if first.out_text == line.out_text:
        return f"An earlier line, “{first.id}”, writes “{name}” too. Give each line its own output."
    return (
        f"“{name}” and “{shown(first.out.name)}” of “{first.id}” are one file where letter case or Unicode form "
        "does not count. Give each line its own output."
    )


def _in_words(what: str, path: str, line_id: str) -> str:
    name = f"“{shown(Path(path).name)}”"
    return f"{name}, the {what} of “{line_id}”" if what else f"{name} of the batch itself"
