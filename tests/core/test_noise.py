"""The noise that all takes draw from: its values are fixed for ever, and no two uses share a channel."""

import ast
import re
from statistics import NormalDist

import numpy as np
import pytest

from mannerism.core import noise
from mannerism.core.noise import Channel
from mannerism.tests.support.paths import ROOT


def test_noise_is_what_it_was():
    """Literal values: no library may change them. Philox4x64-10 words through AS 241."""
    np.testing.assert_allclose(
        noise.normals(7, Channel.PUPPET_X, -2, 5),
        [
            -1.9860912496517082,
            1.0634821289115226,
            -0.18183816498593897,
            -0.23052152606024437,
            0.38306837272574923,
        ],
        rtol=1e-14,
    )


def test_noise_in_any_order():
    whole = noise.normals(11, Channel.PUPPET_PITCH, -100, 1000)
    for start, count in ((-100, 1), (-3, 9), (17, 4), (800, 100)):
        assert (noise.normals(11, Channel.PUPPET_PITCH, start, count) == whole[start + 100 :][:count]).all()
    for other in (
        noise.normals(12, Channel.PUPPET_PITCH, -100, 1000),
        noise.normals(11, Channel.PUPPET_YAW, -100, 1000),
    ):
        assert abs(np.corrcoef(whole, other)[0, 1]) < 0.1
    many = noise.normals(2**63 - 1, Channel.PUPPET_Z, 0, 200_000)
    assert abs(many.mean()) < 0.01
    assert many.std() == pytest.approx(1.0, abs=0.01)
    assert np.mean(many**4) == pytest.approx(3.0, abs=0.1)


def test_inverse_normal():
    p = np.concatenate(
        [np.linspace(1e-4, 1 - 1e-4, 999), 10.0 ** -np.arange(4, 300, 7), [2.0**-54, 1 - 2.0**-53]]
    )
    expected = np.array([NormalDist().inv_cdf(x) for x in p])
    np.testing.assert_allclose(noise.inverse_normal(p), expected, rtol=1e-12, atol=1e-13)


def test_channels_keep_their_numbers():
    """A number is part of what a seed means."""
    numbers = [
        *(*range(8), *range(100, 104), *range(106, 110), *range(200, 207)),
        *(*range(210, 218), 220, *range(300, 316)),
    ]
    assert sorted(Channel.__members__.values()) == numbers
    assert len(Channel.__members__) == len(set(Channel)), "two names for one number"


def noise_calls(source):
    """Calls of the two functions that draw, as their arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"normals", "uniforms"}:
                yield [*node.args, *(keyword.value for keyword in node.keywords)]


@pytest.mark.slow
def test_every_use_draws_from_a_named_channel():
    used, calls = "", 0
    for path in sorted((ROOT / "core").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for _, channel, *_ in noise_calls(source):
            calls += 1
            assert not isinstance(channel, ast.Constant | ast.BinOp), f"{path}: {ast.unparse(channel)}"
        if path.name != "noise.py":
            used += source
    assert calls >= 8
    for group in ("PUPPET_MOVEMENT", "ACTOR_MOVEMENT", "DIRECTED_MOVEMENT"):
        assert group in used
    groups = ("PUPPET_", "ACTOR_", "DIRECTED_")
    singles = [channel for channel in Channel if not channel.name.startswith(groups)]
    chosen = (Channel.ACTOR_COMPONENT, Channel.DIRECTED_COMPONENT, Channel.DIRECTED_CHOICE)
    for channel in (*singles, *chosen):
        users = len(re.findall(rf"\bChannel\.{channel.name}\b", used))
        assert users == 1, f"{channel.name} is used {users} times"


def test_blinks_and_calibration_share_no_values():
    first = noise.uniforms(0, Channel.BLINKS, 0, 1000)
    second = noise.uniforms(0, Channel.CALIBRATION_ACCENTS, 0, 1000)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1
