"""What is fuzzed: for each kind of file that a user gives, a healthy example and what the product does with it."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import av
import numpy as np

import mannerism
from mannerism.core.batch.characters import read_characters
from mannerism.core.batch.chunk import read_indexed
from mannerism.core.batch.given import Given
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.status import read_status
from mannerism.core.direct import (
    Direction,
    Gesture,
    Kept,
    Part,
    Pin,
    Strengths,
    direction_to_json,
    read_direction,
)
from mannerism.core.donate.consent import Consent
from mannerism.core.donate.donation import DonatedRecording, Donation
from mannerism.core.donate.donation_file import write_donation
from mannerism.core.donate.donation_reader import read_donation
from mannerism.core.export import Form, export_motion
from mannerism.core.face.network import PATH as WEIGHTS
from mannerism.core.generate import generate
from mannerism.core.generate.from_audio import motion_from_audio
from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.media.video import Video
from mannerism.core.motion import HeadMotion, HeadPoseTrack
from mannerism.core.motion_csv import write_track
from mannerism.core.motion_npz import load_motion, save_motion
from mannerism.core.network.weights import read_weights
from mannerism.core.portrait.reference.consent import attest, consent_of
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.recording import Findings, Samples
from mannerism.core.rotation import from_euler, to_euler, to_rotvec
from mannerism.core.speech.features import NAMES, SpeechFeatures, extract_features
from mannerism.core.style.built_in import built_in_path
from mannerism.core.style.from_reference import style_from_reference
from mannerism.core.style.schema import read_style, write_style
from mannerism.core.timing import FrameRate
from mannerism.core.types import Array
from mannerism.core.worker.protocol import decode, encode, hello

ROOT = Path(__file__).parents[2]
LINE = ROOT / "examples" / "line_1.wav"


@dataclass(frozen=True)
class Reader:
    """A kind of file: how a healthy one is made, and the code that must read or refuse any other.

    name : of the file, whose suffix decides who reads it
    make : writes a healthy file to a path
    read : reads a file; may raise MannerismError and nothing else
    text : whether edits of lines, numbers and tokens make sense
    header : number of leading bytes in which raw edits fall
    """

    name: str
    make: Callable[[Path], object]
    read: Callable[[Path], object]
    text: bool = True
    header: int = 1 << 30


def motion(seconds: float = 6.0, rate_hz: float = 25.0) -> HeadMotion:
    """Head motion of a few sines, with its rotation about all three axes."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    angles = np.column_stack([size * np.sin(2 * np.pi * hz * time_s) for size, hz in _SINES])
    return HeadMotion(time_s, from_euler(*np.radians(angles).T), angles / 1000)


_SINES = ((9.0, 0.5), (6.0, 0.3), (4.0, 0.7))


def _bvh(path: Path) -> None:
    export_motion(path, motion(), FrameRate.of(25))


def _onto(path: Path) -> None:
    target = path.with_name(f"onto{path.suffix}")
    export_motion(target, motion(1.0), FrameRate.of(25), Form(skeleton=path))


def _csv(path: Path) -> None:
    export_motion(path, motion(), FrameRate.of(25))


def _live_link(path: Path) -> None:
    rows = ["Timecode,BlendShapeCount,EyeBlinkLeft,JawOpen,HeadYaw,HeadPitch,HeadRoll"]
    for index, angles in enumerate(to_rotvec(motion(rate_hz=30).rotation).tolist()):
        seconds, frame = divmod(index, 30)
        numbers = ",".join(f"{value:.6f}" for value in (0.1, 0.2, *angles))
        rows.append(f"12:00:{seconds:02}:{frame:02}.000,61,{numbers}")
    path.write_text("\n".join(rows) + "\n")


def _table_of_another(path: Path) -> None:
    rows = ["time_s;pitch_deg;yaw_deg;roll_deg;x_m;y_m;z_m"]
    take = motion(4.0, 30.0)
    angles = np.degrees(to_euler(take.rotation))
    for time_s, row in zip(take.time_s.tolist(), angles.tolist(), strict=True):
        rows.append(";".join(f"{value:.5f}".replace(".", ",") for value in (time_s, *row, 0.0, 0.0, 0.0)))
    path.write_text("\n".join(rows) + "\n")


