"""Choice among a file's streams: a film before a cover picture, speech before silence, else the default one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .container import open_media
from .frame_samples import FrameSamples
from .packets import decode_stream, packet_time_s

_THUMB = 32  # pixels; the side of the reduced frames that are compared
_MOVES_BY, _MOVES_SHARE = 4, 0.25  # levels of 255 in some pixel of them, and share of the liveliest stream's
_LOOKED_S = 10.0
_LOOKED_PACKETS = 600
_AUDIBLE = 1e-3
"""RMS of a frame without its offset, full scale 1; the silence of a lossy codec lies far below."""


@dataclass(frozen=True)
class Choice:
    """A stream of a file.

    index : among all streams of the file; None where there is none that can be decoded
    undecodable : whether there are streams, and none can be decoded
    note : which one was chosen and why, without a full stop; empty where there was no choice
    """

    index: int | None
    undecodable: bool = False
    note: str = ""

    def of(self, container: Any) -> Any:
        """The stream in an open container of the same file, None where there is none."""
        return None if self.index is None else container.streams[self.index]


def choose_video(path: Path, container: Any) -> Choice:
    """Choose the stream with the film.

    container : the open file; where it has several streams, the file is opened once more
    """
    streams = _decodable(container.streams.video)
    if len(streams) < 2:
        return _only(container.streams.video, streams)
    moving = _moving(path, [stream.index for stream in streams])

    def rank(stream: Any) -> tuple[bool, bool, bool, int]:
        attached = bool(stream.disposition & stream.disposition.attached_pic)
        return (attached, stream.index not in moving, not _is_default(stream), stream.index)

    chosen = min(streams, key=rank)
    passed = streams[: streams.index(chosen)]
    is_still = bool(passed) and all(stream.index not in moving for stream in passed)
    reason = "what comes before it does not move" if is_still else "it is marked as the default"
    return _choice("picture", streams, chosen, reason)


def choose_audio(path: Path, container: Any) -> Choice:
    """Choose the stream with the speech.

    container : the open file; where it has several streams, the file is opened once more for each
    """
    streams = _decodable(container.streams.audio)
    if len(streams) < 2:
        return _only(container.streams.audio, streams)
    ranked = sorted(streams, key=lambda stream: (not _is_default(stream), stream.index))
    chosen = next((stream for stream in ranked if _audible(path, stream.index)), ranked[0])
    reason = (
        "it is marked as the default"
        if chosen is ranked[0]
        else "the one that is marked as default is silent"
    )
    return _choice("sound", streams, chosen, reason)


def _decodable(streams: Any) -> list[Any]:
    return [stream for stream in streams if stream.codec_context is not None]


def _only(streams: Any, decodable: list[Any]) -> Choice:
    return Choice(decodable[0].index) if decodable else Choice(None, undecodable=bool(streams))


def _choice(kind: str, streams: list[Any], chosen: Any, reason: str) -> Choice:
    why = f", as {reason}" if chosen is not streams[0] else ""
    note = f"The file has {len(streams)} {kind} tracks; number {streams.index(chosen) + 1} is used{why}"
    return Choice(chosen.index, note=note)


def _is_default(stream: Any) -> bool:
    return bool(stream.disposition & stream.disposition.default)


def _moving(path: Path, indices: list[int]) -> set[int]:
    """Indices of the streams whose picture changes within the first seconds, as much as that of the liveliest."""
    first: dict[int, Any] = {}
    changes = dict.fromkeys(indices, 0)
    begin_s: float | None = None
    with open_media(path) as container:
        streams = [container.streams[index] for index in indices]
        for count, (packet, frames) in enumerate(decode_stream(container, streams)):
            index = packet.stream.index
            for frame in frames:
                thumb = frame.reformat(_THUMB, _THUMB, "gray", interpolation="AREA").to_ndarray()
                levels = thumb.astype(np.int16)
                change = int(np.abs(levels - first.setdefault(index, levels)).max())
                changes[index] = max(changes[index], change)
            now_s = packet_time_s(packet)
            begin_s = now_s if begin_s is None else begin_s
            looked_s = 0.0 if now_s is None or begin_s is None else now_s - begin_s
            if looked_s > _LOOKED_S or count > _LOOKED_PACKETS:
                break
    least = max(_MOVES_BY, max(changes.values()) * _MOVES_SHARE)
    return {index for index, change in changes.items() if change > least}


def _audible(path: Path, index: int) -> bool:
    """Whether some frame of a stream is not silent."""
    with open_media(path) as container:
        packets = decode_stream(container, container.streams[index])
        return any(_is_loud(frame) for _, frames in packets for frame in frames)


def _is_loud(frame: Any) -> bool:
    samples = FrameSamples().of(frame)
    return bool(samples.size) and float(samples.std(axis=1).max()) > _AUDIBLE
