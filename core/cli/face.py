"""`mannerism face`."""

import argparse
from pathlib import Path

from ..export import Form
from ..export.face_formats import FACE_FORMATS, check_face
from ..face.doses import DOSES as EXPRESSION
from ..face.namings import DEFAULT_NAMING, NAMINGS
from ..gaze.settings import DOSES
from .command import add_command, add_output, add_source, check_output, print_result, say
from .exit_status import DONE
from .settings_options import add_frame_rate, add_seed, add_sliders, seed_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add_command(commands, "face", run)
    add_source(command, "AUDIO")
    add_output(command, "FACE" + "|".join(FACE_FORMATS))
    command.add_argument(
        "--reference",
        type=Path,
        metavar="VIDEO",
        help="of a person whose lips, blinks, brows, cheeks and looks away it shall be like (default: people in general)",
    )
    names = "; ".join(f"{name}: {what}" for name, what in NAMINGS.items())
    command.add_argument(
        "--names",
        choices=tuple(NAMINGS),
        default=DEFAULT_NAMING,
        help=f"{names} (default {DEFAULT_NAMING})",
    )
    add_seed(command)
    head = command.add_mutually_exclusive_group()
    head.add_argument(
        "--style",
        type=Path,
        metavar="NAME.style.json",
        help="add head motion in this manner, with the same seed",
    )
    head.add_argument(
        "--head",
        type=Path,
        metavar="MOTION",
        help="add this head motion, which the eyes then belong to: a CSV, a BVH or a video (default: a still head)",
    )
    command.add_argument(
        "--skeleton",
        type=Path,
        metavar="FILE",
        help="a glTF or VRM character whose own morph targets, head and neck shall move (for .glb)",
    )
    command.add_argument(
        "--strength",
        type=float,
        default=1.0,
        metavar="X",
        help="of mouth, brows and cheeks; 0 is none, 1 as the person moves them (default)",
    )
    command.add_argument(
        "--look-at",
        type=_look_at,
        action="append",
        default=[],
        metavar="S:X,Y,Z",
        help="what the eyes look at from second S on, metres to the person's left, up and ahead of the head at rest, "
        "or S:ahead for far ahead, which is the default; may be given more than once",
    )
    add_sliders(command, EXPRESSION)
    add_sliders(command, DOSES)
    add_frame_rate(command, "rows a second", 60)


def run(arguments: argparse.Namespace) -> int:
    """Write lips, lids, brows, cheeks and eyes for a speech sound, with the head if a style or a motion is given."""
    from .. import api
    from ..api.arguments import head_of
    from ..progress import part, shown_progress
    from ..style.built_in import style_path

    style = None if arguments.style is None else style_path(arguments.style)
    inputs = [arguments.source, arguments.reference, style, arguments.head, arguments.skeleton]
    check_output(arguments.output, *FACE_FORMATS, inputs=inputs)
    check_face(arguments.output.suffix, arguments.names, Form(skeleton=arguments.skeleton))
    seed = seed_of(arguments, arguments.source.stem)
    with shown_progress() as progress:
        head = None if arguments.head is None else head_of(arguments.head, part(progress, 0.0, 0.4))
        if style is not None:
            head = api.generate(style, arguments.source, seed=seed, progress=part(progress, 0.0, 0.4))
        curves = api.face(
            arguments.source,
            reference=arguments.reference,
            names=arguments.names,
            seed=seed,
            strength=arguments.strength,
            head=head,
            look_at=arguments.look_at,
            fps=arguments.fps,
            progress=part(progress, 0.4, 1.0),
            gaze={name: getattr(arguments, name) for name in DOSES},
            expression={name: getattr(arguments, name) for name in EXPRESSION},
        )
    said = api.write_face(arguments.output, curves, head, skeleton=arguments.skeleton)
    notes = dict.fromkeys((*curves.notes, *(head.notes if head else ()), *said))
    say(f"The seed is {seed}.", *notes)
    print_result(arguments.output)
    return DONE


def _look_at(text: str) -> tuple[float, tuple[float, ...] | None]:
    """Type of an argument: a second and a point, as 2.5:0.3,0,1 or 4:ahead."""
    start, _, place = text.partition(":")
    try:
        point = None if place == "ahead" else tuple(map(float, place.split(",")))
        return float(start), point
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no time and place; give one like 2.5:0.3,0,1 or 4:ahead"
        ) from None
