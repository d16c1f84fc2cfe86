"""The keys of a line: what a value must be, how text in a table gives one, and what headers call it. One row a key."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import category

from ..face.doses import DOSES as EXPRESSION
from ..gaze.settings import DOSES as GAZE
from ..generate.settings import SLIDERS
from ..portrait.model.options import AUTO

_LONGEST_ID = 1000
_LONGEST_PATH = 32_767  # of any system
_LONGEST_TEXT = 100_000


def is_control(letter: str) -> bool:
    """Whether a letter ends a line, commands a terminal, or is none."""
    return category(letter) in {"Cc", "Cs", "Zl", "Zp"}


def _is_text(value: Any) -> bool:
    """Text of one line. Joiners and all kinds of blanks belong to names in many languages."""
    if not isinstance(value, str) or not value.strip():
        return False
    return value.isprintable() or not any(map(is_control, value))


def _is_id(value: Any) -> bool:
    return _is_text(value) and len(value) <= _LONGEST_ID


def _is_path(value: Any) -> bool:
    """What this system can have as a path."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_PATH or "\0" in value:
        return False
    if value.isascii():
        return True
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and abs(value) < 1e9


def _is_rate(value: Any) -> bool:
    return _is_text(value) or _is_number(value)


def _is_speech(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_doses(known: Collection[str], value: Any) -> bool:
    return isinstance(value, dict) and all(key in known and _is_number(dose) for key, dose in value.items())


def _is_size(value: Any) -> bool:
    return value == AUTO or _is_whole(value)


def _is_answer(value: Any) -> bool:
    return isinstance(value, bool)


def _is_settings(value: Any) -> bool:
    return isinstance(value, dict) and all(
        key in SETTINGS and FIELDS[key].fits(inner) for key, inner in value.items()
    )


def _whole(text: str) -> Any:
    whole = text.removesuffix(".0")  # as spreadsheets write a number that once was a fraction
    return int(whole) if whole.isascii() and whole.isdecimal() else text


def _number(text: str) -> Any:
    try:
        return float(_point(text))
    except ValueError:
        return text


def _point(text: str) -> str:
    """A number with a decimal point, also where half of the world writes a comma."""
    return text.replace(",", ".") if "." not in text else text


def _pairs(text: str) -> Any:
    """Settings in one cell, as “intensity=0.8; engine=puppet”."""
    found = [part.partition("=") for part in text.split(";") if part.strip()]
    return {key.strip(): from_text(key.strip(), value.strip()) for key, _, value in found}


def _dose_pairs(text: str) -> Any:
    """Doses in one cell, as “follow=0.5; small=0”."""
    found = [part.partition("=") for part in text.split(";") if part.strip()]
    return {key.strip(): _number(value.strip()) for key, _, value in found}


def _answer(text: str) -> Any:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
        text.casefold(), text
    )


@dataclass(frozen=True)
class Field:
    """A key of a line.

    fits : whether a value can be one
    names : what headers of tables call it besides the key, whatever the case, blanks and punctuation; the first
        ones come before the others where a table has several
    from_text : the value that text in a table stands for; the text itself where it stands for none
    is_header : whether the key itself is a header too; not where columns of that name hold something else, as pictures
        of speakers in a column “Portrait”
    """

    fits: Callable[[Any], bool]
    names: tuple[str, ...] = ()
    from_text: Callable[[str], Any] = str
    is_header: bool = True


