"""The options of a command that generates motion: seed, engine, sliders and frame rate."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..generate.engine import DEFAULT_ENGINE, ENGINES
from ..generate.settings import SLIDERS, GenerationSettings, first_seed
from ..slider import Slider
from .command import frame_rate


def add_seed(command: argparse.ArgumentParser) -> None:
    """Add which take is made."""
    command.add_argument(
        "--seed", type=int, metavar="N", help="each seed is a take (default: one that the file's name gives)"
    )


def seed_of(arguments: argparse.Namespace, name: str) -> int:
    """The seed that was asked for, else the first one of a sound file of this name without suffix."""
    return first_seed(name) if arguments.seed is None else int(arguments.seed)


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add all settings of a take."""
    engines = ", ".join(ENGINES)
    add_seed(command)
    command.add_argument(
        "--engine", default=DEFAULT_ENGINE, metavar="NAME", help=f"{engines} (default {DEFAULT_ENGINE})"
    )
    add_sliders(command, SLIDERS)


def add_sliders(command: argparse.ArgumentParser, sliders: Mapping[str, Slider]) -> None:
    """Add an option for each slider of a table."""
    for name, slider in sliders.items():
        command.add_argument(
            f"--{name.replace('_', '-')}",
            type=float,
            default=slider.usual,
            metavar="X",
            help=f"{slider.description}; up to {slider.largest:g} (default {slider.usual:g})",
        )


def add_frame_rate(command: argparse.ArgumentParser, what: str, default: int) -> None:
    """Add the frame rate of the output."""
    command.add_argument(
        "--fps", type=frame_rate, default=str(default), metavar="F", help=f"{what} (default {default})"
    )


def settings_of(arguments: argparse.Namespace, name: str) -> dict[str, Any]:
    """The settings as `api.generate` takes them, for a sound file of this name. Raises SettingsError."""
    sliders = {slider: getattr(arguments, slider) for slider in SLIDERS}
    return asdict(GenerationSettings(seed_of(arguments, name), arguments.engine, **sliders))
