"""A line of a batch, made of the fields of a row: their values, and where its output may lie."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import BatchError, MannerismError
from ..export import ANY, PRESETS, Form, check_form
from ..generate.settings import SLIDERS, GenerationSettings, first_seed
from ..timing import FrameRate
from .fields import FIELDS, REQUIRED
from .given import NOTHING, Given
from .late_path import LatePath
from .places import Places, shown

_SETTINGS = GenerationSettings()
_RATE = FrameRate(Fraction(30))
_RATES = {name: FrameRate(preset.fps) for name, preset in PRESETS.items()}
CARRIED = ("character", "text", "language", "start", "rig_map")
_CARRIED = frozenset(CARRIED)
_FITS = {key: field.fits for key, field in FIELDS.items()}
_FORM = frozenset(("preset", "skeleton", "neck"))


@dataclass(frozen=True)
class Line:
    """One motion to be made.

    id : names the line in the status, and gives the seed where none is asked for
    audio, style, out : absolute paths
    direct : of a direction's JSON file, None for none
    character, text, language : who speaks what; the motion does not depend on them
    start : frame at which the speech begins in Blender; a file begins with its sound
    rig_map : of the character, which a file does not depend on either
    problem : why it cannot be made; where there is one, the rest is not to be used but as what must not be overwritten
    """

    id: str
    audio: LatePath = LatePath()  # noqa: RUF009  a descriptor
    style: Path = Path()
    out: LatePath = LatePath()  # noqa: RUF009
    settings: GenerationSettings = _SETTINGS
    rate: FrameRate = _RATE
    form: Form = ANY
    character: str = ""
    text: str = ""
    language: str = ""
    start: int | None = None
    rig_map: str = ""
    problem: str = ""
    direct: Path | None = None

    @property
    def audio_text(self) -> str:
        """Path of the sound as text, which takes less time where many are compared."""
        return str(self.__dict__["_audio"])

    @property
    def out_text(self) -> str:
        """Path of the output as text."""
        return str(self.__dict__["_out"])


def line_of(own: Callable[[], Mapping[str, Any]], place: str, places: Places, given: Given = NOTHING) -> Line:
    """A line of a manifest; a bad one has its reason as `problem`.

    own : gives the fields of the row, or raises BatchError
    place : names the line where it has no usable id
    given : what it leaves out
    """
    fields: Mapping[str, Any] = {}
    name = place
    try:
        fields = own()
        name = fields["id"] if _FITS["id"](fields.get("id")) else place
        _check(fields)
        fields = given.completed(fields)
        _check_complete(fields)
        settings = GenerationSettings(
            seed=fields["seed"] if "seed" in fields else first_seed(name),
            engine=fields.get("engine", _SETTINGS.engine),
            **{name: float(fields[name]) for name in SLIDERS if name in fields},
        )
        out = places.output(fields["out"])
        form = ANY if _FORM.isdisjoint(fields) else _form(fields, out[out.rfind(".") :], places.folder)
        return Line(
            id=name,
            audio=places.joined(fields["audio"]),
            style=places.style(fields["style"]),
            out=out,
            settings=settings,
            rate=_rate(fields["fps"]) if "fps" in fields else _RATES[form.preset],
            form=form,
            direct=places.folder / fields["direct"] if "direct" in fields else None,
            **({} if _CARRIED.isdisjoint(fields) else _carried(fields)),
        )
    except MannerismError as error:
        read = {
            key: places.folder / fields[key]
            for key in ("audio", "style", "direct")
            if FIELDS[key].fits(fields.get(key))
        }
        return Line(id=name, problem=str(error), **read, **_carried(fields))


def _carried(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a line brings along that changes nothing of its motion."""
    return {key: fields[key] for key in CARRIED if key in fields and FIELDS[key].fits(fields[key])}


def _check(fields: Mapping[str, Any]) -> None:
    """Check what the line states itself. Raises BatchError."""
    if not fields.keys() <= FIELDS.keys():
        unknown = fields.keys() - FIELDS.keys()
        raise BatchError(f"Unknown: {shown(', '.join(sorted(unknown)))}", f"Use {', '.join(FIELDS)}")
    for key, value in fields.items():
        if not _FITS[key](value):
            raise BatchError(f"{key} is {shown(json.dumps(value))}", "See the table of keys in docs/batch.md")


def _check_complete(fields: Mapping[str, Any]) -> None:
    """Check what the line has in the end. Raises BatchError."""
    if missing := [key for key in REQUIRED if key not in fields]:
        raise BatchError(
            f"Missing: {', '.join(missing)}",
            f"A line needs {', '.join(REQUIRED)}; state what is the same for all with --set",
        )


def _form(fields: Mapping[str, Any], suffix: str, folder: Path) -> Form:
    """How the motion is laid out. Raises OutputError."""
    skeleton = folder / fields["skeleton"] if "skeleton" in fields else None
    form = Form(fields.get("preset", ANY.preset), skeleton, float(fields.get("neck", ANY.neck_share)))
    check_form(suffix, form)
    return form


def _rate(value: Any) -> FrameRate:
    try:
        return FrameRate.parse(str(value))
    except ValueError as error:
        raise BatchError(f"fps is {shown(json.dumps(value))}", 'Give one like 24 or "30000/1001"') from error
