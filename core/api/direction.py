"""Public functions: directions, what a take must do, read and written."""

from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import StrPath

if TYPE_CHECKING:
    from ..direct.direction import Direction


def read_direction(path: StrPath) -> "Direction":
    """Read what a take must do from a JSON file, see docs/direct.md.

    Parameters
    ----------
    path : the file; motions that it names are relative to its folder

    Raises
    ------
    DirectionError : the file cannot be read, or an entry is wrong; the sentence says which
    TableError : a motion that it names cannot be read

    See Also
    --------
    write_direction, generate

    Examples
    --------
    >>> import mannerism
    >>> with open("shot.json", "w") as file:
    ...     _ = file.write('{"pins": [{"time_s": 2, "yaw_deg": 20}]}')
    >>> mannerism.read_direction("shot.json").pins[0].yaw_deg
    20
    """
    from ..direct.direction_file import read_direction

    return read_direction(Path(path))


def write_direction(path: StrPath, direction: "Direction") -> None:
    """Write what a take must do as a JSON file that reads back as the same.

    Parameters
    ----------
    path : NAME.json
    direction : pins, gestures, parts, kept stretches, strengths

    Raises
    ------
    OutputError : the file cannot be written

    See Also
    --------
    read_direction, generate

    Examples
    --------
    >>> import mannerism
    >>> nod = mannerism.Gesture("nod", time_s=1.5)
    >>> mannerism.write_direction("nod.json", mannerism.Direction(gestures=(nod,)))
    >>> mannerism.read_direction("nod.json").gestures == (nod,)
    True
    """
    from ..direct.direction_file import direction_to_json
    from ..files import replacing

    with replacing(Path(path)) as temporary:
        temporary.write_text(direction_to_json(direction) + "\n", encoding="utf-8")
