"""The table of the talking-head video: who judges, the baselines, what is tracked, the page, going on after a stop."""

import json
from math import nan
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.evaluate.report import markdown_of
from mannerism.core.portrait.driving.pose_limits import distance_rad
from mannerism.tests.support import synthetic_portrait as synthetic
from mannerism.tests.support.paths import ROOT
from mannerism.training.data.catalogue import Clip
from mannerism.training.evaluation.docs_table import begin
from mannerism.training.portrait import score
from mannerism.training.portrait.baselines import (
    affine,
    moved_by_affine,
    moved_by_similarity,
    nearest,
    nearest_frame,
    similarity,
)
from mannerism.training.portrait.cases import judged, longest_of_each
from mannerism.training.portrait.edited import BEYOND_DEG, sweeps
from mannerism.training.portrait.pictures import psnr_db
from mannerism.training.portrait.systems import (
    FULL,
    REFINED,
    SIMILARITY,
    SIMILARITY_TRACKED,
    WARP,
    WARP_TRACKED,
)
from mannerism.training.portrait.table import Judged, tables
from mannerism.training.portrait.tracked import correlation, landmark_distance, opening, pose_error_deg

# who judges


def listed(name, person, seconds):
    return Clip(name, Path(f"{name}.mp4"), person, "own", name, seconds=seconds)


def test_the_longest_clip_of_each_person_judges_and_the_first_of_equals():
    clips = [listed("b1", "b", 5.0), listed("a1", "a", 9.0), listed("b2", "b", 7.0), listed("a2", "a", 9.0)]
    assert [clip.id for clip in longest_of_each(clips)] == ["a1", "b2"]


def test_clips_at_their_original_size_come_before_others(tmp_path):
    rows = ["clip\tperson\tsource\tseconds", "p1\tone\town\t5", "p2\ttwo\town\t6"]
    (tmp_path / "catalog.tsv").write_text("\n".join(rows), encoding="utf-8")
    for name in ("p1", "p2"):
        (tmp_path / f"{name}.mp4").touch()
    assert [clip.person for clip in judged(tmp_path)] == ["one", "two"]
    (tmp_path / "hires").mkdir()
    (tmp_path / "hires" / "p2.mp4").touch()
    assert [clip.path for clip in judged(tmp_path)] == [tmp_path / "hires" / "p2.mp4"]


# baselines


def test_the_nearest_picture_is_that_of_the_same_pose():
    poses = synthetic.poses(12)
    order = np.array([7, 2, 9])
    assert nearest(synthetic.person(poses), synthetic.drive(poses[order])).tolist() == order.tolist()


def test_the_nearest_picture_is_one_that_may_be_used():
    poses = synthetic.poses(12)
    usable = np.arange(12) != 7
    assert nearest(synthetic.person(poses, usable=usable), synthetic.drive(poses[np.array([7])]))[0] != 7


def test_lips_decide_between_equal_poses_where_they_are_looked_at():
    poses = synthetic.poses(1)[np.zeros(2, np.intp)]
    expression = np.zeros((2, 478, 3))
    expression[1, :, 1] = 0.01
    person = synthetic.person(poses, expression=expression)
    drive = synthetic.drive(poses, expression)
    assert nearest(person, drive, lips_too=True).tolist() == [0, 1]
    assert nearest(person, drive).tolist() == [0, 0]


@pytest.mark.parametrize("moved", [moved_by_similarity, moved_by_affine])
def test_a_person_of_paper_is_given_back_by_moving_the_whole_picture(moved):
    person, wanted = synthetic.person(synthetic.poses(6)), synthetic.poses(3, seed=5)
    true, drive = synthetic.shown(wanted), synthetic.drive(wanted)
    middle = np.tile([40, 40, 88, 88], (3, 1))
    assert psnr_db(moved(person, drive), true, middle).min() > 30
    assert psnr_db(nearest_frame(person, drive), true, middle).max() < 25


def test_fits_find_the_map_that_moved_the_points():
    points = np.random.default_rng(0).normal(size=(9, 2))
    turned = np.array([[0.9, -0.3, 4.0], [0.3, 0.9, -2.0]])
    bent = np.array([[0.9, 0.2, 4.0], [0.5, 1.4, -2.0]])
    for fit, true in ((similarity, turned), (affine, turned), (affine, bent)):
        assert fit(points, points @ true[:, :2].T + true[:, 2]) == pytest.approx(true)


