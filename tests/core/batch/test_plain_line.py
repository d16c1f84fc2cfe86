"""A line as values that JSON has."""

import json
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

from mannerism.core.batch.manifest_row import CARRIED, Line
from mannerism.core.batch.plain_line import of_plain, plain
from mannerism.core.export import Form
from mannerism.core.generate import GenerationSettings
from mannerism.core.timing import FrameRate

LINE = Line(
    id="a",
    audio=Path("/s/a.wav"),
    style=Path("/s/a.style.json"),
    out=Path("/o/a.bvh"),
    settings=GenerationSettings(3, "replay", 0.5, 0.25, 2.0),
    rate=FrameRate(Fraction(30000, 1001)),
    form=Form("unity", Path("/s/c.glb"), 0.25),
    direct=Path("/s/a.direct.json"),
)


def test_all_that_a_file_depends_on_travels():
    for field in {field.name for field in fields(Line)} - {*CARRIED, "problem"}:
        assert getattr(LINE, field) != getattr(Line(""), field)
    assert of_plain(json.loads(json.dumps(plain(LINE)))) == LINE


def test_what_a_line_leaves_out_stays_out():
    line = Line("a")
    assert of_plain(json.loads(json.dumps(plain(line)))) == line
