"""The rows of the scorecard, what each is given, and what the results say of demands."""

import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest

pytest.importorskip("torch", reason="the scorecard's judges are trained with torch")

from mannerism.core.errors import StyleError
from mannerism.core.evaluate import CEILING, EvaluationCase, Interval, Row, score
from mannerism.core.evaluate.report import markdown_of, text_of
from mannerism.core.generate import ENGINES, GenerationSettings
from mannerism.core.generate.engine import DEFAULT_ENGINE
from mannerism.core.motion import GRID_HZ
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.style.population import load_population
from mannerism.tests.support.judges import Distance
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.training.data.dataset import usable
from mannerism.training.data.pairs import GAP_S, find_pairs
from mannerism.training.data.toy import write_toy
from mannerism.training.evaluation.ablations import Given, material, wrong_speech
from mannerism.training.evaluation.acceptance import DEMANDS, Demand
from mannerism.training.evaluation.results import AGAINST, OWN, TOWARDS, Results, results
from mannerism.training.evaluation.score_tables import as_values, tables
from mannerism.training.evaluation.systems import (
    BASELINE,
    CHANGED,
    CLEAR,
    ROWS,
    WRONG_SPEECH,
    WRONG_STYLE,
    actor_of,
    systems,
)
from mannerism.training.evaluation.takes import LeftOut, System, make_takes, stranger

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    write_toy(folder, 20, seconds=24.0)
    return folder


@pytest.fixture(scope="module")
def pairs(toy):
    return list(find_pairs(usable(toy, "test")))


def taken(toy, pairs, systems_, folder, seeds=1):
    """All takes, none left out."""
    found = list(make_takes(toy, pairs, systems_, seeds=seeds, cache=folder))
    assert all(isinstance(take, EvaluationCase) for take in found)
    return found


class Counting:
    """An engine that counts its takes, and turns the head about."""

    def __init__(self):
        self.calls = 0

    def __call__(self, style, speech, settings, progress):
        self.calls += 1
        time_s = np.arange(len(speech.time_s))[:, None] / GRID_HZ
        return 0.05 * np.sin((1.0 + settings.seed) * time_s + np.arange(6))


# Pairs and strangers


def test_pairs_within_are_of_each_recording_and_one_kind(toy):
    rows = list(usable(toy, "test"))
    found = list(find_pairs(rows, within=True))
    assert {pair.kind for pair in found} == {"same"}
    assert [pair.target.recording.id for pair in found] == [row.id for row in rows]
    assert {pair.name for pair in find_pairs(rows) if pair.kind == "same"} < {pair.name for pair in found}


def test_strangers_are_others_of_the_same_kind_and_each_seed_has_the_next(pairs):
    for pair in pairs:
        others = [other for other in pairs if other.kind == pair.kind and other.person != pair.person]
        found = [stranger(pairs, pair, seed) for seed in range(len(others))]
        assert {other.name for other in found} == {other.name for other in others}
        assert stranger(pairs, pair, len(others)) == found[0]
    assert stranger(pairs[:1], pairs[0], 0) == pairs[0]


# What is changed


@pytest.fixture(scope="module")
def own(toy, pairs):
    return material(toy, next(pair for pair in pairs if pair.kind == "other"))


@pytest.fixture(scope="module")
def other(toy, pairs, own):
    return material(toy, stranger(pairs, own.pair, 0))


@pytest.fixture
def changed(own, other):
    """What a row of the table is given in place of this; the style is as one with a learned vector."""
    learned = replace(own.style, learned=(0.25,) * 16, encoder="an encoder")
    given = Given(learned, own.speech, GenerationSettings(seed=3))
    return given, lambda name: CHANGED[name](given, own, other)


def test_styles_without_one_half(changed):
    given, change = changed
    found = change("no style vector")
    assert found.style.learned is found.style.encoder is None
    assert found.style.statistics == given.style.statistics
    found = change("no statistics")
    assert found.style.learned == given.style.learned
    assert found.style.statistics == load_population().means()


def test_a_vector_at_a_glance(changed, own, monkeypatch):
    _, change = changed
    asked = []

    def encode(track, speech, **how):
        asked.append((len(track.time_s), how))
        return own.style

    monkeypatch.setattr("mannerism.training.evaluation.ablations.encode_style", encode)
    assert change("no adaptation").style is own.style
    assert asked == [(len(own.reference.time_s), {"adapt": False})]


