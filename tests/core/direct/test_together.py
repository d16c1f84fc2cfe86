"""Two directions as one."""

import pytest

from mannerism.core.direct import Direction, Gesture, Kept, Part, Pin, Strengths
from mannerism.core.direct.direction import MOST
from mannerism.core.direct.together import together
from mannerism.core.errors import DirectionError

ROW = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
FILE = Direction(
    (Pin(1.0, 1.0, 1.0, 1.0), Pin(2.0, yaw_deg=5.0), Pin(3.0, pitch_deg=5.0)),
    (Gesture("nod", 1.5),),
    (Part(1.0, 2.0, 3), Part(5.0, 6.0, 4)),
    (Kept(8.0, (ROW,) * 10),),
    Strengths(yaw=0.5),
)


def test_one_alone_is_itself():
    assert together(FILE, Direction()) == (FILE, ())
    assert together(Direction(), FILE) == (FILE, ())
    assert together(FILE, FILE)[0] == FILE


def test_what_does_not_clash_is_all_there():
    own = Direction((Pin(2.0, pitch_deg=9.0), Pin(4.0, 1.0)), (Gesture("still", 7.0),))
    made, said = together(FILE, own)
    assert set(made.pins) == {*FILE.pins, *own.pins}
    assert set(made.gestures) == {*FILE.gestures, *own.gestures}
    assert (made.parts, made.kept, made.strengths) == (FILE.parts, FILE.kept, FILE.strengths)
    assert said == ()


def test_the_second_has_its_way_and_it_is_said():
    own = Direction(
        (Pin(1.005, yaw_deg=-9.0), Pin(2.0, yaw_deg=-9.0)),
        parts=(Part(1.9, 2.5, 7),),
        kept=(Kept(8.2, (ROW,) * 5),),
        strengths=Strengths(pitch=0.0),
    )
    made, said = together(FILE, own)
    assert made == Direction(
        (*own.pins, FILE.pins[2]), FILE.gestures, (*own.parts, FILE.parts[1]), own.kept, own.strengths
    )
    assert said == (
        "The pin at 1 s gives way to another one",
        "The pin at 2 s gives way to another one",
        "The part from 1 s gives way to another one",
        "The kept stretch from 8 s gives way to another one",
        "The strengths give way to others",
    )


def test_too_many_together_are_refused():
    many = [Direction(tuple(Pin(at + 0.04 * i, 1.0) for i in range(MOST))) for at in (0.0, 0.02)]
    with pytest.raises(DirectionError):
        together(*many)
