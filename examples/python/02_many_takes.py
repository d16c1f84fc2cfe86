"""Several takes of one line: each seed is one, the same every time. The one that moves most is kept.

python examples/python/02_many_takes.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)


def mean_angle_deg(motion: mannerism.HeadMotion) -> float:
    """Mean angle between the head and its rest."""
    return float(np.degrees(2 * np.arccos(np.clip(np.abs(motion.rotation[:, 0]), 0, 1))).mean())


takes = {seed: mannerism.generate("lively", EXAMPLES / "line_2.wav", seed=seed) for seed in range(1, 6)}
for seed, motion in takes.items():
    print(f"Take {seed}: {mean_angle_deg(motion):.1f}° from rest on average")

best = max(takes, key=lambda seed: mean_angle_deg(takes[seed]))
mannerism.export(OUT / f"line_2_take_{best}.csv", takes[best], fps=24)