def test_inputs_of_somebody_else_or_none(changed, own, other):
    given, change = changed
    assert change("no audio") == replace(given, settings=GenerationSettings(seed=3, voice=0.0))
    assert change(WRONG_STYLE) == replace(given, style=other.style)
    speech = change(WRONG_SPEECH).speech
    assert change(WRONG_SPEECH).style is given.style
    assert speech.time_s is own.speech.time_s
    again = len(other.speech.values)
    count = min(len(speech.values), again)
    np.testing.assert_array_equal(speech.values[:count], other.speech.values[:count])
    longer = SpeechFeatures(
        np.arange(again + 9) / GRID_HZ, np.resize(own.speech.values, (again + 9, len(NAMES))), 9.0
    )
    tiled = wrong_speech(replace(given, speech=longer), own, other).speech.values
    np.testing.assert_array_equal(tiled[again:], other.speech.values[:9])


def test_references_of_other_lengths_are_where_most_speech_is(changed, own):
    _, change = changed
    values = own.known.speech.copy()
    values[:, NAMES.index("activity")] = 0.0
    values[50:175, NAMES.index("activity")] = 1.0
    shorter = replace(own, known=replace(own.known, speech=values)).style_of(5.0)
    assert shorter.speech_s == len(shorter.motion) / GRID_HZ == 5.0
    shorter = change("reference of 5 s").style
    assert len(shorter.motion) == 5 * GRID_HZ
    whole = change("reference of 15 s").style
    assert len(whole.motion) == 15 * GRID_HZ > len(own.style.motion)
    assert shorter.statistics != own.style.statistics != whole.statistics


def test_a_longer_reference_never_reaches_the_target(toy):
    rows = list(usable(toy, "test"))
    for pair in (*find_pairs(rows), *find_pairs(rows, within=True)):
        known = len(material(toy, pair).known.time_s)
        assert known >= pair.reference.stop - pair.reference.first
        if pair.kind == "same":
            assert pair.reference.first + known + GAP_S * GRID_HZ <= pair.target.first
        else:
            assert known == 15 * GRID_HZ


# Takes


def test_another_row_makes_only_its_own_takes_and_other_weights_make_all_of_theirs(toy, pairs, tmp_path):
    weights = tmp_path / "weights"
    weights.write_bytes(b"one")
    one, two = Counting(), Counting()
    first = System("one", one, weights=(weights,))
    taken(toy, pairs[:1], [first], tmp_path, seeds=2)
    again = taken(toy, pairs[:1], [first, System("two", two)], tmp_path, seeds=2)
    assert (one.calls, two.calls) == (2, 2)
    assert [(take.system, take.seed) for take in again] == [("one", 0), ("one", 1), ("two", 0), ("two", 1)]
    weights.write_bytes(b"other")
    taken(toy, pairs[:1], [first, System("two", two)], tmp_path, seeds=2)
    assert (one.calls, two.calls) == (4, 2)


def test_a_system_that_cannot_is_left_out_alone(toy, pairs, tmp_path):
    def refuses(style, speech, settings, progress):
        raise StyleError("I cannot", "Do not ask me")

    systems_ = [System("refuses", refuses), System("works", Counting())]
    found = list(make_takes(toy, pairs[:1], systems_, seeds=1, cache=tmp_path))
    assert found[0] == LeftOut(pairs[0], "refuses", "I cannot")
    assert found[1].system == "works"


def test_rows_are_engines_others_and_the_default_one_changed():
    others = [System(name, Counting()) for name in (CLEAR, BASELINE)]
    made = {system.name: system for system in systems(ROWS, others)}
    assert tuple(made) == ROWS
    assert [made[CLEAR], made[BASELINE]] == others
    assert all(made[name].engine is ENGINES[DEFAULT_ENGINE] for name in CHANGED)
    assert {made[name].weights for name in CHANGED} == {made[DEFAULT_ENGINE].weights}
    assert [system.name for system in systems({"puppet"}, others)] == ["puppet"]


