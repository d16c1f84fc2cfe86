"""The command line: one front door, one function a command. Heavy parts load when a command runs.

Exit status: 0 done, 1 some items failed, 2 bad usage or unreadable input, 130 interrupted.
Progress goes to stderr, results (one line a file written) to stdout.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MannerismError, OutputError
from ..threads import use_one_thread
from ..version import VERSION

if TYPE_CHECKING:
    from ..batch import Manifest
    from ..timing import FrameRate

DONE, SOME_FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Refusals are one line on stderr."""
    use_one_thread()
    # A name that the console cannot show must not be what ends a job.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except MannerismError as error:
        _say(" ".join(str(error).split()))
        return REFUSED
    except KeyboardInterrupt:
        _say("Interrupted; nothing was written.")
        return INTERRUPTED


def track(arguments: argparse.Namespace) -> int:
    """Write the head motion of a video as CSV, and TRACK.meta.json beside it."""
    from ..motion_csv import write_track
    from ..progress import shown_progress
    from ..track import track_video

    _check_output(arguments.output, ".csv")
    with shown_progress() as progress:
        head = track_video(arguments.source, progress=progress)
    write_track(arguments.output, head)
    share = head.valid.mean()
    _say(f"The face was found in {share:.0%} of {len(head.valid)} frames.", *head.meta.get("warnings", []))
    print(arguments.output)
    print(arguments.output.with_suffix(".meta.json"))
    return DONE


def encode(arguments: argparse.Namespace) -> int:
    """Write the style of the speaker in a video, a track, a BVH or a recording of Live Link Face."""
    from ..jobs import table as jobs
    from ..progress import shown_progress

    _check_output(arguments.output, ".json")
    with shown_progress() as progress:
        answer = jobs.encode(
            progress,
            source=str(arguments.source),
            style_out=str(arguments.output),
            keep_motion=not arguments.no_motion,
        )
    _say(f"The confidence is {answer['confidence']:.2f}.", *answer["notes"])
    print(arguments.output)
    return DONE


def generate(arguments: argparse.Namespace) -> int:
    """Write head motion for a speech sound, in the format that the output's suffix names."""
    from ..export import FORMATS, export_motion
    from ..generate import SLIDERS, GenerationSettings, first_seed
    from ..generate import generate as generate_motion
    from ..progress import part, shown_progress
    from ..speech import extract_features
    from ..style import read_style, style_path

    _check_output(arguments.output, *FORMATS)
    style = read_style(style_path(arguments.style))
    seed = first_seed(arguments.source.stem) if arguments.seed is None else arguments.seed
    settings = GenerationSettings(
        seed, arguments.engine, **{name: getattr(arguments, name) for name in SLIDERS}
    )
    with shown_progress() as progress:
        speech = extract_features(arguments.source, progress=part(progress, 0.0, 0.6))
        motion = generate_motion(style, speech, settings, progress=part(progress, 0.6, 1.0))
    export_motion(arguments.output, motion, arguments.fps)
    _say(f"The seed is {seed}.")
    print(arguments.output)
    return DONE


def blend(arguments: argparse.Namespace) -> int:
    """Write the style that lies between two others."""
    from ..style import blend as blend_styles
    from ..style import read_style, style_path, write_style

    _check_output(arguments.output, ".json")
    first, second = (read_style(style_path(source)) for source in arguments.sources)
    style = blend_styles(first, second, arguments.mix)
    write_style(arguments.output, style)
    _say(f"The confidence is {style.confidence:.2f}.", *style.reasons)
    print(arguments.output)
    return DONE


def styles(_arguments: argparse.Namespace) -> int:
    """List the built-in styles, whose names are taken wherever a style file is."""
    from ..style.built_in import descriptions

    for name, description in descriptions().items():
        print(f"{name:<18} {description}")
    return DONE


def batch(arguments: argparse.Namespace) -> int:
    """Make the motion of every line of a manifest, or of every sound in a folder."""
    from tqdm import tqdm

    from ..batch import LocalPool, Outcome, StatusFile, run_batch
    from ..progress import shown_progress

    def tell(outcome: Outcome) -> None:
        if outcome.status == "failed":
            tqdm.write(f"mannerism: {outcome.id}: {outcome.reason}", file=sys.stderr)
        elif outcome.status == "done":
            tqdm.write(outcome.out)
            sys.stdout.flush()

    manifest = _manifest(arguments)
    index, count = arguments.chunk
    lines, status = manifest.chunk(index, count), StatusFile(manifest.path, index, count)
    try:
        with shown_progress() as progress:
            summary = run_batch(lines, LocalPool(arguments.jobs), status, tell, progress)
    except KeyboardInterrupt:
        _say("Interrupted; what is finished stays, and the same command carries on.")
        return INTERRUPTED
    _say(f"{summary.done} done, {summary.skipped} skipped, {summary.failed} failed; see {status.path}.")
    return SOME_FAILED if summary.failed else DONE


