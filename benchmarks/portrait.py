"""Speed and memory of talking-head videos: python benchmarks/portrait.py [--sizes 256,512] [--refined] [--minute].

On the shipped example, each part in a process of its own: analysing the reference, drawing 12 s at 25 fps, and
beside them the least that any such tool does, decoding the same pictures, scaling and encoding them. With
--refined also learning the person and drawing then; with --minute the most memory that a reference of one
minute of 1080 lines takes, which is the example over and over, scaled up.

Times are of the clock and of the processor; on a machine that does other work, the clock means little.
"""

import argparse
import itertools
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from mannerism.core.media.video import Video
from mannerism.core.portrait.analysis.cache import reference_person
from mannerism.core.portrait.model.person import Drive, Person
from mannerism.core.portrait.output.video_writer import write_video
from mannerism.core.portrait.parallel import in_parallel
from mannerism.core.portrait.quality import QualityRenderer, quality_renderer
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.types import ByteArray

EXAMPLE = Path(__file__).parents[1] / "examples" / "reference.mp4"
FPS = Fraction(25)
PICTURES = 300
REFINE_S = 180.0
WIDTH, HEIGHT = 1920, 1080
MINUTE_S = 60


@dataclass(frozen=True)
class Cost:
    """Wall-clock seconds, and CPU seconds of all threads of this process."""

    clock_s: float
    processor_s: float


def timed(work: Callable[[], object]) -> Cost:
    """Measure the cost of a function call."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - clock, time.process_time() - processor)


def floor(size: int, folder: Path) -> dict[str, Cost]:
    """Lower bound: decode, scale and encode as many frames as are rendered."""

    def pictures() -> Iterator[ByteArray]:
        frames = itertools.chain.from_iterable(itertools.repeat(Video(EXAMPLE)))
        for frame in itertools.islice(frames, PICTURES):
            yield np.asarray(cv2.resize(frame.rgb, (size, size), interpolation=cv2.INTER_AREA), np.uint8)

    return {"floor": timed(lambda: write_video(folder / "floor.mp4", pictures(), FPS, None))}


def warp(size: int, folder: Path) -> dict[str, Cost]:
    """Cost of analysing a reference, and of rendering without training."""
    analysed = timed(lambda: reference_person(Reference.of(EXAMPLE), size, folder))
    person = reference_person(Reference.of(EXAMPLE), size, folder)
    return {
        "analysis": analysed,
        "Warp": timed(lambda: draw(quality_renderer(person, "warp", 0.0, _silent), person)),
    }


def refined(size: int, folder: Path) -> dict[str, Cost]:
    """Cost of training a refiner, and of rendering with it."""
    person = reference_person(Reference.of(EXAMPLE), size, folder)
    made: list[QualityRenderer] = []
    learning = timed(lambda: made.append(quality_renderer(person, "refined", REFINE_S, _silent)))
    return {"learning": learning, "Refined": timed(lambda: draw(made[0], person))}


def draw(renderer: QualityRenderer, person: Person) -> None:
    """Render the reference's own poses and expressions, repeated as often as it takes."""
    of = np.arange(PICTURES) % len(person.clip)
    drive = Drive(np.arange(PICTURES) / float(FPS), person.poses[of], person.expression[of])
    with in_parallel(renderer.frames_of(drive), range(PICTURES)) as pictures:
        for _ in pictures:
            pass


def minute(size: int, folder: Path) -> str:
    """Peak memory of analysing a one-minute reference and rendering from it."""
    reference = folder / "minute.mp4"
    with get_context("spawn").Pool(1) as pool:
        pool.apply(write_minute, (reference,))
    person = reference_person(Reference.of(reference), size, folder)
    draw(quality_renderer(person, "warp", 0.0, _silent), person)
    unit = 1 if sys.platform == "darwin" else 1024
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9:.2f} GB"


def write_minute(path: Path) -> None:
    """Write a one-minute reference: the example repeated, in the middle of a 1080-line frame."""

    def pictures() -> Iterator[ByteArray]:
        frames = itertools.chain.from_iterable(itertools.repeat(Video(EXAMPLE)))
        side = (WIDTH - HEIGHT) // 2
        for frame in itertools.islice(frames, MINUTE_S * int(FPS)):
            large = cv2.resize(frame.rgb, (HEIGHT, HEIGHT), interpolation=cv2.INTER_CUBIC)
            yield np.asarray(cv2.copyMakeBorder(large, 0, 0, side, side, cv2.BORDER_REPLICATE), np.uint8)

    write_video(path, pictures(), FPS, None)


def _silent(_share: float, _what: str) -> None:
    pass


def apart(work: Callable[[int, Path], object], size: int, folder: Path) -> object:
    """Run a function in a fresh process with one OpenCV thread, and return its result."""
    with ProcessPoolExecutor(1, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        return pool.submit(work, size, folder).result()


def main() -> None:
    """Print the table, without judging it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="256,512")
    parser.add_argument("--refined", action="store_true", help="takes some minutes")
    parser.add_argument("--minute", action="store_true", help="takes some minutes")
    options = parser.parse_args()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}; 12 s at 25 fps")
    print("size  part       clock, s  processor, s  a picture, ms  over the floor")
    for size in map(int, options.sizes.split(",")):
        with TemporaryDirectory() as name:
            folder = Path(name)
            costs: dict[str, Cost] = {}
            for part in (floor, warp, *([refined] if options.refined else [])):
                found = apart(part, size, folder)
                assert isinstance(found, dict)
                costs |= found
            for what, cost in costs.items():
                each = 1e3 * cost.processor_s / PICTURES if what in {"floor", "Warp", "Refined"} else np.nan
                ratio = cost.processor_s / costs["floor"].processor_s
                print(
                    f"{size:4}  {what:9}  {cost.clock_s:8.1f}  {cost.processor_s:12.1f}"
                    f"  {'' if np.isnan(each) else f'{each:.1f}':>13}  {ratio:14.1f}"
                )
            if options.minute:
                print(f"{size:4}  a minute of 1080 lines: {apart(minute, size, folder)} at most")


if __name__ == "__main__":
    main()
