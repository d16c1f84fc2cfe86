"""The judges of the scorecard learn what they should, on synthetic persons, and say the same twice."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the judges are trained with torch, which only `make score` installs")

from mannerism.core import rotation as rot
from mannerism.core.evaluate import EvaluationCase
from mannerism.core.evaluate.c2st import windows_of
from mannerism.core.generate import ENGINES, GenerationSettings, first_seed
from mannerism.core.style.resampling import low_pass, to_grid
from mannerism.tools.synthetic.persons import as_track, draw_person, move, speak
from mannerism.training.data.dataset import usable
from mannerism.training.data.pairs import find_pairs
from mannerism.training.data.toy import write_toy
from mannerism.training.evaluation.ablations import material
from mannerism.training.evaluation.baseline import train_baseline
from mannerism.training.evaluation.classifier import Classifier
from mannerism.training.evaluation.docs_table import END, PageError, begin, put_into
from mannerism.training.evaluation.judge_features import STATISTICS, mirrored, rates_of, statistics, windows
from mannerism.training.evaluation.takes import System, make_takes
from mannerism.training.evaluation.verifier import Piece, halves, own_against_others, train_verifier
from mannerism.training.train_loop import use


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    use(1)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    write_toy(folder, 20, seconds=18.0)
    return folder


@pytest.mark.slow
def test_rates_are_about_the_heads_own_axes_and_know_no_pose():
    time_s = np.arange(100) / 25.0
    turning = np.stack([0 * time_s, 20.0 * time_s, 0 * time_s], axis=1)
    np.testing.assert_allclose(rates_of(turning)[30:-30], [[0.0, 20.0, 0.0]] * 39, atol=1e-3)
    still = np.tile([10.0, -5.0, 3.0], (100, 1))
    np.testing.assert_allclose(rates_of(still), 0.0, atol=1e-4)


def test_mirrored_is_what_a_mirrored_head_does():
    angles = np.cumsum(np.random.default_rng(0).normal(size=(120, 3)), axis=0)
    np.testing.assert_allclose(rates_of(angles * [1.0, -1.0, -1.0]), mirrored(rates_of(angles)), atol=1e-3)


def test_statistics_are_finite_even_of_a_still_head_and_tell_size_from_rhythm():
    random = np.random.default_rng(0)
    rates = random.normal(size=(4, 99, 3)).astype(np.float32) * 20.0
    once, twice = statistics(rates), statistics(2.0 * rates)
    assert once.shape == (4, STATISTICS)
    np.testing.assert_allclose(twice[:, :3] - once[:, :3], np.log(2.0), atol=0.01)
    np.testing.assert_allclose(twice[:, 3:], once[:, 3:], atol=0.03)
    assert np.isfinite(statistics(np.zeros((1, 99, 3), np.float32))).all()


def test_windows_of_what_is_too_short_are_none():
    assert windows(np.zeros((10, 3), np.float32), 4.0, 1.0).shape == (0, 100, 3)
    assert windows(np.zeros((150, 3), np.float32), 4.0, 1.0).shape == (3, 100, 3)


def _people(count, seed):
    found = []
    for number in range(count):
        random = np.random.default_rng([seed, number])
        person = draw_person(f"{seed} {number}", random)
        for take in range(2):
            angles = move(person, speak(14.0, random), random)
            found.append((person.name, f"{person.name} {take}", angles))
    return found


def _pieces(people):
    return [Piece(p, r, rates_of(np.degrees(rot.to_rotvec(track.rotation)))) for p, r, track in people]


@pytest.mark.slow
def test_verifier_knows_persons_it_never_saw_and_shuffled_names_teach_nothing(tmp_path):
    known, others, unseen = (_pieces(_people(count, seed)) for count, seed in ((24, 1), (8, 2), (16, 3)))
    verifier = train_verifier(tmp_path / "v.pt", known, others, steps=40)
    parts = halves(unseen)
    found = own_against_others(verifier, parts)
    assert found > 0.75
    names = np.random.default_rng(0).permutation([part.person for part in parts])
    shuffled = [Piece(str(name), part.recording, part.rates) for name, part in zip(names, parts, strict=True)]
    assert abs(own_against_others(verifier, shuffled) - 0.5) < 0.1
    weights = (tmp_path / "v.pt").stat().st_mtime_ns
    again = train_verifier(tmp_path / "v.pt", known, others, steps=40)
    assert (tmp_path / "v.pt").stat().st_mtime_ns == weights
    np.testing.assert_array_equal(again.embed_rates(unseen[0].rates), verifier.embed_rates(unseen[0].rates))


def _c2st_windows(people, change):
    return [windows_of(to_grid(change(track))) for _, _, track in people]


def _trembling(track):
    angles = np.degrees(rot.to_rotvec(track.rotation))
    return as_track(angles + low_pass(np.random.default_rng(5).normal(scale=1.0, size=angles.shape)))


@pytest.mark.slow
def test_classifier_tells_tremble_from_calm_and_remembers_its_answers(tmp_path):
    people, unseen = _people(12, 4), _people(6, 5)
    real, made = (np.concatenate(_c2st_windows(people, change)) for change in (lambda t: t, _trembling))
    calm, shaken = (np.concatenate(_c2st_windows(unseen, change)) for change in (lambda t: t, _trembling))
    learner = Classifier(rates_of(real), tmp_path, steps=25)
    labels = np.repeat([False, True], [len(real), len(made)])
    probabilities = learner.fit_predict(np.concatenate([real, made]), labels, np.concatenate([calm, shaken]))
    assert ((probabilities >= 0.0) & (probabilities <= 1.0)).all()
    assert probabilities[len(calm) :].mean() > probabilities[: len(calm)].mean() + 0.3
    assert len(list(tmp_path.glob("*.npy"))) == 1
    again = learner.fit_predict(np.concatenate([real, made]), labels, np.concatenate([calm, shaken]))
    np.testing.assert_array_equal(again, probabilities)


@pytest.mark.slow
def test_baseline_learns_gives_one_take_whatever_the_seed_and_runs_on(toy, tmp_path):
    rows = list(usable(toy, "train"))
    losses = []
    train_baseline(
        tmp_path / "b.pt",
        toy,
        rows,
        steps=6,
        progress=lambda _s, what: losses.append(float(what.split()[-1])),
    )
    assert len(losses) == 6
    engine = train_baseline(tmp_path / "b.pt", toy, rows, steps=6)
    pair = next(find_pairs(usable(toy, "test")))
    given = material(toy, pair)
    one, two = (
        engine(given.style, given.speech, GenerationSettings(seed), lambda _s, _w: None) for seed in (0, 7)
    )
    assert one.shape == (len(given.speech.time_s), 6)
    assert np.isfinite(one).all()
    np.testing.assert_array_equal(one, two)


@pytest.mark.slow
def test_takes_lie_on_the_target_without_ramps_and_are_made_once(toy, tmp_path):
    pairs = list(find_pairs(usable(toy, "test")))[:2]
    calls = []

    def counted(style, speech, settings, progress):
        calls.append(settings.seed)
        return ENGINES["puppet"](style, speech, settings, progress)

    def made():
        return list(make_takes(toy, pairs, [System("puppet", counted)], seeds=2, cache=tmp_path))

    takes, again = made(), made()
    assert calls == [first_seed(pair.name) + seed for pair in pairs for seed in (0, 1)]
    assert all(isinstance(take, EvaluationCase) for take in takes)
    assert [take.seed for take in takes] == [0, 1, 0, 1]
    for take, same in zip(takes, again, strict=True):
        np.testing.assert_allclose(take.motion.angles_deg, same.motion.angles_deg, atol=1e-9)
        first_s = take.motion.start / 25.0
        assert first_s >= 0.6 - 1e-9
        assert np.linalg.norm(take.motion.angles_deg[0]) > 0.0


def test_the_table_goes_into_its_place_or_not_at_all(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n\n{begin('score')}\nold\n{END}\n\nAfter.\n", encoding="utf-8")
    put_into(page, "score", "| new |")
    assert page.read_text(encoding="utf-8") == f"Before.\n\n{begin('score')}\n| new |\n{END}\n\nAfter.\n"
    page.write_text("No place.", encoding="utf-8")
    with pytest.raises(PageError):
        put_into(page, "score", "| new |")
    assert page.read_text(encoding="utf-8") == "No place."
