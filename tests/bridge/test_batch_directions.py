"""Lines of the batch that are directed: by a file, by pins of the line, by what was edited on their layers."""

import json
import os

import numpy as np
import pytest

import mannerism
from mannerism.bridge import takes
from mannerism.bridge.direct_stored import stored_direction
from mannerism.bridge.nla import Layer, list_layers
from mannerism.core import rotation as rot
from mannerism.core.direct import Direction, Gesture, Pin, direction_to_json
from mannerism.core.generate.settings import first_seed
from mannerism.core.motion_csv import read_motion
from mannerism.tests.support.directed import LINE, edit

bpy = pytest.importorskip("bpy")

from mannerism.tests.support.batch_list import (  # noqa: E402  needs bpy
    LINES,
    add,
    batch_scene,
    layers,
    name_of,
    run,
    statuses,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the misbehaving jobs use signals of POSIX")

SHOT = Direction((Pin(0.5, 4.0, -6.0, 2.0),), (Gesture("nod", 1.2),))


@pytest.fixture
def scene(extension, monkeypatch, tmp_path):
    yield from batch_scene(monkeypatch, tmp_path)


def pin(obj, line, seconds, yaw):
    item = obj.mannerism.direct.pins.add()
    item.line, item.seconds, item.yaw = line, repr(seconds), yaw


def shot(folder, direction=SHOT, name="shot ü.json"):
    path = folder / name
    path.write_text(direction_to_json(direction), encoding="utf-8")
    return path


def direction_of(line):
    return stored_direction(Layer(name_of(line)))


@pytest.mark.slow
def test_a_line_is_made_by_its_file_its_pins_and_its_markers(scene, tmp_path):
    scene.mannerism.lines[1].direct = str(shot(tmp_path))
    obj = bpy.context.object
    pin(obj, LINES[1], 1.0, 8.0)
    pin(obj, LINES[2], 1.5, -8.0)
    scene.timeline_markers.new("still", frame=1 + 36)
    run()
    assert direction_of(LINES[0]) == Direction(gestures=(Gesture("still", 1.5),))
    assert direction_of(LINES[1]) == Direction((*SHOT.pins, Pin(1.0, 0.0, 8.0, 0.0)), SHOT.gestures)
    assert direction_of(LINES[2]) == Direction((Pin(1.5, 0.0, -8.0, 0.0),))


@pytest.mark.slow
def test_a_pin_and_another_file_make_a_line_anew_and_an_edit_does_not(scene, tmp_path, capfd):
    scene.mannerism.lines[1].direct = str(shot(tmp_path))
    run()
    first = layers()
    action = bpy.data.actions[name_of(LINES[1])]
    edit(action, range(70, 80), 0.1)
    capfd.readouterr()
    run()
    assert layers() == first
    assert "3 were done already" in capfd.readouterr().out
    pin(bpy.context.object, LINES[0], 1.0, 8.0)
    run()
    assert "1 generated, 2 were done already" in capfd.readouterr().out
    shot(tmp_path, Direction((Pin(0.7, 1.0),)))
    run()
    assert "1 generated, 2 were done already" in capfd.readouterr().out
    assert len(layers()) == 5
    kept = stored_direction(list_layers(bpy.context.object)[-1]).kept
    assert kept  # what was edited before is in the take that was made anew
    assert "Kept what was edited" in scene.mannerism.lines[1].message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{", "This is no JSON"),
        ('{"pins": [{"time_s": 1}]}', "pins nothing"),
        ('{"pens": []}', "pens"),
    ],
)
def test_a_bad_file_fails_alone(scene, tmp_path, content, words):
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_text(content)
    scene.mannerism.lines[1].direct = str(path)
    run()
    assert [status for _, status in statuses(scene)] == ["DONE", "FAILED", "DONE"]
    assert words in scene.mannerism.lines[1].message


def test_a_manifest_brings_its_directions(scene, tmp_path):
    path = shot(tmp_path)
    rows = [
        {"id": "a", "audio": f"{LINES[0]}.wav", "style": "calm", "out": "a.bvh", "direct": path.name},
        {"id": "b", "audio": f"{LINES[1]}.wav", "style": "calm", "out": "b.bvh"},
    ]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, rows)))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    add(["m.jsonl"], tmp_path)
    lines = bpy.context.scene.mannerism.lines
    assert [line.direct for line in lines[-2:]] == [f"//{path.name}", ""]
    (tmp_path / "deeper").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "deeper" / "scene.blend"))
    assert bpy.path.abspath(lines[-2].direct) == str(path) or lines[-2].direct.endswith(f"../{path.name}")


@pytest.mark.slow
def test_layers_and_files_are_the_takes_of_the_python_door(ada, tmp_path):
    path = shot(tmp_path)
    pin(ada, LINE.stem, 2.0, 12.0)
    add([LINE.name], LINE.parent)
    scene = bpy.context.scene
    line = scene.mannerism.lines[0]
    line.direct = str(path)
    assert run() == {"FINISHED"}
    assert line.status == "DONE", line.message
    asked = Direction((*SHOT.pins, Pin(2.0, 0.0, 12.0, 0.0)), SHOT.gestures)
    wanted = mannerism.generate("calm", LINE, seed=first_seed(line.name), direction=asked)
    made = takes.stored_motion(takes.active_layer(ada))
    np.testing.assert_array_equal(made.rotation, wanted.rotation)
    scene.mannerism.target, scene.mannerism.folder = "CSV", str(tmp_path)
    assert run() == {"FINISHED"}
    written = read_motion(tmp_path / f"{line.name}.csv")
    again = wanted.at(written.time_s)
    assert np.degrees(rot.angle_between(written.rotation, again.rotation)).max() < 1e-4
    assert run() == {"FINISHED"}
    assert line.status == "DONE"


@pytest.mark.slow
def test_an_edited_layer_is_in_its_file_and_what_is_on_top_is_said_to_be_missing(ada, tmp_path):
    add([LINE.name], LINE.parent)
    scene = bpy.context.scene
    run()
    action = bpy.data.actions[takes.active_layer(ada).name]
    start = scene.mannerism.lines[0].start
    edit(action, range(start + 50, start + 61), 0.08)
    scene.mannerism.target, scene.mannerism.folder = "CSV", str(tmp_path)
    run()
    assert "Kept what was edited" in scene.mannerism.lines[0].message
    plain = takes.stored_motion(takes.active_layer(ada))
    written = read_motion(tmp_path / f"{LINE.stem}.csv")
    away = np.degrees(rot.angle_between(written.rotation, plain.at(written.time_s).rotation))
    assert away[np.abs(written.time_s - 55 / 24).argmin()] == pytest.approx(np.degrees(2 * 0.08), abs=1.0)
    ada.mannerism.direct.edits = "OFFSET"
    scene.mannerism.target = "BVH"
    run()
    assert "not in this file" in scene.mannerism.lines[0].message
