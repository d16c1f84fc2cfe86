"""Pooled head-motion statistics of many speakers: training/data/population.py CLIPS_DIR -o core/style/population.json.

CLIPS_DIR holds videos of one person each, with or without a catalogue (see `catalogue.py`). Persons whom
the split keeps for tests or validation are left out: a style is drawn to the population, so it must not
know those who judge. Tracks and features are cached, so a run that was stopped goes on where it was. The
result holds no figure of any single person.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from mannerism.core.errors import MannerismError
from mannerism.core.files import write_json
from mannerism.core.motion import GRID_HZ
from mannerism.core.motion_csv import read_track, write_track
from mannerism.core.speech import extract_features
from mannerism.core.style.population import VERSION
from mannerism.core.style.resampling import GridTrack, to_grid
from mannerism.core.style.schema import DRIVES, STATISTICS
from mannerism.core.style.statistics import measure, speaking
from mannerism.core.style.voice_coupling import raw_drives
from mannerism.core.track import track_video
from mannerism.core.types import Array, BoolArray
from mannerism.training.data.catalogue import ROTATION_ONLY, Clip, find_clips
from mannerism.training.data.measurement_cache import read_speech, write_speech
from mannerism.training.data.split import FROZEN, Split, read_split

WINDOW_S = 6
LEAST_S = 4.0
LEAST_TRACKED = 0.7


@dataclass(frozen=True)
class Measured:
    """Measurements of one clip: the whole clip, its windows, and the drives in its speech."""

    clip: Clip
    whole: dict[str, float]
    windows: list[dict[str, float]]
    speech_s: float
    duration_s: float
    drives: Array


def learners(clips: list[Clip], split: Split) -> list[Clip]:
    """The clips of the training persons. Raises DatasetError where a person is in two parts."""
    parts = split.parts(clips)
    return [clip for clip in clips if parts[clip.person] == "train"]


def prepare(clip: Clip, cache: Path) -> None:
    """Track a clip and analyse its sound, unless the cache has both or a reason why not."""
    track_file, speech_file = _cached(clip, cache)
    refusal = cache / f"{clip.id}.refused"
    if refusal.exists():
        raise MannerismError(refusal.read_text(encoding="utf-8"), "Remove it from the cache to try again")
    try:
        if not track_file.exists():
            write_track(track_file, track_video(clip.path))
        if not speech_file.exists():
            speech = extract_features(clip.path)
            write_speech(speech_file, speech)
    except MannerismError as error:
        refusal.write_text(error.problem, encoding="utf-8")
        raise


def measure_clip(clip: Clip, cache: Path) -> Measured:
    """Statistics of a prepared clip as a whole, and of its windows."""
    track_file, speech_file = _cached(clip, cache)
    track = read_track(track_file)
    speech = read_speech(speech_file)
    if track.valid.mean() < LEAST_TRACKED:
        raise MannerismError(f"{clip.path.name} is tracked in {track.valid.mean():.0%} of its frames", "")
    grid = to_grid(track)
    talk = speaking(grid, speech)
    if talk.sum() < LEAST_S * GRID_HZ:
        raise MannerismError(f"{clip.path.name} has {talk.sum() / GRID_HZ:.1f} s of tracked speech", "")
    index = np.clip(np.flatnonzero(talk) + grid.start, 0, len(speech.time_s) - 1)
    return Measured(
        clip=clip,
        whole=_suited(clip, measure(grid, speech)),
        windows=[_suited(clip, measure(window, speech)) for window in _windows(grid, talk)],
        speech_s=float(talk.sum() / GRID_HZ),
        duration_s=len(talk) / GRID_HZ,
        drives=raw_drives(speech)[index],
    )


def _windows(grid: GridTrack, talk: BoolArray) -> Iterable[GridTrack]:
    length = WINDOW_S * GRID_HZ
    for first in range(0, len(talk) - length + 1, length):
        part = slice(first, first + length)
        if grid.valid[part].mean() > 0.9 and talk[part].mean() > 0.5:
            yield GridTrack(
                grid.start + first, grid.angles_deg[part], grid.translation_m[part], grid.valid[part], 0.0
            )


def _suited(clip: Clip, found: dict[str, float]) -> dict[str, float]:
    dropped = {"log_sigma_x", "log_sigma_y", "log_sigma_z"} if clip.source in ROTATION_ONLY else set()
    return {name: value for name, value in found.items() if name not in dropped}


def _cached(clip: Clip, cache: Path) -> tuple[Path, Path]:
    return cache / f"{clip.id}.csv", cache / f"{clip.id}.speech.npz"


def variance_components(clips: list[Measured], name: str) -> dict[str, float]:
    """Mean over persons and the variances of `Spread`, by the method of moments (Searle et al. 1992).

    Windows of one clip show what sampling does, clips of one person what the situation does, and
    the rest of the variance among persons is theirs.
    """
    useful = [clip for clip in clips if name in clip.whole]
    inner, freedom = 0.0, 0
    for clip in useful:
        values = [window[name] for window in clip.windows if name in window]
        if len(values) > 1:
            inner += float(np.var(values) * len(values))
            freedom += len(values) - 1
    sampling = inner / max(freedom, 1) * WINDOW_S

    persons: dict[str, list[Measured]] = defaultdict(list)
    for clip in useful:
        persons[clip.clip.person].append(clip)
    outer, noise, freedom = 0.0, 0.0, 0
    for own in persons.values():
        if len(own) > 1:
            outer += float(np.var([clip.whole[name] for clip in own]) * len(own))
            noise += float(np.mean([sampling / clip.speech_s for clip in own])) * (len(own) - 1)
            freedom += len(own) - 1
    situation = max(0.0, (outer - noise) / max(freedom, 1))

    means = np.array([np.mean([clip.whole[name] for clip in own]) for own in persons.values()])
    within = [
        np.mean([situation + sampling / clip.speech_s for clip in own]) / len(own) for own in persons.values()
    ]
    # Persons must differ somehow: a twentieth of the observed spread keeps the weights finite.
    between = max(float(means.var(ddof=1) - np.mean(within)), 0.05 * float(means.var(ddof=1)))
    return {"mean": float(means.mean()), "between": between, "situation": situation, "sampling": sampling}


def summarise(clips: list[Measured]) -> dict[str, Any]:
    """The content of population.json."""
    drives = np.concatenate([clip.drives for clip in clips])
    persons = {clip.clip.person for clip in clips}
    return {
        "version": VERSION,
        "made_of": {
            "persons": len(persons),
            "persons_with_several_clips": sum(
                count > 1 for count in Counter(clip.clip.person for clip in clips).values()
            ),
            "clips": len(clips),
            "minutes": round(sum(clip.duration_s for clip in clips) / 60.0, 1),
            "clips_by_source": dict(sorted(Counter(clip.clip.source for clip in clips).items())),
        },
        "speech_share": round(
            sum(clip.speech_s for clip in clips) / sum(clip.duration_s for clip in clips), 4
        ),
        "drives": {
            name: {"mean": round(float(drives[:, i].mean()), 4), "sd": round(float(drives[:, i].std()), 4)}
            for i, name in enumerate(DRIVES)
        },
        "drive_correlation": np.corrcoef(drives.T).round(4).tolist(),
        "statistics": {
            name: {key: float(f"{value:.5g}") for key, value in variance_components(clips, name).items()}
            for name in STATISTICS
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos, with or without a catalog.tsv")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "mannerism" / "population")
    parser.add_argument("--split", type=Path, default=FROZEN, help="who is kept for tests and validation")
    parser.add_argument("--jobs", type=int, default=1, help="clips at a time")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)

    try:
        clips = learners(find_clips(arguments.clips), read_split(arguments.split))
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    refused = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        waiting = {pool.submit(prepare, clip, arguments.cache): clip for clip in clips}
        for done in tqdm(as_completed(waiting), total=len(clips), unit="clip"):
            if isinstance(done.exception(), MannerismError):
                refused.append(waiting[done])
            else:
                done.result()
    measured = []
    for clip in clips:
        if clip not in refused:
            try:
                measured.append(measure_clip(clip, arguments.cache))
            except MannerismError as error:
                refused.append(clip)
                print(error.problem, file=sys.stderr)
    for clip in refused:
        print(f"left out: {clip.path.name}", file=sys.stderr)
    if len({clip.clip.person for clip in measured}) < 3:
        print("Fewer than three persons could be measured. Give more clips.", file=sys.stderr)
        return 2
    write_json(arguments.out, summarise(measured))
    print(f"{len(measured)} clips used, {len(refused)} left out: {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
