"""The command of evaluations on held-out persons: what it prints, where it writes, and what it refuses."""

import sys

import pytest

pytest.importorskip("torch", reason="torch is there for training alone")

from mannerism.training.face.score_command import Corpus, score_command

PAGE = "Before\n\n<!-- table: written by `make lips` -->\nold\n<!-- end of table -->\n\nAfter\n"


def run(monkeypatch, tmp_path, persons, *options):
    arguments = ["score.py", str(tmp_path), str(tmp_path), "--work", str(tmp_path), *options]
    monkeypatch.setattr(sys, "argv", arguments)
    seen = []

    def corpus(given):
        seen.append(given.part)
        return Corpus(persons, 7, lambda: "| a |\n|---|")

    return score_command("Scores.\n\nMore.", "lips", corpus), seen


def test_the_table_is_printed_and_put_into_the_page(monkeypatch, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert run(monkeypatch, tmp_path, 3, "--page", str(page), "--part", "valid") == (0, ["valid"])
    assert capsys.readouterr().out == "3 persons, 7 clips.\n\n| a |\n|---|\n"
    text = page.read_text(encoding="utf-8")
    assert "3 persons, 7 clips.\n\n| a |" in text
    assert "old" not in text
    assert text.startswith("Before")
    assert text.endswith("After\n")


def test_one_person_is_too_few(monkeypatch, tmp_path, capsys):
    assert run(monkeypatch, tmp_path, 1) == (2, ["test"])
    said = capsys.readouterr()
    assert "fewer than two persons" in said.err
    assert not said.out
