"""Digests of the outputs of every command, to compare before and after a change that must not change them.

    python tools/record_outputs.py examples/reference.mp4 [VIDEO ...] -o before.json
    python tools/record_outputs.py examples/reference.mp4 [VIDEO ...] -o after.json --compare before.json

For each video: track, style, CSV and BVH of each engine for `examples/line_1.wav`, face, and the frames of a
talking-head video. Videos that are in the output file already are left out, so a stopped run carries on.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import av

from mannerism.core.files import sha256_of
from mannerism.core.generate.engine import ENGINES

ROOT = Path(__file__).parents[1]
LINE = ROOT / "examples" / "line_1.wav"
SEED = "7"


def main() -> int:
    """Record, and report differences; returns 1 where there are some."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("videos", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIGESTS.json")
    parser.add_argument("--compare", type=Path, metavar="DIGESTS.json")
    arguments = parser.parse_args()
    found = json.loads(arguments.output.read_text()) if arguments.output.exists() else {}
    for video in arguments.videos:
        if video.stem not in found:
            found[video.stem] = dict(outputs(video))
            arguments.output.write_text(json.dumps(found, indent=1) + "\n")
            print(video.stem, "recorded")
    if arguments.compare is None:
        return 0
    differences = list(compare(json.loads(arguments.compare.read_text()), found))
    print(*differences or ["no difference"], sep="\n")
    return 1 if differences else 0


def outputs(video: Path) -> Iterator[tuple[str, str]]:
    """The name of each output of a video and its digest, or the refusal in its place."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        style = folder / "a.style.json"
        yield "track", digest(folder, folder / "track.csv", "track", video)
        yield "style", digest(folder, style, "encode", video)
        for engine in ENGINES:
            for suffix in ("csv", "bvh"):
                options = ("--style", style, "--seed", SEED, "--engine", engine)
                path = folder / f"{engine}.{suffix}"
                yield f"{engine} {suffix}", digest(folder, path, "generate", LINE, *options)
        yield "face", digest(folder, folder / "face.csv", "face", video, "--seed", SEED)
        film = ("--audio", LINE, "--consent", "--quality", "warp", "--seed", SEED)
        yield "portrait", digest(folder, folder / "portrait.mp4", "portrait", video, *film)


def digest(folder: Path, path: Path, command: str, source: Path, *options: object) -> str:
    """SHA-256 of the file that a command writes, of its frames where it is a video, or the command's last words."""
    words = [sys.executable, "-m", "mannerism.core.cli", command, source, *options, "-o", path]
    surroundings = {**os.environ, "MANNERISM_DATA": str(folder / "data")}
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, env=surroundings
    )
    if done.returncode:
        return f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    return frames_digest(path) if path.suffix == ".mp4" else sha256_of(path)


def frames_digest(path: Path) -> str:
    """SHA-256 of a video's decoded frames: its container holds the version of who wrote it."""
    whole = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            whole.update(frame.to_ndarray(format="rgb24").tobytes())
    return whole.hexdigest()


def compare(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> Iterator[str]:
    """A line for each output that differs or is missing on one side."""
    for video in sorted(before.keys() | after.keys()):
        first, second = before.get(video, {}), after.get(video, {})
        for name in sorted(first.keys() | second.keys()):
            if first.get(name) != second.get(name):
                yield f"{video}: {name}: {first.get(name)} -> {second.get(name)}"


if __name__ == "__main__":
    sys.exit(main())
