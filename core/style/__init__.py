"""HeadPoseTrack and its own speech to a Style."""

from .encode import encode_style
from .schema import STATISTICS, Style, read_style, write_style

__all__ = ["STATISTICS", "Style", "encode_style", "read_style", "write_style"]
