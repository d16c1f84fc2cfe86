"""What a network misses is measured on its takes, regressed on styles, and written beside its weights."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.network.correction import OUTCOMES, SPREAD, Correction
from mannerism.core.network.manner import read_manner
from mannerism.core.network.weights import read_weights
from mannerism.core.style import STATISTICS, Style
from mannerism.core.style.population import load_population
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.training.data.dataset import DatasetError, segments
from mannerism.training.data.toy import write_toy
from mannerism.training.manner import calibrate as tool


@pytest.fixture
def manner(tmp_path):
    return read_manner(write_toy_manner(tmp_path / "toy.safetensors", vector=4))


def styles(count):
    random = np.random.default_rng(0)
    means = load_population().means()
    return [
        Style(
            {name: means[name] + 0.3 * random.standard_normal() for name in STATISTICS},
            speech_s=10.0,
            confidence=1.0,
            learned=tuple(random.standard_normal(4).tolist()),
            encoder="toy",
        )
        for _ in range(count)
    ]


def test_what_is_missed_linearly_is_found(manner, monkeypatch):
    """Takes that exceed each style by a linear function of it."""
    random = np.random.default_rng(1)
    truth = random.standard_normal((46, len(OUTCOMES)))
    known = styles(3000)

    def inputs(style):
        standardised = manner.standardised(style.vector(*manner.sizes.statistics))
        return np.concatenate([[1.0], standardised, style.learned])

    monkeypatch.setattr(tool, "excess", lambda _manner, style, _correction, seed: inputs(style) @ truth)
    found = np.array(tool.calibrate(manner, known).missed)
    assert found[1:] == pytest.approx(truth[1:], abs=0.05)
    level = np.mean([inputs(style) @ found for style in known], axis=0)
    assert level[OUTCOMES.index(SPREAD)] == pytest.approx(0.0, abs=1e-3), (
        "bursts are relative to the mean style"
    )
    assert level[:3] == pytest.approx(
        np.mean([inputs(style) @ truth for style in known], axis=0)[:3], abs=0.01
    )


def test_styles_between_are_mixtures_of_two():
    own = styles(3)
    found = tool.between(own, 40)
    assert found[:3] == own
    assert tool.between(own, 2) == own[:2]
    lengths = [float(np.linalg.norm(np.array(style.learned))) for style in found[3:]]
    assert all(length == pytest.approx(1.0) or length == 0.0 for length in lengths)
    assert 0.0 in lengths
    values = np.array([style.statistics["hold"] for style in found])
    low, high = values[:3].min(), values[:3].max()
    assert values.min() >= low - 0.31 * (high - low)
    assert values.max() <= high + 0.31 * (high - low)


@pytest.mark.slow
def test_a_correction_moves_what_is_measured(manner):
    """Larger gains by as much as they say; more bursting, more spread; a coupling in its direction."""
    style = replace(styles(1)[0], statistics=load_population().means())
    plain = tool.excess(manner, style, Correction(), takes=2)
    larger = tool.excess(manner, style, Correction(gains=(1.2, 1.0, 0.8)), takes=2)
    assert (larger - plain)[3:6] == pytest.approx(np.log([1.2, 1.0, 0.8]), abs=1e-6)
    coupled = Correction(matrix=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.6, 0.0, 0.8)))
    assert (tool.excess(manner, style, coupled, takes=2) - plain)[
        OUTCOMES.index("correlation_pitch_roll")
    ] > 0.2
    assert (tool.excess(manner, style, Correction(burst=0.15), takes=2) - plain)[-1] > 0.0


@pytest.mark.slow
def test_the_command_writes_beside_the_weights_and_changes_none(tmp_path, monkeypatch, capsys):
    write_toy(tmp_path, 10, seconds=16.0)
    path = write_toy_manner(tmp_path / "toy.safetensors", vector=4)
    before = read_weights(path)
    monkeypatch.setattr("sys.argv", ["calibrate.py", str(tmp_path), "--weights", str(path), "--styles", "5"])
    assert tool.main() == 0
    assert "5 styles" in capsys.readouterr().out
    after = read_weights(path)
    assert all(np.array_equal(after.arrays[name], array) for name, array in before.arrays.items())
    assert before.metadata.items() <= after.metadata.items()
    assert read_manner(path).calibration is not None


def test_too_few_persons_are_refused(tmp_path, monkeypatch, capsys, manner):
    write_toy(tmp_path, 2, seconds=16.0)
    with pytest.raises(DatasetError, match="Only"):
        tool.styles_of(segments(tmp_path, "train"), manner)
    monkeypatch.setattr("sys.argv", ["calibrate.py", str(tmp_path / "nowhere")])
    assert tool.main() == 2
    assert "nowhere" in capsys.readouterr().err
