"""A worker whose encode and generate behave as the style's or the source's name says: `fake_worker.py ROOT`."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np


def obey(progress, wish):
    """Wait for ever when asked to be slow or to ignore signals; end when asked to crash; refuse when asked to."""
    from mannerism.core.errors import AudioError

    for name in ("slow", "deaf"):
        while name in wish:
            if name == "slow":
                progress(0.5, "Half way")
            time.sleep(0.01)
    if "crash" in wish:
        os.kill(os.getpid(), signal.SIGKILL)
    if "silent" in wish:
        raise AudioError("The sound is silent", "Choose another")


def encode(progress, *, source, style_out, keep_motion):
    obey(progress, Path(source).stem)
    Path(style_out).write_text(json.dumps({"of": source, "motion": keep_motion}), encoding="utf-8")
    return {"confidence": 0.75, "notes": ["The face is small."]}


def generate(progress, *, audio, style, seed, intensity, motion_out, activity_out="", **others):
    from mannerism.core import rotation as rot
    from mannerism.core.motion import HeadMotion
    from mannerism.core.motion_npz import save_channels, save_motion

    obey(progress, Path(style).stem)
    if activity_out:
        save_channels(
            Path(activity_out), np.arange(51) / 25, {"activity": (np.arange(51) < 25).astype(float)}
        )
    time_s = np.arange(51) / 25
    angle = intensity * 0.2 * np.sin(np.pi * time_s) * (1 + seed)
    shift = np.outer(np.sin(np.pi * time_s), [0.01, 0.0, 0.0])
    save_motion(Path(motion_out), HeadMotion(time_s, rot.from_euler(0.3 * angle, angle, 0.0), shift))
    return {}


def generate_line(progress, *, out, fps, record, **wanted):
    from mannerism.core.jobs.listed_line import line_before

    before = line_before(out=out, fps=fps, record=record, **wanted)
    return before if before["made"] else before | generate(progress, **wanted)


def file_record(progress, *, path):
    from mannerism.core.jobs.table import JOBS

    return JOBS["file_record"](progress, path=path)


def portrait(progress, *, reference, audio, motion, out, preview, **others):
    """Writes what it was asked for, so that a test can read it, and one picture while it works."""
    import base64

    from mannerism.core.motion_npz import load_motion

    Path(preview, "preview.png").write_bytes(base64.b64decode(PICTURE))
    progress(0.5, "Drawing")
    obey(progress, Path(reference).stem)
    time_s = load_motion(Path(motion)).time_s
    table = Path(out).with_suffix(".confidence.csv")
    rows = [f"{t},{0.5 + 0.5 * (t == 0)},0.0" for t in time_s.tolist()]
    table.write_text("\n".join(["time_s,confidence,beyond_deg", *rows]), encoding="utf-8")
    asked = {"reference": reference, "audio": audio, "motion": motion, **others}
    Path(out).write_text(json.dumps(asked), encoding="utf-8")
    return {"out": out, "confidence_csv": str(table), "notes": ["The head goes far at 1.0 s"]}


def attest(progress, *, reference, cache):
    from mannerism.core.jobs.table import JOBS

    return JOBS["attest"](progress, reference=reference, cache=cache)


def coverage(progress, *, reference, size):
    obey(progress, Path(reference).stem)
    wish = "Record a few words with a wide open mouth."
    rows = [
        {"name": "Turns", "share": 0.75, "sentence": "From 18° to 12°.", "wish": ""},
        {"name": "Mouth wide", "share": 0.1, "sentence": "Seen for 0.1 s.", "wish": wish},
    ]
    return {"rows": rows, "faults": ["The video is only 8 s long"], "bars_high": ""}


def forget(progress, *, reference, cache):
    Path(cache, "forgotten").write_text(reference, encoding="utf-8")
    return {}


def face(progress, *, names, strength, channels_out, **others):
    from mannerism.core.motion_npz import save_channels

    time_s = np.arange(26) / 25
    name = {"arkit": "jawOpen", "visemes": "viseme_aa"}[names]
    save_channels(Path(channels_out), time_s, {name: strength * np.sin(np.pi * time_s)})
    return {}


PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGM8UWHDgA0wYRUdtBIALYsBjOsoCe8AAAAASUVORK5CYII="
)


def doctor(progress):
    return {"report": "all is well", "works": True}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(sys.argv[1]) / "core" / "jobs"))
    import boot  # type: ignore[import-not-found]

    channel = boot.claim_stdout()
    boot.register_package(Path(sys.argv[1]))
    from mannerism.core.worker.server import serve

    serve(
        sys.stdin.buffer,
        channel,
        {
            job.__name__: job
            for job in (
                encode,
                generate,
                generate_line,
                file_record,
                portrait,
                attest,
                coverage,
                forget,
                face,
                doctor,
            )
        },
    )
