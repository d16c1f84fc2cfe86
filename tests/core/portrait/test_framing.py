"""Edges: what is shown was recorded, by a tighter picture, less motion, or a refusal."""

from dataclasses import replace

import numpy as np
import pytest

from mannerism.core.errors import PortraitError
from mannerism.core.portrait.driving.framing import framed
from mannerism.core.portrait.driving.plan import DrivingPlan
from mannerism.core.portrait.model.camera import FacePoses
from mannerism.core.portrait.render.needed_pixels import CELLS, face_cells, missing_cells
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.core.portrait.render.window import Window, largest_window
from mannerism.tests.support import synthetic_portrait as synthetic

FACE = (CELLS // 3, CELLS // 3, CELLS // 2, CELLS // 2)


def moved(down_px, count=4):
    """Poses that go down by so many pixels, from the reference's only one."""
    start = synthetic.poses(1)[np.zeros(count, int)]
    return FacePoses(start.scale, start.rotation, start.shift + np.linspace([0, 0], [0, down_px], count))


def paper():
    return Renderer(synthetic.person(synthetic.poses(1)[np.zeros(3, int)]))


def test_the_whole_frame_is_shown_where_nothing_is_missing():
    renderer = paper()
    drive = synthetic.drive(renderer.person.poses)
    found = framed(renderer.person, drive, renderer.plan)
    assert found.drive is drive
    assert found.window is None
    assert not found.notes
    assert not found.held_back_deg.any()


def test_a_head_that_sinks_below_the_frames_edge_crops_the_video_by_as_much():
    renderer = paper()
    plan = renderer.plan(synthetic.drive(moved(10.0)))
    missing = missing_cells(renderer.person, plan)
    rows = np.flatnonzero(missing.any(axis=1))
    assert rows[0] == 0
    assert 3 <= len(rows) <= 5  # 10 of 128 pixels in 64 rows, of which a little is hardly seen
    found = framed(renderer.person, plan.drive, renderer.plan)
    assert found.drive is plan.drive
    assert found.window.top >= 6.0
    assert "cropped" in found.notes[0]
    again = missing_cells(renderer.person, renderer.plan(plan.drive).through(found.window))
    assert not again.any()


def test_what_is_shown_of_the_frame_is_the_frame_enlarged():
    renderer = paper()
    plan = renderer.plan(synthetic.drive(renderer.person.poses))
    window = Window(16.0, 16.0, 96.0, synthetic.SIZE)
    whole = np.clip(renderer.frame(plan, 0).picture, 0, 255).astype(np.uint8)
    part = renderer.frame(plan.through(window), 0).picture
    middle = slice(30, 98)
    assert part[middle, middle] == pytest.approx(window.of(whole)[middle, middle].astype(float), abs=6)


def test_a_head_that_would_leave_the_frame_moves_less():
    renderer = paper()
    found = framed(renderer.person, synthetic.drive(moved(60.0)), renderer.plan)
    shown = found.drive.poses.shift[-1, 1] - found.drive.poses.shift[0, 1]
    assert 0 <= shown < 45
    assert any("of its shift is shown" in note for note in found.notes)


def test_the_background_needs_no_pixel_of_the_person():
    person = paper().person
    known = np.full((synthetic.SIZE, synthetic.SIZE, 4), 255, np.uint8)
    person = replace(person, background=known, matte=np.zeros_like(person.matte))
    renderer = Renderer(person)
    assert not missing_cells(person, renderer.plan(synthetic.drive(moved(10.0)))).any()


def test_a_head_that_fits_nowhere_is_refused():
    renderer = paper()
    far = moved(0.0)
    far = FacePoses(far.scale * 6.0, far.rotation, far.shift + np.array([0.0, 200.0]))
    with pytest.raises(PortraitError, match="cuts the head"):
        framed(renderer.person, synthetic.drive(far), lambda drive: renderer.plan(synthetic.drive(far)))


def test_the_largest_window_is_free_of_what_is_missing_and_holds_the_face():
    missing = np.zeros((CELLS, CELLS), np.bool_)
    assert largest_window(missing, FACE, 128, 0.5) == Window(0.0, 0.0, 128.0, 128)
    missing[:8] = True
    found = largest_window(missing, FACE, 128, 0.5)
    assert (found.top, found.side) == (16.0, 112.0)
    assert found.left == pytest.approx(8.0, abs=2.0)
    missing[FACE[1]] = True
    assert largest_window(missing, FACE, 128, 0.5) is None


def test_the_face_is_where_its_outline_is():
    renderer = paper()
    plan = renderer.plan(synthetic.drive(renderer.person.poses))
    left, top, right, bottom = face_cells(renderer.person, plan)
    middle = np.array([(left + right) / 2, (top + bottom) / 2]) * synthetic.SIZE / CELLS
    assert middle == pytest.approx(synthetic.MIDDLE, abs=12)


@pytest.mark.parametrize("window", [None, Window(2.0, 4.0, 100.0, 128)])
def test_a_plan_that_is_kept_shows_the_same_part(tmp_path, window):
    drive = synthetic.drive(moved(1.0))
    nothing = np.zeros(len(drive))
    DrivingPlan(drive, nothing, nothing, nothing, ("Mind it.",), window).save(tmp_path / "plan.npz")
    kept = DrivingPlan.load(tmp_path / "plan.npz")
    assert kept.shown == window
    assert kept.notes == ("Mind it.",)