def portrait(arguments: argparse.Namespace) -> int:
    """Write a talking-head video of the consenting person in a reference video, saying something else."""
    from ..portrait.job import make_portrait, write_confidence
    from ..portrait.reference.consent import attest, refusal
    from ..progress import shown_progress
    from .portrait_options import request_of

    _check_output(arguments.output, ".mp4")
    if arguments.confidence is not None:
        _check_output(arguments.confidence, ".csv")
    if not (arguments.consent or os.environ.get("MANNERISM_CONSENT") == "1"):
        raise refusal(arguments.source)
    request = request_of(arguments)
    attest(request.identity, request.folder)
    try:
        with shown_progress() as progress:
            result = make_portrait(request, progress)
    except KeyboardInterrupt:
        _say("Interrupted; the pictures that are drawn stay, and the same command carries on.")
        return INTERRUPTED
    _say(f"The seed is {request.seed}.", *result.notes)
    print(result.out)
    if arguments.confidence is not None:
        write_confidence(arguments.confidence, result)
        print(arguments.confidence)
    return DONE


def coverage(arguments: argparse.Namespace) -> int:
    """Tell what a reference video shows of its person, and what to record again, before a portrait is made of it."""
    from ..portrait.preflight.coverage import check
    from ..progress import shown_progress

    with shown_progress() as progress:
        meter = check(arguments.source, progress, size=arguments.size)
    print(meter.as_text())
    return DONE


