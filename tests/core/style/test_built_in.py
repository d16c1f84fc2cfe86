"""Built-in styles: each moves as its table says, none is a person, and names are taken where files are."""

import importlib.util
import json
import subprocess
import sys

import numpy as np
import pytest

from mannerism.core.errors import StyleError
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.speech import NAMES
from mannerism.core.speech.windows import smooth
from mannerism.core.style import STATISTICS, Style, built_in_styles, read_style, style_path
from mannerism.core.style.built_in import FOLDER, TABLE, descriptions
from mannerism.core.style.population import load_population
from mannerism.core.style.schema import DRIVES
from mannerism.core.style.statistics import measure
from mannerism.tests.support.paths import ROOT
from mannerism.tests.support.takes import as_measured, style_with
from mannerism.tools.synthetic.persons import speak
from mannerism.training.data.toy import write_toy

SCRIPT = ROOT / "training" / "manner" / "built_in.py"
MOVES = {name: row["moves"] for name, row in json.loads(TABLE.read_text(encoding="utf-8")).items()}
SPREADS = load_population().spreads


def in_deviations(name, value):
    return (value - SPREADS[name].mean) / SPREADS[name].between ** 0.5


@pytest.fixture(scope="module")
def speech():
    """Three minutes whose energy, onset and accent are distributed as in people's voices."""
    random = np.random.default_rng(3)
    spoken = speak(180.0, random)
    population = load_population()
    noise = smooth(random.normal(size=(len(spoken.time_s), 3)), 0.12)
    noise = noise / noise.std(axis=0) @ np.linalg.cholesky(population.drive_correlation).T
    active = spoken.column("activity")[:, None] > 0.5
    voiced = population.drive_mean + population.drive_sd * noise
    columns = [NAMES.index(drive) for drive in DRIVES]
    spoken.values[:, columns] = np.where(active, voiced, [-3.0, 0.0, 0.0])
    return spoken


def seen(style, speech):
    """Mean statistics of what the puppet makes of a style, over takes."""
    takes = [generate(style, speech, GenerationSettings(seed=seed, engine="puppet")) for seed in range(3)]
    found = [measure(as_measured(take), speech) for take in takes]
    return {name: np.mean([one[name] for one in found]) for name in found[0]}


@pytest.fixture(scope="module")
def usual(speech):
    return seen(style_with(), speech)


@pytest.mark.slow
@pytest.mark.parametrize("name", MOVES)
def test_the_motion_is_what_the_name_promises(name, speech, usual):
    """Measured as people are: what is moved moves as far, within half of it; what is held stays."""
    found = seen(built_in_styles()[name], speech)
    for statistic, move in MOVES[name].items():
        moved = (found[statistic] - usual[statistic]) / SPREADS[statistic].between ** 0.5
        assert moved * np.sign(move) >= 0.4 * abs(move), statistic
        assert abs(moved) <= 1.6 * abs(move) + 0.3, statistic


@pytest.mark.parametrize("name", MOVES)
def test_a_built_in_style_is_nobody_and_not_beyond_people(name):
    style = built_in_styles()[name]
    assert (style.learned, style.encoder, style.motion, style.speech_s) == (None, None, None, 0.0)
    for statistic, move in MOVES[name].items():
        assert in_deviations(statistic, style.statistics[statistic]) == pytest.approx(move, abs=1e-3)
    for statistic in STATISTICS:
        assert abs(in_deviations(statistic, style.statistics[statistic])) <= 2.5 + 1e-3, statistic


def test_there_are_many_and_each_differs():
    styles = built_in_styles()
    assert len(styles) >= 8
    assert {path.name for path in FOLDER.iterdir()} == {"table.json", *(f"{n}.style.json" for n in styles)}
    assert all(descriptions()[name] for name in styles)
    rows = np.array([[in_deviations(k, v) for k, v in s.statistics.items()] for s in styles.values()])
    apart = np.linalg.norm(rows[:, None] - rows, axis=-1)[~np.eye(len(rows), dtype=bool)]
    assert apart.min() > 1.5


# names


def test_a_name_is_taken_where_there_is_no_such_file(tmp_path):
    assert style_path("calm", tmp_path) == FOLDER / "calm.style.json"
    assert read_style(style_path("emphatic nods")).statistics == built_in_styles()["emphatic nods"].statistics
    (tmp_path / "calm").write_text("a file of the user's")
    assert style_path("calm", tmp_path) == tmp_path / "calm"
    assert style_path("ada.style.json", tmp_path) == tmp_path / "ada.style.json"


@pytest.mark.parametrize("name", ["clam", "Größe 日本", "../calm"])
def test_an_unknown_name_is_refused_with_those_there_are(name, tmp_path):
    with pytest.raises(StyleError, match="calm, still") as refusal:
        style_path(name, tmp_path)
    assert name in refusal.value.problem


# the script that makes them


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("built_in_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_goes_together_goes_along(script):
    """400 persons; of half of the statistics each pair correlates by 0.8, the last one was never measured."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(400, len(STATISTICS)))
    values[:, :20] = np.sqrt(0.8) * rng.normal(size=(400, 1)) + np.sqrt(0.2) * values[:, :20]
    values[:, -1] = np.nan
    correlation = script.correlations(5.0 + 3.0 * values)
    assert correlation[0, 1] == pytest.approx(0.8, abs=0.1)
    assert abs(correlation[0, 30]) < 0.15
    np.testing.assert_array_equal(correlation[-1], np.eye(len(STATISTICS))[-1])
    np.linalg.cholesky(correlation)
    names = list(STATISTICS)
    made = script.manner({names[0]: 2.0}, correlation, load_population())
    assert in_deviations(names[0], made[names[0]]) == pytest.approx(2.0, abs=1e-3)
    assert in_deviations(names[1], made[names[1]]) == pytest.approx(2.0 * correlation[0, 1], abs=1e-3)


def test_persons_of_no_relation_are_drawn_to_independence(script):
    noise = script.correlations(np.random.default_rng(2).normal(size=(30, len(STATISTICS))))
    assert np.abs(noise - np.eye(len(STATISTICS))).max() < 0.15


@pytest.mark.slow
def test_the_whole_script_on_made_up_persons(tmp_path):
    write_toy(tmp_path / "toy", 20, seconds=8.0)
    run = [sys.executable, str(SCRIPT), str(tmp_path / "toy"), "-o", str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "12 persons" in done.stderr
    for name, moves in MOVES.items():
        style: Style = read_style(tmp_path / f"{name}.style.json")
        for statistic, move in moves.items():
            assert in_deviations(statistic, style.statistics[statistic]) == pytest.approx(move, abs=1e-3)


@pytest.mark.slow
def test_too_few_persons_are_refused(tmp_path):
    write_toy(tmp_path / "toy", 5, seconds=8.0)
    run = [sys.executable, str(SCRIPT), str(tmp_path / "toy"), "-o", str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Only 3 persons" in done.stderr
