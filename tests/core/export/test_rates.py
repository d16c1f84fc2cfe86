"""Frame rates from 23.976 to 120: the count of frames and the time of the last one, as other programs read them."""

from fractions import Fraction

import numpy as np
import pytest

from mannerism.core.export import Form, export_motion
from mannerism.core.timing import FrameRate
from mannerism.tests.support import interchange
from mannerism.tests.support.talking_motion import talking

RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "48": Fraction(48),
    "59.94": Fraction(60000, 1001),
    "90": Fraction(90),
    "119.88": Fraction(120000, 1001),
    "120": Fraction(120),
}
NAMES = ("Root", "Neck", "Head")


def times(path):
    """Times of all frames, by readers that are none of ours."""
    match path.suffix:
        case ".bvh":
            bvhio = pytest.importorskip("bvhio")
            file = bvhio.readAsBvh(str(path))
            return np.arange(file.FrameCount) * file.FrameTime
        case ".glb":
            return interchange.read_gltf(path, NAMES, "Root").time_s
        case ".usda":
            usd = pytest.importorskip("pxr.Usd")
            stage = usd.Stage.Open(str(path))
            codes = (
                stage.GetPrimAtPath("/Character/Skeleton/Animation")
                .GetAttribute("rotations")
                .GetTimeSamples()
            )
            assert (codes[0], codes[-1]) == (stage.GetStartTimeCode(), stage.GetEndTimeCode())
            return np.array(codes) / stage.GetTimeCodesPerSecond()


def written(tmp_path, suffix, fps, seconds):
    path = tmp_path / f"a{suffix}"
    export_motion(path, talking(seconds, hz=1.0), FrameRate(fps), Form())
    return times(path)


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".usda"])
def test_frames_and_times(tmp_path, suffix, name):
    fps = RATES[name]
    assert FrameRate.parse(name).fps == fps
    found = written(tmp_path, suffix, fps, 3.0)
    assert len(found) == int(3 * fps) + 1
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(float((len(found) - 1) / fps), abs=2e-7)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "within_s", "name"),
    [(".glb", 0.00013, "23.976"), (".glb", 0.00013, "120"), (".usda", 1e-9, "23.976")],
)
def test_over_an_hour(tmp_path, suffix, within_s, name):
    """GlTF keeps times in 32 bits: the nearest one, at 60 min a quarter of a millisecond from the next."""
    fps = RATES[name]
    found = written(tmp_path, suffix, fps, 3600.0)
    exact = np.array([float(frame / fps) for frame in (0, 1, len(found) // 2, len(found) - 1)])
    assert len(found) == int(3600 * fps) + 1
    assert found[[0, 1, len(found) // 2, -1]] == pytest.approx(exact, abs=within_s)
    assert (np.diff(found) > 0).all()


@pytest.mark.slow
def test_bvh_over_an_hour(tmp_path):
    """The text itself, for bvhio takes minutes: rows, and the frame time as any reader of numbers has it."""
    fps = RATES["23.976"]
    export_motion(tmp_path / "a.bvh", talking(3600.0, hz=1.0), FrameRate(fps), Form("unity"))
    rows = (tmp_path / "a.bvh").read_text().partition("MOTION\n")[2].splitlines()
    last = int(3600 * fps)
    assert rows[0] == f"Frames: {last + 1}"
    assert len(rows) == last + 3
    step = float(rows[1].removeprefix("Frame Time: "))
    assert last * step == pytest.approx(float(last / fps), abs=1e-9)
