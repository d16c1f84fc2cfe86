"""A take that obeys: poses that are met, a nod, a hold, and one stretch anew from another seed.

python examples/python/09_directing_a_take.py [FOLDER]
"""

import sys
from pathlib import Path

import mannerism
from mannerism import Gesture, Kept, Part, Pin

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)
LINE = EXAMPLES / "line_2.wav"

# Angles are degrees as in a CSV. What is left out stays free, and moves in the person's manner.
shot = mannerism.Direction(
    pins=(Pin(1.5, pitch_deg=2, yaw_deg=15, roll_deg=0), Pin(3.0, yaw_deg=-10)),
    gestures=(Gesture("nod", time_s=2.2, strength=1.2),),
)
mannerism.write_direction(OUT / "shot.json", shot)
obeys = mannerism.generate("lively", LINE, seed=7, direction=OUT / "shot.json")
mannerism.export(OUT / "obeys.csv", obeys, fps=24)

# What is liked is kept to the last bit, and the rest is made anew around it.
kept = mannerism.Direction(kept=(Kept.of(obeys, 1.0, 2.6),))
again = mannerism.generate("lively", LINE, seed=8, direction=kept)
mannerism.export(OUT / "kept.csv", again, fps=24)

part = mannerism.Direction(parts=(Part(0.8, 2.0, seed=9),))
mannerism.export(OUT / "part.csv", mannerism.generate("lively", LINE, seed=7, direction=part), fps=24)
for note in obeys.notes:
    print(note)