def score(arguments: argparse.Namespace) -> int:
    """Judge motions against what the persons really did, beside the real ceiling and known cheats."""
    from ..evaluate import BadLine, ScoreError, as_json, as_text, load_takes
    from ..evaluate import score as rows_of
    from ..progress import part, shown_progress

    with shown_progress() as progress:
        found = list(load_takes(arguments.pairs, part(progress, 0.0, 0.5)))
        takes = [take for take in found if not isinstance(take, BadLine)]
        bad = [line for line in found if isinstance(line, BadLine)]
        rows = rows_of(takes, progress=part(progress, 0.5, 1.0))
    for line in bad:
        _say(f"{line.place}: {line.problem}")
    if not takes:
        raise ScoreError(f"No line of “{arguments.pairs.name}” can be judged", "See the reasons above")
    _say("Without a verifier and a classifier there is no StyleID and no C2ST.")
    if arguments.json:
        print(json.dumps(as_json(rows), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print(as_text(rows))
    return SOME_FAILED if bad else DONE


def doctor(_arguments: argparse.Namespace) -> int:
    """Tell what is installed, which face model there is, and what works."""
    from ..doctor import examine, report

    health = examine()
    print(report(health))
    return DONE if health.main_job_works else SOME_FAILED


def _parser() -> argparse.ArgumentParser:
    from ..export import FORMATS
    from ..generate.engine import ENGINES
    from ..generate.settings import SLIDERS
    from .portrait_options import add_options as add_portrait_options
    from .portrait_options import add_size

    parser = argparse.ArgumentParser(
        prog="mannerism",
        description="Head motion in the manner of one speaker, for any rig and any speech.",
        epilog="Exit status: 0 done, 1 some items failed, 2 bad usage or unreadable input, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    _add(commands, track, "VIDEO", "TRACK.csv")
    command = _add(commands, encode, "VIDEO|TRACK.csv|FILE.bvh|LIVELINK.csv", "NAME.style.json")
    command.add_argument(
        "--no-motion", action="store_true", help="keep only statistics, not the reference's own motion"
    )

    engines = list(ENGINES)
    command = _add(commands, generate, "AUDIO", "MOTION" + "|".join(FORMATS))
    command.add_argument(
        "--style",
        type=Path,
        required=True,
        metavar="NAME.style.json",
        help="or the name of a built-in style, see the command styles",
    )
    command.add_argument(
        "--seed", type=int, metavar="N", help="each seed is a take (default: one that the file's name gives)"
    )
    command.add_argument(
        "--engine", default=engines[0], metavar="NAME", help=f"{', '.join(engines)} (default {engines[0]})"
    )
    for name, slider in SLIDERS.items():
        command.add_argument(
            f"--{name}",
            type=float,
            default=1.0,
            metavar="X",
            help=f"{slider.description}; up to {slider.largest:g} (default 1)",
        )
    command.add_argument(
        "--fps",
        type=_frame_rate,
        default="30",
        metavar="F",
        help="rows a second, say 24 or 30000/1001 (default 30)",
    )

    command = commands.add_parser("blend", help=_summary(blend), description=_summary(blend))
    command.set_defaults(run=blend)
    command.add_argument(
        "sources", nargs=2, metavar="STYLE", help="a style file or the name of a built-in style"
    )
    command.add_argument(
        "--mix", type=float, default=0.5, metavar="X", help="0 is the first style, 1 the second (default 0.5)"
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="NAME.style.json")

    command = commands.add_parser("styles", help=_summary(styles), description=_summary(styles))
    command.set_defaults(run=styles)

    command = commands.add_parser("batch", help=_summary(batch), description=_summary(batch))
    command.set_defaults(run=batch)
    command.add_argument("source", type=Path, metavar="MANIFEST.jsonl|FOLDER")
    command.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N")
    command.add_argument("--chunk", type=_chunk, default=(0, 1), metavar="I/N", help="every N-th line from I")
    command.add_argument(
        "--allow", type=Path, action="append", default=[], metavar="DIR", help="outputs may lie here too"
    )
    folder = command.add_argument_group("with a folder")
    folder.add_argument("--style", type=Path, metavar="NAME.style.json")
    folder.add_argument("-o", "--output", type=Path, metavar="DIR")
    folder.add_argument("--format", choices=[suffix.lstrip(".") for suffix in FORMATS], default="bvh")

    command = _add(commands, portrait, "REFERENCE_VIDEO", "OUT.mp4")
    add_portrait_options(command, _frame_rate)

    command = commands.add_parser("coverage", help=_summary(coverage), description=_summary(coverage))
    command.set_defaults(run=coverage)
    command.add_argument("source", type=Path, metavar="REFERENCE_VIDEO")
    add_size(command)

    command = commands.add_parser("score", help=_summary(score), description=_summary(score))
    command.set_defaults(run=score)
    command.add_argument("pairs", type=Path, metavar="PAIRS.jsonl")
    command.add_argument("--json", action="store_true", help="plain values in place of a table")

    command = commands.add_parser("doctor", help=_summary(doctor), description=_summary(doctor))
    command.set_defaults(run=doctor)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    run: Callable[[argparse.Namespace], int],
    source: str,
    output: str,
) -> argparse.ArgumentParser:
    """A command that reads one file and writes one file."""
    command = commands.add_parser(run.__name__, help=_summary(run), description=_summary(run))
    command.set_defaults(run=run)
    command.add_argument("source", type=Path, metavar=source)
    command.add_argument("-o", "--output", type=Path, required=True, metavar=output)
    return command


def _manifest(arguments: argparse.Namespace) -> "Manifest":
    from ..batch import BatchError, folder_manifest, read_manifest

    if not arguments.source.is_dir():
        return read_manifest(arguments.source, arguments.allow)
    if arguments.style is None or arguments.output is None:
        raise BatchError("A folder of sounds needs a style and a place", "Give --style and --output as well")
    return folder_manifest(arguments.source, arguments.style, arguments.output, f".{arguments.format}")


def _summary(run: Callable[[argparse.Namespace], int]) -> str:
    return (run.__doc__ or "").splitlines()[0]


def _check_output(path: Path, *suffixes: str) -> None:
    """Refuse before the work what would be refused after it."""
    from ..files import check_writable

    if path.suffix.lower() not in suffixes:
        raise OutputError(
            f"“{path.name}” cannot be written", f"Choose a name ending in {' or '.join(suffixes)}"
        )
    check_writable(path)


def _frame_rate(text: str) -> "FrameRate":
    from ..timing import FrameRate

    try:
        return FrameRate.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no frame rate; give one like 24 or 30000/1001"
        ) from None


def _chunk(text: str) -> tuple[int, int]:
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"“{text}” is no chunk; give one from 0/4 to 3/4")
    return int(index), int(count)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of processes")
    return int(text)


def _say(*sentences: str) -> None:
    print("mannerism:", *sentences, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
