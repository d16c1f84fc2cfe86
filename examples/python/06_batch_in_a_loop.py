"""All lines of a folder: what cannot be used is reported, and the rest is made.

For many lines on all processor cores there is `mannerism batch`, see docs/batch.md.

    python examples/python/06_batch_in_a_loop.py [FOLDER]
"""

import sys
from pathlib import Path

import mannerism

EXAMPLES = Path(__file__).parents[1]
OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

style = mannerism.read_style("thoughtful pauses")  # read once for all lines
(OUT / "empty.wav").touch()

failed = []
for sound in [*sorted(EXAMPLES.glob("line_*.wav")), OUT / "empty.wav"]:
    try:
        motion = mannerism.generate(style, sound)  # the seed comes from the file's name
        mannerism.export(OUT / f"{sound.stem}.bvh", motion, fps="24000/1001")
        mannerism.write_face(OUT / f"{sound.stem}.face.csv", mannerism.face(sound))
    except mannerism.MannerismError as error:
        failed.append(f"{sound.name}: {error.problem}. {error.remedy}.")
    else:
        print(f"{sound.name}: {motion.duration_s:.1f} s")

print("Failed:", *failed, sep="\n  ")
