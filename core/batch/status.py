"""Status files of a batch: the outcome of each line, as JSON lines beside the manifest."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import OutputError
from ..files import replacing

DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True)
class Outcome:
    """Outcome of a line.

    status : `done`, `skipped` (its file was there and nothing had changed) or `failed`
    digest : of what the file was made from, empty where it failed
    reason : why it failed, or what was noticed on its sound; else empty
    """

    id: str
    status: str
    out: str = ""
    digest: str = ""
    reason: str = ""


class StatusFile:
    """The status of one chunk, written line by line, so that a crash costs the line in hand and no more.

    manifest : its path; the files are NAME.status.jsonl, or NAME.status-I-of-N.jsonl for a chunk
    """

    def __init__(self, manifest: Path, index: int, count: int) -> None:
        which = f"status-{index}-of-{count}" if count > 1 else "status"
        self.path = manifest.with_name(f"{manifest.stem}.{which}.jsonl")
        found = manifest.parent.glob(f"{_literal(manifest.stem)}.status*.jsonl")
        self._all = sorted(found, key=lambda path: path.stat().st_mtime)

    def finished(self) -> dict[str, str]:
        """Digests of the lines that earlier runs finished, by id, in whatever chunk."""
        found: dict[str, str] = {}
        for path in self._all:
            found |= {outcome.id: outcome.digest for outcome in read_status(path) if outcome.digest}
        return found

    def add(self, outcome: Outcome) -> None:
        """Append an outcome. Raises OutputError."""
        row = json.dumps(asdict(outcome), ensure_ascii=False)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(row + "\n")
        except OSError as error:
            raise OutputError(
                f"The status cannot be written to {self.path} ({error.strerror or error})",
                "Put the manifest in a folder that is writable and has free space",
            ) from error

    def rewrite(self, outcomes: Iterable[Outcome]) -> None:
        """Replace the file by these outcomes, whole or not at all. Raises OutputError."""
        rows = "".join(json.dumps(asdict(outcome), ensure_ascii=False) + "\n" for outcome in outcomes)
        with replacing(self.path) as temporary:
            temporary.write_text(rows, encoding="utf-8")


def read_status(path: Path) -> list[Outcome]:
    """Read the outcomes in a status file; damaged and unknown rows are passed over."""
    outcomes = []
    for row in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            outcomes.append(Outcome(**json.loads(row)))
        except (ValueError, TypeError, RecursionError):
            continue
    return outcomes


def _literal(name: str) -> str:
    """A name in which `glob` finds nothing special."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
