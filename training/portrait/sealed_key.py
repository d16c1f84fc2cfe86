"""Sealed key of the test of looks, the form for guesses, and their score."""

import base64
import csv
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from mannerism.core.errors import TableError
from mannerism.core.evaluate.report import Table
from mannerism.core.files import replacing
from mannerism.training.portrait.panels import CROPS, MADE, REAL, SINGLE, STRIP, Item

KEY, FORM = "key.sealed", "guesses.csv"
COLUMNS = ("item", "guess", "cue")
_Z = 1.959964  # of the normal distribution, for 95 %
_KINDS = {SINGLE: "single pictures", STRIP: "strips of five"}


@dataclass(frozen=True)
class Answer:
    """What an item was, and what somebody took it for; `guess` is empty without one."""

    what: str
    kind: str
    crop: str
    guess: str


def seal(folder: Path, items: Sequence[Item]) -> str:
    """Write the key, packed so that nobody reads it by accident, and an empty form; returns the key's SHA-256."""
    rows = [{"what": item.what, "kind": item.kind, "crop": item.crop} for item in items]
    packed = base64.b85encode(zlib.compress(json.dumps(rows).encode(), 9))
    with replacing(folder / KEY) as temporary:
        temporary.write_bytes(packed)
    with replacing(folder / FORM) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([number, "", ""] for number in range(1, len(items) + 1))
    return hashlib.sha256(packed).hexdigest()


def answers(folder: Path) -> tuple[list[Answer], str]:
    """Open the key of a folder, and put the guesses of its form beside it; with the key's SHA-256.

    Raises
    ------
    TableError : no key, no form, or a form with other words or items
    """
    try:
        packed = (folder / KEY).read_bytes()
        key = json.loads(zlib.decompress(base64.b85decode(packed)))
        with (folder / FORM).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, zlib.error) as error:
        raise TableError(
            f"There is no key with its form in {folder} ({error})", "Make panels there first: make looks"
        ) from error
    guesses = {str(row.get("item", "")).strip(): (row.get("guess") or "").strip().casefold() for row in rows}
    if unknown := set(guesses) - {str(number) for number in range(1, len(key) + 1)}:
        raise TableError(
            f"{FORM} has an item “{min(unknown)}” that was not made", "Keep the form's own items"
        )
    if wrong := set(guesses.values()) - {REAL, MADE, ""}:
        raise TableError(f"{FORM} has the guess “{min(wrong)}”", f"Write {REAL} or {MADE}, or leave it empty")
    found = [Answer(**row, guess=guesses.get(str(number), "")) for number, row in enumerate(key, 1)]
    return found, hashlib.sha256(packed).hexdigest()


def score_table(found: Sequence[Answer]) -> Table:
    """Hit rate of the guesses by kind and crop, with Wilson's interval of 95 %; chance is 50 %."""
    head = ("", "crop", "hits", "of", "hit rate", "95 %", "made taken for real", "not guessed")
    groups: Mapping[str, Sequence[Answer]] = {
        name: [answer for answer in found if answer.kind == kind] for kind, name in _KINDS.items()
    }
    lines = [
        _line(name, crop, [answer for answer in group if crop in {answer.crop, "all"}])
        for name, group in groups.items()
        for crop in (*CROPS, "all")
    ]
    return Table("Guessed right, 50 % by chance", [head, *lines, _line("together", "all", found)])


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Score interval of 95 % of a share (Wilson 1927); 0 to 1 without a guess."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, _Z**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = _Z / (1 + square) * sqrt(share * (1 - share) / count + square / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _line(name: str, crop: str, group: Sequence[Answer]) -> tuple[str, ...]:
    guessed = [answer for answer in group if answer.guess]
    hits = sum(answer.guess == answer.what for answer in guessed)
    low, high = wilson(hits, len(guessed))
    made = [answer for answer in guessed if answer.what == MADE]
    passed = sum(answer.guess == REAL for answer in made)
    return (
        name,
        crop,
        str(hits),
        str(len(guessed)),
        f"{hits / len(guessed):.0%}" if guessed else "–",
        f"{low:.0%} to {high:.0%}",
        f"{passed} of {len(made)}",
        str(len(group) - len(guessed)),
    )
