"""Head motion scored against what the person really did: ours, and the same motion held back by half.

A real judgement takes many persons whom nothing was trained on, see docs/scorecard.md.

    python examples/python/08_judging_motion.py [FOLDER]
"""

import json
import sys
from pathlib import Path

import mannerism

EXAMPLES = Path(__file__).resolve().parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

SPEECH, TRUTH = EXAMPLES / "reference.mp4", str(EXAMPLES / "reference.truth.csv")
style = mannerism.encode_style(TRUTH)

pairs = []
for name, intensity in (("ours", 1.0), ("half", 0.5)):
    motion = mannerism.generate(style, SPEECH, seed=7, intensity=intensity)
    mannerism.export(OUT / f"{name}.csv", motion)
    pair = {"person": "her", "reference_track": TRUTH, "target_track": TRUTH, "kind": "same"}
    pairs.append(pair | {"audio": str(SPEECH), "motion": f"{name}.csv", "seed": 7})
(OUT / "pairs.jsonl").write_text("\n".join(map(json.dumps, pairs)), encoding="utf-8")

for row in mannerism.score(OUT / "pairs.jsonl").rows:
    figures = {name: round(figure.value, 2) for name, figure in row.figures.items()}
    print(f"{row.system:<6} {figures}")
