"""Whisper's front against torch and librosa, and what a sound's length may change."""

from math import erf

import numpy as np
import pytest

from mannerism.core.errors import MissingPartError
from mannerism.core.face.log_mel import sound_windows
from mannerism.core.face.mouth_input import mouth_input
from mannerism.core.face.whisper_front import (
    AHEAD_S,
    BANDS,
    BLOCKS,
    FRONT_HZ,
    HEADS,
    HOP_STEPS,
    PATH,
    PER_STEP,
    SILENCE,
    WIDTH,
    WINDOW_STEPS,
    gelu,
    position_encoding,
    shapes,
    whisper_front,
)
from mannerism.core.face.whisper_mel import about_loud_moments, mel_log_power
from mannerism.core.media.sound import RATE_HZ, Sound
from mannerism.core.network.weights import read_weights, write_weights
from mannerism.tests.support.paths import EXAMPLES

LINE = EXAMPLES / "line_1.wav"


def samples():
    return np.concatenate(list(Sound(LINE).pieces()))


def whisper_input(sound):
    powers = [mel_log_power(part, whisper_front().mel_filters) for part in sound_windows([sound])]
    return about_loud_moments(np.concatenate(powers))


def features(log_mel):
    return np.concatenate(list(whisper_front().features(log_mel)))


