"""Blends: the ends exactly, between them straight in statistics and along the sphere in learned vectors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mannerism.core.errors import StyleError
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.speech import NAMES, SpeechFeatures
from mannerism.core.style import STATISTICS, Style, blend, read_style, write_style
from mannerism.core.style.blend import slerp
from mannerism.core.style.built_in import built_in_styles

ENCODER = "1"


def style(seed, *, learned=True):
    rng = np.random.default_rng(seed)
    vector = rng.normal(size=16)
    return Style(
        statistics={name: float(rng.normal()) for name in STATISTICS},
        speech_s=10.0 * seed,
        confidence=0.2 * seed,
        reasons=(f"Reason {seed}.", "A reason of both."),
        motion=0.01 * rng.normal(size=(300, 6)),
        learned=tuple((vector / np.linalg.norm(vector)).tolist()) if learned else None,
        encoder=ENCODER if learned else None,
    )


A, B = style(1), style(3)


def angle(one, other):
    """Between the learned vectors of two styles, radians."""
    assert one.learned is not None
    assert other.learned is not None
    return np.arccos(np.dot(one.learned, other.learned))


@pytest.mark.parametrize(("mix", "end"), [(0.0, A), (1.0, B), (0, A), (1, B)])
def test_the_ends_are_the_styles_without_their_motion(mix, end):
    made = blend(A, B, mix)
    for field in ("statistics", "speech_s", "confidence", "reasons", "learned", "encoder"):
        assert getattr(made, field) == getattr(end, field)
    assert made.motion is None


def test_between_the_ends():
    made = blend(A, B, 0.25)
    for name in STATISTICS:
        assert made.statistics[name] == pytest.approx(0.75 * A.statistics[name] + 0.25 * B.statistics[name])
    assert made.speech_s == pytest.approx(15.0)
    assert made.confidence == pytest.approx(0.3)
    assert made.reasons == ("Reason 1.", "A reason of both.", "Reason 3.")
    assert angle(A, made) == pytest.approx(0.25 * angle(A, B))
    assert angle(made, B) == pytest.approx(0.75 * angle(A, B))
    assert made.encoder == ENCODER


def test_sizes_blend_geometrically():
    """Halfway between 2° and 8° lies 4°."""
    small = replace(A, statistics=A.statistics | {"log_sigma_yaw": np.log(2.0)})
    large = replace(B, statistics=B.statistics | {"log_sigma_yaw": np.log(8.0)})
    assert np.exp(blend(small, large, 0.5).statistics["log_sigma_yaw"]) == pytest.approx(4.0)


def test_a_blend_of_blends_is_a_blend():
    twice = blend(blend(A, B, 0.6), B, 0.5)
    once = blend(A, B, 0.8)
    assert twice.learned == pytest.approx(once.learned)
    for name in STATISTICS:
        assert twice.statistics[name] == pytest.approx(once.statistics[name])


@pytest.mark.parametrize("swapped", [False, True])
def test_one_learned_vector_alone_is_left_out_and_said(swapped):
    pair = (style(3, learned=False), A) if swapped else (A, style(3, learned=False))
    made = blend(*pair, 0.5)
    assert (made.learned, made.encoder) == (None, None)
    assert "statistics alone" in made.reasons[-1]
    assert blend(A, style(3, learned=False), 0.0).learned == A.learned
    assert not any("alone" in reason for reason in blend(A, B, 0.5).reasons)


@pytest.mark.slow
@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=16).filter(lambda values: np.linalg.norm(values) > 0.1),
    st.floats(0, 1),
)
def test_opposite_vectors_meet_on_the_sphere(values, mix):
    start = np.array(values) / np.linalg.norm(values)
    made = slerp(start, -start, mix)
    assert np.linalg.norm(made) == pytest.approx(1.0)
    assert start @ made == pytest.approx(np.cos(np.pi * mix), abs=1e-9)
    np.testing.assert_allclose(slerp(start, start, mix), start, atol=1e-12)


@pytest.mark.parametrize("mix", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_mix_out_of_range_is_refused(mix):
    with pytest.raises(StyleError, match="out of range"):
        blend(A, B, mix)


@pytest.mark.parametrize("other", [{"encoder": "2"}, {"learned": (1.0, 0.0)}])
def test_vectors_of_different_encoders_are_refused(other):
    with pytest.raises(StyleError, match="different versions"):
        blend(A, replace(B, **other), 0.5)


def test_a_blend_travels_in_a_file_and_moves(tmp_path):
    built_in = built_in_styles()
    made = blend(built_in["calm"], built_in["lively"], 0.5)
    write_style(tmp_path / "c.style.json", made)
    back = read_style(tmp_path / "c.style.json")
    assert back.statistics == made.statistics
    speech = SpeechFeatures(np.arange(100) / 25, np.zeros((100, len(NAMES)), np.float32), 4.0)
    assert len(generate(back, speech, GenerationSettings(engine="puppet")).time_s) == 100
    with pytest.raises(StyleError, match="recorded motion"):
        generate(back, speech, GenerationSettings(engine="replay"))
