"""A pipe or a device in the place of a sound or a style is refused: reading it might never end."""

import json
import os

import pytest

from mannerism.core import cli


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("key", ["audio", "style"])
def test_a_pipe_is_no_input(tmp_path, capsys, key):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    line = {"id": "a", "audio": "a.wav", "style": "calm", "out": "a.csv"} | {key: "pipe"}
    (tmp_path / "lines.jsonl").write_text(json.dumps(line))
    assert cli.main(["batch", str(tmp_path / "lines.jsonl")]) == cli.SOME_FAILED
    assert "“pipe” cannot be read (it is no file)" in capsys.readouterr().err
