"""The page and the table of a report: whole, self-contained, safe with any text, and never over another file."""

import base64
import csv
import hashlib
import html.parser
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mannerism.core.errors import OutputError
from mannerism.core.report import ACTING, KINDS, Finding, Report, Row, write_report
from mannerism.core.report.page import page_text
from mannerism.core.report.places import PAGE_MARK, TABLE_MARK, beside
from mannerism.core.report.table import table_text
from mannerism.core.report.write import check_places
from mannerism.tests.support.paths import ROOT

SCRIPT = Path(page_text.__code__.co_filename).with_name("page.js")
HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\u2028\u202e'\"&"
FORMULA = '=HYPERLINK("http://x","y")'
VOID = {"meta", "input", "br", "link", "img"}
NODE = shutil.which("node")


class Page(html.parser.HTMLParser):
    """Elements with their attributes and text; fails on what is not closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open: list[Any] = []
        self.found: list[Any] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.found.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self.open.append((tag, self.found[-1]))

    def handle_endtag(self, tag):
        name, _ = self.open.pop()
        assert name == tag

    def handle_data(self, data):
        if self.open:
            self.open[-1][1][2] += data

    def all(self, tag):
        return [(attributes, text) for name, attributes, text in self.found if name == tag]

    def data(self):
        return json.loads(
            next(text for attributes, text in self.all("script") if attributes.get("id") == "data")
        )


def page_of(report, folder=Path("/somewhere")):
    return page_text(report, ACTING, folder, "t.csv")


def changed(report, **texts):
    """The report with its first line changed."""
    row = report.rows[0]
    line = replace(row.line, id=texts.get("id", row.line.id), audio=Path(texts.get("audio", "/a.wav")))
    findings = (Finding("failed", texts.get("detail", "")),)
    return replace(report, rows=(Row(line, findings, texts.get("note", ""), row.facts), *report.rows[1:]))


def test_the_page_holds_every_line(report):
    data = Page(page_of(report)).data()
    lines = [dict(zip(data["columns"], cells, strict=True)) for cells in data["rows"]]
    assert [line["id"] for line in lines] == [row.line.id for row in report.rows]
    assert [line["state"] for line in lines] == [row.state for row in report.rows]
    assert {kind for line in lines for kind, _ in line["findings"]} <= data["kinds"].keys()
    assert data["styles"] == ["calm"]
    assert all(len(line["curve"]) in {0, 144} for line in lines)


def test_the_page_needs_nothing_else_and_runs_nothing_else(report):
    page = Page(page_of(report))
    names = {name for _, attributes, _ in page.found for name in attributes}
    assert not names & {"src", "href", "srcset", "style", "action"}
    assert not [name for name in names if name.startswith("on")]
    policy = next(
        a["content"] for a, _ in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    scripts = [
        text for attributes, text in page.all("script") if attributes.get("type") != "application/json"
    ]
    for content in (*scripts, *(text for _, text in page.all("style"))):
        assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in policy
    assert "http" not in SCRIPT.read_text().replace("http://www.w3.org/2000/svg", "")


def test_the_legend_defines_every_kind(report):
    page = Page(page_of(report))
    terms = {text for _, text in page.all("dt")}
    assert {kind.label for kind in KINDS.values()} <= terms
    assert all(text.endswith(".") or text[-1].isalnum() for _, text in page.all("dd"))


def test_the_documentation_has_the_same_table():
    page = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    assert not [
        n for n, k in KINDS.items() if f"| `{n}` | {k.meaning} | {'yes' if k.acts else ''} |" not in page
    ]


def test_hostile_text_stays_text(report):
    hostile = changed(report, id=HOSTILE, audio=f"/{HOSTILE}.wav", detail=HOSTILE, note=HOSTILE)
    hostile = replace(hostile, manifest=Path(f"{HOSTILE}.jsonl".replace("/", "")), notes=(HOSTILE,))
    page = Page(page_of(hostile))
    assert len(page.all("script")) == 2
    assert not page.all("img")
    data = page.data()
    first = dict(zip(data["columns"], data["rows"][0], strict=True))
    assert first["id"] == first["note"] == first["findings"][0][1] == HOSTILE


def test_half_letters_are_written_as_escapes(report, tmp_path):
    page, table = write_report(changed(report, id="a\udcff", audio="/a\udcff.wav"), tmp_path / "r.html")
    assert Page(page.read_text(encoding="utf-8")).data()["rows"][0][0] == "a\udcff"
    assert table.read_text(encoding="utf-8").splitlines()[1].startswith("a\\udcff,")


def test_the_table_has_a_row_a_line_that_others_read(report):
    rows = list(csv.DictReader(io.StringIO(table_text(report, ACTING))))
    assert [row["line"] for row in rows] == [row.line.id for row in report.rows]
    assert [row["findings"].split() for row in rows] == [
        [f.kind for f in row.findings] for row in report.rows
    ]
    by_name = {row["line"]: row for row in rows}
    assert by_name["stale"]["to_act_on"] == "yes"
    assert by_name["edited"]["to_act_on"] == by_name["good 1"]["to_act_on"] == "no"
    assert float(by_name["good 1"]["sound_s"]) == pytest.approx(3.0)
    assert by_name["no-sound"]["sound_s"] == ""
    assert by_name["good 1"]["motion"].endswith("good 1.bvh")
    assert "character" not in by_name["good 1"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", " ="])
def test_no_cell_is_a_formula(report, begin):
    text = f"{begin}{FORMULA}"
    rows = list(csv.reader(io.StringIO(table_text(changed(report, id=text, detail=text, note=text), ACTING))))
    assert rows[1][0].startswith("'")
    assert rows[1][5].startswith("'")
    assert not [cell for cell in rows[1] if re.match(r"[=+@\t\r]", cell)]
    assert len(rows) == len(report.rows) + 1


def test_both_files_or_none(report, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError):
        write_report(report, tmp_path / "r.html")
    assert not list(tmp_path.iterdir())


def test_an_earlier_report_is_replaced_and_nothing_else(report, tmp_path):
    page, table = tmp_path / "r.html", tmp_path / "r.csv"
    page.touch()
    write_report(report, page)
    write_report(report, page)
    assert page.read_text().splitlines()[1] == PAGE_MARK
    assert table.read_text().startswith(TABLE_MARK)
    for path in (page, table):
        kept = path.read_bytes()
        path.write_text("<html>my own page</html>")
        with pytest.raises(OutputError, match="no report"):
            write_report(report, page)
        assert path.read_text() == "<html>my own page</html>"
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").write_bytes(kept)
        with pytest.raises(OutputError, match="is a link"):
            write_report(report, page)
        path.unlink()
        path.write_bytes(kept)


def test_files_of_the_batch_are_never_a_place(faults):
    from mannerism.core.batch.manifest import read_manifest

    manifest = read_manifest(faults.manifest)
    for name in ("lines.jsonl", "lines.status.jsonl", "good 1.wav", "good 1.bvh"):
        with pytest.raises(OutputError):
            check_places(manifest, faults.folder / name)
    check_places(manifest, faults.folder / "r.html")


def test_paths_are_relative_to_the_page(tmp_path):
    assert beside(tmp_path / "a" / "ü 1.wav", tmp_path / "b") == "../a/ü 1.wav"


def test_a_line_takes_less_than_three_kilobytes(report):
    rows = tuple(
        replace(row, line=replace(row.line, id=f"{row.line.id} {at}"))
        for at, row in zip(count(), report.rows * 40)
    )
    small, large = (
        len(page_of(Report(report.manifest, part)).encode()) for part in (rows[:100], rows[:1000])
    )
    assert (large - small) / 900 < 1000


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_the_script_sorts_searches_and_draws():
    script = """
    const source = require("fs").readFileSync(process.argv[1], "utf8");
    const { ordered, matching, curvePaths, address } =
      new Function(source + "; return { ordered, matching, curvePaths, address };")();
    const row = (at, id, speed, findings, more) => ({ at, id, speed, findings, state: findings.length ? findings[0][0]
      : "done", character: "", language: "", text: "", sound: "", out: "", style: "calm", note: "", ...more });
    const rows = [row(0, "line 10", 3, []), row(1, "line 2", null, [["failed", "No voice"]]),
      row(2, "Line 1", -1, [["quiet", ""]], { character: "Ärzte" }), row(3, "line 3", 3, [["stale", ""]])];
    const at = (found) => found.map((one) => one.at);
    const wanted = (more) => ({ search: "", kind: "", values: {}, ...more });
    const acting = new Set(["failed", "stale"]);
    console.log(JSON.stringify({
      numbers: at(ordered(rows, (r) => r.speed, false)), down: at(ordered(rows, (r) => r.speed, true)),
      names: at(ordered(rows, (r) => r.id, false)),
      all: at(matching(rows, wanted({}), acting)), acts: at(matching(rows, wanted({ kind: "acts" }), acting)),
      any: at(matching(rows, wanted({ kind: "any" }), acting)), done: at(matching(rows, wanted({ kind: "done" }), acting)),
      quiet: at(matching(rows, wanted({ kind: "quiet" }), acting)),
      words: at(matching(rows, wanted({ search: "LINE voice" }), acting)),
      form: at(matching(rows, wanted({ search: "a\\u0308rzte" }), acting)),
      value: at(matching(rows, wanted({ values: { character: "Ärzte", language: "" } }), acting)),
      path: curvePaths("A".repeat(48) + "_".repeat(48) + "f".repeat(48), 10, 5).map(([axis, d]) => [axis, d.slice(0, 8)]),
      addresses: [address("../a b/ü#?.wav"), address("javascript:alert(1)"), address("file:///C:/a.wav"), address("\\ud800")],
    }));
    """
    command = [str(NODE), "-e", script, str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "numbers": [2, 0, 3, 1],
        "down": [0, 3, 2, 1],
        "names": [2, 1, 3, 0],
        "all": [0, 1, 2, 3],
        "acts": [1, 3],
        "any": [1, 2, 3],
        "done": [0],
        "quiet": [2],
        "words": [1],
        "form": [2],
        "value": [2],
        "path": [["pitch", "M0.0 43."], ["yaw", "M0.0 1.0"], ["roll", "M0.0 22."]],
        "addresses": ["./../a%20b/%C3%BC%23%3F.wav", "./javascript%3Aalert(1)", "file:///C:/a.wav", None],
    }