FIELDS: Mapping[str, Field] = {
    "id": Field(
        _is_id,
        (
            *("line id", "dialogue id", "dialog id", "string id", "cue id", "loc id", "localization id"),
            *("localisation id", "record id", "asset id", "identifier", "uid", "guid", "key", "string key"),
            *("line key", "cue", "cue name", "line name", "line", "name"),
        ),
    ),
    "audio": Field(
        _is_path,
        (
            *("audio file", "audio path", "audio filename", "vo file", "vo filename", "vo path", "vo", "wav"),
            *(
                "wav file",
                "wave",
                "wave file",
                "sound",
                "sound file",
                "sound wave",
                "voice file",
                "voice over",
            ),
            *("voice over file", "voice line", "recording", "audio clip", "clip", "file", "filename"),
            *("file path", "path", "media"),
        ),
    ),
    "style": Field(_is_path, ("style file", "head style", "motion style", "manner", "mannerism")),
    "out": Field(
        _is_path,
        (
            *("output", "output file", "output path", "out file", "out path", "motion", "motion file"),
            *("animation", "animation file", "anim", "anim file", "bvh", "fbx", "export", "export file"),
            *("target file", "destination"),
        ),
    ),
    "seed": Field(_is_whole, ("random seed",), _whole),
    "engine": Field(_is_text, ("method",)),
    **{
        name: Field(_is_number, (slider.label, *more), _number)
        for name, slider in SLIDERS.items()
        for more in [{"intensity": ("strength", "amount", "head intensity")}.get(name, ())]
    },
    "fps": Field(_is_rate, ("frame rate", "frames per second", "rate"), _point),
    "preset": Field(_is_text, ("program", "engine preset", "export preset", "target")),
    "skeleton": Field(_is_path, ("skeleton file", "character file", "template")),
    "neck": Field(_is_number, ("neck share",), _number),
    "settings": Field(_is_settings, ("generation settings",), _pairs),
    "character": Field(
        _is_text, ("character name", "char", "speaker", "speaker name", "role", "npc", "who", "talker")
    ),
    "text": Field(
        _is_speech,
        (
            *(
                "dialogue",
                "dialog",
                "dialogue text",
                "dialog text",
                "line text",
                "transcript",
                "transcription",
            ),
            *("spoken text", "script", "subtitle", "subtitles", "caption", "source text", "source", "string"),
            *("translation", "utterance", "sentence", "words", "content"),
        ),
    ),
    "language": Field(_is_text, ("locale", "lang", "culture", "language code", "locale code")),
    "direct": Field(_is_path, ("direction", "directions", "direction file")),
    "rig_map": Field(_is_path, ("rig map file", "rig", "rig mapping")),
    "start": Field(_is_whole, ("start frame", "first frame", "frame start"), _whole),
    "face": Field(_is_path, ("face file", "face path", "face out", "face output"), is_header=False),
    "face_names": Field(_is_text),
    "face_fps": Field(_is_rate, ("face frame rate",), _point),
    "face_strength": Field(_is_number, (), _number),
    "face_skeleton": Field(_is_path),
    "gaze": Field(partial(_is_doses, GAZE), ("gaze doses", "face gaze"), _dose_pairs, is_header=False),
    "expression": Field(
        partial(_is_doses, EXPRESSION),
        ("expression doses", "face expression", "face doses"),
        _dose_pairs,
        is_header=False,
    ),
    "portrait": Field(
        _is_path,
        (
            *("portrait file", "portrait path", "portrait out", "portrait output", "portrait video"),
            *("talking head", "talking head file", "talking head video"),
        ),
        is_header=False,
    ),
    "reference": Field(_is_path, ("reference video", "video of the person"), is_header=False),
    "portrait_quality": Field(_is_text),
    "portrait_size": Field(_is_size, (), _whole),
    "portrait_fps": Field(_is_rate, ("portrait frame rate",), _point),
    "portrait_minutes": Field(_is_number, (), _number),
    "portrait_label": Field(_is_answer, (), _answer),
}
"""The keys of a line. A new one is a row here, and whoever reads it from the line."""

NAMES: Mapping[str, tuple[str, ...]] = {
    key: (key, *field.names) if field.is_header else field.names for key, field in FIELDS.items()
}
"""What headers of tables call each key."""
REQUIRED = ("id", "audio", "style", "out")
SETTINGS = ("seed", "engine", *SLIDERS, "fps")
"""What the key “settings” may hold."""
OF_A_CHARACTER = (
    *("style", "rig_map", "engine", *SLIDERS, "fps", "settings", "preset", "skeleton", "neck"),
    *("face_names", "face_fps", "face_strength", "face_skeleton", "gaze", "expression", "reference"),
    *("portrait_quality", "portrait_size", "portrait_fps", "portrait_minutes", "portrait_label"),
)
"""What a table of characters may hold."""
PATHS = (
    *("audio", "style", "out", "direct", "skeleton", "rig_map"),
    *("face", "face_skeleton", "portrait", "reference"),
)


def from_text(key: str, text: str) -> Any:
    """The value that text in a table stands for; of an unknown key the text itself."""
    return FIELDS[key].from_text(text) if key in FIELDS else text
