"""Where the tests find the repository, the example files and clips of real speakers."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "tests" / "support"
EXAMPLES = ROOT / "examples"
REFERENCE = EXAMPLES / "reference.mp4"
CLIPS = Path(os.environ.get("MANNERISM_CLIPS", ROOT / "out" / "clips"))
"""Videos of real speakers, which are not part of the repository; tests that need them skip without."""
