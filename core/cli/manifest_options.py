"""The options of a command that reads a manifest: what lines leave out, and where their outputs may lie."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .command import say

if TYPE_CHECKING:
    from ..batch.given import Given
    from ..batch.manifest import Manifest

_NOT_HEEDED = {
    "start": "“start” is for lists in Blender: a file begins with its sound.",
    "rig_map": "“rig_map” is not heeded: these files hold the head's motion for any rig.",
}


def add_manifest_options(command: argparse.ArgumentParser) -> None:
    """Add what is said of a manifest besides itself."""
    command.add_argument(
        "--allow", type=Path, action="append", default=[], metavar="DIR", help="outputs may lie here too"
    )
    command.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help="what lines leave out, as style=calm intensity=0.8 out=motion/{language}/{id}.bvh",
    )
    command.add_argument(
        "--characters",
        type=Path,
        metavar="FILE",
        help="table of each character's style and settings, CSV or JSON",
    )


def add_consent(command: argparse.ArgumentParser) -> None:
    """Add the word of the user that talking heads need."""
    command.add_argument(
        "--consent",
        action="store_true",
        help="you attest that the persons in all references of talking heads are you, or have agreed "
        "(or set MANNERISM_CONSENT=1)",
    )


def with_consent(arguments: argparse.Namespace, manifest: "Manifest") -> "Manifest":
    """A manifest of files in which talking heads are attested as the arguments say.

    Raises
    ------
    ConsentError : there are some, and they are not
    """
    from ..batch.product import Portrait
    from ..portrait.reference.consent import refusal

    given = arguments.consent or os.environ.get("MANNERISM_CONSENT") == "1"
    lines = []
    for line in manifest.lines:
        if isinstance(line.product, Portrait) and not line.problem:
            if not given:
                raise refusal(line.product.reference)
            lines.append(replace(line, product=replace(line.product, consent=True)))
        else:
            lines.append(line)
    return replace(manifest, lines=tuple(lines))


def given_by(arguments: argparse.Namespace) -> "Given":
    """What lines leave out, as the options state it. Raises BatchError."""
    from ..batch.characters import read_characters
    from ..batch.given import Given, stated_fields

    stated = stated_fields(arguments.set)
    if arguments.characters is None:
        return Given(stated=stated)
    characters, notes = read_characters(arguments.characters)
    for note in notes:
        say(f"{arguments.characters.name}:", note)
    return Given(stated=stated, characters=characters)


def say_not_heeded(manifest: "Manifest") -> None:
    """Say once what of a manifest no line follows."""
    for note in manifest.notes:
        say(f"{manifest.path.name}:", note)
    for key, sentence in _NOT_HEEDED.items():
        if any(getattr(line, key) not in {None, ""} for line in manifest.lines):
            say(f"{manifest.path.name}:", sentence)


def options_again(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The options as another call takes them, from any folder."""
    allowed = [part for folder in arguments.allow for part in ("--allow", str(folder.absolute()))]
    stated = [part for pair in arguments.set for part in ("--set", pair)]
    table = [] if arguments.characters is None else ["--characters", str(arguments.characters.absolute())]
    consent = ["--consent"] if getattr(arguments, "consent", False) else []
    return (*allowed, *stated, *table, *consent)
