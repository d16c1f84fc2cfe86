"""The main job on the shipped example, into out/: a style, takes, motion files, a Blender scene, a video."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.core.export import export_motion
from mannerism.core.generate import GenerationSettings, first_seed, generate
from mannerism.core.motion import HeadMotion, Progress
from mannerism.core.motion_csv import write_track
from mannerism.core.portrait.job import make_portrait
from mannerism.core.portrait.model.request import PortraitRequest, PortraitResult
from mannerism.core.portrait.reference.consent import attest
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.progress import shown_progress
from mannerism.core.speech import extract_features
from mannerism.core.style import encode_style, write_style
from mannerism.core.timing import FrameRate
from mannerism.core.track import track_video
from mannerism.tools.demo.picture import Recording, draw
from mannerism.tools.demo.strip import draw_strip

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out"
TAKES = 2
SIZE = 384
RATE = FrameRate.of(30)


@dataclass
class Step:
    """One row of the table at the end."""

    what: str
    note: str = ""
    seconds: float = 0.0


@dataclass
class Diary:
    """What was done, and how long it took."""

    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, what: str) -> Iterator[tuple[Step, Progress]]:
        """Time a step, with a progress of its own."""
        step = Step(what)
        start = monotonic()
        with shown_progress() as progress:
            progress(0.0, what)
            yield step, lambda share, doing: progress(share, f"{what}: {doing}")
        step.seconds = monotonic() - start
        self.steps.append(step)

    def table(self) -> str:
        """All steps, one a line."""
        total = Step("all", f"in {OUT.relative_to(ROOT)}/", sum(step.seconds for step in self.steps))
        rows = [*self.steps, total]
        wide, wider = (
            max(len(text) for text in column)
            for column in zip(*((r.what, r.note) for r in rows), strict=True)
        )
        return "\n".join(f"{row.what:<{wide}}  {row.note:<{wider}}  {row.seconds:6.1f} s" for row in rows)


def main() -> int:
    """Run the demo; 0, or 2 when something is missing, or 130 when interrupted."""
    try:
        print(run().table())
    except MannerismError as error:
        print(f"make demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def run() -> Diary:
    """Encode, generate, export, draw, put on a rig, film."""
    reference, lines = examples()
    OUT.mkdir(exist_ok=True)
    diary = Diary()
    with diary.step(f"track {reference.name}") as (step, progress):
        track = track_video(reference, progress=progress)
        write_track(OUT / "reference.track.csv", track)
        step.note = f"{len(track.time_s)} frames, {track.valid.mean():.0%} with a face"
    with diary.step("encode its style") as (step, progress):
        reference_speech = extract_features(reference, progress=progress)
        style = encode_style(track, reference_speech)
        write_style(OUT / "reference.style.json", style)
        step.note = f"{style.speech_s:.1f} s of speech, confidence {style.confidence:.2f}"
    takes: list[tuple[Path, int, HeadMotion]] = []
    speeches = {}
    for line in lines:
        with diary.step(f"generate for {line.name}") as (step, progress):
            speeches[line] = extract_features(line, progress=progress)
            takes += [
                (line, seed, generate(style, speeches[line], GenerationSettings(seed)))
                for seed in seeds_of(line)
            ]
            step.note = f"{speeches[line].duration_s:.1f} s, {TAKES} takes"
    with diary.step("write CSV and BVH") as (step, _):
        for line, seed, motion in takes:
            for suffix in (".csv", ".bvh"):
                export_motion(take_path(line, seed, suffix), motion, RATE)
        step.note = f"{2 * len(takes)} files at {float(RATE.fps):g} frames a second"
    with diary.step("draw demo.png") as (step, _):
        own = HeadMotion(track.time_s, track.rotation, track.translation_m)
        columns = [Recording(reference.name, reference_speech, (own,))]
        for line in lines:
            motions = tuple(motion for of, _, motion in takes if of == line)
            columns.append(Recording(line.name, speeches[line], motions, seeds_of(line)))
        draw(OUT / "demo.png", columns)
        step.note = "pitch, yaw, roll and speech over time"
    with diary.step("FBX and rig, in Blender") as (step, progress):
        # Blender reads this once, when it is imported: the demo leaves the user's own settings alone.
        os.environ.setdefault("BLENDER_USER_RESOURCES", str(OUT / "blender"))
        from mannerism.tools.demo.scene import export_takes, make_scene  # noqa: PLC0415  imports bpy

        export_takes({take_path(line, seed, ".fbx"): motion for line, seed, motion in takes}, RATE, progress)
        make_scene(OUT / "demo.blend", takes, RATE)
        step.note = f"{len(takes)} files, {len(takes)} layers in demo.blend"
    line, seed, motion = takes[0]
    with diary.step(f"talking head for {line.name}") as (step, progress):
        film = make_film(reference, line, seed, motion, progress)
        draw_strip(OUT / "demo_talking_head.png", film.out)
        step.note = f"{len(film.time_s)} pictures in {film.out.name}, and a strip of it"
    return diary


def make_film(
    reference: Path, line: Path, seed: int, motion: HeadMotion, progress: Progress
) -> PortraitResult:
    """The talking-head video of a take; the character is nobody, so nobody needs to be asked."""
    kept = OUT / "portrait"
    attest(Reference.of(reference), kept)
    out = OUT / "demo_talking_head.mp4"
    request = PortraitRequest(reference, line, out, kept, motion, seed=seed, quality="warp", size=SIZE)
    return make_portrait(request, progress)


def examples() -> tuple[Path, list[Path]]:
    """The reference video and the speech files that ship.

    Raises
    ------
    MissingPartError : one of them is not there
    """
    folder = ROOT / "examples"
    reference, lines = folder / "reference.mp4", sorted(folder.glob("*.wav"))
    if not reference.is_file() or not lines:
        raise MissingPartError(
            f"The example in {folder.relative_to(ROOT)}/ is not complete",
            "Check it out again with “git checkout -- examples”",
        )
    return reference, lines


def seeds_of(line: Path) -> tuple[int, ...]:
    """The seeds of a line's takes."""
    return tuple(first_seed(line.stem) + take for take in range(TAKES))


def take_path(line: Path, seed: int, suffix: str) -> Path:
    """Where a take of a line goes."""
    return OUT / f"{line.stem}_seed{seed}{suffix}"


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Blender 4.5 as a module may never come back from a normal exit.
    os._exit(status)
