"""Where nothing is: folders in which many files are looked for are listed once, instead of asking for each file."""

import os
from dataclasses import dataclass

from ..same_file import folded_name

_FIRST_LISTED = 32
"""Files that are looked for one by one before their folder is listed."""
_ENTRIES_A_FILE = 16
"""A folder is listed as long as it has no more entries than this for each file that was looked for."""
_LONGEST_NAME, _LONGEST_PATH = 100, 1000
"""Of longer ones the system is asked, which may refuse them."""
_LISTS = os.name != "nt"  # Windows has short names, streams and devices, so that a listing does not hold all


class Presence:
    """Whether files are there, for many files in few folders. What is found out once is not looked up again."""

    def __init__(self) -> None:
        self._folders: dict[str, _Folder] = {}

    def is_absent(self, path: str) -> bool:
        """Whether there is certainly nothing at an absolute path, not even a link, here or where letter case does not count.

        False says nothing: then look.
        """
        head, _, name = path.rpartition(os.sep)
        if not (_LISTS and len(path) <= _LONGEST_PATH and len(name) <= _LONGEST_NAME and name.isascii()):
            return False
        folder = self._folders.get(head)
        if folder is None:
            folder = self._folders[head] = _Folder()
        if folder.names is None:
            folder.asked += 1
            if folder.asked < folder.listed_at:
                return False
            folder.names = _names(head, folder.asked * _ENTRIES_A_FILE)
            if folder.names is None:
                folder.listed_at *= 2
                return False
        return name.upper() not in folder.names


@dataclass
class _Folder:
    """What is known of a folder: its names, folded, or after how many questions to list it."""

    names: frozenset[str] | None = None
    asked: int = 0
    listed_at: int = _FIRST_LISTED


def _names(folder: str, most: int) -> frozenset[str] | None:
    """The names in a folder, folded; None where there are more than `most`, or they cannot be read."""
    found = set()
    try:
        with os.scandir(folder or os.sep) as entries:
            for entry in entries:
                found.add(folded_name(entry.name))
                if len(found) > most:
                    return None
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except (OSError, ValueError):
        return None
    return frozenset(found)
