"""Speed, noise and accuracy of tracking: python benchmarks/tracking.py [VIDEO ...] [--truth | --clips DIR]

Alone: whole tracking against the bare loop that only decodes and finds landmarks, taken in turns.
With --truth: the error of head poses on the most frontal frame of each video, turned by known rotations.
With --clips: the share of valid frames and the noise that is left, on ten clips of a folder with a
catalog.tsv, picked by `ten_clips`. Pooled figures come last, the only ones of real people fit to publish.
"""

import argparse
import csv
import os
import sys
import time
from pathlib import Path

import numpy as np

from mannerism.core import rotation as rot
from mannerism.core.media.video import Video
from mannerism.core.motion import HeadPoseTrack
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import FaceFinder, find_model
from mannerism.core.types import Array
from mannerism.tools.synthetic.warped_face import errors_deg, frontal_face, known_rotations, measured_poses

EXAMPLE = Path(__file__).parents[1] / "examples" / "reference.mp4"


def ten_clips(catalogue: Path) -> list[Path]:
    """Ten clips by a rule fixed before any was looked at.

    Of the persons with a clip of grade A, at 24 fps or more and 6 to 16 s long, in the catalogue's order,
    every n-th from the first on, n being a tenth of their number; of each the first such clip.
    """
    first: dict[str, Path] = {}
    with catalogue.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["grade"] == "A" and float(row["fps"]) >= 24 and 6 <= float(row["seconds"]) <= 16:
                first.setdefault(row["person"], catalogue.parent / f"{row['clip']}.mp4")
    clips = list(first.values())
    return clips[:: len(clips) // 10][:10]


def noise_deg(track: HeadPoseTrack) -> Array:
    """Frame noise of pitch, yaw and roll in degrees: robust second difference over valid frames.

    White noise of deviation s gives s; smooth motion gives next to nothing.
    """
    angles = np.degrees(rot.to_euler(track.rotation))
    together = track.valid[:-2] & track.valid[1:-1] & track.valid[2:]
    bends = np.diff(angles, n=2, axis=0)[together]
    return 1.4826 * np.median(np.abs(bends - np.median(bends, axis=0)), axis=0) / np.sqrt(6.0)


def bare_loop(video: Path, model: Path) -> int:
    """Decode and find landmarks, nothing else; returns the number of frames."""
    with FaceFinder(model) as finder:
        return sum(1 for frame in Video(video) if finder.find(frame.rgb) is not None)


def compare_speed(video: Path, model: Path, rounds: int) -> None:
    """Print frames a second of the bare loop and of whole tracking, and their ratio."""
    seconds = np.zeros((rounds, 2))
    frames = 0
    for row in seconds:
        begin = time.perf_counter()
        frames = bare_loop(video, model)
        middle = time.perf_counter()
        track_video(video, model=model)
        row[:] = middle - begin, time.perf_counter() - middle
    bare, whole = frames / np.median(seconds, axis=0)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"{frames} frames, {rounds} rounds in turns, {os.cpu_count()} cores, load {load}")
    print(
        f"bare decode and landmarks {bare:.0f} fps, whole tracking {whole:.0f} fps, ratio {whole / bare:.2f}"
    )


def tabulate_clips(folder: Path, model: Path) -> None:
    """Print valid share, noise and speed for ten clips, then pooled."""
    rows = []
    print("clip        frames  valid  noise pitch   yaw  roll (deg)  fps")
    for clip in ten_clips(folder / "catalog.tsv"):
        begin = time.perf_counter()
        track = track_video(clip, model=model)
        speed = len(track.time_s) / (time.perf_counter() - begin)
        rows.append([track.valid.mean(), *noise_deg(track)])
        valid, pitch, yaw, roll = rows[-1]
        print(
            f"{clip.stem:10}  {len(track.time_s):6}  {valid:5.3f}  {pitch:11.3f} {yaw:5.3f} {roll:5.3f}  {speed:9.0f}"
        )
    table = np.array(rows)
    pitch, yaw, roll = np.median(table[:, 1:], axis=0)
    print(f"pooled: valid mean {table[:, 0].mean():.3f}, least {table[:, 0].min():.3f};", end=" ")
    print(f"noise median pitch {pitch:.3f}, yaw {yaw:.3f}, roll {roll:.3f} deg")


def tabulate_truth(videos: list[Path], model: Path) -> None:
    """Print the angle error against 57 known rotations for each video with a frontal face, then pooled."""
    truth = known_rotations()
    errors = []
    print("video         mean    p95 (deg)")
    for video in videos:
        face = frontal_face(video, model)
        if face is None:
            print(f"{video.stem:10}  no frontal face, 120 pixels wide")
            continue
        poses, found = measured_poses((face.turned(q) for q in truth), model)
        errors.append(errors_deg(poses.rotation, truth[found]))
        print(f"{video.stem:10}  {errors[-1].mean():6.2f} {np.percentile(errors[-1], 95):6.2f}")
    if not errors:
        return
    means = [error.mean() for error in errors]
    pooled = np.concatenate(errors)
    print(f"pooled: {len(errors)} faces, mean {np.mean(means):.2f} (worst face {max(means):.2f}),", end=" ")
    print(f"p95 {np.percentile(pooled, 95):.2f} deg")


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("videos", type=Path, nargs="*", default=[EXAMPLE])
    parser.add_argument("--truth", action="store_true", help="error against known rotations")
    parser.add_argument("--clips", type=Path, help="folder of clips with a catalog.tsv")
    parser.add_argument("--model", type=Path, help="face_landmarker.task")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    model = find_model(options.model)
    if options.clips:
        tabulate_clips(options.clips, model)
    elif options.truth:
        tabulate_truth(options.videos, model)
    else:
        for video in options.videos:
            compare_speed(video, model, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
