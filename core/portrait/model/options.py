"""Choices and defaults of the talking-head video, for panels and the command line's help: loads nothing."""

from collections.abc import Mapping

QUALITIES: Mapping[str, str] = {
    "warp": "frames of the reference, warped and faded",
    "refined": "then refined by what all frames of the person teach together, where that is better",
    "high": "then by a network that learns the person as well; wants a graphics card and PyTorch",
}
DEFAULT_QUALITY = "refined"
SMALLEST_SIZE, LARGEST_SIZE = 64, 1024
AUTO_SIZE = 0
"""Stands for the size that the reference fills: 256, 512 or 768 pixels."""
AUTO = "auto"
"""Its name in commands and manifests."""
FACE_SIZE = 256
"""Of the pictures in which a face alone is measured."""
DEFAULT_REFINE_S = 180.0
SUFFIX = ".mp4"
