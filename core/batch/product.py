"""What a row makes besides the motion of its head: a face, a talking head. Each is a line of its own in batch and status."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import BatchError
from ..export import Form
from ..export.face_formats import FACE_FORMATS, check_face
from ..face.doses import expression_doses
from ..face.namings import DEFAULT_NAMING, NAMINGS
from ..gaze.settings import gaze_doses
from ..portrait.model.eyes import EYES, film_eyes
from ..portrait.model.options import (
    AUTO,
    AUTO_SIZE,
    DEFAULT_QUALITY,
    DEFAULT_REFINE_S,
    LARGEST_SIZE,
    QUALITIES,
    SMALLEST_SIZE,
    SUFFIX,
)
from ..timing import FrameRate

FACE, PORTRAIT = "face", "portrait"
"""Keys of the files, and what follows the id of their row in the ids of their lines: “q01:face”."""

SUFFIXES: Mapping[str, tuple[tuple[str, ...], str]] = {
    FACE: (tuple(FACE_FORMATS), "face file"),
    PORTRAIT: ((SUFFIX,), "talking-head video"),
}
"""Endings that the file of each may have, and what it is called."""

RATES: Mapping[str, FrameRate] = {FACE: FrameRate(Fraction(60)), PORTRAIT: FrameRate(Fraction(25))}
"""Frame rates where none is stated, as of the commands."""

OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    FACE: ("face_names", "face_fps", "face_strength", "face_skeleton", "gaze", "expression"),
    PORTRAIT: (
        "portrait_fps",
        "portrait_quality",
        "portrait_size",
        "portrait_minutes",
        "portrait_label",
        "gaze",
        "expression",
    ),
}
"""Keys that mean nothing without such a file, or one of them where several have the key."""


@dataclass(frozen=True)
class Face:
    """A speaking face, with the head's motion of its row, as `mannerism face` writes it.

    reference : video of the person whose lips, lids and looks away it has; None for people in general
    names, strength : as in `mannerism.face`
    gaze, expression : doses of the eyes, and of brows, cheeks and lids, by name, those that are not as usual
    """

    reference: Path | None = None
    names: str = DEFAULT_NAMING
    strength: float = 1.0
    gaze: tuple[tuple[str, float], ...] = ()
    expression: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Portrait:
    """A talking-head video with the head's motion of its row, as `mannerism portrait` writes it.

    reference : video of the person
    quality, size, label, refine_s : as in `mannerism.portrait`
    consent : whether whoever runs the batch attests that the person agrees
    gaze, expression : doses of the eyes, see `film_eyes`, and of brows, cheeks and lids, by name, those that are not as usual
    """

    reference: Path
    quality: str = DEFAULT_QUALITY
    size: int = AUTO_SIZE
    label: bool = True
    refine_s: float = DEFAULT_REFINE_S
    consent: bool = False
    gaze: tuple[tuple[str, float], ...] = ()
    expression: tuple[tuple[str, float], ...] = ()


Product = Face | Portrait


def face_of(fields: Mapping[str, Any], folder: Path) -> tuple[Face, Form]:
    """The face that a row asks for, and how it is laid out. Raises SettingsError, OutputError."""
    skeleton = folder / fields["face_skeleton"] if "face_skeleton" in fields else None
    gaze = _doses(fields, "gaze")
    gaze_doses(dict(gaze))
    found = Face(
        reference=folder / fields["reference"] if "reference" in fields else None,
        names=fields.get("face_names", DEFAULT_NAMING),
        strength=float(fields.get("face_strength", 1.0)),
        gaze=gaze,
        expression=_expression(fields),
    )
    form = Form(skeleton=skeleton)
    check_face(Path(fields[FACE]).suffix, found.names, form)
    if found.names not in NAMINGS:
        raise BatchError(f"There are no names “{found.names}”", f"Choose one of: {', '.join(NAMINGS)}")
    if found.strength < 0:
        raise BatchError(f"face_strength is {found.strength:g}", "Give one from 0 on")
    return found, form


def portrait_of(fields: Mapping[str, Any], folder: Path) -> tuple[Portrait, Form]:
    """The talking head that a row asks for. Raises BatchError, SettingsError."""
    if "reference" not in fields:
        raise BatchError("A talking head needs a video of its person", "Give “reference”")
    size = fields.get("portrait_size", AUTO)
    found = Portrait(
        reference=folder / fields["reference"],
        quality=fields.get("portrait_quality", DEFAULT_QUALITY),
        size=AUTO_SIZE if size == AUTO else size,
        label=fields.get("portrait_label", True),
        refine_s=60.0 * fields.get("portrait_minutes", DEFAULT_REFINE_S / 60.0),
        gaze=_film_gaze(fields),
        expression=_expression(fields),
    )
    if found.quality not in QUALITIES:
        raise BatchError(f"There is no quality “{found.quality}”", f"Choose one of: {', '.join(QUALITIES)}")
    if size != AUTO and not SMALLEST_SIZE <= found.size <= LARGEST_SIZE:
        raise BatchError(
            f"portrait_size is {found.size}",
            f"Choose “{AUTO}”, or one from {SMALLEST_SIZE} to {LARGEST_SIZE}",
        )
    if found.refine_s < 0:
        raise BatchError(f"portrait_minutes is {found.refine_s / 60:g}", "Give minutes from 0 on")
    return found, Form()


def _film_gaze(fields: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Those of the eyes' doses that films have; the others are refused where they cannot be meant for a face. Raises SettingsError."""
    found = _doses(fields, "gaze")
    if FACE in fields:
        found = tuple((name, dose) for name, dose in found if name in EYES)
    film_eyes(dict(found))
    return found


def _expression(fields: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    found = _doses(fields, "expression")
    expression_doses(dict(found))
    return found


def _doses(fields: Mapping[str, Any], key: str) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((name, float(dose)) for name, dose in fields.get(key, {}).items()))


OF_ROW: Mapping[str, Callable[[Mapping[str, Any], Path], tuple[Product, Form]]] = {
    FACE: face_of,
    PORTRAIT: portrait_of,
}
"""By key, what makes such a product of the fields of a row."""


def plain_product(product: Product | None) -> dict[str, Any]:
    """All of a product as values that JSON has, empty for head motion."""
    if product is None:
        return {}
    reference = None if product.reference is None else str(product.reference)
    kind = FACE if isinstance(product, Face) else PORTRAIT
    return {"kind": kind} | vars(product) | {"reference": reference}


def product_of_plain(values: Mapping[str, Any]) -> Product | None:
    """The product of which `plain_product` made these values."""
    if not values:
        return None
    found = {key: value for key, value in values.items() if key != "kind"}
    found["reference"] = found["reference"] and Path(found["reference"])
    for key in {"gaze", "expression"} & found.keys():
        found[key] = tuple((name, dose) for name, dose in found[key])
    return (Portrait if values["kind"] == PORTRAIT else Face)(**found)
