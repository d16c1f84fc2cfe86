"""A talking-head video: the character of the example says another line, in small and at five pictures a second.

She is fictional, so nobody's consent is missing. For a real person, `consent=True` is your word that they agree.

    python examples/python/07_talking_head.py [FOLDER]
"""

import sys
from pathlib import Path

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

motion = mannerism.generate("lively", EXAMPLES / "line_1.wav", seed=7)
result = mannerism.portrait(
    EXAMPLES / "reference.mp4",
    EXAMPLES / "line_1.wav",
    OUT / "talking_head.mp4",
    consent=True,
    motion=motion,
    quality="warp",
    size=128,
    fps=5,
    length_s=1.0,
    folder=OUT / "kept",
    progress=lambda share, what: print(f"{share:4.0%} {what}", end="\r"),
)
print(f"\n{result.out}: confidence {result.confidence.mean():.2f}.", *result.notes)
