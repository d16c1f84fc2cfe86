"""Speech from a file, a speaker or a strip: the part that is audible, where it is audible, as Blender itself plays it."""

import wave
from types import SimpleNamespace

import numpy as np
import pytest

from mannerism.bridge import sound
from mannerism.bridge import speaker as speaker_times
from mannerism.bridge.sound_strip import place_of
from mannerism.core.errors import AudioError
from mannerism.core.generate.settings import first_seed
from mannerism.core.media.sound import RATE_HZ, Sound

bpy = pytest.importorskip("bpy")

RATES = {"24": (24, 1.0), "23.976": (24, 1.001), "29.97": (30, 1.001), "25": (25, 1.0)}


@pytest.fixture
def obj(extension):
    obj = bpy.data.objects.new("Ada", None)
    bpy.context.scene.collection.objects.link(obj)
    return obj


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Eight seconds of noise, in which no two stretches are alike; 16-bit mono at 16 kHz."""
    path = tmp_path_factory.mktemp("sounds") / "line ü日本.wav"
    samples = np.random.default_rng(1).normal(0, 4000, 8 * RATE_HZ).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def strip_of(recording, frame=10):
    scene = bpy.context.scene
    editor = scene.sequence_editor or scene.sequence_editor_create()
    return editor.strips.new_sound(name="hello.wav", filepath=str(recording), channel=1, frame_start=frame)


def found(obj, folder, **chosen):
    for name, value in chosen.items():
        setattr(obj.mannerism, name, value)
    return sound.find_speech(obj, folder, bpy.context)


def audible(speech):
    """The samples that the worker would listen to."""
    return np.concatenate(list(Sound(speech.path).part(speech.start_s, speech.length_s)))


def played(folder, start_frame, length_s):
    """What Blender plays from a frame on."""
    scene = bpy.context.scene
    scene.frame_start = round(start_frame)
    fps = scene.render.fps / scene.render.fps_base
    scene.frame_end = scene.frame_start + round(length_s * fps) + 2
    path = folder / "mix.wav"
    bpy.ops.sound.mixdown(
        filepath=str(path), container="WAV", codec="PCM", format="S16", mixrate=RATE_HZ, channels="MONO"
    )
    return np.concatenate(list(Sound(path).pieces()))


class TestStrip:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("trim", ["whole", "handles", "hard", "shifted", "early"])
    def test_the_part_is_what_blender_plays_there(self, obj, recording, tmp_path, rate, trim):
        render = bpy.context.scene.render
        render.fps, render.fps_base = RATES[rate]
        strip = strip_of(recording)
        if trim == "handles":
            strip.frame_offset_start, strip.frame_offset_end = 31, 17
        if trim == "hard":
            strip.animation_offset_start = 12
        if trim == "shifted":
            strip.sound_offset, strip.frame_offset_start = -0.25, 20
        if trim == "early":
            strip.frame_offset_start = -12  # silent until its sound begins
        speech = found(obj, tmp_path, source="STRIP", strip=strip.name)
        ours, blenders = audible(speech), played(tmp_path, speech.start_frame, speech.length_s)
        count = min(len(ours), len(blenders)) - RATE_HZ // 10
        assert count > 5 * RATE_HZ
        # Blender starts a strip at the nearest of its own samples and mixes in 16 bits.
        lags = range(-3, 4)
        ours, blenders = ours[100 : count - 100], blenders[100:count]
        likeness = [np.corrcoef(ours[:-10], np.roll(blenders, lag)[: len(ours) - 10])[0, 1] for lag in lags]
        assert max(likeness) > 0.99

    def test_the_handles_are_the_times(self, obj, recording, tmp_path):
        strip = strip_of(recording)
        strip.frame_offset_start, strip.frame_offset_end = 24, 48
        speech = found(obj, tmp_path, source="STRIP", strip=strip.name)
        assert (speech.name, speech.path) == ("hello", recording)
        assert (speech.start_frame, speech.start_s, speech.length_s) == (34.0, 1.0, 5.0)

    def test_its_name_gives_the_seed(self, obj, recording, tmp_path):
        found(obj, tmp_path, source="STRIP", strip=strip_of(recording).name)
        assert obj.mannerism.seed == first_seed("hello")

    def test_a_packed_sound_needs_no_file(self, obj, recording, tmp_path):
        lost = tmp_path / "lost.wav"
        lost.write_bytes(recording.read_bytes())
        strip = strip_of(lost)
        strip.sound.pack()
        lost.unlink()
        (tmp_path / "worker").mkdir()
        speech = found(obj, tmp_path / "worker", source="STRIP", strip=strip.name)
        assert speech.path.parent == tmp_path / "worker"
        assert speech.path.read_bytes() == recording.read_bytes()

    def test_a_file_that_is_gone(self, obj, recording, tmp_path):
        lost = tmp_path / "lost ü.wav"
        lost.write_bytes(recording.read_bytes())
        strip = strip_of(lost)
        lost.unlink()
        with pytest.raises(AudioError, match=r"lost ü\.wav") as caught:
            found(obj, tmp_path, source="STRIP", strip=strip.name)
        assert "Find Missing Files" in caught.value.remedy

    def test_a_strip_that_is_gone(self, obj, recording, tmp_path):
        strip = strip_of(recording)
        obj.mannerism.strip = strip.name
        bpy.context.scene.sequence_editor.strips.remove(strip)
        with pytest.raises(AudioError, match=r"no sound strip “hello\.wav”"):
            found(obj, tmp_path, source="STRIP")

    def test_no_sequencer_at_all(self, obj, tmp_path):
        with pytest.raises(AudioError, match="no sound strip"):
            found(obj, tmp_path, source="STRIP", strip="hello")

    @pytest.mark.skipif(
        bpy.app.version < (5,), reason="Blender 4.5 crashes when a script adds a retiming key"
    )
    def test_retimed(self, obj, recording, tmp_path):
        strip = strip_of(recording)
        strip.retiming_keys.add(timeline_frame=60)
        with pytest.raises(AudioError, match="faster or slower"):
            found(obj, tmp_path, source="STRIP", strip=strip.name)


class TestSpeaker:
    @pytest.fixture
    def speaker(self, recording):
        bpy.context.scene.frame_set(77)
        bpy.ops.object.speaker_add()
        speaker = bpy.context.object
        speaker.data.sound = bpy.data.sounds.load(str(recording))
        return speaker

    def test_from_where_its_sound_lies(self, obj, speaker, recording, tmp_path):
        speech = found(obj, tmp_path, source="SPEAKER", speaker=speaker)
        assert speech == sound.Speech("line ü日本", recording, 77.0)
        assert obj.mannerism.seed == first_seed("line ü日本")

    def test_a_speaker_whose_sound_was_moved_has_another_place(self, speaker):
        """By which a take whose sound was moved is marked."""
        assert place_of("SPEAKER", speaker.name, bpy.context) == 77.0
        (track,) = speaker.animation_data.nla_tracks
        track.strips[0].frame_start = 90
        assert place_of("SPEAKER", speaker.name, bpy.context) == 90.0

    def test_a_sound_that_is_played_again_is_said(self, speaker):
        """Only an NLA editor adds sound strips, so the tracks are stand-ins."""
        assert speaker_times.speaker_starts(speaker) == [77.0]
        assert speaker_times.played_again(speaker) == ""
        tracks = [
            SimpleNamespace(mute=mute, strips=[SimpleNamespace(type="SOUND", mute=False, frame_start=start)])
            for start, mute in ((200.0, False), (30.0, False), (5.0, True))
        ]
        often = SimpleNamespace(name="Radio", animation_data=SimpleNamespace(nla_tracks=tracks))
        assert speaker_times.speaker_starts(often) == [30.0, 200.0]
        assert "“Radio” plays its sound 2 times" in speaker_times.played_again(often)

    def test_without_a_place_it_starts_where_the_character_says(self, obj, speaker, tmp_path):
        speaker.animation_data_clear()
        obj.mannerism.start = "CURRENT"
        bpy.context.scene.frame_set(5)
        assert found(obj, tmp_path, source="SPEAKER", speaker=speaker).start_frame == 5

    def test_without_a_sound(self, obj, speaker, tmp_path):
        speaker.data.sound = None
        with pytest.raises(AudioError, match="has no sound"):
            found(obj, tmp_path, source="SPEAKER", speaker=speaker)

    def test_at_another_pitch(self, obj, speaker, tmp_path):
        speaker.data.pitch = 1.5
        with pytest.raises(AudioError, match="faster or slower"):
            found(obj, tmp_path, source="SPEAKER", speaker=speaker)


def test_a_file_next_to_the_blend_file(obj, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    speech = found(bpy.data.objects["Ada"], tmp_path, source="FILE", audio="//ü 日本.wav")
    assert speech == sound.Speech("ü 日本", tmp_path / "ü 日本.wav", 1.0)
