"""A line as values that JSON has."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

from mannerism.core.batch.manifest_row import CARRIED, Line
from mannerism.core.batch.plain_line import of_plain, plain
from mannerism.core.batch.product import Face, Portrait
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
    product=Face(Path("/s/a.mp4"), "livelink", 0.5, (("follow", 0.5), ("small", 0.0))),
)


def test_all_that_a_file_depends_on_travels():
    for field in {field.name for field in fields(Line)} - {*CARRIED, "problem", "beside"}:
        assert getattr(LINE, field) != getattr(Line(""), field)
    assert of_plain(json.loads(json.dumps(plain(LINE)))) == LINE


def test_what_a_line_leaves_out_stays_out():
    line = Line("a")
    assert of_plain(json.loads(json.dumps(plain(line)))) == line


def test_a_talking_head_travels_with_the_word_that_was_given_for_it():
    portrait = Portrait(Path("/s/a.mp4"), "warp", 64, label=False, refine_s=1.5, consent=True)
    line = replace(LINE, product=portrait)
    assert of_plain(json.loads(json.dumps(plain(line)))) == line
