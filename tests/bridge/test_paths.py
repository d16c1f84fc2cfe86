"""Files that a character or a batch refers to: which a window lists, and how their paths are kept."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from mannerism import operators as operator_room
from mannerism.bridge.paths import FIELDS, normal_path
from mannerism.operators.lines import speech_files
from mannerism.operators.reasons import PollWithReason
from mannerism.tools.synthetic.characters import bust, plain_object


def ops() -> Any:
    return getattr(bpy.ops, "mannerism")  # noqa: B009  unknown to the stubs


@pytest.fixture
def sounds(tmp_path):
    folder = tmp_path / "sounds ü"
    folder.mkdir()
    for name in ("b.wav", "a.WAV", "notes.txt", "shot.blend", "c.mp3", "take.jsonl"):
        (folder / name).write_bytes(b"x")
    return folder


@pytest.mark.parametrize(
    ("names", "named", "wanted", "others"),
    [
        ([], "", ["."], []),
        (["shot.blend"], "shot.blend", ["."], []),
        ([], "shot.blend", ["."], []),
        ([], "untitled", ["."], []),
        ([], "untitled.blend", ["."], []),
        ([""], "", ["."], []),
        ([], "b.wav", ["b.wav"], []),
        (["a.WAV", "b.wav"], "b.wav", ["a.WAV", "b.wav"], []),
        (["a.WAV", "notes.txt"], "notes.txt", ["a.WAV"], ["notes.txt"]),
        (["notes.txt"], "notes.txt", [], ["notes.txt"]),
        (["gone.wav"], "gone.wav", ["gone.wav"], []),
    ],
)
def test_what_a_file_window_means(sounds, names, named, wanted, others):
    found, left_out = speech_files(
        sounds, [name for name in names if name], sounds / named if named else None
    )
    assert [path.relative_to(sounds) for path in found] == [Path(each) for each in wanted]
    assert left_out == others


def test_a_script_names_a_file_or_a_folder_alone(sounds):
    assert speech_files(None, [], sounds) == ([sounds], [])
    assert speech_files(None, [], sounds / "b.wav") == ([sounds / "b.wav"], [])
    assert speech_files(None, [], sounds / "shot.blend") == ([], ["shot.blend"])


def test_a_whole_folder_gives_its_sounds_relative_to_the_saved_file(extension, sounds, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    ops().add_lines(directory=f"{sounds}/", filepath=str(sounds / "shot.blend"))
    lines = [line.audio for line in bpy.context.scene.mannerism.lines]
    assert lines == ["//sounds ü/a.WAV", "//sounds ü/b.wav", "//sounds ü/c.mp3"]


def test_what_is_no_speech_is_refused_by_name(extension, sounds):
    with pytest.raises(RuntimeError, match=r"notes\.txt"):
        ops().add_lines(directory=f"{sounds}/", files=[{"name": "notes.txt"}])
    assert not bpy.context.scene.mannerism.lines


def test_paths_follow_the_file(extension, tmp_path):
    obj = plain_object()
    other = tmp_path / "other"
    other.mkdir()
    sound = tmp_path / "line.wav"
    sound.write_bytes(b"x")
    obj.mannerism.audio, obj.mannerism.style = str(sound), "calm"
    obj.mannerism.seed = 3
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    assert (obj.mannerism.audio, obj.mannerism.style, obj.mannerism.seed) == ("//line.wav", "calm", 3)
    bpy.ops.wm.save_as_mainfile(filepath=str(other / "copy.blend"), copy=True)
    assert obj.mannerism.audio == "//line.wav"
    bpy.ops.wm.save_as_mainfile(filepath=str(other / "moved.blend"))
    assert obj.mannerism.audio == f"//..{os.sep}line.wav"
    assert normal_path(obj.mannerism.audio) == str(sound)
    bpy.ops.wm.open_mainfile(filepath=str(other / "copy.blend"))
    head: Any = bpy.data.objects["Head"]
    assert normal_path(head.mannerism.audio) == str(sound)


def test_relative_paths_are_a_preference(extension, tmp_path):
    obj = plain_object()
    sound = tmp_path / "line.wav"
    obj.mannerism.audio = str(sound)
    files = bpy.context.preferences.filepaths
    files.use_relative_paths = False
    try:
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    finally:
        files.use_relative_paths = True
    assert obj.mannerism.audio == str(sound)


@pytest.mark.parametrize("field", FIELDS)
def test_a_file_is_chosen_for_each_field(extension, tmp_path, field):
    obj = plain_object()
    bpy.context.view_layer.objects.active = obj
    chosen = tmp_path / f"file{FIELDS[field][0]}"
    with pytest.raises(RuntimeError, match="is no file"):
        ops().choose_file(filepath=str(chosen), field=field)
    chosen.write_bytes(b"x")
    assert ops().choose_file(filepath=str(chosen), field=field) == {"FINISHED"}
    group = obj.mannerism if hasattr(obj.mannerism, field) else obj.mannerism.portrait
    assert getattr(group, field) == str(chosen)


def broken_contexts():
    scene = bpy.context.scene
    mesh, rig = plain_object(), bust()
    gone = plain_object()
    bpy.data.objects.remove(gone)
    mesh.mannerism.source, mesh.mannerism.speaker = "SPEAKER", rig
    yield SimpleNamespace()
    yield SimpleNamespace(object=None, scene=None)
    yield SimpleNamespace(object=None, scene=scene)
    yield SimpleNamespace(object=gone, scene=scene)
    for obj in (mesh, rig):
        yield SimpleNamespace(object=obj, scene=scene)
        yield SimpleNamespace(object=obj, scene=None)
        obj.mannerism.style = "gone.style.json"
        obj.mannerism.reference = "//\0bad" if obj is mesh else "//gone.mp4"
        yield SimpleNamespace(object=obj, scene=scene)


def test_no_poll_raises(extension):
    classes: tuple[Any, ...] = operator_room.CLASSES
    polls = [cls for cls in classes if issubclass(cls, PollWithReason)]
    assert len(polls) > 20
    for context in broken_contexts():
        for cls in polls:
            assert cls.poll(context) in {True, False}
