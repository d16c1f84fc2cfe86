"""The styles that the sidebar offers: the built-in ones and those of the style folder, each with its picture.

Blender asks for the list at each redraw, so it is kept until the folder changes. Pictures are drawn one at a
time, between redraws.
"""

from pathlib import Path
from typing import Any, NamedTuple

import bpy
import bpy.utils.previews
import numpy as np

from . import style_files
from .messages import shown, shown_refusal
from .paths import normal_path, stored_path

_PICTURE = 96  # pixels, of which the list shows about as many
_EVERY_S = 0.02  # one picture at a time
_Item = tuple[str, str, str, int, int]


class _State(NamedTuple):
    """What the list was made of."""

    folder: Path | None
    changed_ns: int
    elsewhere: str


class _Styles:
    """The list as an enumeration's items, and what belongs to it."""

    def __init__(self) -> None:
        self.items: list[_Item] = []  # Blender reads these strings after it has asked for them
        self._numbers: dict[str, int] = {}  # by style as a field has it, and as an absolute path
        self._state: _State | None = None
        self._pictures: Any = None
        self._waiting: list[str] = []
        self._on_view: str | None = None
        self._summaries: dict[str, str] = {}

    def look(self, current: str) -> list[_Item]:
        """The items; `current` is the character's style, which may lie in another folder."""
        listed = not current or self.number(current) is not None
        elsewhere = (self._state.elsewhere if self._state else "") if listed else current
        folder = _folder()
        state = _State(folder, _changed_ns(folder), elsewhere)
        if state != self._state:
            self._state = state
            self._fill(state)
            self._draw_first(current)
        return self.items

    def _draw_first(self, current: str) -> None:
        """The one picture that is on view before the others."""
        self._on_view = next((key for key in self._waiting if normal_path(key) == normal_path(current)), None)
        if self._on_view is not None:
            self._waiting.remove(self._on_view)
            self._waiting.insert(0, self._on_view)

    def number(self, style: str) -> int | None:
        """Number of a style among the items."""
        number = self._numbers.get(style)
        return number if number is not None or not style else self._numbers.get(normal_path(style))

    def _fill(self, state: _State) -> None:
        from ..core.style.built_in import descriptions  # registering reads no style room

        rows = [(name, name.capitalize(), text) for name, text in descriptions().items()]
        own = (
            sorted(path for path in state.folder.glob(f"*{style_files.SUFFIX}") if path.is_file())
            if state.folder
            else ()
        )
        rows += [
            (stored_path(str(path)), path.name.removesuffix(style_files.SUFFIX), str(path)) for path in own
        ]
        if state.elsewhere and normal_path(state.elsewhere) not in {normal_path(key) for key, *_ in rows}:
            name = Path(state.elsewhere).name.removesuffix(style_files.SUFFIX)
            rows.append((state.elsewhere, name, "In another folder"))
        self.items = [
            (key, name, self._summaries.get(key, text), self._icon(key), number)
            for number, (key, name, text) in enumerate(rows)
        ]
        self._numbers = {normal_path(key): number for key, *_, number in self.items}
        self._numbers |= {key: number for key, *_, number in self.items}

    def _icon(self, key: str) -> int:
        if bpy.app.background:
            return 0
        self._pictures = self._pictures or bpy.utils.previews.new()
        if key not in self._pictures:
            self._pictures.new(key)
            self._waiting.append(key)
            if not bpy.app.timers.is_registered(_draw_next):
                bpy.app.timers.register(_draw_next)
        return int(self._pictures[key].icon_id)

    def draw_next(self) -> tuple[float | None, bool]:
        """Draw one picture; returns the seconds until the next one, None when all are drawn, and whether to redraw."""
        from ..core.errors import MannerismError
        from ..core.style.picture import picture, summary
        from ..core.style.schema import read_style

        if not (self._waiting and self._pictures):
            return None, True
        key = self._waiting.pop(0)
        try:
            style = read_style(style_files.style_file(key))
        except MannerismError as error:
            self._summaries[key] = shown_refusal(error)
        else:
            self._summaries[key] = shown(summary(style))
            preview = self._pictures[key]
            preview.image_size = (_PICTURE, _PICTURE)
            drawn = np.ascontiguousarray(picture(style, _PICTURE)[::-1], np.float32) / 255
            preview.image_pixels_float.foreach_set(drawn.ravel())
        if not self._waiting:
            self._state = None  # the list is made again, with what the pictures showed
        return (_EVERY_S, key == self._on_view) if self._waiting else (None, True)

    def forget(self, path: str) -> None:
        """Draw the picture of a file anew when it is asked for: the file is another one now."""
        for key in [key for key, *_ in self.items if normal_path(key) == normal_path(path)]:
            if self._pictures is not None and key in self._pictures:
                del self._pictures[key]
            self._summaries.pop(key, None)
        self._state = None

    def close(self) -> None:
        """Free the pictures."""
        if bpy.app.timers.is_registered(_draw_next):
            bpy.app.timers.unregister(_draw_next)
        if self._pictures is not None:
            bpy.utils.previews.remove(self._pictures)
        self.__init__()  # type: ignore[misc]


def _folder() -> Path | None:
    """The style folder; None where there is none, as in Blender's module without the extension."""
    try:
        return style_files.style_folder(create=False)  # a redraw makes no folder
    except (OSError, ValueError):
        return None


def _changed_ns(folder: Path | None) -> int:
    try:
        return folder.stat().st_mtime_ns if folder else 0
    except OSError:
        return 0


styles = _Styles()
"""One for each Blender."""


def _draw_next() -> float | None:
    wait_s, redraw = styles.draw_next()
    for window in bpy.context.window_manager.windows if redraw else ():  # type: ignore[union-attr]
        for area in window.screen.areas:
            area.tag_redraw()
    return wait_s


def style_items(character: Any, _context: Any) -> list[_Item]:
    """Items of the enumeration of styles."""
    return styles.look(character.style)


def chosen_number(character: Any) -> int:
    """Number of the character's style among the items."""
    styles.look(character.style)
    return styles.number(character.style) or 0


def choose_number(character: Any, number: int) -> None:
    """Give the character the style of a number among the items."""
    character.style = styles.look(character.style)[number][0]
