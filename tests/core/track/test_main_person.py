"""Whom to track where faces come and go."""

import numpy as np

from mannerism.core.track.main_person import main_person

NEAR, FAR = [0.0, 0.0, -0.6], [0.4, 0.1, -1.2]


def sightings(*rows):
    time_s, position_m = zip(*rows, strict=True)
    return np.array(time_s, float), np.array(position_m, float)


def test_the_nearer_face_wins_whatever_the_order_within_a_frame():
    time_s, position_m = sightings(
        *[(k / 25, where) for k in range(50) for where in ([NEAR, FAR], [FAR, NEAR])[k % 2]]
    )
    chosen, rival = main_person(time_s, position_m)
    np.testing.assert_array_equal(position_m[chosen], [NEAR] * 50)
    assert rival == 0.5


def test_a_face_that_passes_close_by_does_not_win_over_one_that_stays():
    rows = [(k / 25, FAR) for k in range(100)] + [(2 + k / 25, NEAR) for k in range(10)]
    time_s, position_m = sightings(*sorted(rows, key=lambda row: row[0]))
    chosen, rival = main_person(time_s, position_m)
    np.testing.assert_array_equal(position_m[chosen], [FAR] * 100)
    assert 0 < rival < 0.25


def test_one_person_who_moves_and_is_lost_for_a_while_stays_one():
    time_s = np.delete(np.arange(100) / 25, slice(40, 70))
    position_m = np.stack([0.2 * np.sin(time_s), 0 * time_s, -0.6 - 0.2 * time_s], axis=1)
    chosen, rival = main_person(time_s, position_m)
    assert len(chosen) == 70
    assert rival == 0


def test_a_cut_to_another_place_is_another_face():
    time_s, position_m = sightings(*[(k / 25, NEAR if k < 60 else FAR) for k in range(100)])
    chosen, rival = main_person(time_s, position_m)
    np.testing.assert_array_equal(chosen, np.arange(60))
    assert rival > 0.1


def test_two_faces_of_one_frame_are_never_one_person():
    time_s, position_m = sightings(*[(k / 25, [x, 0, -0.6]) for k in range(20) for x in (0.0, 0.05)])
    chosen, _ = main_person(time_s, position_m)
    assert len(set(time_s[chosen])) == len(chosen) == 20
