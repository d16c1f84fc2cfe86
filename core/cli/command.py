"""What the commands share: how one is added, types of arguments, and how a command speaks."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

from ..errors import OutputError

if TYPE_CHECKING:
    from ..timing import FrameRate

Run = Callable[[argparse.Namespace], int]
"""Run a command: arguments to an exit status."""


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Run
) -> argparse.ArgumentParser:
    """Add a command whose help is the first line of the docstring of `run`."""
    summary = (run.__doc__ or "").splitlines()[0]
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    return command


def add_source(command: argparse.ArgumentParser, kind: str) -> None:
    """Add the file that a command reads."""
    command.add_argument("source", type=Path, metavar=kind)


def add_output(command: argparse.ArgumentParser, kind: str) -> None:
    """Add the file that a command writes."""
    command.add_argument("-o", "--output", type=Path, required=True, metavar=kind)


def add_size(command: argparse.ArgumentParser) -> None:
    """Add the size of a talking-head video."""
    from ..portrait.model.options import AUTO, AUTO_SIZE

    def size(text: str) -> int:
        return AUTO_SIZE if text == AUTO else int(text)

    command.add_argument(
        "--size",
        type=size,
        default=AUTO,
        metavar="PIXELS",
        help=f"width and height of the video (default {AUTO}: 256, 512 or 768, as the reference fills)",
    )


def check_output(path: Path, *suffixes: str, inputs: Sequence[Path | None] = ()) -> None:
    """Refuse before the work what would be refused after it, and what would overwrite an input. Raises OutputError."""
    from ..files import check_writable
    from ..same_file import refuse_input

    if path.suffix.lower() not in suffixes:
        raise OutputError(
            f"“{path.name}” cannot be written", f"Choose a name ending in {' or '.join(suffixes)}"
        )
    refuse_input(path, inputs)
    check_writable(path)


def frame_rate(text: str) -> "FrameRate":
    """Type of an argument: frames a second, as 24 or 30000/1001."""
    from ..timing import FrameRate

    try:
        return FrameRate.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no frame rate; give one like 24 or 30000/1001"
        ) from None


def say(*sentences: str) -> None:
    """Write a line to stderr, where people read; results go to stdout. Nobody need read it."""
    with suppress(OSError):
        print("mannerism:", *map(shown, sentences), file=sys.stderr)


def print_result(text: object) -> None:
    """Write a result, which is one line for a file that was written, to stdout, where programs read.

    Raises
    ------
    KeyboardInterrupt : the program that read it has ended, as `head` does
    OutputError : it cannot be written, as on a full disk
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = io.StringIO()  # else Python writes the rest at its end, and fails
        raise KeyboardInterrupt from None
    except OSError as error:
        reason, sys.stdout = error.strerror or error, io.StringIO()
        raise OutputError(
            f"The list of results cannot be written ({reason})", "Direct the output of the command elsewhere"
        ) from error


def shown(text: str) -> str:
    """Text for a terminal: what would command it, as in a file's name, is escaped."""
    return "".join(
        letter.encode("unicode_escape").decode() if category(letter) == "Cc" and letter != "\n" else letter
        for letter in text
    )
