"""Settings of a talking-head video, and the measured coverage of its reference."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, EnumProperty, FloatProperty, StringProperty

from .. import __package__ as base_package
from ..core.portrait.model.eyes import EYES
from ..core.portrait.model.options import AUTO_SIZE, DEFAULT_QUALITY, QUALITIES
from .face_settings import ExpressionProperties, dose_property
from .fields import CHOSEN_PATH, OVERRIDABLE, PATH
from .file_names import file_name
from .paths import normal_path

_KEPT: dict[str, Any] = {"options": {"HIDDEN"}, "override": OVERRIDABLE}
RATES = {
    "24000/1001": "23.976",
    "24": "24",
    "25": "25",
    "30000/1001": "29.97",
    "30": "30",
    "50": "50",
    "60000/1001": "59.94",
    "60": "60",
}
"""Frames per second as exact fractions, and what people call them."""


class MANNERISM_PG_coverage(bpy.types.PropertyGroup):
    """One thing that a reference should show; it is called by its name."""

    share: FloatProperty(  # type: ignore[valid-type]
        name="Share", description="How much of it the reference shows", min=0.0, max=1.0, subtype="FACTOR"
    )
    sentence: StringProperty(name="Sentence", description="What was found, or what to record again")  # type: ignore[valid-type]


class EyeProperties:
    """A property for each dose of a film's eyes."""

    __annotations__ = {name: dose_property(dose) for name, dose in EYES.items()}


class MANNERISM_PG_portrait(ExpressionProperties, EyeProperties, bpy.types.PropertyGroup):
    """The talking-head video of one object, at `Object.mannerism.portrait`."""

    motion: EnumProperty(  # type: ignore[valid-type]
        name="Motion",
        description="How the head moves in the video",
        items=[
            ("RIG", "Rig", "As this object moves in the scene: layers, edited keys, constraints, all of it"),
            ("LAYER", "Layer", "As the active layer is now, with edited keys and influence"),
            ("GENERATED", "Generated", "As the active layer was generated"),
            ("FILE", "File", "As a table of head motion or a track says"),
        ],
        override=OVERRIDABLE,
    )
    follow: EnumProperty(  # type: ignore[valid-type]
        name="Follow",
        description="What the head's motion is relative to",
        items=[
            ("BODY", "Body", "Its chest, or the parent of a plain object: walking stays out of the picture"),
            ("CAMERA", "Camera", "The scene's camera: the body's motion and the camera's count as well"),
        ],
        override=OVERRIDABLE,
    )
    motion_file: StringProperty(  # type: ignore[valid-type]
        name="Motion File", description="Head motion or a track, as CSV", **CHOSEN_PATH
    )
    motion_file_name: file_name(  # type: ignore[valid-type]
        "motion_file", "Motion File", "Head motion or a track, as CSV. Paths may be typed"
    )
    quality: EnumProperty(  # type: ignore[valid-type]
        name="Quality",
        description="How much time goes into the pictures",
        items=[(name.upper(), name.capitalize(), what.capitalize()) for name, what in QUALITIES.items()],
        default=DEFAULT_QUALITY.upper(),
        override=OVERRIDABLE,
    )
    size: EnumProperty(  # type: ignore[valid-type]
        name="Size",
        description="Width and height of the video in pixels",
        items=[
            ("AUTO", "Auto", "As large as the reference shows the head: 256, 512 or 768"),
            *((str(size), f"{size} × {size}", "") for size in (256, 384, 512, 768)),
        ],
        override=OVERRIDABLE,
    )
    rate: EnumProperty(  # type: ignore[valid-type]
        name="Frame Rate",
        description="Frames per second of the video",
        items=[("SCENE", "Scene", "As the scene"), *((rate, name, "") for rate, name in RATES.items())],
        override=OVERRIDABLE,
    )
    output: StringProperty(  # type: ignore[valid-type]
        name="Output",
        description="The video to write. Empty: called by its reference and speech, where styles are saved too",
        **PATH,
    )
    label: BoolProperty(  # type: ignore[valid-type]
        name="Visible Label",
        description="Write “synthetic” small into a corner. The file's metadata say so in any case",
        default=True,
        override=OVERRIDABLE,
    )
    attested: StringProperty(  # type: ignore[valid-type]
        name="Attested", description="SHA-256 of the reference whose person has agreed", **_KEPT
    )
    attested_on: StringProperty(  # type: ignore[valid-type]
        name="Attested On", description="The day on which consent was confirmed", **_KEPT
    )
    attested_file: StringProperty(  # type: ignore[valid-type]
        name="Attested File", description="Path of the reference whose person has agreed", **_KEPT
    )
    coverage: CollectionProperty(  # type: ignore[valid-type]
        type=MANNERISM_PG_coverage, name="Coverage", description="What the reference shows of the person"
    )
    faults: StringProperty(  # type: ignore[valid-type]
        name="Faults", description="What is wrong with that reference, a line each", **_KEPT
    )
    covered: StringProperty(  # type: ignore[valid-type]
        name="Covered File", description="Path of the reference that the coverage is of", **_KEPT
    )


