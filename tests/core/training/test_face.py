"""Training of the face: what is exported is what was trained, labels are where the sounds are."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is there for training alone")

from mannerism.core.face import mouth  # noqa: E402
from mannerism.core.face.gap_map import LEVELS  # noqa: E402
from mannerism.core.face.log_mel import BANDS  # noqa: E402
from mannerism.core.face.network import mouth_network  # noqa: E402
from mannerism.core.face.whisper_front import WIDTH  # noqa: E402
from mannerism.core.motion import no_progress  # noqa: E402
from mannerism.training.data.dataset import Recording  # noqa: E402
from mannerism.training.face.basis import fit as fit_basis  # noqa: E402
from mannerism.training.face.calibrate import Calibration, agreement, calibrate, closures, predicted_by  # noqa: E402
from mannerism.training.face.corpus import Talk  # noqa: E402
from mannerism.training.face.examples import Example, Windows, batch, of_talk  # noqa: E402
from mannerism.training.face.export import export  # noqa: E402
from mannerism.training.face.fit import fit  # noqa: E402
from mannerism.training.face.network import TrainedMouth  # noqa: E402
from mannerism.training.face.options import TOY  # noqa: E402
from mannerism.training.face.synthetic import spoken  # noqa: E402

NUMBERS = len(mouth.basis())
FPS = 25.0


def example(seed, steps=400):
    """A mouth that opens with the low bands, and closes when they are silent."""
    rng = np.random.default_rng(seed)
    opening = np.maximum(np.convolve(rng.normal(size=steps + 40), np.hanning(21), "same")[20:-20], -0.2) + 0.2
    log_mel = 0.1 * rng.normal(size=(2 * steps, BANDS))
    log_mel[:, :10] += np.repeat(opening, 2)[:, None] - 1.0
    shape = np.zeros((steps, NUMBERS), np.float32)
    shape[:, 0] = opening
    known = np.ones(steps, np.bool_)
    nothing = np.full(steps, -1)
    phonetic = 0.4 * rng.normal(size=(steps, WIDTH))
    phonetic[:, :40] += opening[:, None]
    return Example(
        log_mel.astype(np.float32),
        phonetic.astype(np.float16),
        shape,
        known,
        opening < 0.05,
        known,
        nothing,
    )


def talk(seed=0):
    """Somebody whose lips and jaw move as the basis says."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, 12.0, 1.0 / FPS)
    shape = np.zeros((len(time_s), NUMBERS))
    shape[:, 0] = 0.005 * np.maximum(np.sin(2 * np.pi * 2.3 * time_s + seed), -0.3) + 0.0015
    shape[:, 1] = 0.001 * np.sin(2 * np.pi * 3.1 * time_s)
    row = Recording("a", "p", "s", "a", "", "train", 12.0, (0, 0, 0), 0.0, 5.0, False, ((0, 300),))
    log_mel = rng.normal(size=(1200, BANDS)).astype(np.float32)
    points = mouth.mouth_points(shape).astype(np.float32)
    turn = 0.05 * rng.normal(size=(len(time_s), 3))
    phonetic = rng.normal(size=(600, WIDTH)).astype(np.float16)
    return Talk(row, log_mel, phonetic, time_s, points, turn, np.ones(len(time_s), np.bool_))


def test_what_is_exported_is_what_was_trained(tmp_path):
    torch.manual_seed(0)
    network = TrainedMouth(8, 24, (1, 4, 2), NUMBERS, 0.1).eval()
    scale = np.linspace(0.5, 2.0, NUMBERS)
    options = replace(TOY, width=24, dilations=(1, 4, 2))
    gaps = LEVELS.tolist()
    export(
        tmp_path / "face.safetensors", network, Calibration(scale.tolist(), 0.4, gaps, gaps, 0.5), options, []
    )
    given = example(1)
    shape, closed = predicted_by(network, given)
    shipped = mouth_network(tmp_path / "face.safetensors")
    projected = shipped.project(given.phonetic.astype(np.float32))
    again, likely = shipped.predict(given.log_mel, projected)
    np.testing.assert_array_equal(shipped.seen, LEVELS)
    assert shipped.closed_from == 0.4
    np.testing.assert_allclose(again, shape * scale, atol=5e-3)
    np.testing.assert_allclose(likely, closed, atol=2e-3)


@pytest.mark.slow
def test_training_learns_and_goes_on_where_it_was_stopped(tmp_path):
    torch.use_deterministic_algorithms(mode=True)
    learned, shown = [example(seed) for seed in range(4)], [example(9)]
    options = replace(TOY, steps=60, average=0.9)
    scale = torch.ones(NUMBERS)

    def trained(folder, steps):
        folder.mkdir(exist_ok=True)
        return fit(
            learned,
            learned,
            scale,
            options,
            lambda network: agreement(network, shown),
            kept=folder / "checkpoint.pt",
            key="",
            progress=no_progress if steps == options.steps else stopping(steps),
        )

    def stopping(steps):
        def progress(share, _what):
            if share * options.steps >= steps:
                raise KeyboardInterrupt

        return progress

    whole = trained(tmp_path / "whole", options.steps)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "parts", 20)
    parts = trained(tmp_path / "parts", options.steps)
    assert agreement(whole, shown) > 0.7
    for one, other in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(one, other)
    found = calibrate(whole, np.ones(NUMBERS), shown, shown)
    assert 0.2 <= found.closed_from <= 0.8


def test_windows_hold_what_they_say():
    given = batch(Windows([example(0)], 80).draw(np.random.default_rng(0), 5))
    assert given["log_mel"].shape == (5, 160, BANDS)
    assert given["phonetic"].shape == (5, 80, WIDTH)
    assert given["shape"].shape == (5, 80, NUMBERS)
    assert given["sounds"].dtype == torch.int64
    assert all(torch.isfinite(values).all() for values in given.values())


def test_a_talk_is_told_in_the_persons_own_size():
    given = of_talk(talk())
    assert given.shape[given.tracked, 0].std() == pytest.approx(1.0, rel=0.05)
    assert given.tracked.mean() > 0.95


def test_closures_are_runs():
    closed = np.array([1, 1, 0, 1, 0, 0, 1], np.bool_)
    assert closures(closed, np.ones(7, np.bool_)) == [(0, 2), (3, 4), (6, 7)]
    assert closures(closed, np.zeros(7, np.bool_)) == []


def test_basis_begins_with_the_gap():
    found, shares = fit_basis([talk(seed) for seed in range(3)], 2)
    np.testing.assert_allclose(mouth.gap_of(found), [1.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(found[0], mouth.basis()[0], atol=0.02)
    np.testing.assert_allclose(np.abs(found[1]), np.abs(mouth.basis()[1]), atol=0.02)
    assert shares[0] < shares[1]
    assert shares[1] > 0.99


@pytest.mark.slow
def test_made_up_words_close_lips_where_they_should():
    first = next(iter(spoken(1, 3)))
    assert 0.02 < first.closed.mean() < 0.3
    assert (first.closed & first.counted).any()
    # Behind closed lips there is less than elsewhere in speech.
    level = first.log_mel[: 2 * len(first.closed)].reshape(len(first.closed), -1).mean(axis=1)
    assert level[first.closed].mean() < level[first.counted & ~first.closed].mean() - 0.2
