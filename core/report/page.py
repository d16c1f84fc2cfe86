"""A report as one HTML page: all lines as compact data that a script of the page draws, nothing from a network."""

import hashlib
import html
import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any

from ..version import VERSION
from .columns import NUMBERS, number
from .findings import DONE, FIGURES, KINDS
from .places import PAGE_MARK, beside
from .row import EXTRA, Report, Row

_HERE = Path(__file__).parent
_DATA = ("id", "state", "findings", "note", "style", "sound", "out", "curve", "scale", *NUMBERS, *EXTRA)
_ESCAPED = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def page_text(report: Report, acting: Collection[str], folder: Path, table_name: str) -> str:
    """The page.

    acting : kinds of findings that are to be acted on
    folder : that the page will lie in, for links to sounds and motions
    table_name : of the CSV file beside it
    """
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return Template((_HERE / "page.html").read_text(encoding="utf-8")).substitute(
        mark=PAGE_MARK,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        title=html.escape(f"Batch report: {report.manifest.name}"),
        made=html.escape(f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, Mannerism {VERSION}"),
        table_name=html.escape(table_name),
        summary=_summary(report, acting),
        legend=_legend(),
        data=_json(_data(report, acting, folder)),
    )


def _hash(content: str) -> str:
    """What the page's own policy allows a style or script by, so that no other would run."""
    return f"sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _json(value: Any) -> str:
    """JSON in which no text can end the script element that holds it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPED)


def _data(report: Report, acting: Collection[str], folder: Path) -> Mapping[str, Any]:
    styles = {style: at for at, style in enumerate(dict.fromkeys(row.line.style for row in report.rows))}
    names = [style.name.removesuffix(".json").removesuffix(".style") for style in styles]
    labels = [
        str(style) if names.count(name) > 1 else name for style, name in zip(styles, names, strict=True)
    ]
    return {
        "columns": _DATA,
        "styles": labels,
        "order": [*KINDS, DONE],
        "kinds": {
            name: {"label": kind.label, "meaning": kind.meaning, "acts": name in acting}
            for name, kind in KINDS.items()
        },
        "rows": [_cells(row, styles, folder) for row in report.rows],
    }


def _cells(row: Row, styles: Mapping[Path, int], folder: Path) -> list[Any]:
    made, motion = not row.line.problem, row.facts.motion if row.facts is not None else None
    return [
        row.line.id,
        row.state,
        [[found.kind, found.detail] for found in row.findings],
        row.note,
        styles[row.line.style],
        beside(row.line.audio, folder) if made else "",
        beside(row.line.out, folder) if made else "",
        motion.curve if motion is not None else "",
        round(motion.curve_scale_deg, 2) if motion is not None else None,
        *(number(row, name) for name in NUMBERS),
        *(row.manifest_text(name) for name in EXTRA),
    ]


def _summary(report: Report, acting: Collection[str]) -> str:
    counts = report.counts()
    items = [(DONE, "done", DONE)] + [
        (name, kind.label, "acts" if name in acting else "look") for name, kind in KINDS.items()
    ]
    chips = "".join(
        f'<li><button type="button" disabled class="{css}" value="{name}"><b>{counts[name]}</b> {html.escape(label)}</button></li>'
        for name, label, css in items
        if counts[name] or name == DONE
    )
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in report.notes)
    acted = report.to_act_on(acting)
    said = (
        f"{len(report.rows)} lines, {acted} to act on."
        if acted
        else f"{len(report.rows)} lines, none to act on."
    )
    return f'<p>{said}</p><ul class="counts">{chips}</ul>{notes}'


def _legend() -> str:
    kinds = [(kind.label, kind.meaning) for kind in KINDS.values()]
    terms = [(DONE, "The file is there as it was made, and nothing that it depends on has changed."), *kinds]
    return "".join(
        f"<h2>{title}</h2><dl>{_terms(entries)}</dl>"
        for title, entries in (("Findings", terms), ("Figures", list(FIGURES.items())))
    )


def _terms(entries: Collection[tuple[str, str]]) -> str:
    return "".join(
        f"<dt>{html.escape(term)}</dt><dd>{html.escape(meaning)}</dd>" for term, meaning in entries
    )
