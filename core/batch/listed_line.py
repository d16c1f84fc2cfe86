"""A line of Blender's list before it is made: what is there of it already. Reads files, so that Blender does not have to."""

from dataclasses import dataclass

from ..errors import OutputError
from .digest import digest_of
from .earlier import Kind, Record, find_earlier
from .manifest_row import Line


@dataclass(frozen=True)
class Before:
    """What there is of a line.

    digest : of what it is to be made from
    made : whether it is there, and nothing is to be done
    note : what the user should know of it, else empty
    """

    digest: str
    made: bool
    note: str = ""


def layer_before(line: Line, record: Record | None, asked: str = "") -> Before:
    """What there is of a line that becomes a layer.

    record : of the layer that was made for it; None where there is none
    asked : what the take must do, as in `digest_of`

    Raises
    ------
    BatchError : the sound or the style cannot be read
    """
    digest = digest_of(line, asked)
    return Before(digest, record is not None and record.digest == digest)


def file_before(line: Line, record: Record | None, asked: str = "") -> Before:
    """What there is of a line that becomes a file.

    record : of the file that was written for it at this place; None where none was
    asked : what the take must do, as in `digest_of`

    Raises
    ------
    BatchError : the sound or the style cannot be read
    OutputError : there is a file that somebody else wrote, or one that was changed since it was written
    """
    digest = digest_of(line, asked)
    found = find_earlier(line.out, record, ())
    same = record is not None and record.digest == digest
    name = line.out.name
    if found.kind not in {Kind.EDITED, Kind.FOREIGN}:
        return Before(digest, made=same and found.kind is Kind.OURS)
    if record is None:
        raise OutputError(f"“{name}” is there already", "Remove it, or choose another folder")
    if same and found.kind is Kind.EDITED:
        # Without a hash, as where the batch was stopped in that moment, nobody knows whether it was changed.
        changed = f"“{name}” was changed after it was made, and is kept. Remove it to make it again."
        return Before(digest, made=True, note=changed if record.sha256 else "")
    raise OutputError(
        f"“{name}” is not as it was made, so it is kept",
        "Remove it to make it again, or choose another folder",
    )
