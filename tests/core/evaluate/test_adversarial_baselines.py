"""No known cheat wins: the whole scorecard on synthetic persons."""

import json
from math import isnan

import numpy as np
import pytest

from mannerism.core.evaluate import (
    CEILING,
    CHEATS,
    FIGURES,
    Interval,
    Row,
    as_json,
    as_markdown,
    as_text,
    cheat_takes,
    score,
)
from mannerism.core.evaluate.hold_gap import rhythm
from mannerism.core.evaluate.scorecard import exposed, scaled
from mannerism.tests.support.judges import Distance, Linear
from mannerism.tools.synthetic.persons import draw_takes

pytestmark = pytest.mark.slow

# Beside the one figure that each cheat is scaled by, what else must see it.
ALSO = {
    "constant": ("style_id", "sync_gap", "hold_gap", "c2st"),
    "over-smoothed": ("sync_gap", "hold_gap", "c2st"),
    "jitter": ("kin", "hold_gap"),
    "spectrum noise": ("sync_gap", "c2st"),
    "other person": ("kin", "sync_gap"),
    "mean model": ("kin", "sync_gap", "hold_gap", "c2st"),
}

SCORED = [name for name, cheat in CHEATS.items() if cheat.exposed_by in FIGURES]


@pytest.fixture(scope="module")
def verifier():
    return Distance([(take.reference, take.target) for take in draw_takes(12, seed=2)])


@pytest.fixture(scope="module")
def rows(verifier):
    """Ten persons, one further take of each in the same speech as the system that is judged."""
    return {row.system: row for row in score(draw_takes(10, seed=1), verifier=verifier, classifier=Linear())}


def test_the_ceiling_comes_first_and_then_the_cheats(rows):
    assert list(rows) == [CEILING, *CHEATS, "another take"]
    assert all((row.persons, row.takes) == (10, 10) for row in rows.values())
    assert all(list(row.figures) == list(FIGURES) for row in rows.values())


@pytest.mark.parametrize(
    ("cheat", "figure"),
    [
        *((name, CHEATS[name].exposed_by) for name in SCORED),
        *((name, figure) for name, figures in ALSO.items() for figure in figures),
    ],
)
def test_each_cheat_loses_beyond_the_interval(rows, cheat, figure):
    assert exposed(rows[cheat], rows[CEILING], figure)


@pytest.mark.parametrize("cheat", SCORED)
def test_the_ceilings_worst_beats_the_worst_of_each_cheat(rows, cheat):
    assert rows[CEILING].overall == 0.0
    assert rows[cheat].overall >= 1.0
    assert rows[cheat].scaled[CHEATS[cheat].exposed_by] >= 1.0


def test_what_is_real_passes_and_is_never_exposed(rows):
    for name in (CEILING, "another take"):
        assert all(rows[name].gates.values()), rows[name].gates
    assert rows["another take"].overall < 0.6
    assert not exposed(rows["another take"], rows[CEILING], "style_id")
    assert not exposed(rows[CEILING], rows[CEILING], "c2st")


@pytest.mark.parametrize(
    ("cheat", "gate"),
    [("jitter", "tremble"), ("jitter", "jerk"), ("over-smoothed", "jerk"), ("constant", "coverage")],
)
def test_gates_close(rows, cheat, gate):
    assert not rows[cheat].gates[gate]


def test_seeds_pass_one_to_many_and_one_seed_leaves_it_open(rows):
    assert "spread" not in rows["another take"].gates
    found = score(draw_takes(6, seed=3, seeds=3))[-1]
    assert found.gates["spread"]
    assert (found.takes, found.persons) == (18, 6)


def test_without_judges_the_rest_is_measured():
    found = {row.system: row for row in score(draw_takes(6, seed=3))}
    assert list(found["another take"].figures) == ["kin", "sync_gap", "hold_gap"]
    assert "rank_1" not in found["another take"].details
    assert found["another take"].overall is not None


