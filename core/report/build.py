"""A manifest and its status files to a report."""

from ..batch.manifest import Manifest
from ..motion import Progress, no_progress
from .compare import compare
from .findings import Finding
from .gathering import Case, gather_all
from .judge import Others, judge
from .row import Report, Row
from .state import Past, read_past, state_of


def build_report(manifest: Manifest, *, processes: int = 1, progress: Progress = no_progress) -> Report:
    """Join the lines of a manifest with all its status files and with what their files are now; nothing is written.

    processes : that read sounds and motions

    Raises
    ------
    OutputError : the manifest's folder cannot be read
    CancelledError : through `progress`
    WorkerError : no process can be started
    """
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
        note = outcome.reason if outcome is not None and outcome.status != "failed" else ""
        if line.problem:
            rows.append(Row(line, (Finding("failed", line.problem),)))
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
    return Report(manifest.path, tuple(rows), _notes(manifest, past))


def _notes(manifest: Manifest, past: Past) -> tuple[str, ...]:
    """What the status files hold beyond the lines."""
    gone = past.last.keys() - {line.id for line in manifest.lines}
    if not gone:
        return ()
    many = f"{len(gone)} lines" if len(gone) > 1 else "a line"
    return (f"The status files have rows of {many} that the manifest does not list, as “{min(gone)}”.",)


def _unseen(line_id: str, past: Past) -> tuple[Finding, ...]:
    """State of a line whose files could not be looked at, by its status alone."""
    outcome = past.last.get(line_id)
    if outcome is None:
        return (Finding("not-run"),)
    return (Finding("failed", outcome.reason),) if outcome.status == "failed" else ()
