"""Lines that would overwrite each other's outputs, or what any of them reads: refused before anything is made."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..same_file import identities
from .manifest_row import Line, shown


def without_collisions(lines: Sequence[Line], others: Iterable[Path] = ()) -> tuple[Line, ...]:
    """The lines, those that cannot be made with the reason as their `problem`.

    others : files that no line may overwrite, as the manifest itself

    Of several lines with one id, or with one output, the first is made.
    """
    inputs = _inputs(lines, others)
    ids: set[str] = set()
    outputs: dict[Hashable, Line] = {}
    kept = []
    for line in lines:
        known = () if line.problem else tuple(identities(line.out))
        place = known[-1] if known else ""  # the last is its path
        problem = line.problem or _problem(line, known, outputs.get(place), ids, inputs)
        if not problem:
            ids.add(line.id)
            outputs[place] = line
        kept.append(line if problem == line.problem else replace(line, problem=problem))
    return tuple(kept)


def _inputs(lines: Iterable[Line], others: Iterable[Path]) -> dict[Hashable, str]:
    """What each input is, in words, by all its identities."""
    found: dict[Hashable, str] = {}
    for other in others:
        found |= dict.fromkeys(identities(other), f"“{shown(other.name)}” of the batch itself")
    seen = {str(Path())}
    for line in lines:
        inputs: tuple[tuple[str, Path | None], ...] = (
            ("sound", line.audio),
            ("style", line.style),
            ("skeleton", line.form.skeleton),
            ("direction", line.direct),
        )
        for what, path in inputs:
            if path is not None and str(path) not in seen:
                seen.add(str(path))
                words = f"“{shown(path.name)}”, the {what} of “{line.id}”"
                found |= dict.fromkeys(identities(path), words)
    return found


def _problem(
    line: Line, known: Sequence[Hashable], first: Line | None, ids: set[str], inputs: dict[Hashable, str]
) -> str:
    if line.id in ids:
        return f"An earlier line has this id, “{line.id}”. Give each line its own."
    name = shown(line.out.name)
    for identity in known:
        if identity in inputs:
            return f"“{name}” would overwrite {inputs[identity]}. Choose another output."
    if first is None:
        return ""
    if first.out == line.out:
        return f"An earlier line, “{first.id}”, writes “{name}” too. Give each line its own output."
    return (
        f"“{name}” and “{shown(first.out.name)}” of “{first.id}” are one file where letter case or Unicode form "
        "does not count. Give each line its own output."
    )
