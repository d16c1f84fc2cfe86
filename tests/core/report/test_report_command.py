"""`mannerism report`: exit statuses, what it prints, and what it leaves behind."""

import json

import pytest

from mannerism.core import cli
from mannerism.core.report import gathering


def lines_of(capsys):
    return capsys.readouterr().out.splitlines()


def test_nothing_to_act_on(batch, capsys):
    for name in ("a", "b"):
        batch.add(name)
    batch.run()
    assert cli.main(["report", str(batch.manifest)]) == 0
    page, table = batch.folder / "lines.report.html", batch.folder / "lines.report.csv"
    assert lines_of(capsys) == ["2 lines, 2 done, 0 to act on", str(page), str(table)]
    assert page.exists()
    assert table.exists()


@pytest.mark.slow
def test_something_to_act_on(faults, tmp_path, capsys):
    page = tmp_path / "r.html"
    arguments = ["report", str(faults.manifest), "--jobs", "1", "--page", str(page)]
    assert cli.main(arguments) == 1
    first, act, look, *paths = lines_of(capsys)
    assert first == "26 lines, 15 done, 12 to act on"
    assert act.startswith(
        "To act on: 1 failed, 1 not run, 1 missing, 1 damaged, 2 exchanged, 1 foreign, 2 stale"
    )
    assert look.startswith("To look at: 2 edited, 1 quiet, 1 clipped")
    assert paths == [str(page), str(page.with_suffix(".csv"))]
    statuses = {
        kinds: cli.main([*arguments, "--fail-on", kinds])
        for kinds in ("none", "all", "quiet, jump", "no-style")
    }
    assert statuses == {"none": 0, "all": 1, "quiet, jump": 1, "no-style": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fail-on", "nonsense"],
        ["--page", "nowhere/r.html"],
        ["--page", "lines.jsonl"],
        ["--page", "r.csv"],
        ["--page", "."],
    ],
)
def test_refusals(batch, monkeypatch, capsys, arguments):
    monkeypatch.chdir(batch.folder)
    batch.add("a")
    batch.save()
    kept = batch.manifest.read_bytes()
    assert cli.main(["report", "lines.jsonl", *arguments]) == 2
    assert capsys.readouterr().err.startswith("mannerism: ")
    assert batch.manifest.read_bytes() == kept
    assert sorted(path.name for path in batch.folder.iterdir()) == ["a.wav", "lines.jsonl"]


def test_a_manifest_that_is_none(tmp_path, capsys):
    for content in (b"", b"\xff\xfe\x00"):
        (tmp_path / "m.jsonl").write_bytes(content)
        assert cli.main(["report", str(tmp_path / "m.jsonl")]) == 2
    assert cli.main(["report", str(tmp_path / "none.jsonl")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_of_sounds_as_the_batch_takes_it(batch, tmp_path, capsys):
    batch.sound("a")
    arguments = [str(batch.folder), "--style", "calm", "-o", str(tmp_path / "made")]
    assert cli.main(["report", *arguments]) == 1
    assert lines_of(capsys) == [
        "1 line, 0 done, 1 to act on",
        "To act on: 1 not run",
        str(tmp_path / "made" / "batch.report.html"),
        str(tmp_path / "made" / "batch.report.csv"),
    ]


def test_bad_lines_are_reported_and_not_refused(tmp_path, capsys):
    (tmp_path / "m.jsonl").write_text('{"id": "a"}\nnonsense\n{"id": "=b", "audio": 3}\n')
    assert cli.main(["report", str(tmp_path / "m.jsonl")]) == 1
    assert lines_of(capsys)[1] == "To act on: 3 failed"


def test_interrupted_leaves_nothing(batch, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    batch.add("a")
    batch.run()
    monkeypatch.setattr(gathering, "gather", interrupt)
    before = sorted(batch.folder.iterdir())
    assert cli.main(["report", str(batch.manifest)]) == 130
    assert sorted(batch.folder.iterdir()) == before
    assert not lines_of(capsys)


@pytest.mark.slow
def test_processes_find_what_one_does(batch, tmp_path_factory, monkeypatch):
    for at in range(40):
        batch.add(f"line {at}", seconds=0.6, made_s=0.6)
    batch.rows["line 3"]["preset"] = "unity"
    batch.rows["line 4"]["neck"] = 0.25
    batch.run()
    folder = tmp_path_factory.mktemp("reports")
    found = []
    for jobs in ("1", "2"):
        monkeypatch.setattr(gathering, "_FEW", 10)
        page = folder / f"{jobs}.html"
        assert cli.main(["report", str(batch.manifest), "--jobs", jobs, "--page", str(page)]) == 0
        found.append(page.with_suffix(".csv").read_bytes())
    assert found[0] == found[1]
    assert found[0].count(b"\n") == 41


@pytest.mark.slow
def test_a_line_that_breaks_its_job_costs_itself_alone(batch, monkeypatch):
    for at in range(3):
        batch.add(f"line {at}")
    batch.run()
    manifest = batch.report()
    cases = [gathering.Case(row.line, None) for row in manifest.rows]
    monkeypatch.setattr(gathering, "_FEW", 1)
    monkeypatch.setattr(gathering, "_LINES_A_JOB", 2)
    plain = gathering.Case.plain

    def poisoned(case):
        values = plain(case)
        return values | {"line": None} if case.line.id == "line 1" else values

    monkeypatch.setattr(gathering.Case, "plain", poisoned)
    facts = gathering.gather_all(cases, 2, lambda *_: None)
    assert [isinstance(found, str) for found in facts] == [False, True, False]
    assert json.dumps([found.plain() for found in facts if not isinstance(found, str)])