def by_torch(log_mel, arrays):
    """The encoder as published, of torch's own layers."""
    torch = pytest.importorskip("torch", reason="torch is there for training alone")
    functional = torch.nn.functional
    weight = {name: torch.tensor(np.array(array)) for name, array in arrays.items()}

    def linear(x, name):
        return functional.linear(x, weight[f"{name}.weight"], weight[f"{name}.bias"])

    def norm(x, name):
        return functional.layer_norm(x, (WIDTH,), weight[f"{name}.norm.gamma"], weight[f"{name}.norm.beta"])

    x = torch.tensor(log_mel.T[None], dtype=torch.float64)
    for name, stride in (("conv1", 1), ("conv2", 2)):
        x = functional.conv1d(x, weight[f"{name}.weight"], weight[f"{name}.bias"], stride, padding=1)
        x = functional.gelu(x)
    x = x[0].T + torch.tensor(position_encoding(x.shape[2], WIDTH))
    for block in range(BLOCKS):
        name = f"block_{block}.attention"
        query, key, value = (
            part.reshape(len(x), HEADS, -1).transpose(0, 1)
            for part in linear(norm(x, name), f"{name}.linear_0").chunk(3, dim=1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value)
        x = x + linear(seen.transpose(0, 1).reshape(len(x), WIDTH), f"{name}.linear_1")
        name = f"block_{block}.ffn"
        x = x + linear(functional.gelu(linear(norm(x, name), f"{name}.linear_0")), f"{name}.linear_1")
    return x.numpy()


@pytest.mark.slow
def test_the_front_is_the_published_encoder():
    front = whisper_front()
    log_mel = whisper_input(samples())[: PER_STEP * 150]
    expected = by_torch(log_mel, read_weights(PATH).arrays)
    np.testing.assert_allclose(front.encode(log_mel.astype(np.float64)), expected, atol=5e-6)
    assert expected.std() > 0.2


def test_gelu_is_exact_enough():
    x = np.linspace(-8.0, 8.0, 401)
    np.testing.assert_allclose(gelu(x), [0.5 * v * (1.0 + erf(v / 2**0.5)) for v in x], atol=1e-6)


def test_its_input_is_librosas_spectrum():
    librosa = pytest.importorskip("librosa", reason="librosa is there for development alone")
    sound = samples()[:RATE_HZ]
    expected = librosa.feature.melspectrogram(
        y=sound.astype(np.float64), sr=RATE_HZ, n_fft=400, hop_length=160, n_mels=BANDS, pad_mode="constant"
    )
    found = mel_log_power(next(sound_windows([sound])), whisper_front().mel_filters)
    expected = np.log10(np.maximum(expected, 1e-12)).T
    np.testing.assert_allclose(found[:99], expected[:99], atol=2e-3)


def test_its_input_does_not_depend_on_loudness():
    sound = samples()
    loud, faint = (whisper_input(np.float32(gain) * sound) for gain in (1.0, 0.03))
    np.testing.assert_allclose(loud, faint, atol=1e-3)
    assert loud.min() == pytest.approx(SILENCE)
    assert 1.0 < loud.max() < 1.6


def test_silence_is_not_amplified():
    quiet = 1e-6 * np.random.default_rng(0).normal(size=RATE_HZ).astype(np.float32)
    assert (whisper_input(quiet) < 0.0).all()
    np.testing.assert_array_equal(whisper_input(np.zeros(RATE_HZ, np.float32)), np.float32(SILENCE))


@pytest.mark.slow
@pytest.mark.parametrize("frames", [1, 2, 3, PER_STEP * HOP_STEPS - 50, PER_STEP * HOP_STEPS - 49])
def test_each_two_frames_are_a_feature(frames):
    found = features(np.zeros((frames, BANDS), np.float32))
    assert found.shape == (-(-frames // PER_STEP), WIDTH)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.slow
def test_what_follows_changes_no_byte_of_what_lies_before():
    log_mel = np.random.default_rng(0).normal(0.3, 0.3, (PER_STEP * 700, BANDS)).astype(np.float32)
    whole, part = features(log_mel), features(log_mel[: PER_STEP * 500])
    kept = 500 - round(AHEAD_S * FRONT_HZ)
    assert kept > 100
    np.testing.assert_array_equal(whole[:kept], part[:kept])
    assert not np.array_equal(whole[:500], part)


@pytest.mark.slow
def test_windows_join_without_a_jump():
    """Across a join features change as they do elsewhere."""
    log_mel = whisper_input(np.tile(samples(), 3))[: PER_STEP * 3 * HOP_STEPS]
    change = np.abs(np.diff(features(log_mel), axis=0)).mean(axis=1)
    joins = np.concatenate([np.arange(-30, 30) + HOP_STEPS * number for number in (1, 2)])
    assert change[joins].max() < 1.5 * np.delete(change, joins).max()
    assert WINDOW_STEPS > HOP_STEPS


@pytest.mark.slow
def test_added_speech_leaves_the_features_of_a_sound_alone():
    """As everywhere: what lies 12 s before the end."""
    once = np.tile(samples(), 6)[: 16 * RATE_HZ]
    longer = np.concatenate([once, samples()])
    early = slice(0, 4 * FRONT_HZ)
    found = mouth_input(once).phonetic
    np.testing.assert_allclose(mouth_input(longer).phonetic[early], found[early], atol=1e-4)
    np.testing.assert_array_equal(mouth_input(once).phonetic, found)


def test_weights_of_another_network_are_refused(tmp_path):
    write_weights(tmp_path / "other.safetensors", {"conv1.bias": np.zeros(3)}, {})
    with pytest.raises(MissingPartError, match="not of this version"):
        whisper_front(tmp_path / "other.safetensors")
    with pytest.raises(MissingPartError):
        whisper_front(tmp_path / "none.safetensors")


def test_the_file_holds_four_million_numbers_and_their_licence():
    from safetensors import safe_open

    assert sum(np.prod(shape) for shape in shapes().values()) == pytest.approx(4.1e6, rel=0.02)
    with safe_open(PATH, framework="np") as file:
        assert "OpenAI" in file.metadata()["copyright"]
    assert "Permission is hereby granted" in PATH.with_suffix(".md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_first_seconds_alone_are_enough_for_them():
    sound = samples()
    whole, first = mouth_input(sound[: 2 * RATE_HZ]), mouth_input(LINE, first_s=2.0)
    np.testing.assert_allclose(whole.phonetic, first.phonetic, atol=1e-4)
    np.testing.assert_allclose(mouth_input(sound, first_s=2.0).log_mel, first.log_mel, atol=1e-9)