def reference_of(obj: Any) -> Path:
    """The reference video of an object."""
    return Path(normal_path(obj.mannerism.reference))


def cache_folder() -> Path:
    """Where the analysis of references, consent and unfinished videos lie; deleted with the extension."""
    return Path(bpy.utils.extension_path_user(base_package, path="portrait", create=True))


def size_of(obj: Any) -> int:
    """Size of the video in pixels, as the worker's jobs take it."""
    chosen = obj.mannerism.portrait.size
    return AUTO_SIZE if chosen == "AUTO" else int(chosen)


def keep_consent(obj: Any, reference: Path, sha256: str, date: str) -> None:
    """Keep that the person in the reference has agreed: for which content of the file, and since when."""
    portrait = obj.mannerism.portrait
    portrait.attested, portrait.attested_on, portrait.attested_file = sha256, date[:10], str(reference)


def attested(obj: Any) -> str:
    """The day of the consent for this reference, "" without one. The worker compares the file's hash."""
    portrait = obj.mannerism.portrait
    same = portrait.attested_file and portrait.attested_file == str(reference_of(obj))
    return str(portrait.attested_on) if same else ""


def keep_coverage(
    obj: Any, reference: Path, rows: Iterable[Mapping[str, Any]], faults: Iterable[str]
) -> None:
    """Keep the coverage of a reference for the panel: rows with name, share, sentence and wish; and what is wrong with it."""
    portrait = obj.mannerism.portrait
    portrait.coverage.clear()
    for row in rows:
        line = portrait.coverage.add()
        line.name, line.share, line.sentence = row["name"], row["share"], row["wish"] or row["sentence"]
    portrait.faults = "\n".join(faults)
    portrait.covered = str(reference)


def coverage_of(obj: Any) -> list[Any]:
    """The rows that `keep_coverage` kept, as long as the reference is still the same one."""
    return list(obj.mannerism.portrait.coverage) if _covered(obj) else []


def faults_of(obj: Any) -> list[str]:
    """The faults of the reference that `keep_coverage` was given."""
    return obj.mannerism.portrait.faults.splitlines() if _covered(obj) else []


def _covered(obj: Any) -> bool:
    covered = obj.mannerism.portrait.covered
    return bool(covered) and covered == str(reference_of(obj))


def forget(obj: Any) -> None:
    """Clear the coverage and the consent of the reference."""
    portrait = obj.mannerism.portrait
    portrait.coverage.clear()
    for name in ("attested", "attested_on", "attested_file", "faults", "covered"):
        portrait.property_unset(name)


CLASSES = (MANNERISM_PG_coverage, MANNERISM_PG_portrait)
