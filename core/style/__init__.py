"""HeadPoseTrack and its own speech to a Style."""

from .blend import blend
from .built_in import built_in_styles, style_path
from .encode import encode_style
from .schema import STATISTICS, Style, read_style, write_style

__all__ = [
    "STATISTICS",
    "Style",
    "blend",
    "built_in_styles",
    "encode_style",
    "read_style",
    "style_path",
    "write_style",
]