def test_kinds_are_told_apart():
    from dataclasses import replace

    takes = draw_takes(3, seed=4)
    mixed = [*takes, *(replace(take, kind="same") for take in takes)]
    found = score(mixed)
    assert [row.kind for row in found] == ["other"] * (len(found) // 2) + ["same"] * (len(found) // 2)
    assert as_text(found).count("another take") == 6  # the figures, and two tables of traits
    assert score([]) == ()


def a_row(system, **values):
    """A row whose intervals reach 0.1 to each side."""
    figures = {name: Interval(value, value - 0.1, value + 0.1) for name, value in values.items()}
    return Row(system, "other", 9, 9, figures, {}, {})


def test_scaling_by_the_mildest_cheat_that_the_data_expose():
    made = scaled(
        [
            a_row(CEILING, kin=1.0, hold_gap=0.3),
            a_row("constant", kin=9.0, hold_gap=0.9),
            a_row("half gain", kin=2.0, hold_gap=0.3),
            a_row(
                "over-smoothed", kin=1.05, hold_gap=0.3
            ),  # not distinguished from the ceiling by these data
            a_row("spectrum noise", kin=1.0, hold_gap=0.35),  # neither
            a_row("mine", kin=1.25, hold_gap=0.8),
            a_row("copy", kin=0.2, hold_gap=0.0),
        ]
    )
    by_name = {row.system: row for row in made}
    assert by_name["mine"].scaled == pytest.approx({"kin": 0.25})
    assert by_name["mine"].overall == pytest.approx(0.25)
    assert by_name["constant"].overall == pytest.approx(8.0)
    assert by_name["copy"].overall == 0.0  # the no-copy gate is for it


def test_sync_is_scaled_to_both_sides():
    made = scaled(
        [a_row(CEILING, sync_gap=0.0), a_row("wrong audio", sync_gap=-2.0), a_row("mine", sync_gap=1.0)]
    )
    assert made[-1].overall == pytest.approx(0.5)


def test_one_person_cannot_decide_anything():
    row = score(draw_takes(1, seed=5))[-1]
    assert isnan(row.figures["kin"].low)
    assert row.overall is None
    assert "–" in as_text([row])


def test_tables_and_plain_values(rows):
    text, page = as_text(list(rows.values())), as_markdown(list(rows.values()))
    assert len(text.splitlines()) == 3 * (2 + len(rows)) + 2  # with a line between tables
    for table in page.split("\n**")[1:]:
        lines = table.strip().splitlines()[2:]
        assert len({line.count("|") for line in lines}) == 1
        assert len(lines) == 2 + len(rows)
    for name in rows:
        assert name in text
        assert f"| {name} |" in page
    plain = json.loads(json.dumps(as_json(list(rows.values())), allow_nan=False))
    assert plain[0]["system"] == CEILING
    assert plain[0]["overall"] == 0.0
    assert plain[0]["traits"]["rest share"]["level"] == [0.0, 0.0, 0.0]
    assert plain[1]["details"]["novelty"] == [None, None, None]  # a constant has no windows that move
    assert np.shape(plain[0]["figures"]["kin"]) == (3,)


@pytest.mark.parametrize("name", CHEATS)
def test_cheats_keep_to_the_target_and_to_their_seed(takes, name):
    first, again, other = (cheat_takes(name, takes[:3], seed) for seed in (0, 0, 1))
    for take, made, same in zip(takes, first, again, strict=False):
        assert made.motion.angles_deg.shape == take.target.angles_deg.shape
        assert np.isfinite(made.motion.angles_deg).all()
        assert np.array_equal(made.motion.angles_deg, same.motion.angles_deg)
        assert (made.person, made.pair, made.system) == (take.person, take.pair, name)
    by_chance = {"jitter", "spectrum noise", "other person"}
    changed = any(
        not np.array_equal(a.motion.angles_deg, b.motion.angles_deg)
        for a, b in zip(first, other, strict=True)
    )
    assert changed == (name in by_chance)


def test_one_cheat_a_pair_and_none_without_others():
    takes = draw_takes(2, seed=3, seeds=2)
    assert len(cheat_takes("jitter", takes)) == 2
    assert cheat_takes("other person", takes[:2]) == []


def test_noise_keeps_the_spectrum_and_loses_the_bursts(takes):
    for take, made in zip(takes, cheat_takes("spectrum noise", takes), strict=True):
        real, noise = take.target.angles_deg, made.motion.angles_deg
        level = real - np.linspace(0.0, 1.0, len(real))[:, None] * (real[-1] - real[0])
        assert np.abs(np.fft.rfft(noise, axis=0))[1:-1] == pytest.approx(
            np.abs(np.fft.rfft(level, axis=0))[1:-1]
        )
        assert rhythm(made.motion)[2] < rhythm(take.target)[2]
