"""`mannerism report`."""

import argparse
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from .batch import add_manifest, manifest_of, positive
from .command import add_command, print_result, say
from .exit_status import DONE, SOME_FAILED

if TYPE_CHECKING:
    from ..report import Report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "report", run)
    add_manifest(command)
    command.add_argument(
        "--page", type=Path, metavar="FILE.html", help="default: NAME.report.html beside the manifest"
    )
    command.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N")
    command.add_argument(
        "--fail-on",
        metavar="KINDS",
        help="findings for which the exit status is 1, separated by commas, or all or none "
        "(default: those marked as to act on in docs/batch.md)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Report what became of every line of a batch, as a page and a table; exit status 1 if there is something to act on."""
    from ..progress import shown_progress
    from ..report import build_report, write_report
    from ..report.write import check_places, default_page

    acting = _acting(arguments.fail_on)
    with shown_progress() as progress:
        manifest = manifest_of(arguments, progress)
    page = arguments.page or default_page(manifest.path)
    check_places(manifest, page)
    with shown_progress() as progress:
        report = build_report(manifest, processes=arguments.jobs, progress=progress)
    written = write_report(report, page, acting)
    for sentence in _summary(report, acting):
        print_result(sentence)
    for note in report.notes:
        say(note)
    for path in written:
        print_result(path)
    return SOME_FAILED if report.to_act_on(acting) else DONE


def _summary(report: "Report", acting: Collection[str]) -> list[str]:
    from ..report import KINDS

    counts = report.counts()
    groups = [
        [
            f"{counts[name]} {kind.label}"
            for name, kind in KINDS.items()
            if counts[name] and (name in acting) == acts
        ]
        for acts in (True, False)
    ]
    lines = [
        f"{len(report.rows)} {'lines' if len(report.rows) > 1 else 'line'}, {counts['done']} done, {report.to_act_on(acting)} to act on"
    ]
    return lines + [
        f"{title}: {', '.join(group)}"
        for title, group in zip(("To act on", "To look at"), groups, strict=True)
        if group
    ]


def _acting(text: str | None) -> Collection[str]:
    from ..errors import SettingsError
    from ..report import ACTING, KINDS

    if text is None:
        return ACTING
    if text in {"all", "none"}:
        return frozenset(KINDS if text == "all" else ())
    names = {name.strip() for name in text.split(",") if name.strip()}
    if unknown := sorted(names - KINDS.keys()):
        raise SettingsError(
            f"--fail-on has no kind {', '.join(f'“{name[:40]}”' for name in unknown[:3])}",
            f"Give all, none, or some of {', '.join(KINDS)}",
        )
    return frozenset(names)
