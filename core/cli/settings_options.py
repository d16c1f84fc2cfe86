"""The options of a command that generates motion: seed, engine, strengths and frame rate."""

import argparse
from typing import Any

from ..generate.names import ENGINE_SUMMARIES
from .command import frame_rate


def add_seed(command: argparse.ArgumentParser) -> None:
    """Add which take is made."""
    command.add_argument(
        "--seed", type=int, metavar="N", help="each seed is a take (default: one that the file's name gives)"
    )


def seed_of(arguments: argparse.Namespace, name: str) -> int:
    """The seed that was asked for, else the first one of a sound file of this name without suffix."""
    from ..generate import first_seed

    return first_seed(name) if arguments.seed is None else int(arguments.seed)


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add all settings of a take, and its frame rate."""
    engines = list(ENGINE_SUMMARIES)
    add_seed(command)
    command.add_argument(
        "--engine", default=engines[0], metavar="NAME", help=f"{', '.join(engines)} (default {engines[0]})"
    )
    command.add_argument(
        "--intensity", type=float, default=1.0, metavar="G", help="0 is rest, 1 as the person moves (default)"
    )
    command.add_argument(
        "--personality",
        type=float,
        default=1.0,
        metavar="X",
        help="0 is how people move, 1 how this person does (default), up to 2 more so",
    )
    command.add_argument(
        "--voice",
        type=float,
        default=1.0,
        metavar="X",
        help="0 heeds no voice, 1 heeds it as the person does (default), up to 2 more so",
    )
    add_frame_rate(command, "rows a second, say 24 or 30000/1001", 30)


def add_frame_rate(command: argparse.ArgumentParser, what: str, default: int) -> None:
    """Add the frame rate of the output."""
    command.add_argument(
        "--fps", type=frame_rate, default=str(default), metavar="F", help=f"{what} (default {default})"
    )


def settings_of(arguments: argparse.Namespace, name: str) -> "dict[str, Any]":
    """The settings as `api.generate` takes them, for a sound file of this name. Raises SettingsError."""
    from dataclasses import asdict

    from ..generate import GenerationSettings

    settings = GenerationSettings(
        seed_of(arguments, name),
        arguments.engine,
        arguments.intensity,
        arguments.personality,
        arguments.voice,
    )
    return asdict(settings)
