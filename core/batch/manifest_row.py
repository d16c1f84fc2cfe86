"""A line of a batch, made of the fields of a row: their values, and where its output may lie."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter
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
from .product import OF_ROW, OWN_KEYS, RATES, SUFFIXES, Product

_SETTINGS = GenerationSettings()
_RATE = FrameRate(Fraction(30))
_RATES = {name: FrameRate.of(preset.fps) for name, preset in PRESETS.items()}
CARRIED = ("character", "text", "language", "start", "rig_map")
_CARRIED = frozenset(CARRIED)
_AUDIO, _OUT = attrgetter("_audio"), attrgetter("_out")
_PRODUCTS = frozenset(OF_ROW)
_OF_PRODUCTS = frozenset(key for keys in OWN_KEYS.values() for key in keys)
READ = ("audio", "style", "direct")
_FITS = {key: field.fits for key, field in FIELDS.items()}
_SLIDERS = frozenset(SLIDERS)
_FORM = frozenset(("preset", "skeleton", "neck"))


@dataclass(frozen=True)
class Line:
    """One file to be made: motion of a head, or another product of a row.

    id : names the line in the status, and gives the seed where none is asked for
    audio, style, out : absolute paths
    direct : of a direction's JSON file, None for none
    character, text, language : who speaks what; the motion does not depend on them
    start : frame at which the speech begins in Blender; a file begins with its sound
    rig_map : of the character, which a file does not depend on either
    product : what is made; None is the motion of a head
    beside : further lines of the same row
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
    product: Product | None = None
    beside: tuple["Line", ...] = ()

    @property
    def audio_text(self) -> str:
        """Path of the sound as text, which takes less time where many are compared."""
        return str(_AUDIO(self))

    @property
    def out_text(self) -> str:
        """Path of the output as text."""
        return str(_OUT(self))


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
        own_keys = fields.keys()
        fields = given.completed(fields)
        _check_complete(fields)
        if not _OF_PRODUCTS.isdisjoint(own_keys):
            _check_of_products(own_keys, fields)
        settings = GenerationSettings(
            seed=fields["seed"] if "seed" in fields else first_seed(name),
            engine=fields.get("engine", _SETTINGS.engine),
            **({} if _SLIDERS.isdisjoint(fields) else _sliders(fields)),
        )
        out = places.output(fields["out"]) if "out" in fields else ""
        form = ANY if _FORM.isdisjoint(fields) else _form(fields, out[out.rfind(".") :], places.folder)
        line = Line(
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
        if _PRODUCTS.isdisjoint(fields):
            return line
        beside = tuple(_product(line, key, fields, places) for key in OF_ROW if key in fields)
        return replace(line, beside=beside) if out else replace(beside[0], beside=beside[1:])
    except MannerismError as error:
        read = {key: places.folder / fields[key] for key in READ if FIELDS[key].fits(fields.get(key))}
        return Line(id=name, problem=str(error), **read, **_carried(fields))


def _product(line: Line, key: str, fields: Mapping[str, Any], places: Places) -> Line:
    """The line of another product of a row, named after that; a bad one has its reason as `problem`."""
    name = f"{line.id}:{key}"
    rate = f"{key}_fps"
    try:
        out = places.output(fields[key], key, *SUFFIXES[key])
        product, form = OF_ROW[key](fields, places.folder)
        return replace(
            line,
            id=name,
            out=out,
            rate=_rate(fields[rate], rate) if rate in fields else RATES[key],
            form=form,
            product=product,
        )
    except MannerismError as error:
        return replace(line, id=name, out=Path(), problem=str(error))


def each_file(lines: Iterable[Line]) -> Iterator[Line]:
    """A line for each file: every line, and those beside it after it."""
    for line in lines:
        yield replace(line, beside=()) if line.beside else line
        yield from line.beside


def _sliders(fields: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(fields[name]) for name in SLIDERS if name in fields}


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
    made = "out" in fields or not _PRODUCTS.isdisjoint(fields)
    if missing := [key for key in REQUIRED if key not in fields and not (key == "out" and made)]:
        raise BatchError(
            f"Missing: {', '.join(missing)}",
            f"A line needs {', '.join(REQUIRED)}; state what is the same for all with --set. In the place of out "
            f"it may have {' or '.join(OF_ROW)}",
        )


def _check_of_products(own: Iterable[str], fields: Mapping[str, Any]) -> None:
    """Refuse what a line states of a file that it does not make; what is stated for all may not be for it. Raises BatchError."""
    for key in own:
        products = [product for product, keys in OWN_KEYS.items() if key in keys]
        if products and fields.keys().isdisjoint(products):
            named = " or ".join(products)
            raise BatchError(f"{key} is given, and there is no {named}", f"Give {named} as well")


def _form(fields: Mapping[str, Any], suffix: str, folder: Path) -> Form:
    """How the motion is laid out. Raises OutputError."""
    skeleton = folder / fields["skeleton"] if "skeleton" in fields else None
    form = Form(fields.get("preset", ANY.preset), skeleton, float(fields.get("neck", ANY.neck_share)))
    if suffix:
        check_form(suffix, form)
    return form


def _rate(value: Any, key: str = "fps") -> FrameRate:
    try:
        return FrameRate.parse(str(value))
    except ValueError as error:
        raise BatchError(
            f"{key} is {shown(json.dumps(value))}", 'Give one like 24 or "30000/1001"'
        ) from error
