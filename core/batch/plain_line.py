"""A line as values that JSON has, so that a worker process makes or looks at the same one."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..export import Form
from ..generate.settings import GenerationSettings
from ..timing import FrameRate
from .manifest_row import Line
from .product import plain_product, product_of_plain


def plain(line: Line) -> dict[str, Any]:
    """All of a line that can be made on which its file depends, see `digest_of`."""
    return {
        "id": line.id,
        "audio": str(line.audio),
        "style": str(line.style),
        "out": str(line.out),
        "settings": asdict(line.settings),
        "fps": str(line.rate.fps),
        "form": asdict(line.form) | {"skeleton": _text(line.form.skeleton)},
        "direct": _text(line.direct),
        "product": plain_product(line.product),
    }


def of_plain(values: Mapping[str, Any]) -> Line:
    """The line of which `plain` made these values."""
    form = values["form"]
    return Line(
        id=values["id"],
        audio=Path(values["audio"]),
        style=Path(values["style"]),
        out=Path(values["out"]),
        settings=GenerationSettings(**values["settings"]),
        rate=FrameRate(Fraction(values["fps"])),
        form=Form(**{**form, "skeleton": _path(form["skeleton"])}),
        direct=_path(values["direct"]),
        product=product_of_plain(values["product"]),
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
