"""Opening of video and sound files with PyAV."""

import os
from pathlib import Path
from typing import Any


def open_media(path: Path) -> Any:
    """Open a local file with PyAV; use the result as a context.

    A playlist that poses as a recording opens no address, a path is never taken for a protocol as
    “concat:a.wav” would be, and titles that are not UTF-8, which PyAV 18 refuses, are let through.

    Raises
    ------
    OSError : the file is missing or cannot be read
    av.FFmpegError : it is no recording
    """
    import av

    lenient: Any = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    return av.open(os.fspath(path.resolve()), options={"protocol_whitelist": "file"}, **lenient)