def _meta(path: Path) -> None:
    track = HeadPoseTrack(*_arrays(motion()), np.ones(150, np.bool_), {"warnings": ["One."], "neutral": {}})
    write_track(path.with_suffix("").with_suffix(".csv"), track)


def _arrays(take: HeadMotion) -> tuple[Array, Array, Array]:
    return take.time_s, take.rotation, take.translation_m


def _encode_beside(path: Path) -> None:
    _encode(path.with_suffix("").with_suffix(".csv"))


def _encode(path: Path) -> None:
    style_from_reference(path, mute_allowed=True)


def _style(path: Path) -> None:
    write_style(path, mannerism.read_style("calm"))


def _play_style(path: Path) -> None:
    style = read_style(path)
    for engine in ("puppet", "actor"):
        motion_from_audio(style, LINE, GenerationSettings(engine=engine, seed=1), length_s=1.0)


def _manifest(path: Path) -> None:
    rows = [
        {"id": f"line-{i}", "audio": str(LINE), "style": "calm", "out": f"{i}.bvh", "seed": i}
        for i in range(5)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))


def _lines_table(path: Path) -> None:
    rows = ["Line ID\tVO file\tSpeaker\tDialogue\tIntensity\tSeed\tNotes", "*\t\t\t\t0,8\t\t"]
    rows += [f'l{i}\t{LINE.name}\tAda\t"Hello,\nyou ""{i}"""\t1,{i}\t{i}\tx' for i in range(5)]
    path.write_bytes("\r\n".join(rows).encode("utf-16"))


def _read_lines_table(path: Path) -> None:
    """Whole and as a chunk: the same lines, or the same refusal."""
    given = Given(stated={"style": "calm", "out": "{id}.bvh"})
    whole = read_manifest(path, given=given).chunk(1, 3)
    if read_indexed(path, (1, 3), given) != whole:
        raise AssertionError("a chunk is not what a whole reading gives")


def _cast(path: Path) -> None:
    path.write_text(
        "Name;Style;Intensity;Engine\nAda;calm;0,8;puppet\nGrete;lively;;\n", encoding="utf-8-sig"
    )


def _status(path: Path) -> None:
    row = {"id": "a", "status": "done", "out": "/a.bvh", "digest": "0" * 64, "reason": ""}
    path.write_text("\n".join([json.dumps(row)] * 5))


_SOMEBODY = Reference(Path("reference.mp4"), "0" * 64)


def _consent(path: Path) -> None:
    attest(_SOMEBODY, path.parent)


def _ask_for_consent(path: Path) -> None:
    consent_of(_SOMEBODY, path.parent)
    attest(_SOMEBODY, path.parent)


def _npz(path: Path) -> None:
    save_motion(path, motion(1.0))


