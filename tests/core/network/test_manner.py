"""The manner network as a whole: read or refused, and each part does what the module's head promises."""

import dataclasses

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.network.decoder import Decoder, Past
from mannerism.core.network.manner import SIZES, VERSION, read_manner
from mannerism.core.network.sizes import Sizes
from mannerism.core.network.weights import write_weights
from mannerism.tests.support.toy_manner import toy_arrays, toy_sizes, write_toy_manner

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def manner(tmp_path_factory):
    return read_manner(write_toy_manner(tmp_path_factory.mktemp("weights") / "manner.safetensors", layers=2))


def test_sizes_go_through_the_file():
    sizes = toy_sizes(encoder_dilations=(1, 3), vector_sd=0.25)
    assert Sizes.from_json(sizes.to_json()) == sizes


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _arrays, metadata: metadata.pop(VERSION),
        lambda _arrays, metadata: metadata.pop(SIZES),
        lambda _arrays, metadata: metadata.update({SIZES: "[1]"}),
        lambda _arrays, metadata: metadata.update({SIZES: '{"hidden": 12}'}),
        lambda arrays, _metadata: arrays.pop("statistics_embedding.bias"),
        lambda arrays, _metadata: arrays.update({"statistics_embedding.bias": np.zeros(99)}),
    ],
    ids=["no version", "no sizes", "a list", "another table", "a layer missing", "a layer too large"],
)
def test_weights_of_another_network_are_refused(tmp_path, spoil):
    sizes = toy_sizes()
    arrays, metadata = toy_arrays(sizes), {SIZES: sizes.to_json(), VERSION: "1"}
    spoil(arrays, metadata)
    path = tmp_path / "andere.safetensors"
    write_weights(path, arrays, metadata)
    with pytest.raises(MissingPartError, match=r"andere\.safetensors"):
        read_manner(path)


def test_the_encoder_gives_a_unit_vector_of_what_is_valid_alone(manner):
    rates, speech, valid = (
        RNG.standard_normal((101, 3)),
        RNG.standard_normal((101, 3)),
        np.ones(101, np.bool_),
    )
    valid[60:] = False
    vector = manner.encode(rates, speech, valid)
    assert vector.shape == (4,)
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    rates[60:], speech[60:] = 9.0, -9.0
    np.testing.assert_array_equal(manner.encode(rates, speech, valid), vector)
    assert not np.allclose(manner.encode(rates[::-1], speech, valid[::-1]), vector, atol=1e-3)


def test_the_ear_sees_as_far_as_it_says(manner):
    reach = manner.sizes.reach
    speech = RNG.standard_normal((200, 3))
    changed = speech.copy()
    changed[100:102] += 1.0
    moved = np.flatnonzero(np.abs(manner.code(changed) - manner.code(speech)).max(axis=1))
    assert (moved[0], moved[-1]) == (50 - reach, 50 + reach)


def test_the_mean_of_all_is_the_condition_of_zeros_whatever_its_unit(manner):
    sizes = manner.sizes
    embedding, bias = manner.matrix("statistics_embedding")
    wanted = bias / (1.0 + np.exp(-bias))
    condition = manner.condition(sizes.statistics_mean, np.zeros((2, 4)))
    np.testing.assert_allclose(condition, np.tile(np.append(wanted, np.zeros(4)), (2, 1)))
    far = np.array(sizes.statistics_mean) + 1e6
    edge = np.array(sizes.statistics_mean) + 4.0 * np.array(sizes.statistics_sd)
    np.testing.assert_allclose(
        manner.condition(far, np.zeros((1, 4))), manner.condition(edge, np.zeros((1, 4)))
    )
    assert embedding.shape == (len(sizes.statistics), sizes.statistics_embedding)


def test_a_step_at_a_time_is_what_following_gives_all_at_once(manner):
    conditions = manner.condition(manner.sizes.statistics_mean, RNG.standard_normal((3, 4)))
    inputs, codes = RNG.standard_normal((20, manner.sizes.inputs)), RNG.standard_normal((20, 6))
    at_once = Decoder(manner, conditions).follow(inputs, codes)
    decoder = Decoder(manner, conditions)
    driven, head = decoder.project_codes(codes[:, None])
    for i in range(20):
        np.testing.assert_allclose(
            decoder.step(inputs[i : i + 1], driven[i], head[i]), at_once[i], atol=1e-12
        )


def test_the_past_is_poses_increments_and_running_means():
    sizes = dataclasses.replace(toy_sizes(), past=2, memories_s=(0.5,))
    past = Past(sizes, np.full(6, 0.5))
    kept = np.exp(-0.08 / 0.5)
    mean = (1.0 - kept) * np.log(0.1)
    assert past.inputs[0].tolist() == pytest.approx([0.5] * 6 + [0.0] * 12 + [mean])
    past.add(np.full(6, 50.0), np.array([3.0, 4.0, 0.0, 9.0, 9.0, -1e9]))
    mean = kept * mean + (1.0 - kept) * np.log(5.1)
    increment = [*np.arcsinh([3.0, 4.0, 0.0, 9.0, 9.0]), -6.0]
    assert past.inputs[0].tolist() == pytest.approx([6.0] * 6 + increment + [0.0] * 6 + [mean])
    past.add(np.zeros(6), np.zeros(6))
    assert past.inputs[0, 6:18].tolist() == pytest.approx([0.0] * 6 + increment)
