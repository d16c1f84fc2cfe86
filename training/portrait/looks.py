"""Test of looks: looks.py make CLIPS -o OUT, then looks.py score OUT.

`make` cuts each person's longest clip into a reference and a truth (see cases.py), drives the reference with the
truth's head motion and sound, and mixes real pictures with made ones: single ones and strips of five, of mouth, eyes and
the whole. OUT holds one PNG an item, a form for guesses, and a sealed key, whose SHA-256 is printed: note it down, look, and
fill in the form before the key is opened. `score` opens it and prints the hit rate. People are in OUT: never publish it.
"""

import argparse
import secrets
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from mannerism.core.errors import MannerismError, OutputError
from mannerism.core.evaluate.report import text_of
from mannerism.core.files import replacing
from mannerism.core.motion import Progress, no_progress
from mannerism.core.portrait.driving.framing import framed
from mannerism.core.portrait.driving.pose_correction import correct
from mannerism.core.portrait.driving.pose_limits import keep_in_range
from mannerism.core.portrait.model.options import DEFAULT_QUALITY, QUALITIES
from mannerism.core.portrait.model.person import Drive
from mannerism.core.portrait.quality import FrameRenderer, QualityRenderer, quality_renderer
from mannerism.core.progress import shown_progress
from mannerism.training.portrait.cases import Case, judged, read_case
from mannerism.training.portrait.films import film
from mannerism.training.portrait.panels import Scene, items_of
from mannerism.training.portrait.sealed_key import FORM, KEY, answers, score_table, seal
from mannerism.training.portrait.speech import speech_drive
from mannerism.training.portrait.systems import FULL

DRIVES: dict[str, Callable[[Case], Drive]] = {
    "speech": partial(speech_drive, wrong=False),
    "truth": lambda case: case.drive,
}
"""What moves the made face besides the truth's head: its sound, as in a user's film, or its own face as tracked."""


def make(
    clips: Path,
    out: Path,
    *,
    each: int = 2,
    drive: str = "speech",
    quality: str = DEFAULT_QUALITY,
    size: int = 256,
    persons: int | None = None,
    seconds: float | None = None,
    seed: int | None = None,
    progress: Progress = no_progress,
) -> str:
    """Make panels, form and key in a new or empty folder; returns the key's SHA-256.

    each : panels of each person for every kind, crop, and real or made
    drive : one of DRIVES
    quality : of the films, one of `core.portrait.model.options.QUALITIES`
    persons : only the first so many
    seconds : of each clip, from its beginning
    seed : of the choice of moments and of their order; by default nobody knows it

    Raises
    ------
    OutputError : there is something in the folder
    VideoError, AudioError, MissingPartError, CancelledError
    """
    if out.is_dir() and any(out.iterdir()):
        raise OutputError(
            f"{out} is not empty", "Choose another folder: a key and its guesses are never replaced"
        )
    out.mkdir(parents=True, exist_ok=True)
    chosen = judged(clips)[:persons]
    scenes = []
    for number, clip in enumerate(chosen):
        progress(number / len(chosen), f"{clip.id}: reading and drawing")
        with TemporaryDirectory() as scratch:
            case = read_case(clip.id, clip.path, size, Path(scratch), seconds=seconds)
            renderer = quality_renderer(case.person, quality, FULL.refine_s, no_progress).renderer
            scenes.append(scene_of(case, renderer, DRIVES[drive](case)))
    items = items_of(scenes, each, np.random.default_rng(secrets.randbits(128) if seed is None else seed))
    for number, item in enumerate(items, 1):
        with replacing(out / f"{number:03d}_{item.kind}_{item.crop}.png") as temporary:
            temporary.write_bytes(cv2.imencode(".png", item.picture[..., ::-1])[1].tobytes())
    return seal(out, items)


def scene_of(case: Case, renderer: FrameRenderer, drive: Drive) -> Scene:
    """Truth and film of the same moments, in the part of the frame that such a film shows. Raises PortraitError.

    Poses are limited to what the reference can show, and corrected, as in any film.
    """
    shown = keep_in_range(case.person, drive).drive
    corrected, _ = correct(case.person, shown, QualityRenderer(renderer).frames_of)
    framing = framed(case.person, corrected, renderer.plan)
    made, real = film(renderer, framing.drive, framing.window), np.array(case.truth.pictures)
    landmarks = case.truth.landmarks[..., :2]
    if framing.window is not None:
        real, landmarks = (
            np.stack([framing.window.of(each) for each in real]),
            framing.window.places(landmarks),
        )
    return Scene(real, made, landmarks, case.truth.time_s)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="make panels, a form and a sealed key")
    making.add_argument("clips", type=Path, help="folder of videos, with or without a catalog.tsv")
    making.add_argument("-o", "--out", type=Path, required=True, help="a new or empty folder")
    making.add_argument(
        "--each", type=int, default=2, help="panels a person, kind and crop, real and made each"
    )
    making.add_argument("--drive", choices=tuple(DRIVES), default="speech", help="of the made face")
    making.add_argument("--quality", choices=tuple(QUALITIES), default=DEFAULT_QUALITY, help="of the films")
    making.add_argument("--size", type=int, default=256, help="of the pictures, pixels")
    making.add_argument("--persons", type=int, help="only the first so many")
    making.add_argument("--seconds", type=float, help="of each clip, from its beginning")
    scoring = commands.add_parser("score", help="open the key and score the form")
    scoring.add_argument("out", type=Path, help="the folder of the panels")
    arguments = vars(parser.parse_args())
    cv2.setNumThreads(1)
    try:
        if arguments.pop("command") == "make":
            with shown_progress() as progress:
                sealed = make(**arguments, progress=progress)
            out = arguments["out"]
            print(f"{KEY} has the SHA-256 {sealed}: note it down.")
            print(f"Look at the pictures in {out}, write real or made into {FORM} there, then run score.")
        else:
            found, sealed = answers(arguments["out"])
            print(f"{KEY} has the SHA-256 {sealed}.")
            print(text_of([score_table(found)]))
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