def _wav(path: Path) -> None:
    time_s = np.arange(16_000) / 16_000
    samples = (9000 * np.sin(2 * np.pi * 150 * time_s) * (1 + np.sin(30 * time_s))).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    chunks = (
        b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def _encoded_sound(codec: str, seconds: int = 1) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        time_s = np.arange(16_000 * seconds) / 16_000
        samples = (9000 * np.sin(2 * np.pi * 150 * time_s)).astype(np.int16)
        with av.open(str(path), "w") as file:
            stream: Any = file.add_stream(codec, rate=16_000)
            frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
            frame.sample_rate = 16_000
            resampler = av.AudioResampler(stream.format, "mono", 16_000)
            for part in (*resampler.resample(frame), *resampler.resample(None)):
                file.mux(stream.encode(part))
            file.mux(stream.encode(None))

    return make


def _mp4(path: Path) -> None:
    with av.open(str(path), "w", options={"movflags": "faststart"}) as film:
        stream = film.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for index in range(10):
            picture = np.full((64, 64, 3), 20 * index, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode())


def _look(path: Path) -> None:
    for _ in Video(path):
        pass


def _message(path: Path) -> None:
    path.write_bytes(encode(hello()))


def _weights(path: Path) -> None:
    path.write_bytes(WEIGHTS.read_bytes())


def _direction(path: Path) -> None:
    kept = Kept.of(motion(), 2.0, 2.4)
    pins = (
        Pin(1.0, 3.0, -9.0, 1.0),
        Pin(1.5, yaw_deg=4.0, tolerance_deg=1.0),
        Pin(4.0, translation_m=(0.0, 0.01, 0.0)),
    )
    gestures = (Gesture("nod", 3.0), Gesture("look", 5.0, 0.5, "left", 0.8))
    whole = Direction(pins, gestures, (Part(3.0, 4.0, 7),), (kept,), Strengths(yaw=0.5, smoothness=0.1))
    path.write_text(direction_to_json(whole))


def _obey(path: Path) -> None:
    """Through an engine that costs nothing, so that what is read is used too."""
    speech = SpeechFeatures(np.arange(150) / 25, np.zeros((150, len(NAMES)), np.float32), 6.0)
    direction = read_direction(path)
    generate(read_style(built_in_path("calm")), speech, engine=_still, direction=direction)


def _donation(path: Path) -> None:
    count = 60
    samples = Samples(
        np.arange(count) / 25,
        to_rotvec(motion(count / 25).rotation).astype(np.float32),
        motion(count / 25).translation_m.astype(np.float32),
        np.ones(count, np.bool_),
        np.ones((count, len(NAMES)), np.float32),
    )
    found = Findings(count / 25 - 0.02, (0.1, 0.1, 0.1), 0.0, 3.0, ((0, count),))
    given = DonatedRecording("video", 1, False, found, samples)
    write_donation(path, Donation(Consent("CC0-1.0", "Nobody There", date(2026, 1, 1)), (given, given)))


def _still(_style: Any, speech: SpeechFeatures, _settings: Any, _progress: Any) -> Array:
    return np.zeros((len(speech.time_s), 6))


READERS = {
    "direction": Reader("fuzzed.json", _direction, _obey),
    "donation": Reader("fuzzed.donation.json", _donation, read_donation),
    "style": Reader("fuzzed.style.json", _style, _play_style),
    "bvh": Reader("fuzzed.bvh", _bvh, _encode),
    "bvh-skeleton": Reader("fuzzed.bvh", _bvh, _onto),
    "gltf-skeleton": Reader("fuzzed.glb", _bvh, _onto, text=False, header=4096),
    "track": Reader("fuzzed.csv", _csv, _encode),
    "live-link": Reader("fuzzed.csv", _live_link, _encode),
    "table": Reader("fuzzed.csv", _table_of_another, _encode),
    "meta": Reader("fuzzed.meta.json", _meta, _encode_beside),
    "manifest": Reader("fuzzed.jsonl", _manifest, read_manifest),
    "lines-table": Reader("fuzzed.csv", _lines_table, _read_lines_table),
    "characters": Reader("fuzzed.csv", _cast, read_characters),
    "status": Reader("fuzzed.status.jsonl", _status, read_status),
    "consent": Reader("consent.json", _consent, _ask_for_consent),
    "message": Reader("fuzzed.message", _message, lambda path: decode(path.read_bytes())),
    "npz": Reader("fuzzed.npz", _npz, load_motion, text=False),
    "weights": Reader("fuzzed.safetensors", _weights, read_weights, header=2048),
    "wav": Reader("fuzzed.wav", _wav, extract_features, text=False, header=64),
    "mp3": Reader("fuzzed.mp3", _encoded_sound("libmp3lame"), extract_features, text=False),
    "m4a": Reader("fuzzed.m4a", _encoded_sound("aac"), extract_features, text=False),
    "caf": Reader("fuzzed.caf", _encoded_sound("pcm_s16be"), extract_features, text=False, header=256),
    "w64": Reader("fuzzed.w64", _encoded_sound("pcm_s16le"), extract_features, text=False, header=256),
    "aiff": Reader("fuzzed.aiff", _encoded_sound("pcm_s16be"), extract_features, text=False, header=256),
    "flac": Reader("fuzzed.flac", _encoded_sound("flac"), extract_features, text=False),
    "ogg": Reader("fuzzed.ogg", _encoded_sound("libopus", seconds=4), extract_features, text=False),
    "avi": Reader("fuzzed.avi", _encoded_sound("pcm_s16le"), extract_features, text=False, header=8192),
    "mp4": Reader("fuzzed.mp4", _mp4, _look, text=False, header=1024),
}
