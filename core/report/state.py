"""State of a line: what the status files say of it, and what is at its place now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..batch.earlier import Kind, Record
from ..batch.manifest import Manifest
from ..batch.run import Records
from ..batch.status import FAILED, Outcome, StatusFile, read_status
from .facts import Facts
from .findings import STALEST_S, Finding, said


@dataclass(frozen=True)
class Past:
    """What all status files of a manifest say.

    last : the last outcome of each line by id, whatever chunk it was made in
    records : the files that were written
    makers : id of the line that a file was made for, by the SHA-256 of its content
    """

    last: Mapping[str, Outcome]
    records: Records
    makers: Mapping[str, str]


def read_past(manifest: Manifest) -> Past:
    """Read all status files of a manifest. Raises OutputError where its folder cannot be read."""
    status = StatusFile(manifest.path, 0, 1)
    rows = [outcome for path in status.all for outcome in read_status(path)]
    return Past(
        last={row.id: row for row in rows},
        records=Records(
            status.written([line.id for line in manifest.lines], [str(line.out) for line in manifest.lines])
        ),
        makers={row.sha256: row.id for row in rows if row.sha256},
    )


def state_of(line_id: str, record: Record | None, facts: Facts, past: Past) -> Iterator[Finding]:
    """Findings on the file of a line that can be made."""
    outcome = past.last.get(line_id)
    maker = past.makers.get(facts.sha256, "")
    here = Kind[facts.place] if facts.place else Kind.FOREIGN
    if maker and here in {Kind.EDITED, Kind.CUT, Kind.FOREIGN}:
        here = Kind.OURS  # of another line, or as an earlier run wrote it
    if outcome is None and record is None:
        yield Finding("not-run", _AT_PLACE.get(here, ""))
        if here is Kind.FOREIGN:
            yield Finding("foreign")
        return
    if outcome is not None and outcome.status == FAILED:
        old = " The file of an earlier run is at its place." if here is Kind.OURS else ""
        yield Finding("failed", f"{said(outcome.reason)}{old}")
        if here in {Kind.EDITED, Kind.FOREIGN}:
            yield Finding(here.name.lower())
        return
    if outcome is None:
        yield Finding("not-run", "The file at its place was made for another line.")
        return
    if here in _FOUND:
        yield Finding(_FOUND[here], _about_place(facts, outcome, record))
    elif here is Kind.OURS and record is not None and facts.sha256 != record.sha256:
        other = "" if maker == line_id else f" It is that of “{maker}”."
        yield Finding("exchanged", other.strip() or "It is of an earlier run of this line.")
    if record is not None and facts.digest and record.digest != facts.digest:
        yield Finding("stale", _newer(facts))


def _about_place(facts: Facts, outcome: Outcome, record: Record | None) -> str:
    if not facts.place:
        return facts.motion_problem
    return f"The last run wrote “{outcome.out}”." if record is None and outcome.out else ""


def _newer(facts: Facts) -> str:
    names = [
        name
        for name, newer_s in (("sound", facts.sound_newer_s), ("style", facts.style_newer_s))
        if newer_s > STALEST_S
    ]
    return (
        f"The {' and the '.join(names)} {'is' if len(names) == 1 else 'are'} newer than the motion."
        if names
        else ""
    )


_FOUND = {
    Kind.ABSENT: "missing",
    Kind.EMPTY: "damaged",
    Kind.CUT: "damaged",
    Kind.EDITED: "edited",
    Kind.FOREIGN: "foreign",
}
_AT_PLACE = {Kind.OURS: "A file that the batch made for another line is at its place."}
