"""Opening of video and sound files with PyAV."""

import os
from pathlib import Path
from typing import Any

from .ogg_chain import OggChain, part_spans
from .wave_chunks import read_wave

_PART_PROTOCOLS = {"protocol_whitelist": "file,subfile"}


def open_media(path: Path) -> Any:
    """Open a local file with PyAV; use the result as a context.

    A playlist that poses as a recording opens no address, a path is never taken for a protocol as
    “concat:a.wav” would be, and titles that are not UTF-8, which PyAV 18 refuses, are let through.

    Raises
    ------
    OSError : the file is missing or cannot be read
    av.FFmpegError : it is no recording
    """
    spans = part_spans(path)
    if len(spans) > 1:
        return OggChain(spans, lambda span: _opened(_span_address(path, *span), _PART_PROTOCOLS))
    wave = read_wave(path)
    if wave is not None and wave.raw_format is not None:
        layout = hex(wave.mask) if wave.mask else f"{wave.channels} channels"
        options = {"sample_rate": str(wave.rate_hz), "ch_layout": layout, **_PART_PROTOCOLS}
        return _opened(_span_address(path, wave.begin, wave.end), options, wave.raw_format)
    return _opened(os.fspath(path.resolve()), {"protocol_whitelist": "file"})


def _opened(address: str, options: dict[str, str], form: str | None = None) -> Any:
    import av

    lenient: Any = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    return av.open(address, format=form, options=options, **lenient)


def _span_address(path: Path, begin: int, end: int) -> str:
    """Address of a part of a file, by FFmpeg's own protocol for that."""
    return f"subfile,,start,{begin},end,{end},,:{os.fspath(path.resolve())}"
