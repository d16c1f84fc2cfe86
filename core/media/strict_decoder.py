"""A second decoder beside FFmpeg's own, where that makes pictures of wrong bits and does not say so."""

from typing import Any

_STRICT = {"vp9": "libvpx-vp9"}  # refuses each of 12 files with wrong bits at their very picture


class StrictDecoder:
    """Decodes the packets of a stream once more, to learn which are damaged; without one for a codec it says nothing.

    It refuses all that follows from a damaged picture too: up to the next key picture that is not counted.
    """

    def __init__(self, stream: Any) -> None:
        self._codec = stream.codec_context
        self._decoder = self._opened() if self._codec.name in _STRICT else None
        self._is_fit = False
        self._waits = True

    def refuses(self, packet: Any) -> bool:
        """Whether a packet, those before it having been given, is damaged."""
        import av

        if self._decoder is None or not packet.size or (self._waits and not packet.is_keyframe):
            return False
        if self._waits and self._is_fit:
            self._decoder = self._opened()
        try:
            self._decoder.decode(packet)
        except (av.FFmpegError, ValueError):
            if not self._is_fit:  # it cannot read the kind at all
                self._decoder = None
                return False
            self._waits = True
            return True
        self._is_fit, self._waits = True, False
        return False

    def _opened(self) -> Any:
        import av

        try:
            decoder = av.CodecContext.create(_STRICT[self._codec.name], "r")
        except (av.FFmpegError, ValueError):
            return None
        decoder.extradata = self._codec.extradata
        decoder.thread_count = self._codec.thread_count
        return decoder
