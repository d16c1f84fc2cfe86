"""Fuzz the readers of files: no traceback, no crash, no input that takes seconds or half a gigabyte.

    python tools/fuzz/fuzz.py --mutations 20000                 # of each kind of file
    python tools/fuzz/fuzz.py --seconds 3600 bvh style          # of two kinds, for an hour in all

Mutation number N of a kind is always the same bytes. An input that fails is kept in out/fuzz with its number,
and the exit status is 1.
"""

import argparse
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from mannerism.core.threads import use_one_thread
from mannerism.tools.fuzz.isolated import Findings, Limits, Target, fuzz
from mannerism.tools.fuzz.readers import READERS

BLOCK = 500  # mutations of one kind before the next one has its turn


def main(arguments: list[str] | None = None) -> int:
    """Fuzz, and print a line for each kind; returns 1 where an input failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(READERS)}; by default all")
    parser.add_argument("--mutations", type=int, default=20_000, help="of each kind (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="in all, whatever is reached")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutation")
    parser.add_argument("--output", type=Path, default=Path("out/fuzz"), help="folder for inputs that fail")
    given = parser.parse_args(arguments)
    unknown = sorted({*given.kinds} - {*READERS})
    if unknown:
        parser.error(f"no such kind: {', '.join(unknown)}")
    use_one_thread()
    found = {kind: Findings() for kind in given.kinds or READERS}
    end = time.monotonic() + given.seconds
    with tempfile.TemporaryDirectory(prefix="mannerism-fuzz-") as name:
        targets = {kind: Target.of(kind, READERS[kind], Path(name)) for kind in found}
        with suppress(KeyboardInterrupt):  # what was found until then is kept
            for first in range(given.first, given.first + given.mutations, BLOCK):
                for number, (kind, findings) in enumerate(found.items()):
                    left_s = (end - time.monotonic()) / (len(found) - number)
                    numbers = range(first, min(first + BLOCK, given.first + given.mutations))
                    fuzz(targets[kind], numbers, findings, Limits(left_s=left_s))
                    findings.keep(kind, given.output)
                failures = sum(len(findings.failures) for findings in found.values())
                print(f"{numbers.stop} of each kind, {failures} failed", file=sys.stderr, flush=True)
                if time.monotonic() > end:
                    break
    for kind, findings in found.items():
        print(f"{kind:10} {findings.summary()}")
    return 1 if any(findings.failures for findings in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
