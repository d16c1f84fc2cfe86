"""What is corrected in the network's draws: against closed forms, and for hostile numbers."""

import json

import numpy as np
import pytest

from mannerism.core.direct.tilt import free_draw
from mannerism.core.errors import MissingPartError
from mannerism.core.network.correction import COUPLINGS, OUTCOMES, Calibration, Correction
from mannerism.core.network.manner import CALIBRATION, read_manner
from mannerism.core.network.mixture import SIZE, components, draw
from mannerism.core.style.population import load_population
from mannerism.tests.support.toy_manner import write_toy_manner

INPUTS = 1 + 41 + 4
CORRECTION = Correction(((1.0, 0.0, 0.0), (0.3, 0.9, 0.0), (-0.4, 0.2, 0.8)), 0.1, (1.1, 0.9, 1.0))


def calibration(*, share=1.0, spread=0.0, speed=0.0, coupling=(0.0, 0.0, 0.0)):
    """A calibration by which every style misses the same."""
    missed = np.zeros((INPUTS, len(OUTCOMES)))
    missed[0] = [*coupling, speed, speed, speed, spread]
    return Calibration(tuple(map(tuple, missed.tolist())), share, 1.0, 0.05, 1.0)


def asked(**statistics):
    return {**load_population().means(), **dict.fromkeys(COUPLINGS, 0.0), **statistics}


def corrected(found, **statistics):
    return found.correction(asked(**statistics), np.zeros(41), np.zeros(4))


def test_nothing_is_the_same_bytes():
    increment = np.random.default_rng(0).standard_normal(6)
    assert Correction().moved(increment, np.array([1.0, -2.0])) is increment
    unchanged = corrected(calibration(share=0.0), correlation_pitch_yaw=0.3).matrix
    assert np.allclose(unchanged, np.eye(3), atol=1e-12)


def test_components_are_those_of_what_moves():
    """A draw from corrected components is the corrected draw from the components."""
    random = np.random.default_rng(1)
    outputs = random.standard_normal((3, SIZE))  # one component each
    means, normal = random.standard_normal((3, 2)), random.standard_normal((3, 6))
    parts = CORRECTION.components(components(outputs, 1.0), means)
    assert np.allclose(np.triu(np.moveaxis(parts[2], (0, 1), (2, 3)), 1), 0.0), (
        "lower triangular, as the tilt needs"
    )
    drawn = free_draw(parts, normal, np.full(3, 0.5))
    for row in range(3):
        plain = draw(outputs[row], normal[row].tolist(), 0.5)
        assert drawn[row] == pytest.approx(CORRECTION.moved(plain, means[row]), rel=1e-9)


def test_couplings_come_out_as_asked():
    """Normal increments that are coupled as a network does it are coupled as the style says."""
    does, wanted = np.array([0.1, -0.2, 0.3]), np.array([-0.3, 0.4, 0.2])
    found = corrected(
        calibration(coupling=tuple(does - wanted)), **dict(zip(COUPLINGS, wanted.tolist(), strict=True))
    )
    pairs = ((0, 1), (0, 2), (1, 2))
    covariance = np.eye(3)
    for (a, b), value in zip(pairs, does, strict=True):
        covariance[a, b] = covariance[b, a] = value
    matrix = np.array(found.matrix)
    after = matrix @ covariance @ matrix.T
    assert [after[a, b] for a, b in pairs] == pytest.approx(wanted)
    assert np.diag(after) == pytest.approx(np.ones(3)), "no axis grows"


def test_who_moves_faster_than_lately_moves_faster_still():
    factor = Correction(burst=0.1).factor(np.array([[0.5, 0.0, -0.5], [-0.5, 9.0, 0.5], [99.0, 0.0, -99.0]]))
    assert factor == pytest.approx([np.exp(0.1), np.exp(-0.1), np.e])


def test_slow_styles_are_enlarged_and_even_ones_burst():
    found = corrected(calibration(speed=-0.2, spread=-0.04))
    assert found.gains == pytest.approx([np.exp(0.2)] * 3)
    assert found.units == pytest.approx([np.exp(0.2)] * 6)
    assert found.burst == pytest.approx(0.09)
    assert corrected(calibration(spread=9.0)).burst == 0.0


@pytest.mark.parametrize("size", [100.0, -100.0, 0.79])
def test_impossible_statistics_give_a_finite_correction(size):
    signs = {"correlation_pitch_yaw": size, "correlation_pitch_roll": size, "correlation_yaw_roll": -size}
    found = corrected(calibration(coupling=(-size, size, size), speed=size, spread=size), **signs)
    assert np.isfinite(found.matrix).all()
    assert np.abs(found.matrix).max() < 10.0
    assert 0.6 < min(found.gains) <= max(found.gains) < 1.5
    assert 0.0 <= found.burst <= 0.15


def test_it_lies_in_the_weights_file(tmp_path):
    known = calibration(spread=0.01, coupling=(0.1, 0.2, 0.3))
    path = write_toy_manner(tmp_path / "a.safetensors", metadata={CALIBRATION: known.to_json()})
    assert read_manner(path).calibration == known
    assert (
        read_manner(write_toy_manner(tmp_path / "b.safetensors")).correction(asked(), np.zeros(4))
        == Correction()
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.pop("burst"),
        lambda content: content.update(burst="much"),
        lambda content: content.update(burst=float("nan")),
        lambda content: content.update(missed=[[0.0]]),
        lambda content: content["missed"].pop(),
        lambda content: content["missed"][0].__setitem__(0, None),
        lambda content: content.update(more=1),
    ],
)
def test_a_damaged_one_is_refused(tmp_path, change):
    content = json.loads(calibration().to_json())
    change(content)
    path = write_toy_manner(tmp_path / "a.safetensors", metadata={CALIBRATION: json.dumps(content)})
    with pytest.raises(MissingPartError, match="not of this version"):
        read_manner(path)
