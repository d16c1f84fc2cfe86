"""One button draws the active take into an image of the file."""

import wave
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mannerism.bridge import nla, take_picture, takes
from mannerism.bridge.sound_peaks import wave_of
from mannerism.bridge.take_picture import show
from mannerism.core import rotation as rot
from mannerism.core.direct.direction import Direction, Pin
from mannerism.core.direct.direction_file import direction_to_json
from mannerism.core.errors import AudioError
from mannerism.core.motion import HeadMotion
from mannerism.core.picture.take import COLOURS, HEIGHT, WIDTH

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.usefixtures("extension")


def say(path, seconds=2.0, rate=8000, loud=slice(None)):
    samples = np.zeros(int(seconds * rate))
    samples[loud] = 0.5 * np.sin(np.arange(len(samples))[loud] / 5)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def taken(tmp_path) -> Any:
    """An object with a take of two seconds and its sound."""
    obj: Any = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    obj.mannerism.audio = str(say(tmp_path / "hello ü.wav"))
    time_s = np.arange(51) / 25
    motion = HeadMotion(time_s, rot.from_euler(0.1 * np.sin(4 * time_s), 0.0, 0.0), np.zeros((51, 3)))
    takes.add_take(obj, motion, line="hello ü", seed=3, start_frame=1)
    return obj


def pixels(image):
    values = np.empty(WIDTH * HEIGHT * 4, np.float32)
    image.pixels.foreach_get(values)
    return np.round(values.reshape(HEIGHT, WIDTH, 4)[::-1] * 255).astype(int)


def holds(image, name):
    return (pixels(image)[..., :3] == COLOURS[name]).all(axis=2)


def drawn():
    return next(image for image in bpy.data.images if image.name.startswith("Mannerism: "))


def test_the_take_is_drawn_and_drawn_anew_in_place(taken):
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    image = drawn()
    assert (image.name, tuple(image.size)) == ("Mannerism: Ada", (WIDTH, HEIGHT))
    for name in ("pitch", "yaw", "roll", "wave"):
        assert holds(image, name).any(), name
    assert not holds(image, "pins").any()
    before = pixels(image)
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert len(bpy.data.images) == 1
    np.testing.assert_array_equal(pixels(drawn()), before)


def test_edited_keys_and_pins_are_in_it(taken):
    bpy.ops.mannerism.draw_take()
    before = pixels(drawn())
    layer = takes.active_layer(taken)
    action: Any = bpy.data.actions[layer.name]
    action["mannerism_direction"] = direction_to_json(Direction(pins=(Pin(1.0, yaw_deg=5.0),)))
    bpy.ops.mannerism.draw_take()
    assert holds(drawn(), "pins").any()
    nla.track_of(taken, layer).strips[0].influence = 0.2  # what the layer shows, not what it was made of
    bpy.ops.mannerism.draw_take()
    assert (pixels(drawn()) != before).any()


def test_nothing_of_the_animators_is_drawn_over(taken):
    own = bpy.data.images.new("Mannerism: Ada", 8, 8)
    own.pixels.foreach_set(np.full(256, 0.5, np.float32))
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert tuple(own.size) == (8, 8)
    assert own.pixels[0] == pytest.approx(0.5, abs=0.01)
    assert len(bpy.data.images) == 2


def test_it_outlives_the_file(taken, tmp_path):
    bpy.ops.mannerism.draw_take()
    before = pixels(drawn())
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    np.testing.assert_array_equal(pixels(drawn()), before)
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert len(bpy.data.images) == 1


@pytest.mark.parametrize("change", ["other", "gone", "broken", "none"])
def test_without_its_sound_the_curves_are_drawn_all_the_same(taken, tmp_path, change):
    match change:
        case "other":
            taken.mannerism.audio = str(say(tmp_path / "another.wav"))
        case "gone":
            (tmp_path / "hello ü.wav").unlink()
        case "broken":
            (tmp_path / "hello ü.wav").write_bytes(b"RIFF nonsense")
        case "none":
            taken.mannerism.audio = ""
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert not holds(drawn(), "wave").any()
    assert holds(drawn(), "pitch").any()


def test_a_style_that_is_gone_and_a_damaged_direction_leave_their_part_out(taken):
    taken.mannerism.style = "//gone.style.json"
    action: Any = bpy.data.actions[takes.active_layer(taken).name]
    for damaged in ("{", "[]", '{"pins": 3}', ""):
        action["mannerism_direction"] = damaged
        assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert holds(drawn(), "pitch").any()


def test_a_long_take_is_drawn_at_fewer_moments(taken, monkeypatch, capfd):
    monkeypatch.setattr(take_picture, "_MOST_SAMPLES", 20)
    assert bpy.ops.mannerism.draw_take() == {"FINISHED"}
    assert "drawn every 0.1 s" in capfd.readouterr().out
    rows, columns = np.nonzero(holds(drawn(), "pitch"))
    assert np.ptp(columns) > 1400
    assert np.ptp(rows) > 100


def test_without_a_take_the_button_is_grey():
    assert not bpy.ops.mannerism.draw_take.poll()


def test_an_image_editor_that_shows_something_is_left_alone():
    own, ours = bpy.data.images.new("own", 4, 4), bpy.data.images.new("ours", 4, 4)
    ours["mannerism_picture_of"] = "Ada"

    def window(*images):
        editors = [
            SimpleNamespace(type="IMAGE_EDITOR", spaces=SimpleNamespace(active=SimpleNamespace(image=each)))
            for each in images
        ]
        screen = SimpleNamespace(areas=[SimpleNamespace(type="VIEW_3D"), *editors])
        manager = SimpleNamespace(windows=[SimpleNamespace(screen=screen)])
        return SimpleNamespace(window_manager=manager), editors

    context, editors = window(own)
    assert "choose “ours” in an Image Editor" in show(ours, context)
    assert editors[0].spaces.active.image is own
    context, editors = window(own, None)
    assert "is in the Image Editor" in show(ours, context)
    assert editors[1].spaces.active.image is ours
    assert "choose" in show(ours, SimpleNamespace(window_manager=SimpleNamespace(windows=[])))


def test_peaks_are_those_of_the_part(tmp_path):
    path = say(tmp_path / "part.wav", 3.0, loud=slice(8000, 16000))
    whole = wave_of(path)
    assert len(whole.peaks) == 300
    assert whole.peaks[:99].max() == 0
    assert whole.peaks[101:199].min() > 0.4
    part = wave_of(path, 1.0, 1.0)
    assert len(part.peaks) == pytest.approx(100, abs=1)
    assert part.peaks[1:99].min() > 0.4
    assert len(wave_of(path, 5.0).peaks) == 0
    with pytest.raises(AudioError):
        wave_of(tmp_path / "none.wav")
