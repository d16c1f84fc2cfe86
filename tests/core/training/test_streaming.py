"""What the table of streaming judges is what a stream gives."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.stream.stream import Stream
from mannerism.core.style.built_in import built_in_path
from mannerism.core.style.schema import read_style
from mannerism.tests.support.synthetic_tracks import judged
from mannerism.training.evaluation.streaming import WHOLE, streamed, table


@pytest.mark.slow
@pytest.mark.parametrize("look_ahead_s", [0.24, 1.0])
def test_takes_of_several_seeds_are_those_of_streams(talk, look_ahead_s):
    style, sound = read_style(built_in_path("calm")), talk(2.5)
    for seed, made in zip((1, 2), streamed(style, sound, (1, 2), look_ahead_s), strict=True):
        stream = Stream(style, GenerationSettings(seed), rate_hz=RATE_HZ, look_ahead_s=look_ahead_s)
        given = stream.feed(sound)
        assert np.array_equal(given.rotation, made.rotation)
        assert np.array_equal(given.translation_m, made.translation_m)


def test_each_system_has_a_row_in_which_trembling_shows(takes):
    """Kin, Z, Z less that of the whole file, HoldGap, pause, the second C2ST and jerk: none needs a judge that is trained."""
    random = np.random.default_rng(0)
    whole = [replace(judged(take, take.target.angles_deg[::-1]), system=WHOLE) for take in takes]
    shaken = [
        replace(
            judged(take, take.target.angles_deg + random.normal(0, 0.5, take.target.angles_deg.shape)),
            system="0.24 s",
        )
        for take in takes
    ]
    lines = table([*whole, *shaken]).splitlines()
    rows = {cells[1]: [float(cell.split()[0]) for cell in cells[2:-1]] for cells in _cells(lines[2:4])}
    assert list(rows) == [WHOLE, "0.24 s"]
    assert rows[WHOLE][2] == 0.0
    assert rows["0.24 s"][2] == pytest.approx(rows["0.24 s"][1] - rows[WHOLE][1], abs=0.011)
    assert rows[WHOLE][6] == pytest.approx(1.0)
    assert rows["0.24 s"][6] > 1.5
    assert rows["0.24 s"][5] > rows[WHOLE][5]


def _cells(lines):
    return [[cell.strip() for cell in line.split("|")] for line in lines]
