"""The layers against answers worked out by hand, numpy, scipy and torch."""

import numpy as np
import pytest
from scipy import signal, special

from mannerism.core.network.layers import attentive_pool, conv, layer_norm, linear, silu

RNG = np.random.default_rng(5)


def random(*shape):
    return RNG.standard_normal(shape, np.float32)


def column(*values):
    """One sequence of one channel."""
    return np.array(values, np.float32).reshape(1, -1, 1)


def filtered(x, weight, bias, dilation):
    """What `conv` is to give, channel by channel in float64."""
    taps, _, outputs = weight.shape
    spread = np.zeros(((taps - 1) * dilation + 1, *weight.shape[1:]))
    spread[::dilation] = weight
    margin = taps // 2 * dilation
    padded = np.pad(x.astype(np.float64), ((0, 0), (margin, margin), (0, 0)))
    return np.stack(
        [
            [signal.correlate(sequence, spread[..., o], mode="valid")[:, 0] + bias[o] for o in range(outputs)]
            for sequence in padded
        ]
    ).transpose(0, 2, 1)


def test_the_last_tap_of_a_convolution_sees_the_latest_step():
    weight = column(10, 100, 1000).reshape(3, 1, 1)
    bias = np.array([0.5], np.float32)
    assert conv(column(1, 2, 3, 4), weight, bias).ravel().tolist() == [2100.5, 3210.5, 4320.5, 430.5]
    assert conv(column(1, 2, 3, 4), weight, bias, dilation=2).ravel().tolist() == [
        *(3100.5, 4200.5),
        *(310.5, 420.5),
    ]


@pytest.mark.parametrize("dilation", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("taps", [1, 3, 5])
def test_convolution_is_a_correlation_with_zeros_beyond_both_ends(taps, dilation):
    x, weight, bias = random(3, 17, 4), random(taps, 4, 6), random(6)
    y = conv(x, weight, bias, dilation)
    np.testing.assert_allclose(y, filtered(x, weight, bias, dilation), atol=1e-5)


def test_sequences_of_a_batch_do_not_meet():
    x, weight, bias = random(3, 40, 8), random(5, 8, 8), random(8)
    together = conv(x, weight, bias, dilation=4)
    alone = np.concatenate([conv(x[i : i + 1], weight, bias, dilation=4) for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_a_linear_layer_by_hand():
    weight, bias = np.array([[1, 2, 3], [10, 20, 30]], np.float32), np.array([0, 0, 1], np.float32)
    assert linear(np.array([[1, 2]], np.float32), weight, bias).tolist() == [[21, 42, 64]]


def test_a_normalised_step_has_mean_0_and_variance_1():
    x = 3.0 * random(2, 50, 96) + np.float32(7.0)
    y = layer_norm(x).astype(np.float64)
    np.testing.assert_allclose(y.mean(axis=-1), 0.0, atol=1e-6)
    np.testing.assert_allclose(y.var(axis=-1), 1.0, atol=1e-5)
    for step in range(50):
        assert np.corrcoef(x[1, step], y[1, step])[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_a_step_without_any_contrast_becomes_zeros():
    np.testing.assert_allclose(layer_norm(np.full((1, 2, 8), 4.0, np.float32)), 0.0, atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_silu_is_x_times_the_logistic_function_however_large_x_is():
    x = np.concatenate([np.linspace(-20, 20, 401), [-1e30, -1e4, 1e4, 1e30]]).astype(np.float32)
    wanted = x.astype(np.float64) * special.expit(x.astype(np.float64))
    np.testing.assert_allclose(silu(x), wanted, rtol=1e-6, atol=1e-6)


def test_pooling_with_equal_scores_is_plain_mean_and_deviation_of_what_is_valid():
    x, valid = random(2, 30, 5), RNG.random((2, 30)) > 0.3
    pooled = attentive_pool(x, np.full((2, 30, 1), 50.0, np.float32), valid)
    for i in range(2):
        kept = x[i, valid[i]].astype(np.float64)
        np.testing.assert_allclose(pooled[i], [*kept.mean(axis=0), *kept.std(axis=0)], atol=2e-5)


def test_pooling_weighs_each_channel_by_its_own_softmax():
    x = np.array([[[0, 0], [4, 4], [99, 99]]], np.float32)
    scores = np.log(np.array([[[3, 1], [1, 1], [1000, 1000]]], np.float32))
    pooled = attentive_pool(x, scores, np.array([[True, True, False]]))
    np.testing.assert_allclose(pooled, [[1, 2, np.sqrt(3), 2]], rtol=1e-5)


@pytest.mark.filterwarnings("error")
def test_pooling_stands_scores_of_any_size():
    x = column(1, 2, 3)
    pooled = attentive_pool(x, column(-1e4, 1e4, 0), np.ones((1, 3), np.bool_))
    np.testing.assert_allclose(pooled, [[2.0, np.sqrt(1e-5)]], rtol=1e-5)


def alike(x, *shape):
    return random(*shape).astype(x.dtype)


LAYERS = {
    "conv": lambda x: conv(x, alike(x, 3, 8, 12), alike(x, 12), dilation=2),
    "linear": lambda x: linear(x, alike(x, 8, 12), alike(x, 12)),
    "layer_norm": layer_norm,
    "silu": silu,
    "attentive_pool": lambda x: attentive_pool(x, x, np.ones(x.shape[:2], np.bool_)),
}


@pytest.mark.parametrize("exactness", [np.float32, np.float64])
@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_layer_is_as_exact_as_its_input_and_leaves_it_alone(layer, exactness):
    x = random(2, 9, 8).astype(exactness)
    before = x.copy()
    y = layer(x)
    assert y.dtype == exactness
    assert y.flags.c_contiguous
    assert not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, before)


@pytest.fixture
def torch():
    """What the networks are trained with, and so what each layer has to repeat."""
    return pytest.importorskip("torch", reason="torch is there for training alone")


@pytest.mark.parametrize(("taps", "dilation"), [(1, 1), (3, 1), (5, 8), (5, 40)])
def test_convolution_is_that_of_torch(torch, taps, dilation):
    x, bias = random(3, 60, 24), random(32)
    weight = random(taps, 24, 32) / np.float32(np.sqrt(24 * taps))
    theirs = torch.nn.functional.conv1d(
        torch.tensor(x.transpose(0, 2, 1)),
        torch.tensor(weight.transpose(2, 1, 0)),
        torch.tensor(bias),
        padding=taps // 2 * dilation,
        dilation=dilation,
    )
    np.testing.assert_allclose(
        conv(x, weight, bias, dilation), theirs.permute(0, 2, 1).numpy(), rtol=0, atol=1e-5
    )


def test_normalisation_is_that_of_torch(torch):
    x = random(3, 60, 128) + np.float32(2.0)
    theirs = torch.nn.functional.layer_norm(torch.tensor(x), (128,)).numpy()
    np.testing.assert_allclose(layer_norm(x), theirs, rtol=0, atol=1e-5)


def test_silu_is_that_of_torch(torch):
    x = 10.0 * random(3, 60, 128)
    np.testing.assert_allclose(silu(x), torch.nn.functional.silu(torch.tensor(x)).numpy(), rtol=0, atol=1e-5)
