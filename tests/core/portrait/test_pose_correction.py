"""Closed-loop pose correction, with a renderer that attenuates poses beyond the reference."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.portrait.driving import pose_correction as closed_loop
from mannerism.tests.support.synthetic_person import STAGE, drive, motion, person

FALLS_SHORT = 0.8


class Mirror:
    """In place of pictures the driven rotation; the tracker reads it with what is lost beyond 10°."""

    def __call__(self, asked):
        return lambda frame: asked.poses.rotation[frame]

    @staticmethod
    def read(_person, _finder, rotation):
        pitch, yaw, roll = rot.to_euler(rot.from_matrix(rotation))
        inside = np.clip(yaw, *np.radians([-10, 10]))
        return rot.to_matrix(rot.from_euler(pitch, inside + FALLS_SHORT * (yaw - inside), roll))


@pytest.fixture
def mirror(monkeypatch):
    class NoFinder:
        def __init__(self, model):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(closed_loop, "FaceFinder", NoFinder)
    monkeypatch.setattr(closed_loop, "tracked_rotation", Mirror.read)
    return Mirror()


def shown_yaw(corrected):
    seen = np.stack([Mirror.read(None, None, r) for r in corrected.poses.rotation])
    return np.degrees(rot.to_euler(rot.from_matrix(seen))[:, 1])


def test_a_turn_beyond_the_reference_is_shown_as_asked(mirror):
    angles = 24 * np.sin(np.linspace(0, np.pi, 60))
    asked = drive(motion(angles))
    before = np.abs(shown_yaw(asked) - angles).max()
    corrected, _ = closed_loop.correct(person(), asked, mirror)
    after = np.abs(shown_yaw(corrected) - angles).max()
    assert before > 2.5
    assert after < 0.8


def test_within_the_reference_nothing_changes(mirror):
    asked = drive(motion(np.linspace(-9, 9, 40)))
    corrected, left = closed_loop.correct(person(), asked, mirror)
    assert corrected is asked
    assert not left.any()


def test_the_correction_is_as_smooth_as_the_motion(mirror):
    angles = 24 * np.sin(np.linspace(0, np.pi, 200))
    corrected, _ = closed_loop.correct(person(), drive(motion(angles)), mirror)
    yaw = np.degrees(rot.to_euler(STAGE.motion(corrected.poses, corrected.time_s).rotation)[:, 1])
    assert np.abs(np.diff(yaw, 2)).max() < 0.2


def test_the_neck_pivot_stays(mirror):
    asked = drive(motion(np.full(20, 22.0)))
    corrected, _ = closed_loop.correct(person(), asked, mirror)
    where = STAGE.motion(corrected.poses, corrected.time_s).translation_m
    assert where == pytest.approx(0.0, abs=1e-9)
