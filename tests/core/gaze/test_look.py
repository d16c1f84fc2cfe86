"""Eyes for head motions whose right answer is known: turned by hand, still, still with targets, and random."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import SettingsError
from mannerism.core.gaze.directions import EYES_M, angles_of
from mannerism.core.gaze.look import look
from mannerism.core.gaze.manner import GazeManner
from mannerism.core.gaze.saccade import SHORTEST_GAP_S, course, duration_s
from mannerism.core.gaze.settings import DOSES, GazeDoses
from mannerism.core.gaze.target import LOOK_AHEAD_S, Target
from mannerism.core.motion import GRID_HZ, HeadMotion

HOLD = GazeDoses(follow=1.0, look_away=0.0, small=0.0)


def head_of(yaw_deg, pitch_deg=0.0, roll_deg=0.0):
    """A head on the grid."""
    pitch, yaw, roll = np.broadcast_arrays(pitch_deg, yaw_deg, roll_deg)
    rotation = rot.from_euler(*np.radians([pitch, yaw, roll]))
    return HeadMotion(np.arange(len(yaw)) / GRID_HZ, rot.continuous(rotation), np.zeros((len(yaw), 3)))


def talking_head(seconds, seed=0):
    """Smooth random turns of some degrees."""
    rng = np.random.default_rng(seed)
    waves = np.arange(seconds * GRID_HZ)[:, None] / GRID_HZ * rng.uniform(0.2, 1.5, 6) + rng.uniform(0, 6, 6)
    yaw, pitch = 3.0 * np.sin(waves[:, :3]).sum(axis=1), 2.0 * np.sin(waves[:, 3:]).sum(axis=1)
    return head_of(yaw, pitch)


def still(seconds):
    return head_of(np.zeros(seconds * GRID_HZ))


def degrees(gaze):
    return np.degrees(gaze.eye)


@pytest.mark.parametrize(("yaw", "pitch", "eye"), [(15, 0, (-15, 0)), (-9, 0, (9, 0)), (0, 12, (0, 12))])
def test_eyes_turn_against_the_head(yaw, pitch, eye):
    """Pitch is positive down and eyes are positive up."""
    ramp = np.minimum(np.arange(100) / 50.0, 1.0)
    head = head_of(yaw * ramp, pitch * ramp)
    gaze = look(head, head.time_s, doses=HOLD)
    np.testing.assert_allclose(degrees(gaze), ramp[:, None] * eye, atol=1e-6)
    half = look(head, head.time_s, doses=GazeDoses(follow=0.5, look_away=0.0, small=0.0))
    np.testing.assert_allclose(half.eye, 0.5 * gaze.eye, atol=1e-12)


def test_gaze_stays_in_space_whatever_the_head_does():
    """Yaw, pitch and roll at once: the line of sight, turned by the head, is that of the head at rest."""
    t = np.arange(250) / GRID_HZ
    head = head_of(11 * np.sin(2 * t), 7 * np.sin(3 * t), 9 * np.sin(1.3 * t))
    times = np.arange(0, 9.9, 1 / 60)
    gaze = look(head, times, doses=HOLD)
    seen = rot.rotate(rot.multiply(head.at(times).rotation, gaze.rotation), np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(seen, np.tile([0.0, 0.0, 1.0], (len(times), 1)), atol=1e-9)


def test_eyes_stay_on_a_near_point_while_the_head_moves():
    t = np.arange(250) / GRID_HZ
    shift = 0.05 * np.column_stack([np.sin(t), np.cos(2 * t), np.sin(3 * t)])
    head = HeadMotion(t, head_of(8 * np.sin(2 * t)).rotation, shift)
    point = np.array([0.05, 0.0, 0.7])
    gaze = look(head, t, doses=HOLD, targets=[Target(-1.0, tuple(point))])
    pivot = np.array([0.0, -0.04, -0.05])
    eyes = pivot + shift + rot.rotate(head.rotation, np.array(EYES_M) - pivot)
    wanted = (point - eyes) / np.linalg.norm(point - eyes, axis=1, keepdims=True)
    seen = rot.rotate(rot.multiply(head.rotation, gaze.rotation), np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(seen[5:], wanted[5:], atol=1e-9)


def test_no_dose_is_exactly_rest():
    head = talking_head(20)
    gaze = look(
        head,
        head.time_s,
        doses=GazeDoses(**dict.fromkeys(DOSES, 0.0)),
        targets=[Target(3.0, (0.5, 0.5, 0.5))],
    )
    assert not gaze.eye.any()
    assert not len(gaze.shift_s)
    assert not len(gaze.blink_s)
    assert not gaze.away.any()


def test_each_dose_moves_what_it_names():
    head = talking_head(120)

    def made(**doses):
        return look(head, head.time_s, doses=GazeDoses(**{**dict.fromkeys(DOSES, 0.0), **doses}), seed=4)

    away, small, held = made(look_away=1.0), made(small=1.0), made(follow=1.0)
    assert away.away.any()
    assert not small.away.any()
    assert not held.away.any()
    assert np.abs(degrees(away)[~away.away]).max() < 32.0
    assert 0.5 < len(small.shift_s) / 120.0 < 2.5
    assert not len(held.shift_s)
    assert not len(away.blink_s)
    blinked = made(look_away=1.0, blinks=1.0)
    assert len(blinked.blink_s)
    np.testing.assert_array_equal(blinked.eye, away.eye)


def test_a_head_turned_by_hand_is_a_look_to_where_it_points():
    """The eyes go first, to the end of their reach, and come to rest in the middle; the same on the way back."""
    yaw = np.interp(np.arange(300), [50, 60, 200, 210], [0.0, 45.0, 45.0, 0.0])
    gaze = look(head_of(yaw), np.arange(300) / GRID_HZ, doses=HOLD, seed=1)
    eye = degrees(gaze)[:, 0]
    assert eye.max() == pytest.approx(27.0)
    assert eye.min() == pytest.approx(-27.0)
    np.testing.assert_allclose(eye[[40, 80, 180, 260]], 0.0, atol=1e-6)
    assert len(gaze.shift_s) == 2
    assert 50 / GRID_HZ - 0.3 < gaze.shift_s[0] < 55 / GRID_HZ


def test_a_short_turn_is_no_look():
    yaw = np.interp(np.arange(200), [50, 56, 60, 66], [0.0, 25.0, 25.0, 0.0])
    gaze = look(head_of(yaw), np.arange(200) / GRID_HZ, doses=HOLD)
    assert not len(gaze.shift_s)
    assert degrees(gaze)[58, 0] == pytest.approx(-25.0)


def test_a_target_that_jumps_gets_one_saccade_of_its_size():
    direction = np.radians([15.0, -5.0])
    point = np.array(EYES_M) + 2.0 * np.array(
        [
            np.sin(direction[0]) * np.cos(direction[1]),
            np.sin(direction[1]),
            np.cos(direction[0]) * np.cos(direction[1]),
        ]
    )
    times = np.arange(0, 10, 0.001)
    gaze = look(still(10), times, doses=HOLD, targets=[Target(4.0, tuple(point)), Target(7.0)])
    assert len(gaze.shift_s) == 2
    np.testing.assert_allclose(gaze.shift_s, [4.0, 7.0], atol=1 / GRID_HZ)
    np.testing.assert_allclose(degrees(gaze)[5000], [15.0, -5.0], atol=1e-6)
    np.testing.assert_allclose(degrees(gaze)[9000], 0.0, atol=1e-6)
    moving = np.abs(np.gradient(degrees(gaze)[3500:5000, 0], 0.001)) > 1.0
    assert moving.sum() * 0.001 == pytest.approx(0.025 + 0.0024 * np.hypot(15, 5), abs=0.004)


@pytest.mark.parametrize(("angle_deg", "peak_deg_s"), [(5, 213), (15, 352), (30, 455)])
def test_saccades_are_as_fast_as_peoples(angle_deg, peak_deg_s):
    """Peak velocities of the main sequence, PMC6143243."""
    share = np.linspace(0, 1, 2001)
    step_s = duration_s(np.radians(angle_deg)) / 2000
    peak = angle_deg * np.abs(np.diff(course(share))).max() / step_s
    assert peak == pytest.approx(peak_deg_s, rel=0.08)


def test_the_same_at_any_frame_rate():
    head = talking_head(20)
    dense = look(head, np.arange(0, 19, 1 / 120), seed=7)
    sparse = look(head, np.arange(0, 19, 1 / 24), seed=7)
    np.testing.assert_allclose(dense.eye[::5], sparse.eye, atol=1e-12)
    np.testing.assert_array_equal(dense.shift_s[dense.shift_s < 18], sparse.shift_s[sparse.shift_s < 18])


@pytest.mark.parametrize("cut_s", [6, 11, 17])
def test_what_is_appended_moves_nothing_before(cut_s):
    head, talking = talking_head(30), np.arange(30 * GRID_HZ) % 70 > 20
    short = HeadMotion(
        *(values[: cut_s * GRID_HZ] for values in (head.time_s, head.rotation, head.translation_m))
    )
    doses = GazeDoses(look_away=2.0, small=3.0)
    times = np.arange(0, cut_s - LOOK_AHEAD_S - 0.7, 1 / 60)
    whole = look(head, times, talking=talking, doses=doses, seed=4)
    part = look(short, times, talking=talking[: cut_s * GRID_HZ], doses=doses, seed=4)
    np.testing.assert_array_equal(whole.eye, part.eye)
    assert len(part.shift_s) > 3


def test_a_seed_is_one_take():
    head = talking_head(30)
    first, again, other = (look(head, head.time_s, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.eye, again.eye)
    assert np.abs(first.eye - other.eye).max() > 0.02


def test_the_same_bits_wherever_memory_is_allocated():
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(1000, 3))
    angles = angles_of(directions)
    for _ in range(200):
        blocks = [np.empty(size) for size in rng.integers(1, 3000, 20)]
        np.testing.assert_array_equal(angles_of(directions), angles)
        del blocks


def test_saccades_keep_apart_and_eyes_stay_within_reach():
    rng = np.random.default_rng(3)
    wild = head_of(40 * np.cumsum(rng.normal(size=3000)) * 0.1, 20 * np.sin(np.arange(3000) / 9.0))
    gaze = look(wild, np.arange(0, 120, 1 / 60), doses=GazeDoses(look_away=3.0, small=3.0), seed=5)
    assert np.diff(gaze.shift_s).min() > SHORTEST_GAP_S - 1 / GRID_HZ
    assert np.abs(degrees(gaze)).max(axis=0) == pytest.approx([27.0, 21.6])
    assert np.isfinite(gaze.eye).all()


def test_people_in_general_look_away_as_often_as_measured():
    """With a head that turns and speech that pauses, at a dose of 1; the share was 0.13 in the median."""
    talking = np.arange(1200 * GRID_HZ) % 100 > 20
    gaze = look(talking_head(1200), np.arange(0, 1200, 0.04), talking=talking, doses=GazeDoses(look_away=1.0))
    assert 0.08 < gaze.away.mean() < 0.28
    assert talking[: len(gaze.away)][gaze.away].mean() < talking.mean() - 0.03
    onsets = np.flatnonzero(np.diff(gaze.away.astype(int)) > 0)
    lengths = [np.flatnonzero(~gaze.away[onset + 1 :])[0] / GRID_HZ for onset in onsets[:-1]]
    assert 0.5 < np.median(lengths) < 1.4
    assert 0.5 < (np.degrees(gaze.shift_rad) >= 3.0).sum() / 1200.0 < 1.1


def test_seeds_differ_in_how_much_is_averted_as_people_do():
    """Persons' shares of 15 s lie between nothing and most of the time: quartiles of about 0.1 and 0.4."""
    head = talking_head(15)
    shares = [
        look(head, head.time_s, doses=GazeDoses(look_away=1.0), seed=seed).away.mean() for seed in range(80)
    ]
    low, high = np.quantile(shares, [0.25, 0.75])
    assert low < 0.12
    assert high - low > 0.12
    even = replace(GazeManner(), away_varies=0.0)
    alike = [
        look(head, head.time_s, manner=even, doses=GazeDoses(look_away=1.0), seed=seed).away.mean()
        for seed in range(80)
    ]
    assert np.std(alike) < 0.8 * np.std(shares)


