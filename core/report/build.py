"""A manifest and its status files to a report."""

from collections import Counter
from collections.abc import Mapping

from ..batch.manifest import Manifest
from ..batch.status import FAILED
from ..motion import Progress, no_progress
from .compare import compare
from .facts import Facts
from .findings import Finding, said
from .gathering import Case, gather_all
from .judge import Others, judge
from .motion_file import has_reader
from .row import Report, Row
from .state import Past, read_past, state_of


def build_report(manifest: Manifest, *, processes: int = 1, progress: Progress = no_progress) -> Report:
    """Join the files of a manifest's lines with all its status files and with what their files are now; nothing is written.

    processes : that read sounds and motions

    Raises
    ------
    OutputError : the manifest's folder cannot be read
    CancelledError : through `progress`
    WorkerError : no process can be started
    """
    manifest = manifest.in_files()
    past = read_past(manifest)
    cases = {
        at: Case(line, past.records.of(line)) for at, line in enumerate(manifest.lines) if not line.problem
    }
    gathered = dict(zip(cases, gather_all(list(cases.values()), processes, progress), strict=True))
    known = {at: facts for at, facts in gathered.items() if not isinstance(facts, str)}
    pairs = [(manifest.lines[at], facts) for at, facts in known.items()]
    comparisons = dict(zip(known, compare(pairs), strict=True))
    others = Others.of(pairs)
    rows = []
    for at, line in enumerate(manifest.lines):
        outcome = past.last.get(line.id)
        note = said(outcome.reason) if outcome is not None and outcome.status != FAILED else ""
        if line.problem:
            rows.append(Row(line, (Finding("failed", said(line.problem)),)))
            continue
        facts = gathered[at]
        if isinstance(facts, str):
            rows.append(Row(line, (*_unseen(line.id, past), Finding("unmeasured", facts)), note))
            continue
        findings = (
            *state_of(line.id, cases[at].record, facts, past),
            *judge(line, facts, comparisons[at], others),
        )
        rows.append(Row(line, findings, note, facts, comparisons[at]))
    return Report(manifest.path, tuple(rows), _notes(manifest, past, known))


def _notes(manifest: Manifest, past: Past, facts: Mapping[int, Facts]) -> tuple[str, ...]:
    """What the status files hold beyond the lines, and what was not measured."""
    notes = []
    gone = past.last.keys() - {line.id for line in manifest.lines}
    if gone:
        many = f"{len(gone)} lines" if len(gone) > 1 else "a line"
        notes.append(
            f"The status files have rows of {many} that the manifest does not list, as “{min(gone)[:80]}”."
        )
    lines = [manifest.lines[at] for at, each in facts.items() if each.sha256]
    outs = [line.out for line in lines if line.product is None]
    unread = Counter(out.suffix.lower() for out in outs if not has_reader(out))
    for suffix, count in sorted(unread.items()):
        notes.append(
            f"{count} motion{'s are' if count > 1 else ' is'} {suffix}, for which there is no reader: compared with "
            "the status, and not measured."
        )
    return tuple(notes)


def _unseen(line_id: str, past: Past) -> tuple[Finding, ...]:
    """State of a line whose files could not be looked at, by its status alone."""
    outcome = past.last.get(line_id)
    if outcome is None:
        return (Finding("not-run"),)
    return (Finding("failed", said(outcome.reason)),) if outcome.status == FAILED else ()
