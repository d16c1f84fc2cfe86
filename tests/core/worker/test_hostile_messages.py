"""Messages and files from a worker that means no good, or is broken."""

import io
import json
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mannerism.core import rotation as rot
from mannerism.core.errors import CancelledError, WorkerError
from mannerism.core.motion import HeadMotion
from mannerism.core.motion_npz import load_motion, save_motion
from mannerism.core.worker import protocol
from mannerism.core.worker.client import Worker
from mannerism.tests.support.worker_commands import MISBEHAVING_WORKER

GREET = f"print({protocol.encode(protocol.hello()).decode()!r}, end='', flush=True);"

TEXT = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


class TestMessages:
    @pytest.mark.slow
    @settings(deadline=None)
    @given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
    def test_noise_is_refused(self, line):
        with pytest.raises(WorkerError):
            protocol.decode(line)

    @pytest.mark.slow
    @given(st.sampled_from(sorted(protocol.KINDS)), st.data())
    @settings(max_examples=300, deadline=None)
    def test_fields_of_any_kind_make_a_message_of_the_right_kinds_or_none(self, name, data):
        kind = protocol.KINDS[name]
        given = {field.name: data.draw(JSON | TEXT) for field in fields(kind)}
        line = json.dumps({"type": name, **given}).encode()
        try:
            message = protocol.decode(line)
        except WorkerError:
            return
        kinds: dict[Any, Any] = {str: str, int: int, float: (int, float)}
        for field in fields(kind):
            value = getattr(message, field.name)
            assert isinstance(value, kinds.get(field.type, dict))
            assert not isinstance(value, bool)

    @pytest.mark.parametrize("share", ["1e999", "-1e999", "1" + "0" * 400, "-7"])
    def test_a_share_beyond_all_measure_is_cut(self, share):
        program = GREET + (
            f'print(\'{{"type": "progress", "job": "1", "share": {share}, "what": "x"}}\', flush=True);'
            "import sys; sys.stdin.read()"
        )
        worker = Worker([sys.executable, "-c", program])
        job = worker.start("who", {}, label="who")
        deadline = time.monotonic() + 30
        while job.what != "x" and time.monotonic() < deadline:
            assert not job.poll()
        assert job.share in {0.0, 1.0}
        worker.close()

    @pytest.mark.slow
    def test_a_chatterbox_keeps_nobody_waiting(self):
        line = protocol.encode(protocol.ProgressMessage("1", 0.5, "blah")).decode()
        program = GREET + f"import sys\nwhile True: sys.stdout.write({line * 100!r})"
        worker = Worker([sys.executable, "-c", program])
        job = worker.start("who", {}, label="who")
        deadline = time.monotonic() + 30
        while job.what != "blah" and time.monotonic() < deadline:
            assert not job.poll()
        job.cancel()
        with pytest.raises(CancelledError):
            job.result()
        assert worker.pid is None
        worker.close()

    @pytest.mark.slow
    def test_an_answer_that_json_cannot_tell(self):
        worker = Worker(MISBEHAVING_WORKER)
        with pytest.raises(WorkerError, match="“mumble” failed unexpectedly"):
            worker.start("mumble", {}, label="mumble").wait()
        assert worker.pid is not None
        worker.close()


class TestMotions:
    @staticmethod
    def saved():
        buffer = io.BytesIO()
        time_s = np.arange(50) / 25
        save_motion(buffer, HeadMotion(time_s, rot.from_euler(0.1 * time_s, 0.0, 0.0), np.zeros((50, 3))))
        return buffer.getvalue()

    @pytest.mark.slow
    @given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
    @settings(max_examples=300, deadline=None)
    def test_altered_bytes(self, changes):
        content = bytearray(self.saved())
        for place, value in changes:
            content[place % len(content)] = value
        with suppress(WorkerError):
            assert np.isfinite(load_motion(io.BytesIO(bytes(content))).rotation).all()

    @pytest.mark.slow
    @given(st.integers(0, 2000))
    @settings(deadline=None)
    def test_cut_short(self, length):
        content = self.saved()
        with pytest.raises(WorkerError):
            load_motion(io.BytesIO(content[: min(length, len(content) - 1)]))

    @pytest.mark.parametrize(
        "arrays",
        [
            {},
            {"time_s": np.arange(3.0)},
            {"time_s": np.arange(3.0), "rotation": np.zeros((3, 3)), "translation_m": np.zeros((3, 3))},
            {"time_s": np.zeros(3), "rotation": np.zeros((3, 4)), "translation_m": np.zeros((3, 3))},
            {
                "time_s": np.arange(3.0),
                "rotation": np.full((3, 4), np.nan),
                "translation_m": np.zeros((3, 3)),
            },
            {"time_s": np.array(["a"]), "rotation": np.zeros((1, 4)), "translation_m": np.zeros((1, 3))},
            {"time_s": np.array([None]), "rotation": np.zeros((1, 4)), "translation_m": np.zeros((1, 3))},
            {"time_s": np.arange(0.0), "rotation": np.zeros((0, 4)), "translation_m": np.zeros((0, 3))},
            {"time_s": np.float64(3), "rotation": np.zeros((1, 4)), "translation_m": np.zeros((1, 3))},
        ],
    )
    def test_other_arrays(self, tmp_path, arrays):
        np.savez(tmp_path / "a.npz", **arrays, allow_pickle=True)
        with pytest.raises(WorkerError, match="Generate the layer again"):
            load_motion(tmp_path / "a.npz")

    def test_one_array_alone(self, tmp_path):
        np.save(tmp_path / "a.npy", np.zeros(3))
        with pytest.raises(WorkerError):
            load_motion(tmp_path / "a.npy")

    def test_a_header_that_promises_a_thousand_gigabytes(self, tmp_path):
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": "<f8", "fortran_order": False, "shape": (10**14,)}
        )
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
            file.writestr("time_s.npy", header.getvalue())
        with pytest.raises(WorkerError):
            load_motion(tmp_path / "a.npz")

    @pytest.mark.slow
    def test_an_archive_that_grows_beyond_all_measure(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as file:
            for name in ("time_s", "rotation", "translation_m"):
                file.writestr(f"{name}.npy", bytes(100 << 20))
        with pytest.raises(WorkerError, match="are larger than"):
            load_motion(tmp_path / "a.npz")