def test_small_saccades_go_along_with_the_head_to_the_side():
    yaw = np.repeat(np.cumsum(np.tile([4.0, -4.0], 300)), 25)
    yaw = np.convolve(np.pad(yaw, 5, mode="edge"), np.ones(11) / 11, "valid")
    for name, (turned, along) in {"yaw": (head_of(yaw), 0), "pitch": (head_of(0.0 * yaw, yaw), 1)}.items():
        gaze = look(turned, turned.time_s, doses=GazeDoses(look_away=0.0), seed=1)
        points = degrees(gaze)[:, along] + (yaw if name == "yaw" else -yaw)
        step = np.gradient(yaw)
        moving = np.abs(step) > 0.2
        slope = np.polyfit(np.sign(step[moving]), points[moving], 1)[0]
        assert (slope > 0.15) == (name == "yaw")


def test_a_person_of_whom_much_is_known_varies_less_than_people_do():
    usual = GazeManner()
    spread = [usual.with_share(0.2, seconds).away_varies for seconds in (0.0, 6.0, 15.0, 60.0)]
    assert spread[0] == usual.away_varies
    assert (np.diff(spread) < 0.0).all()


def test_personal_share_is_a_matter_of_odds():
    usual = GazeManner()
    odds = 1.2 * usual.away_per_s * usual.away_s
    assert usual.with_share(odds / (1 + odds), 15.0).away_per_s == pytest.approx(usual.away_per_s)
    assert usual.with_share(0.3, 15.0, 3.0).away_per_s < usual.with_share(0.3, 15.0).away_per_s
    shares = [
        look(still(600), np.arange(0, 600, 0.04), manner=usual.with_share(share, 15.0)).away.mean()
        for share in (0.0, 0.13, 0.5)
    ]
    assert shares[0] < 0.6 * shares[1] < shares[1] < 0.5 * shares[2]
    assert usual.with_share(1.0, 60.0).away_per_s < 20 * usual.away_per_s


