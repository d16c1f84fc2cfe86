"""Choices and defaults of the talking-head video, for panels and the command line's help: loads nothing."""

from collections.abc import Mapping

QUALITIES: Mapping[str, str] = {
    "warp": "frames of the reference, warped and faded",
    "refined": "then refined by what all frames of the person teach together, where that is better",
    "high": "then by a network that learns the person as well; wants a graphics card and PyTorch",
}
DEFAULT_QUALITY = "refined"
SMALLEST_SIZE, LARGEST_SIZE, DEFAULT_SIZE = 64, 1024, 256
DEFAULT_REFINE_S = 180.0
SUFFIX = ".mp4"
