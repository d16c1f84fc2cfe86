"""Directions as data classes and as JSON: what is refused, and that nothing changes on the way."""

import json

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct import (
    Direction,
    Gesture,
    Kept,
    Part,
    Pin,
    Strengths,
    direction_from_json,
    direction_to_json,
    read_direction,
)
from mannerism.core.errors import DirectionError, MannerismError
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_csv import write_motion

KEPT = Kept(2.0, tuple((1.0, 0.0, 0.0, 0.0, 0.001 * i, 0.0, 0.0) for i in range(6)))
EVERYTHING = Direction(
    pins=(
        Pin(1.0, 1.5, -20.0, 0.1),
        Pin(1 / 3, yaw_deg=5.0, tolerance_deg=1.0),
        Pin(9, translation_m=(0, 0.01, 0)),
    ),
    gestures=(Gesture("look", 4.0, 0.5, "left", 2.0), Gesture("nod", 3.0)),
    parts=(Part(5.0, 6.0, 3),),
    kept=(KEPT,),
    strengths=Strengths(yaw=0.5, anticipation_s=-0.1),
)


def some_motion(count=100):
    time_s = np.arange(count) / 25
    turned = 0.2 * np.sin(time_s)[:, None] * [1.0, 0.5, -0.3]
    return HeadMotion(time_s, rot.from_rotvec(turned), 0.01 * turned)


def test_json_reads_back_as_the_same():
    assert direction_from_json(direction_to_json(EVERYTHING)) == EVERYTHING
    assert direction_from_json(direction_to_json(Direction())) == Direction()
    assert direction_from_json("{}") == Direction()
    assert not Direction()
    assert EVERYTHING


def test_the_order_of_what_is_asked_does_not_count():
    turned = Direction(
        EVERYTHING.pins[::-1], EVERYTHING.gestures[::-1], kept=(KEPT, KEPT), parts=EVERYTHING.parts
    )
    assert turned == Direction(EVERYTHING.pins, EVERYTHING.gestures, EVERYTHING.parts, (KEPT,))
    assert [pin.time_s for pin in turned.pins] == [1 / 3, 1.0, 9]


def test_a_pin_knows_its_axes():
    assert Pin(0.0, 1.0, None, 2.0).axes == {"pitch", "roll"}
    assert Pin(0.0, translation_m=(0.0, 0.0, 0.0)).axes == {"translation"}


def test_a_kept_stretch_holds_the_bytes_of_a_motion():
    motion = some_motion()
    kept = Kept.of(motion, 1.0, 2.0)
    assert (kept.first, kept.stop, kept.stop_s) == (25, 50, 2.0)
    rows = np.array(kept.samples)
    assert rows[:, :4].tobytes() == motion.rotation[25:50].tobytes()
    assert rows[:, 4:].tobytes() == motion.translation_m[25:50].tobytes()
    other = motion.at(np.arange(0.0, 3.9, 1 / 24))
    apart = rot.angle_between(np.array(Kept.of(other, 1.0, 2.0).samples)[:, :4], motion.rotation[25:50])
    assert np.degrees(apart).max() < 0.02