def test_large_shifts_bring_blinks_and_small_ones_hardly_any():
    gaze = look(talking_head(1200), np.arange(0, 1200, 0.1), doses=GazeDoses(look_away=1.0), seed=9)
    size = np.degrees(gaze.shift_rad)
    blinked = np.isin(np.round(gaze.shift_s, 6), np.round(gaze.blink_s - 0.06, 6))
    assert blinked.sum() == len(gaze.blink_s)
    assert blinked[size < 5].mean() < 0.06
    assert 0.15 < blinked[size > 12].mean() < 0.6


@pytest.mark.parametrize("times", [np.array([0.0]), np.array([-5.0, 0.0, 99.0])])
def test_any_times(times):
    gaze = look(still(2), times)
    assert gaze.eye.shape == (len(times), 2)
    assert np.isfinite(gaze.eye).all()


def test_one_pose_and_late_clocks_are_heads_as_well():
    one = HeadMotion(np.array([1e9]), rot.from_euler(0.0, np.radians([10.0]), 0.0), np.zeros((1, 3)))
    gaze = look(one, np.arange(50) / 25, doses=HOLD)
    np.testing.assert_allclose(degrees(gaze), np.tile([-10.0, 0.0], (50, 1)), atol=1e-9)


@pytest.mark.parametrize(
    "wrong", [{"follow": 1.5}, {"small": -0.1}, {"look_away": float("nan")}, {"lids": float("inf")}]
)
def test_doses_out_of_range_are_refused(wrong):
    with pytest.raises(SettingsError, match="Choose one from 0 to"):
        GazeDoses(**wrong)


@pytest.mark.parametrize("point", [(0.0, 0.0), (float("nan"), 0.0, 1.0), (0.0, 0.0, 1e9), EYES_M])
def test_points_that_are_none_are_refused(point):
    with pytest.raises(SettingsError):
        Target(0.0, point)
