"""A finished take in another shape that holds its pins and an animator's stretches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Direction, Pin
from mannerism.core.direct.dragged import bent, kernel_of
from mannerism.core.direct.exact import WIDE_S
from mannerism.core.direct.held import MET_DEG, MET_M, Held, are_met
from mannerism.core.generate.shape import SHAPE_RANGES, Shape
from mannerism.core.generate.shaped import shaped
from mannerism.core.motion import GRID_HZ, motion_of
from mannerism.tests.core.generate.test_shaped import course

SHAPES = {
    "intensity": (0.0, 0.4, 2.5),
    "pitch": (0.0, 2.0),
    "translation": (0.0, 2.0),
    "smoothness": (0.3,),
    "anticipation_s": (-0.3, 0.15),
    "fade_in_s": (2.0,),
    "fade_out_s": (2.0,),
    "pre_roll_s": (0.5,),
    "post_roll_s": (0.5,),
}
ONE = st.sampled_from([(name, value) for name, values in SHAPES.items() for value in values])
MOMENTS = st.sets(st.integers(0, 100), max_size=8)
SPANS = st.sampled_from([(), ((2.0, 3.0),), ((0.0, 0.5), (4.013, 6.5)), ((9.0, 10.0),)])


def pins_on(motion, times, *, translation=True):
    """Pins at poses that a motion has."""
    found = motion.at(times or [0.0])
    shifts = found.translation_m if translation else [None] * len(times)
    return tuple(Pin.of(t, q, x) for t, q, x in zip(times, found.rotation, shifts, strict=False))


def miss_deg(motion, pins):
    """Largest angle by which a motion misses pins, as a reader of frames sees it."""
    there = motion.at([pin.time_s for pin in pins])
    wanted = rot.from_euler(*np.radians([pin.angles_deg for pin in pins]).T)
    between = rot.multiply(rot.inverse(wanted), there.rotation)
    return np.degrees(2 * np.arcsin(np.linalg.norm(between[:, 1:], axis=1))).max()


def test_what_holds_nothing_is_shaped_as_ever():
    motion, half = course(), Shape(intensity=0.5)
    assert shaped(motion, Shape(), held=Held()) is motion
    assert shaped(motion, Shape(), held=Held(pins_on(motion, [3.01, 7.0]))) is motion
    plain = shaped(motion, half)
    assert shaped(motion, half, held=Held()).rotation.tobytes() == plain.rotation.tobytes()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(ONE, max_size=3), MOMENTS, SPANS, st.booleans())
def test_pins_are_met_and_stretches_stay(shape, tenths, spans, rests):
    motion = course(rests=rests)
    times = [0.1 * at + 0.013 for at in sorted(tenths) if at < 100]
    pins = pins_on(motion, times)
    made = shaped(motion, Shape.of(dict(shape)), held=Held(pins, spans))
    if pins:
        assert miss_deg(made, pins) < 1e-5
        assert are_met(made, pins).all()
    for start, stop in spans:
        at = np.linspace(start, stop, 61)
        if made.time_s[0] < 0.0 or made.time_s[-1] > 10.0:  # the first frames have others before them now
            at = at[(at > 0.04) & (at < 9.96)]
        assert made.at(at).rotation.tobytes() == motion.at(at).rotation.tobytes()
        assert made.at(at).translation_m.tobytes() == motion.at(at).translation_m.tobytes()


def test_what_is_far_from_all_that_is_held_keeps_its_bytes():
    motion, half = course(751), Shape(intensity=0.5)
    plain = shaped(motion, half)
    held = Held(pins_on(motion, [6.0, 7.5]), ((20.0, 21.0),))
    made = shaped(motion, half, held=held)
    t = motion.time_s
    far = ((t < 6.0 - WIDE_S - 0.1) | (t > 7.5 + WIDE_S + 0.1)) & ((t < 17.3) | (t > 23.7))
    assert far.sum() > 300
    assert made.rotation[far].tobytes() == plain.rotation[far].tobytes()
    assert made.translation_m[far].tobytes() == plain.translation_m[far].tobytes()


def test_pins_alone_are_met_as_while_one_is_dragged():
    motion, half = course(), Shape(intensity=0.5)
    pins = pins_on(motion, [4.0, 5.5])
    wanted = bent(shaped(motion, half), pins, kernel_of(motion))
    assert np.allclose(shaped(motion, half, held=Held(pins)).rotation, wanted.rotation, atol=1e-12)


@pytest.mark.parametrize("intensity", [0.0, 0.3, 2.0])
def test_what_leads_to_a_stretch_is_no_faster_than_what_is_there(intensity):
    rng = np.random.default_rng(3)
    t = np.arange(751) / GRID_HZ
    rates, phases = rng.uniform(0.1, 1.2, (8, 6)), rng.uniform(0, 6, (8, 6))
    waves = np.cos(2 * np.pi * rates * t[:, None, None] + phases).mean(axis=1)
    motion = motion_of(t, waves * np.sin(np.pi * t / t[-1])[:, None] * [0.3, 0.4, 0.2, 0.01, 0.01, 0.01])
    held = Held(pins_on(motion, [6.0, 7.0]), ((14.0, 16.0),))
    made = shaped(motion, Shape(intensity=intensity), held=held)

    def fastest(moved, times=2):
        return np.abs(np.diff(rot.to_rotvec(moved.rotation), times, axis=0)).max()

    for times in (1, 2):
        assert fastest(made, times) < 1.6 * max(1.0, intensity) * fastest(motion, times)


def test_a_pin_in_a_held_stretch_is_left_as_that_has_it():
    motion = course()
    pins = (Pin(5.0, 20.0, -20.0, 0.0), *pins_on(motion, [8.0]))
    assert are_met(motion, pins).tolist() == [False, True]
    made = shaped(motion, Shape(intensity=0.2), held=Held(pins, ((4.0, 6.0),)))
    assert made.rotation[100:151].tobytes() == motion.rotation[100:151].tobytes()
    assert are_met(made, pins).tolist() == [False, True]


def test_a_pin_is_met_within_its_tolerance_and_where_it_leaves_free_it_is_not_held():
    motion = course()
    angles = np.degrees(rot.to_euler(motion.at([5.0]).rotation))[0]
    yaw, roll = float(angles[1]), float(angles[2])
    held = Held((Pin(5.0, yaw_deg=yaw), Pin(7.0, roll_deg=roll + 3.0, tolerance_deg=2.0)))
    made = shaped(motion, Shape(intensity=0.0), held=held)
    found = np.degrees(rot.to_euler(made.at([5.0, 7.0]).rotation))
    assert found[0] == pytest.approx([0.0, yaw, 0.0], abs=1e-5)
    assert abs(found[1, 2] - (roll + 3.0)) <= 2.0 + 1e-6


def test_met_is_within_the_limits_that_are_said():
    motion = course()
    pitch, yaw, roll = np.degrees(rot.to_euler(motion.at([5.0]).rotation))[0].tolist()
    x, y, z = motion.at([5.0]).translation_m[0].tolist()
    for off_deg, off_m, good in (
        (0.9 * MET_DEG, 0.9 * MET_M, True),
        (1.1 * MET_DEG, 0.0, False),
        (0.0, 1.1 * MET_M, False),
    ):
        pin = Pin(5.0, pitch + off_deg, yaw, roll, (x, y + off_m, z))
        assert are_met(motion, [pin]).tolist() == [good]


def test_pins_of_an_hour():
    t = np.arange(3600 * GRID_HZ) / GRID_HZ
    motion = motion_of(t, 0.1 * np.sin(t[:, None] * np.arange(1, 7)))
    pins = pins_on(motion, (1.0 + 1.7 * np.arange(300)).tolist())
    made = shaped(motion, Shape(intensity=0.5), held=Held(Direction(pins).pins))
    assert miss_deg(made, pins) < 1e-5


def test_every_slider_is_tried():
    assert {*SHAPES, "yaw", "roll", "pauses", "neck_share"} == set(SHAPE_RANGES)