# what is tracked


def face(rotation=None):
    """Landmarks of one face as a clip has them, (1, 478, 3)."""
    turn = np.eye(3) if rotation is None else rotation
    seen = 400.0 * synthetic.mesh() @ turn.T
    return (seen * [1.0, -1.0, 1.0] + [64.0, 64.0, 0.0])[None]


def test_landmarks_of_a_shifted_face_are_off_by_the_shift():
    true = face()
    eyes = np.linalg.norm(true[0, 468, :2] - true[0, 473, :2])
    assert landmark_distance(true, true) == pytest.approx([0.0])
    assert landmark_distance(true + np.array([3.0, 4.0, 9.0]), true) == pytest.approx([5.0 / eyes])


def test_a_turn_is_seen_as_it_is():
    turned = rot.to_matrix(rot.from_rotvec([0.0, np.radians(7.0), 0.0]))
    alive = np.random.default_rng(0).normal(scale=1e-3, size=(12, 478, 3))
    person = synthetic.person(synthetic.poses(12), expression=alive)
    assert pose_error_deg(person, face(turned), face()) == pytest.approx([7.0])
    assert pose_error_deg(person, face(turned) * 1.1 + 2.0, face()) == pytest.approx([7.0])


def test_opening_is_told_in_eye_distances():
    closed = face()
    closed[0, 13] = closed[0, 14]
    opened = closed.copy()
    opened[0, 14, 1] += np.linalg.norm(closed[0, 468, :2] - closed[0, 473, :2])
    assert opening(closed) == pytest.approx([0.0])
    assert opening(opened) == pytest.approx([1.0])
    assert opening(2.0 * opened) == pytest.approx([1.0])


def test_correlation():
    a = np.arange(5.0)
    assert correlation(a, 3 - 2 * a) == pytest.approx(-1.0)
    assert correlation(a, np.ones(5)) == 0.0


# poses beyond the reference


def test_sweeps_go_as_far_beyond_the_reference_as_is_told_and_not_further():
    person = synthetic.person(synthetic.poses(12))
    for drive in sweeps(person):
        far = np.degrees(distance_rad(person, drive))
        assert far[-1] == pytest.approx(BEYOND_DEG[-1], abs=0.6)
        assert far.max() <= BEYOND_DEG[-1] + 1e-6
        assert np.degrees(rot.angle_between(*rot.from_matrix(drive.poses.rotation[:2]))) < 1.0


# the page


def person_of(figures, *, is_long=True):
    return Judged(is_long, figures)


def known(face_db, **further):
    names = (
        *("full_db", "mouth_db", "ssim", "sharpness", "landmarks_pct", "pose_deg", "pose_p95_deg"),
        *("pose_in_range_deg", "opening_r", "motion_error", "flicker"),
        *("liveliness", "mouth_sharpness"),
    )
    return {**dict.fromkeys(names, 1.0), "face_db": face_db, **further}


def line_of(found, title, name):
    table = next(table for table in tables(found) if table.title.startswith(title))
    return next(line for line in table.lines if line[0] == name)


def test_a_cell_is_median_and_quartiles_and_of_few_persons_the_median_alone():
    found = [person_of({WARP: known(value)}) for value in (20.0, 21.0, 22.0, 23.0, 24.0)]
    assert line_of(found, "Its own", WARP)[1] == "22.0 [21.0, 23.0]"
    assert line_of(found[:3], "Its own", WARP)[1] == "21.0"


def test_what_could_not_be_measured_is_left_out_of_the_median():
    found = [person_of({WARP: known(22.0, pose_deg=value)}) for value in (nan, 2.0)]
    assert line_of(found, "Its own", WARP)[7] == "2.00"
    assert line_of(found[:1], "Its own", WARP)[7] == "–"


def test_groups_stand_apart():
    found = [person_of({WARP: known(20.0)}), person_of({WARP: known(30.0)}, is_long=False)]
    titles = [table.title for table in tables(found)]
    assert sum(title.startswith("Its own") for title in titles) == 2
    assert line_of(found, "Its own motion given back, less", WARP)[1] == "30.0"