def test_the_actor_with_other_weights_has_styles_of_their_encoder(toy, pairs, own, other, tmp_path):
    path = write_toy_manner(tmp_path / "clear.safetensors", version="clear")
    system = actor_of(CLEAR, path)
    given = system.change(Given(own.style, own.speech, GenerationSettings()), own, other)
    assert given.style.encoder == "clear"
    assert given.style.statistics == own.style.statistics
    assert system.weights == (path,)
    (take,) = taken(toy, pairs[:1], [system], tmp_path)
    write_toy_manner(path, version="clear", seed=1)
    (another,) = taken(toy, pairs[:1], [actor_of(CLEAR, path)], tmp_path)
    assert not np.array_equal(take.motion.angles_deg, another.motion.angles_deg)


# Results


@pytest.fixture(scope="module")
def found(toy, tmp_path_factory):
    """The default engine, right and wrong, judged without networks."""
    folder = tmp_path_factory.mktemp("takes")
    names = {DEFAULT_ENGINE, "replay", WRONG_STYLE, WRONG_SPEECH}
    pairs = list(find_pairs(usable(toy, "test"), within=True))
    takes = taken(toy, pairs, systems(names), folder)
    verifier = Distance([(take.reference, take.target) for take in takes])
    towards = {(pair.name, 0): stranger(pairs, pair, 0).name for pair in pairs}
    return results(score(takes, verifier=verifier), takes, verifier, towards)


def test_the_style_of_the_stand_in_decides(found):
    assert found.tests[OWN].persons == found.tests[AGAINST].persons == 4
    assert found.tests[TOWARDS].mean > 0.0
    assert {one.than for one in found.comparisons} >= {WRONG_STYLE}


def test_all_of_it_is_told(found):
    text, page = text_of(tables(found)), markdown_of(tables(found))
    for said in ("owes to its parts", WRONG_STYLE, "By how much worse", "sign flips", "not met"):
        assert said in text
        assert said in page
    plain = json.loads(json.dumps(as_values(found), allow_nan=False))
    assert len(plain["demands"]) == len(DEMANDS)
    assert plain["tests"][AGAINST]["persons"] == 4
    assert plain["rows"][0]["system"] == CEILING


def a_row(system, overall=0.5, gates=(), **figures):
    """A row of one kind with an interval of 0.1 to each side."""
    made = {name: Interval(value, value - 0.1, value + 0.1) for name, value in figures.items()}
    return Row(system, "same", 4, 4, made, {}, dict(gates), {}, overall)


def test_demands_are_met_by_values_and_what_is_missing_is_neither():
    demand = Demand("it", lambda _found, _kind: Interval(0.0, 0.0, 0.0), 0.7, 1.1)
    assert [demand.met(Interval(value, 0.0, 9.0)) for value in (0.69, 0.7, 1.1, 1.2)] == [
        False,
        True,
        True,
        False,
    ]
    assert demand.met(Interval(float("nan"), 0.0, 0.0)) is None
    assert demand.limits == "0.7 to 1.1"
    assert (replace(demand, high=inf).limits, replace(demand, low=-inf).limits) == (
        "0.7 or more",
        "1.1 or less",
    )


def measured(what, *rows):
    """A demand's value and verdict on some rows."""
    demand = next(demand for demand in DEMANDS if demand.what.startswith(what))
    value = demand.measure(Results(rows, {}, []), "same")
    return pytest.approx(value.value), demand.met(value)


def test_the_best_other_engine_is_one_that_passes_and_no_ablation():
    own, rival = a_row(DEFAULT_ENGINE), a_row("rival", 0.6)
    copy, part = a_row("copy", 0.1, gates=[("novelty", False)]), a_row("no audio", 0.2)
    assert measured("overall", own, a_row(CEILING, 0.0), copy, part, rival) == (-0.1, True)
    assert measured("overall", own, rival, a_row("better", 0.3)) == (0.2, False)
    assert measured("overall", own, copy)[1] is None
    assert measured("gates", a_row(DEFAULT_ENGINE, gates=[("jerk", False), ("seams", True)])) == (1.0, False)


def test_identity_is_demanded_by_its_bound_and_as_a_share_of_the_ceiling():
    own = a_row(DEFAULT_ENGINE, style_id=0.55)
    assert measured("StyleID, lower", own) == (0.45, False)
    auc, real = (Interval(value, value, value, ("a", "b"), np.full(9, value)) for value in (0.74, 0.9))
    rows = [replace(own, figures={"style_id": auc}), replace(a_row(CEILING), figures={"style_id": real})]
    assert measured("StyleID, share", *rows) == (0.6, True)
    assert measured("C2ST", a_row(DEFAULT_ENGINE, c2st=0.71)) == (0.71, False)