def test_of_two_quaternions_for_one_rotation_a_kept_stretch_holds_that_of_motions():
    minus = Kept(0.0, tuple((-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) for _ in range(5)))
    assert {row[0] for row in minus.samples} == {1.0}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Pin(-1.0, 1.0), "lies at -1 s"),
        (lambda: Pin(float("nan"), 1.0), "lies at nan s"),
        (lambda: Pin(1.0), "pins nothing"),
        (lambda: Pin(1.0, yaw_deg=350.0), "yaw of 350°"),
        (lambda: Pin(1.0, yaw_deg=float("inf")), "yaw of inf°"),
        (lambda: Pin(1.0, 1.0, tolerance_deg=-1.0), "tolerance of -1°"),
        (lambda: Pin(1.0, translation_m=(9.0, 0.0, 0.0)), "translation of 9 m"),
        (lambda: Gesture("wave", 1.0), "no gesture “wave”"),
        (lambda: Gesture("look", 1.0), "goes to no side"),
        (lambda: Gesture("tilt", 1.0, towards="up"), "the side “up”"),
        (lambda: Gesture("nod", 1.0, towards="left"), "goes to no side, and has “towards”"),
        (lambda: Gesture("nod", 1.0, 9.0), "strength of 9"),
        (lambda: Part(1.0, 1.2, 3), "shorter than 0.4 s"),
        (lambda: Part(1.0, 2.0, -3), "seed -3"),
        (lambda: Kept(0.01, KEPT.samples), "between samples"),
        (lambda: Kept(0.0, KEPT.samples[:2]), "2 samples"),
        (lambda: Kept(0.0, ((2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),) * 5), "not of unit length"),
        (lambda: Kept(0.0, ((1.0, 0.0),) * 5), "no pose"),
        (lambda: Direction(pins=(Pin(1.0, 1.0), Pin(1.0, 2.0))), "Two pins of pitch"),
        (lambda: Direction(parts=(Part(1.0, 3.0, 1), Part(2.0, 4.0, 1))), "Two parts overlap"),
        (lambda: Direction(kept=(KEPT, Kept(2.04, KEPT.samples))), "Two kept stretches overlap"),
        (lambda: Direction(pins=tuple(Pin(float(i), 1.0) for i in range(2001))), "2001 pins"),
        (lambda: Strengths(yaw=5.0), "strength yaw is 5"),
        (lambda: Strengths(pauses=float("nan")), "strength pauses is nan"),
    ],
)
def test_what_makes_no_sense_is_refused(make, says):
    with pytest.raises(DirectionError, match=says):
        make()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("[]", "no JSON object"),
        ('{"pins": NaN}', "no JSON"),
        ('{"pins": [], "pins": []}', "given twice"),
        ("[" * 100_000, "no JSON"),
        ('{"version": 2}', "version 2"),
        ('{"pegs": []}', "unknown entry: pegs"),
        ('{"pins": {}}', "no list"),
        ('{"pins": [3]}', "Pin 1 is 3, and no object"),
        ('{"pins": [{"yaw_deg": 3}]}', "Pin 1 has no time_s"),
        ('{"pins": [{"time_s": true, "yaw_deg": 3}]}', "Pin 1 has true as time_s"),
        ('{"pins": [{"time_s": 1, "yaw_deg": "3"}]}', "has 3 as yaw_deg, which is not a number"),
        ('{"pins": [{"time_s": 1e300, "yaw_deg": 3}]}', "as time_s"),
        ('{"pins": [{"time_s": 1, "yaw": 3}]}', "unknown entry: yaw"),
        ('{"pins": [{"time_s": 1, "yaw_deg": 3}, {"time_s": 2, "yaw_deg": 300}]}', "Pin 2: .*300°"),
        ('{"pins": [{"time_s": 1, "translation_m": [0, 0]}]}', "not three numbers"),
        ('{"gestures": [{"kind": "nod", "time_s": 1, "strength": null}]}', "not a number"),
        ('{"parts": [{"start_s": 1, "stop_s": 2, "seed": 1.5}]}', "not a whole number"),
        ('{"kept": [{"start_s": 1}]}', "neither samples"),
        ('{"kept": [{"start_s": 1, "stop_s": 2, "motion": "a.csv"}]}', "names a file"),
        ('{"strengths": [1]}', "“strengths” is .1., and no object"),
        ('{"strengths": {"yaw": "a"}}', "no number"),
        ('{"strengths": {"yaws": 1}}', "unknown entry: yaws"),
    ],
)
def test_every_wrong_entry_is_a_sentence(text, says):
    with pytest.raises(DirectionError, match=says):
        direction_from_json(text)


def test_a_file_may_name_a_motion_to_keep(tmp_path):
    motion = some_motion()
    write_motion(tmp_path / "mine.csv", motion)
    content = {"kept": [{"start_s": 1.0, "stop_s": 2.0, "motion": "mine.csv"}]}
    (tmp_path / "d.json").write_text(json.dumps(content))
    (kept,) = read_direction(tmp_path / "d.json").kept
    apart = rot.angle_between(np.array(kept.samples)[:, :4], motion.rotation[25:50])
    assert np.degrees(apart).max() < 1e-3
    content["kept"][0]["stop_s"] = 20.0
    (tmp_path / "d.json").write_text(json.dumps(content))
    with pytest.raises(DirectionError, match=r"“d.json”: Kept stretch 1: It goes from 1 to 20 s"):
        read_direction(tmp_path / "d.json")


@pytest.mark.parametrize("name", ["missing.json", ".", "no text.json", "a\0b"])
def test_what_is_no_file_is_refused(tmp_path, name):
    (tmp_path / "no text.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(MannerismError, match=r"cannot be read|is no file"):
        read_direction(tmp_path / name)
