"""Takes that obey, with weights that nobody trained: what must hold whatever was learned."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.direct import Direction, Gesture, Kept, Part, Pin, Strengths
from mannerism.core.errors import CancelledError
from mannerism.core.generate import GenerationSettings, generate
from mannerism.core.motion import GRID_HZ, HeadMotion, vectors_of
from mannerism.core.network import manner as network
from mannerism.core.speech import SpeechFeatures
from mannerism.core.style import Style
from mannerism.core.style.population import load_population
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.tools.synthetic.persons import speak

ENGINES = ("actor", "puppet")
PINS = (
    Pin(3.7, 5.0, -8.0, 2.0),
    Pin(5.0, yaw_deg=9.0),
    Pin(100 / 24, 1.0, 1.0, 1.0, (0.0, 0.01, 0.0)),
    Pin(11.3, -9.0, 9.0, 9.0),
)
KEPT_ANGLES = 0.1 * np.sin(np.arange(50) / 7)[:, None] * [1.0, -0.5, 0.3]
KEPT = Kept(
    14.0, tuple(map(tuple, np.column_stack([rot.from_rotvec(KEPT_ANGLES), np.zeros((50, 3))]).tolist()))
)
EVERYTHING = Direction(
    PINS,
    (Gesture("nod", 8.0), Gesture("still", 17.5), Gesture("tilt", 9.5, towards="left")),
    (Part(1.0, 4.5, 7),),
    (KEPT,),
)


@pytest.fixture(scope="module", autouse=True)
def install(tmp_path_factory):
    path = write_toy_manner(tmp_path_factory.mktemp("weights") / "manner.safetensors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "PATH", path)
        yield


@pytest.fixture(scope="module")
def speech():
    return speak(20.0, np.random.default_rng(0))


STYLE = Style(load_population().means(), 10.0, 1.0, learned=(0.5, -0.5, 0.5, 0.5), encoder="toy")


def take(speech, direction=Direction(), seed=3, engine="actor", **given):  # noqa: B008  frozen
    return generate(STYLE, speech, GenerationSettings(seed, engine, **given), direction=direction)


def same(one, other):
    """Whether each sample is the same to the last bit."""
    rows = (
        np.column_stack([one.rotation, one.translation_m]),
        np.column_stack([other.rotation, other.translation_m]),
    )
    return np.array([a.tobytes() == b.tobytes() for a, b in zip(*rows, strict=True)])


def first(motion, count):
    return HeadMotion(motion.time_s[:count], motion.rotation[:count], motion.translation_m[:count])


def missed_deg(motion, pins):
    """By how much each pinned angle is missed where frames are read."""
    pins = sorted(pins, key=lambda pin: pin.time_s)
    found = np.degrees(rot.to_euler(motion.at([pin.time_s for pin in pins]).rotation))
    return [
        abs(angle - wanted)
        for angles, pin in zip(found, pins, strict=True)
        for angle, wanted in zip(angles, pin.angles_deg, strict=True)
        if wanted is not None
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_direction_leaves_every_byte(speech, engine):
    plain = generate(STYLE, speech, GenerationSettings(3, engine))
    assert same(take(speech, engine=engine), plain).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_pins_are_met_and_what_is_far_from_them_stays(speech, engine):
    plain, made = take(speech, engine=engine), take(speech, Direction(PINS), engine=engine)
    assert max(missed_deg(made, PINS)) < 0.01
    assert made.at([100 / 24]).translation_m[0] == pytest.approx([0.0, 0.01, 0.0], abs=1e-9)
    away = np.abs(made.time_s[:, None] - [pin.time_s for pin in PINS]).min(axis=1)
    assert same(made, plain)[away > 2.6].all()
    assert not same(made, plain)[away < 0.1].any()


@pytest.mark.parametrize("intensity", [0.0, 0.3, 3.0])
def test_pins_are_what_the_layer_shows_at_any_intensity(speech, intensity):
    assert max(missed_deg(take(speech, Direction(PINS), intensity=intensity), PINS)) < 0.01


@pytest.mark.parametrize("voice", [0.0, 1.5])
def test_pins_at_any_voice(speech, voice):
    assert max(missed_deg(take(speech, Direction(PINS), voice=voice), PINS)) < 0.01


@pytest.mark.parametrize("at_s", [0.0, 0.04, 0.2, 0.5, 19.6, 19.99])
def test_pins_near_the_ends_are_met_and_the_rest_is_rest(speech, at_s):
    pins = (Pin(at_s, 4.0, 4.0, 4.0),)
    made = take(speech, Direction(pins))
    assert max(missed_deg(made, pins)) < 0.01
    turned = np.degrees(np.linalg.norm(rot.to_rotvec(made.rotation), axis=1))
    assert turned[0 if at_s > 1.0 else -1] == 0.0
    if 0.04 <= at_s <= 19.9:
        assert turned[0] == turned[-1] == 0.0
    assert turned.max() < 90.0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_only_this_part_changes(speech, engine):
    part = Part(6.3, 9.21, 11)
    plain = take(speech, Direction(PINS), engine=engine)
    made = take(speech, Direction(PINS, parts=(part,)), engine=engine)
    inside = (made.time_s >= part.start_s) & (made.time_s < part.stop_s)
    kept = same(made, plain)
    assert kept[~inside].all()
    assert not kept[inside].any()
    bend = np.linalg.norm(np.diff(vectors_of(made)[:, :3], 2, axis=0), axis=1)
    seams = np.abs(made.time_s[1:-1, None] - [part.start_s, part.stop_s]).min(axis=1) < 0.1
    assert bend[seams].max() < 1.5 * np.percentile(bend, 99)


@pytest.mark.slow
def test_a_pin_inside_a_part_is_met_there_too(speech):
    pins = (Pin(7.0, 3.0, 3.0, 3.0), Pin(7.3, 5.0, -3.0, 1.0))
    one = take(speech, Direction(pins, parts=(Part(6.0, 8.0, 1),)))
    other = take(speech, Direction(pins, parts=(Part(6.0, 8.0, 2),)))
    assert max(missed_deg(one, pins) + missed_deg(other, pins)) < 0.01
    assert not same(one, other)[160:170].any()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kept_stretch_is_kept_to_the_last_bit_and_joined(speech, engine):
    plain, made = take(speech, engine=engine), take(speech, Direction(kept=(KEPT,)), engine=engine)
    rows = np.array(KEPT.samples)
    part = slice(KEPT.first, KEPT.stop)
    assert made.rotation[part].tobytes() == rows[:, :4].tobytes()
    assert made.translation_m[part].tobytes() == rows[:, 4:].tobytes()
    away = np.maximum(KEPT.start_s - made.time_s, made.time_s - KEPT.stop_s)
    assert same(made, plain)[away > 2.7].all()
    pasted = vectors_of(plain)
    pasted[part] = vectors_of(made)[part]
    bends = [np.linalg.norm(np.diff(each[:, :3], 2, axis=0), axis=1) for each in (vectors_of(made), pasted)]
    seams = np.isin(np.arange(1, len(pasted) - 1), [KEPT.first - 1, KEPT.first, KEPT.stop - 1, KEPT.stop])
    assert bends[0][seams].max() < 0.6 * bends[1][seams].max()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_all_at_once_in_any_order_is_the_same(speech, engine):
    turned = Direction(EVERYTHING.pins[::-1], EVERYTHING.gestures[::-1], EVERYTHING.parts, EVERYTHING.kept)
    one, other = take(speech, EVERYTHING, engine=engine), take(speech, turned, engine=engine)
    assert same(one, other).all()
    assert one.notes == other.notes
    assert max(missed_deg(one, PINS)) < 0.01
    assert one.rotation[KEPT.first : KEPT.stop].tobytes() == np.array(KEPT.samples)[:, :4].tobytes()


@pytest.mark.slow
def test_another_pin_further_on_changes_nothing_here(speech):
    one, other = (
        take(speech, Direction(PINS[:3])),
        take(speech, Direction((*PINS[:3], Pin(15.0, 9.0, 9.0, 9.0)))),
    )
    assert same(one, other)[: 12 * GRID_HZ].all()


@pytest.mark.slow
@pytest.mark.parametrize("count", [13, 14, 60])
def test_short_speech(speech, count):
    short = SpeechFeatures(speech.time_s[:count], speech.values[:count], count / GRID_HZ)
    pins = tuple(pin for pin in (Pin(0.25, 4.0, 4.0, 4.0), *PINS) if pin.time_s < short.time_s[-1])
    made = take(short, Direction(pins, (Gesture("nod", 0.3),), (Part(0.0, 10.0, 2),)))
    assert len(made.time_s) == count
    assert max(missed_deg(made, pins)) < 0.01


@pytest.mark.slow
def test_what_is_appended_changes_nothing_further_back(speech):
    """The features of both are the same up to the join; what they add is less than 7 s, in their own tests."""
    count = 400
    short = SpeechFeatures(speech.time_s[:count], speech.values[:count], count / GRID_HZ)
    dense = tuple(Pin(float(at), *(8 * np.sin([at, 2 * at, 3 * at]))) for at in np.arange(1.0, 15.9, 2.9))
    direction = Direction(dense, (Gesture("shake", 8.0),), (Part(5.0, 15.5, 4),))
    one, other = take(short, direction), take(speech, direction)
    kept = count - 5 * GRID_HZ
    assert same(first(one, kept), first(other, kept)).all()


@pytest.mark.slow
def test_what_cannot_be_followed_is_said(speech):
    asked = Direction(
        (Pin(1.0, yaw_deg=80.0), Pin(1.1, yaw_deg=-80.0), Pin(14.5, 1.0), Pin(99.0, 1.0)),
        (Gesture("nod", 15.0), Gesture("nod", 50.0)),
        (Part(70.0, 80.0, 1),),
        (KEPT, Kept(19.0, KEPT.samples), Kept(60.0, KEPT.samples)),
    )
    notes = " ".join(take(speech, asked).notes)
    for sentence in (
        "pin at 1 s is further than this person goes",
        "From the pin number 1 at 1 s to the pin number 2 at 1.1 s the head needs 1600°/s",
        "pin at 14.5 s lies within a kept stretch",
        "pin at 99 s lies after the sound's end",
        "nod at 15 s lies within a kept stretch",
        "nod at 50 s lies after",
        "part from 70 s lies after",
        "kept stretch from 19 s is cut",
        "kept stretch from 60 s lies after",
    ):
        assert sentence in notes
    assert not take(speech, Direction(PINS[1:2])).notes
    assert "bent to it" in " ".join(take(speech, Direction(PINS), engine="puppet").notes)


@pytest.mark.parametrize("engine", ENGINES)
def test_strengths_act_and_pins_are_met_all_the_same(speech, engine):
    strengths = Strengths(yaw=0.5, roll=0.0, anticipation_s=0.2, smoothness=0.1, pauses=0.5, fade_in_s=3.0)
    made = take(speech, Direction(PINS, strengths=strengths), engine=engine)
    assert max(missed_deg(made, PINS)) < 0.01
    alone = vectors_of(take(speech, Direction(strengths=Strengths(roll=0.0)), engine=engine))
    np.testing.assert_allclose(alone[:, :2], vectors_of(take(speech, engine=engine))[:, :2], atol=1e-12)
    assert not alone[:, 2].any()


@pytest.mark.parametrize("ahead_s", [-0.5, 0.3])
def test_what_is_kept_is_joined_whatever_the_anticipation(speech, ahead_s):
    """Half a sample of anticipation must leave no sample between what is kept and what joins it."""
    made = take(speech, Direction(kept=(KEPT,), strengths=Strengths(anticipation_s=ahead_s)))
    plain = take(speech, Direction(strengths=Strengths(anticipation_s=ahead_s)))
    around = np.r_[KEPT.first - 10 : KEPT.first, KEPT.stop : KEPT.stop + 10]
    assert not same(made, plain)[around].any()


def test_a_thousand_things_are_said_in_a_few_sentences(speech):
    pins = tuple(Pin(float(at), yaw_deg=80.0 * (-1) ** i) for i, at in enumerate(np.arange(1.0, 19.0, 0.25)))
    notes = take(speech, Direction(pins), engine="puppet").notes
    assert len(notes) < 12
    assert "And so do 69 more." in notes


def test_it_can_be_cancelled_while_it_goes_through_pins(speech):
    def stop(_share, what):
        if what == "going through pins":
            raise CancelledError

    with pytest.raises(CancelledError):
        generate(STYLE, speech, GenerationSettings(3), stop, direction=Direction(PINS))


def test_an_engine_of_ones_own_is_bent(speech):
    def still(_style, features, _settings, _progress):
        return np.zeros((len(features.time_s), 6))

    made = generate(STYLE, speech, engine=still, direction=EVERYTHING)
    assert max(missed_deg(made, PINS)) < 0.01


@pytest.mark.parametrize(
    "direction", [Direction(), Direction(parts=(Part(1.0, 4.0, 9),))], ids=["plain", "part"]
)
def test_an_engine_that_returns_another_shape_is_refused(speech, direction):
    def short(_style, features, settings, _progress):
        count = len(features.time_s) - (settings.seed == 9 or not direction)
        return np.zeros((count, 6))

    with pytest.raises(ValueError, match="an engine returns shape"):
        generate(STYLE, speech, engine=short, direction=direction)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("gesture", "channel", "sign"),
    [
        (Gesture("nod", 8.0, 2.0), 0, 1.0),
        (Gesture("shake", 8.0, 2.0), 1, -1.0),
        (Gesture("look", 8.0, 2.0, "left"), 1, 1.0),
        (Gesture("look", 8.0, 2.0, "up"), 0, -1.0),
        (Gesture("tilt", 8.0, 2.0, "right"), 2, 1.0),
    ],
)
def test_a_gesture_moves_the_head_at_its_time_and_to_its_side(speech, engine, gesture, channel, sign):
    plain, made = (
        np.degrees(vectors_of(take(speech, direction, engine=engine))[:, channel])
        for direction in (Direction(), Direction(gestures=(gesture,)))
    )
    if gesture.kind in {"nod", "shake"}:  # they go there and back, 0.32 s to either side
        plain, made = (each - 0.5 * (np.roll(each, 8) + np.roll(each, -8)) for each in (plain, made))
    assert sign * (made - plain)[round(8.0 * GRID_HZ)] > 4.0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_head_that_is_to_be_still_hardly_moves(speech, engine):
    held = slice(round(7.2 * GRID_HZ), round(8.8 * GRID_HZ))
    plain, made = (
        np.abs(np.diff(vectors_of(take(speech, direction, engine=engine))[held, :3], axis=0)).mean()
        for direction in (Direction(), Direction(gestures=(Gesture("still", 8.0, length_s=2.0),)))
    )
    assert made < 0.4 * plain


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("intensity", [0.0, 0.4, 2.0])
def test_pins_and_kept_stretches_hold_whatever_the_strengths(speech, engine, intensity):
    strengths = Strengths(
        pitch=2.0, yaw=0.3, smoothness=0.2, anticipation_s=-0.13, pauses=0.0, fade_out_s=6.0
    )
    asked = Direction(PINS, parts=(Part(1.0, 4.5, 7),), kept=(KEPT,), strengths=strengths)
    made = take(speech, asked, engine=engine, intensity=intensity)
    assert max(missed_deg(made, PINS)) < 1e-6
    rows = np.column_stack([made.rotation, made.translation_m])[KEPT.first : KEPT.stop]
    assert rows.tobytes() == np.array(KEPT.samples).tobytes()
