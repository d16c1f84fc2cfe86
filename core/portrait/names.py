"""What the talking-head video lets one choose, for panels and the command line's help too: loads nothing."""

from collections.abc import Mapping

QUALITIES: Mapping[str, str] = {
    "warp": "frames of the reference, warped and faded",
    "refined": "then refined by a small network that learns this person in a few minutes",
    "high": "refined by a larger network; wants a graphics card",
}
DEFAULT_QUALITY = "warp"
SMALLEST_SIZE, LARGEST_SIZE, DEFAULT_SIZE = 64, 1024, 256
DEFAULT_REFINE_S = 180.0
SUFFIX = ".mp4"
