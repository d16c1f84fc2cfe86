"""Test of Blender closed in the middle of real jobs: does any process or file outlive it?

python benchmarks/closing.py [ROUNDS]
"""

import sys
import tempfile
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

from mannerism.tools.synthetic.closing import WAYS, close_in_the_middle

EXAMPLES = Path(__file__).parents[1] / "examples"
SHARES = (0.0, 0.01, 0.1, 0.3, 0.6)
"""When to close, as a share of the job. Five, so that each meets each of the four ways in twenty rounds."""


def main() -> None:
    """Print how each round ended, and exit with status 1 if anything was left."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    left: Counter[int | str] = Counter()
    for number, how, share in islice(zip(range(rounds), cycle(WAYS), cycle(SHARES)), rounds):
        with tempfile.TemporaryDirectory() as folder:
            arguments = {
                "source": str(EXAMPLES / "reference.mp4"),
                "style_out": str(Path(folder) / "style.json"),
                "keep_motion": True,
            }
            started = time.perf_counter()
            remains = close_in_the_middle(how, Path(folder), name="encode", arguments=arguments, share=share)
            seconds = time.perf_counter() - started
        left.update(remains)
        print(f"{number + 1:3d}  {how:10s} at {share:4.0%}  {seconds:5.1f} s  left: {remains or 'nothing'}")
    print(f"{rounds} rounds, left in all: {dict(left) or 'nothing'}")
    sys.exit(bool(left))


if __name__ == "__main__":
    main()
