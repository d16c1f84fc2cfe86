"""A style from recorded head motion, and a take of head motion for a speech, as CSV and BVH.

python examples/python/01_encode_and_generate.py [FOLDER]
"""

import sys
from pathlib import Path

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

# A video does as well, and is tracked first: mannerism.encode_style(EXAMPLES / "reference.mp4")
style = mannerism.encode_style(EXAMPLES / "reference.truth.csv", speech=EXAMPLES / "reference.mp4")
mannerism.write_style(OUT / "her.style.json", style)
print(f"Confidence {style.confidence:.2f}.", *style.reasons)

motion = mannerism.generate(style, EXAMPLES / "line_1.wav", seed=7)
mannerism.export(OUT / "line_1.bvh", motion, fps=30)
mannerism.export(OUT / "line_1.csv", motion, fps=30)
print(f"{motion.duration_s:.2f} s of head motion in {OUT}")
