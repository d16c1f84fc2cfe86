"""User data folder: files kept between runs."""

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Where consent, analysed references, unfinished videos and logs are kept.

    MANNERISM_DATA, or else the place of the operating system for a user's application data.
    """
    named = os.environ.get("MANNERISM_DATA")
    if named:
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "mannerism"


def worker_log() -> Path:
    """The log file of the worker, which a bug report can attach; see `logs.py`."""
    return data_folder() / "logs" / "worker.log"
