"""Lines of Blender's list: whether the layer or the file of one is there as it was made from the same."""

from ..errors import OutputError
from .digest import digest_of
from .earlier import Kind, Record, find_earlier
from .manifest_row import Line


def standing(line: Line, record: Record | None, *, is_layer: bool) -> tuple[str, bool]:
    """The digest of a line, and whether its result stands as it would be made.

    line : `out` is its file, or any name where it becomes a layer
    record : of its result as it was made last; None where there is none any more. That of a layer has no size and hash

    Raises
    ------
    BatchError : the sound or the style cannot be read
    OutputError : somebody has edited the file, or it is not this list's
    """
    digest = digest_of(line)
    same = record is not None and record.digest == digest
    if is_layer:
        return digest, same
    kind = find_earlier(line.out, record, ()).kind
    if kind is Kind.EDITED:
        raise OutputError(
            f"“{line.out.name}” was edited after it was made, and is kept", "Move it to have it made again"
        )
    if kind is Kind.FOREIGN:
        raise OutputError(f"“{line.out.name}” is there already", "Remove it, or choose another folder")
    return digest, same and kind is Kind.OURS