def test_a_margin_is_the_median_of_the_persons_margins():
    """Not the difference of the medians, which is 2 here."""
    pairs = [(24.0, 20.0), (25.0, 21.0), (30.0, 29.0)]
    found = [person_of({WARP: known(a), SIMILARITY: known(b)}) for a, b in pairs]
    line = line_of(found, "What is demanded", "Warp: face, dB above 2D similarity")
    assert line[2:5] == ["≥ 4", "4", "met"]


def test_what_is_drawn_as_tracked_is_compared_with_what_moves_as_tracked():
    found = [person_of({WARP_TRACKED: known(24.5), SIMILARITY_TRACKED: known(20.0), SIMILARITY: known(22.0)})]
    named = (SIMILARITY_TRACKED, SIMILARITY)
    rows = [
        line_of(found, "What is demanded", f"{WARP_TRACKED}: face, dB above {than}")[2:5] for than in named
    ]
    assert rows == [["≥ 4", "4.5", "met"], ["≥ 4", "2.5", "not met"]]


def test_a_refiner_that_is_kept_too_rarely_is_told_so():
    kept = [person_of({REFINED: known(22.0, kept=float(i < 5))}) for i in range(9)]
    assert line_of(kept, "What is demanded", "Refined: kept")[3:5] == ["5 of 9", "not met"]
    assert line_of(kept[:8], "What is demanded", "Refined: kept")[3:5] == ["5 of 8", "met"]


def test_the_page_names_nobody(tmp_path, monkeypatch):
    found, _ = judge_with(monkeypatch, tmp_path, ["secret1", "secret2"])
    assert "secret" not in markdown_of(tables(found))


# going on after a stop


def judge_with(monkeypatch, work, names, *, fails=None, **options):
    """What is found where reading and drawing are fakes, and which rows were made."""
    made = []

    def figures(case, system, _budget, show):
        if (case.name, system) == fails:
            raise KeyboardInterrupt
        made.append((case.name, system))
        show(case, system, case.truth.pictures)
        return known(20.0 + len(made), opening_r=nan)

    def read(name, *_, **_options):
        return SimpleNamespace(
            name=name, is_long=True, truth=SimpleNamespace(pictures=synthetic.shown(synthetic.poses(3)))
        )

    monkeypatch.setattr(score, "read_case", read)
    monkeypatch.setattr(score, "figures_of", figures)
    clips = [listed(name, name, 9.0) for name in names]
    try:
        return score.judge(clips, work, FULL, systems=[SIMILARITY, WARP], **options), made
    except KeyboardInterrupt:
        return None, made


def test_a_run_that_was_stopped_goes_on_and_makes_nothing_twice(monkeypatch, tmp_path):
    _, first = judge_with(monkeypatch, tmp_path, ["a", "b"], fails=("b", WARP))
    found, second = judge_with(monkeypatch, tmp_path, ["a", "b"])
    again, third = judge_with(monkeypatch, tmp_path, ["a", "b"])
    assert first == [("a", SIMILARITY), ("a", WARP), ("b", SIMILARITY)]
    assert second == [("b", WARP)]
    assert third == []
    assert found[0].figure(WARP, "face_db") == again[0].figure(WARP, "face_db") == 22.0
    assert np.isnan(again[0].figure(WARP, "opening_r"))
    assert sorted(path.name for path in (tmp_path / "256" / "a").iterdir()) == sorted(
        f"{system}.{suffix}" for system in (SIMILARITY, WARP) for suffix in ("jpg", "json")
    )


def test_beginnings_and_other_sizes_of_clips_are_kept_apart(monkeypatch, tmp_path):
    for options in ({}, {"seconds": 4.0}, {"size": 512}):
        _, made = judge_with(monkeypatch, tmp_path, ["a"], **options)
        assert made == [("a", SIMILARITY), ("a", WARP)]
    assert score.table_of(256) == "portrait-score"
    page = (ROOT / "docs/talking_head.md").read_text(encoding="utf-8")
    assert all(begin(score.table_of(size)) in page for size in (256, 512))


def test_figures_of_older_code_are_made_anew_unless_they_may_count(monkeypatch, tmp_path):
    judge_with(monkeypatch, tmp_path, ["a"])
    file = tmp_path / "256" / "a" / f"{WARP}.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "code": "older"}))
    _, stale = judge_with(monkeypatch, tmp_path, ["a"], stale=True)
    _, anew = judge_with(monkeypatch, tmp_path, ["a"])
    assert stale == []
    assert anew == [("a", WARP)]
