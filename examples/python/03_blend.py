"""From one manner to another in five steps, and one of them exaggerated.

python examples/python/03_blend.py [FOLDER]
"""

import sys
from pathlib import Path

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

for name, description in mannerism.styles().items():
    print(f"{name:<18} {description}")

for mix in (0.0, 0.25, 0.5, 0.75, 1.0):
    style = mannerism.blend("calm", "emphatic nods", mix)
    mannerism.write_style(OUT / f"calm_to_nods_{mix:.2f}.style.json", style)
    motion = mannerism.generate(style, EXAMPLES / "line_1.wav", seed=3)
    mannerism.export(OUT / f"calm_to_nods_{mix:.2f}.csv", motion)

half = OUT / "calm_to_nods_0.50.style.json"  # a style, its file, or its name: all are taken
exaggerated = mannerism.generate(half, EXAMPLES / "line_1.wav", seed=3, personality=2.0, intensity=1.2)
mannerism.export(OUT / "exaggerated.csv", exaggerated)
