"""Load of a streamed take on one core: python benchmarks/streaming.py.

A minute of an example line, over and over, in chunks of 10 ms. The processor's time, as others may use the cores too.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported

import platform
import time
from pathlib import Path

import numpy as np

import mannerism
from mannerism.core.media.sound import RATE_HZ, Sound

LINE = Path(__file__).parents[1] / "examples" / "line_2.wav"
SECONDS = 60
RATES_HZ = (16_000, 44_100, 48_000)


def main() -> None:
    line = np.concatenate(list(Sound(LINE).pieces()))
    load = os.getloadavg()[0]
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load:.1f}")
    for rate_hz in RATES_HZ:
        count = SECONDS * rate_hz
        sound = np.interp(
            np.arange(count) / rate_hz,
            np.arange(SECONDS * RATE_HZ) / RATE_HZ,
            np.resize(line, SECONDS * RATE_HZ),
        )
        stream = mannerism.stream("lively", rate_hz=rate_hz)
        stream.feed(sound[:rate_hz])  # warm
        begun, slowest = time.process_time(), 0.0
        for first in range(rate_hz, count, rate_hz // 100):
            before = time.process_time()
            stream.feed(sound[first : first + rate_hz // 100])
            slowest = max(slowest, time.process_time() - before)
        share = (time.process_time() - begun) / (SECONDS - 1)
        print(f"{rate_hz} Hz: {100 * share:.1f} % of a core, slowest chunk {1e3 * slowest:.0f} ms")


if __name__ == "__main__":
    main()
