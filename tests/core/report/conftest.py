"""A small batch in which each line has one known fault, without processes and without networks."""

import json
from typing import Any

import numpy as np
import pytest

from mannerism.core.batch import line
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.run import run_batch
from mannerism.core.batch.status import StatusFile
from mannerism.core.errors import AudioError
from mannerism.core.export import export_motion
from mannerism.core.motion import HeadMotion, no_progress
from mannerism.core.report import build_report
from mannerism.core.rotation import from_euler
from mannerism.core.style.built_in import built_in_styles
from mannerism.tests.support.in_process import InProcess

RATE_HZ = 16_000
GOOD = tuple(f"good {at}" for at in range(8))


class Batch:
    """Lines of three seconds whose motion has the speed of the style *calm*, times what is asked for."""

    def __init__(self, folder, write_wav):
        self.folder, self.write_wav = folder, write_wav
        self.manifest = folder / "lines.jsonl"
        self.rows, self.times, self.made_s = {}, {}, {}

    def sound(self, name, *, seconds=3.0, level=0.3, hum_hz=None):
        """A hum with its own frequency that swells four times, so that no two sounds have the same bytes."""
        time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        hum_hz = hum_hz or 150 + 3 * len(self.rows)
        self.write_wav(
            self.folder / f"{name}.wav",
            level * np.sin(4 * np.pi * time_s / 3) * np.sin(2 * np.pi * hum_hz * time_s),
        )

    def add(self, name, *, times=1.0, made_s=None, suffix=".bvh", **sound):
        self.sound(name, **sound)
        self.rows[name] = {"id": name, "audio": f"{name}.wav", "style": "calm", "out": f"{name}{suffix}"}
        self.times[name], self.made_s[name] = times, made_s

    def write(self, path, made, _progress):
        if self.times[made.id] is None:
            raise AudioError(f"“{made.audio.name}” has no voice", "Record it again")
        calm = built_in_styles()["calm"]
        speeds = np.exp(calm.vector("log_speed_pitch", "log_speed_yaw", "log_speed_roll"))
        sizes = np.exp(calm.vector("log_sigma_pitch", "log_sigma_yaw", "log_sigma_roll")) * 2**0.5
        time_s = np.arange(0, (self.made_s[made.id] or 2.96) + 0.01, 0.04)
        # The mean speed of a sine of size a and frequency f is 4 a f.
        phase = np.outer(time_s, speeds / sizes / 4) * 2 * np.pi + made.settings.seed % 100_003 / 16_000
        angles = np.radians(self.times[made.id] * sizes) * np.sin(phase)
        motion = HeadMotion(time_s, from_euler(*angles.T), np.zeros((len(time_s), 3)))
        export_motion(path, motion, made.rate)
        return ()

    def save(self):
        self.manifest.write_text("".join(json.dumps(row) + "\n" for row in self.rows.values()))

    def run(self, index=0, count=1):
        self.save()
        manifest = read_manifest(self.manifest)
        status = StatusFile(self.manifest, index, count)
        run_batch(manifest.chunk(index, count).lines, InProcess(), status, lambda _: None, no_progress)

    def report(self):
        return build_report(read_manifest(self.manifest))

    def found(self):
        """State and findings of each line by id."""
        return {
            row.line.id: (row.state, {f.kind: f.detail for f in row.findings}) for row in self.report().rows
        }


@pytest.fixture
def batch(tmp_path, write_wav, monkeypatch):
    made = Batch(tmp_path, write_wav)
    monkeypatch.setattr(line, "write_line", made.write)
    return made


@pytest.fixture(scope="module")
def faults(tmp_path_factory, write_wav):
    """Eight good lines, and one for each fault, named after its kind."""
    batch = Batch(tmp_path_factory.mktemp("faults"), write_wav)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(line, "write_line", batch.write)
        return _with_faults(batch)


@pytest.fixture(scope="module")
def report(faults):
    """The report of `faults`."""
    return faults.report()


def _with_faults(batch):
    for name in GOOD:
        batch.add(name)
    faults: dict[str, dict[str, Any]] = {
        "silent": {"level": 0.0},
        "quiet": {"level": 0.004},
        "clipped": {"level": 4.0},
        "still": {"times": 0.02},
        "wild": {"times": 8.0},
        "length": {"made_s": 4.0},
        "failed": {"times": None},
        "no-sound": {},
        "missing": {},
        "damaged": {},
        "edited": {},
        "stale": {},
        "foreign": {},
        "exchanged a": {},
        "exchanged b": {},
        "jump": {},
        "duplicate": {},
    }
    for name, options in faults.items():
        batch.add(name, **options)
    batch.run()
    folder = batch.folder
    batch.add("not-run")
    batch.save()
    (folder / "no-sound.wav").unlink()
    (folder / "missing.bvh").unlink()
    whole = (folder / "damaged.bvh").read_bytes()
    (folder / "damaged.bvh").write_bytes(whole[: len(whole) // 2])
    edit(folder / "edited.bvh", 30, 2.5)
    edit(folder / "jump.bvh", 30, 120.0)
    batch.sound("stale", hum_hz=777)
    (folder / "foreign.bvh").write_bytes(b"somebody's notes")
    a, b = folder / "exchanged a.bvh", folder / "exchanged b.bvh"
    kept = a.read_bytes()
    a.write_bytes(b.read_bytes())
    b.write_bytes(kept)
    (folder / "duplicate.wav").write_bytes((folder / "good 3.wav").read_bytes())
    return batch


def edit(path, row, by):
    """Add degrees to the head's pitch in one row of a BVH."""
    lines = path.read_text().splitlines()
    first = next(at for at, text in enumerate(lines) if text.startswith("Frame Time")) + 1
    numbers = lines[first + row].split()
    numbers[-2] = f"{float(numbers[-2]) + by:.6f}"
    lines[first + row] = " ".join(numbers)
    path.write_text("\n".join(lines) + "\n")
