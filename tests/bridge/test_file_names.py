"""Fields that show a file's name: what is shown, and what becomes of what is typed."""

import pytest

bpy = pytest.importorskip("bpy")


@pytest.fixture
def settings(extension):
    obj = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(obj)
    return obj.mannerism


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", ""),
        ("//line 1.wav", "line 1.wav"),
        ("/ü日本/takes/line.wav", "line.wav"),
        ("C:\\takes\\line.wav", "line.wav"),
        ("lively", "lively"),
    ],
)
def test_the_name_is_shown_without_its_folders(settings, path, name):
    settings.audio = path
    assert settings.audio_name == name


def test_typing_the_same_name_changes_nothing(settings):
    settings.audio = "/nowhere/line.wav"
    settings.seed = 5
    settings.audio_name = "line.wav"
    assert (settings.audio, settings.seed) == ("/nowhere/line.wav", 5)


def test_a_name_is_the_file_beside_it_and_all_else_is_taken_as_typed(settings, tmp_path):
    for name in ("one.wav", "two.wav"):
        (tmp_path / name).touch()
    settings.audio = str(tmp_path / "one.wav")
    settings.audio_name = "two.wav"
    assert settings.audio == str(tmp_path / "two.wav")
    for typed in ("/elsewhere/three.wav", "none.wav", ""):
        settings.audio_name = typed
        assert settings.audio == typed
    settings.second_style = str(tmp_path / "own.style.json")
    settings.second_style_name = "calm"
    assert settings.second_style == "calm"


def test_each_field_with_a_button_has_its_name(settings):
    settings.reference, settings.second_style, settings.portrait.motion_file = (
        "/a/b.mp4",
        "/a/b.json",
        "/a/b.csv",
    )
    assert (settings.reference_name, settings.second_style_name) == ("b.mp4", "b.json")
    assert settings.portrait.motion_file_name == "b.csv"
