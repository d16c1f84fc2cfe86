"""Speed of encoding a style and of generating takes: python benchmarks/generate.py [--hour].

A minute of speech in a warm process, on one core and on two: whole takes, then what they are made of, with
the least that the network's products cost, and two published networks beside it. Also a fresh process's
first take, and with --hour how time and memory grow from a minute to an hour. Each in a process of its own.

Times are of the clock and of the processor, each the least of several runs. On a machine that does other
work, the clock means little, and the processor's time on one core is what a free machine would take.
"""

import argparse
import itertools
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mannerism.benchmarks.speech import speak, write_wav
from mannerism.core.generate import ENGINES, GenerationSettings, generate
from mannerism.core.generate.actor import WARM_UP_S, doubled
from mannerism.core.generate.calibrate import calibrate
from mannerism.core.generate.controls import finished
from mannerism.core.jobs import table as jobs
from mannerism.core.motion import no_progress
from mannerism.core.network.decoder import Decoder
from mannerism.core.network.manner import load_manner
from mannerism.core.network.sizes import STEP_S, Sizes
from mannerism.core.speech import NAMES, SpeechFeatures, extract_features
from mannerism.core.style import Style, encode_style, read_style, write_style
from mannerism.tools.synthetic import persons

MINUTE_S = 60.0
REFERENCE_S = 15.0
RUNS = 5
MINUTES = (1, 10, 60)

STYLE = "person.style.json"
"""In the folder that all parts share, beside sounds that are named by their minutes."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

COLD = """
import sys
from mannerism.core.motion import no_progress
from mannerism.core.jobs.table import generate
audio, style, engine, out = sys.argv[1:]
generate(no_progress, audio=audio, style=style, motion_out=out, engine=engine)
"""
_PERSONS: Any = persons


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of the processor."""

    wall_s: float
    processor_s: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall_s - other.wall_s, self.processor_s - other.processor_s)

    def __mul__(self, times: float) -> "Spent":
        return Spent(self.wall_s * times, self.processor_s * times)


def least(work: Callable[[], object]) -> Spent:
    """Least of RUNS after one that warms up, the clock's and the processor's each by itself."""
    work()
    taken = []
    for _ in range(RUNS):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    clocks, processors = zip(*taken, strict=True)
    return Spent(min(clocks), min(processors))


def row(what: str, spent: Spent, unit_s: float = MINUTE_S) -> None:
    """Print one; `unit_s` is the sound's length."""
    clock, processor = _cell(spent.wall_s, unit_s), _cell(spent.processor_s, unit_s)
    print(f"  {what:46s}{clock}{processor}", flush=True)


def _cell(seconds: float, unit_s: float) -> str:
    times = unit_s / seconds
    return f"{1e3 * seconds:13,.1f} ms {f'{times:,.0f}' if times >= 10 else f'{times:.2g}':>8s} x"


def minute(folder: Path) -> None:
    """Print what a minute of speech costs, warm."""
    style = read_style(folder / STYLE)
    audio = folder / "1.wav"
    speech = extract_features(audio)
    print(f"  {f'{MINUTE_S:.0f} s of speech, warm':46s}{'clock, × real time':>26s}{'processor':>26s}")
    for engine in ENGINES:
        row(f"{engine}: from style file and sound to a file", least(partial(job, folder, engine)))
    row("features alone", least(partial(extract_features, audio)))
    takes = {}
    for engine in ENGINES:
        takes[engine] = least(partial(generate, style, speech, GenerationSettings(1, engine)))
        row(f"{engine}: the take alone", takes[engine])
    row("puppet: tuning to a style, once", least(partial(tune, style, itertools.count(1))))
    twice = GenerationSettings(1, "actor", voice=1.5)
    row("actor: the same, following the voice by 1.5", least(partial(generate, style, speech, twice)))
    parts(speech, takes["actor"])
    encoding()
    compare(takes["actor"])


def job(folder: Path, engine: str) -> None:
    """A take as the worker makes it."""
    jobs.generate(
        no_progress,
        audio=str(folder / "1.wav"),
        style=str(folder / STYLE),
        motion_out=str(folder / "motion.npz"),
        engine=engine,
    )


def tune(style: Style, numbers: Iterator[int]) -> None:
    """Tune the puppet to a style that no cache holds."""
    hold = style.statistics["hold"] + 1e-6 * next(numbers)
    calibrate(replace(style, statistics={**style.statistics, "hold": hold}))


def parts(speech: SpeechFeatures, whole: Spent) -> None:
    """Print what a take of the actor is made of."""
    manner = load_manner()
    sizes = manner.sizes
    features = manner.standardise_speech(speech.values[:, [NAMES.index(name) for name in sizes.speech]])
    count = round((MINUTE_S + WARM_UP_S) / STEP_S)
    codes = np.resize(manner.code(features), (count, 1, sizes.code))
    condition = manner.condition(sizes.statistics_mean, np.zeros((1, sizes.vector)))
    inputs = np.zeros((1, sizes.inputs))

    def steps() -> None:
        decoder = Decoder(manner, condition)
        for driven, head in zip(*decoder.project_codes(codes), strict=True):
            decoder.step(inputs, driven, head)

    poses = np.zeros((count, 6))

    def finish() -> None:
        samples = np.resize(doubled(poses), (len(speech.time_s), 6))
        finished(speech.time_s, samples, 1.0)

    products, encoder, decoder, filters = (
        least(work) for work in (bare_products(sizes, count), partial(manner.code, features), steps, finish)
    )
    print("  what the actor's take is made of")
    row("  the speech encoder", encoder)
    row("  the network's steps", decoder)
    row("    the floor: their bare products", products)
    row("  filter, ramps, quaternions", filters)
    row("  the rest: drawing, inputs from the past", whole - encoder - decoder - filters)


def bare_products(sizes: Sizes, count: int) -> Callable[[], object]:
    """The products of a row and a matrix that each step needs, of the network's own sizes, and nothing else."""
    shapes = [(sizes.inputs, 3 * sizes.hidden), (sizes.hidden, 3 * sizes.hidden)]
    shapes += 2 * (sizes.layers - 1) * [(sizes.hidden, 3 * sizes.hidden)]
    shapes += [(sizes.hidden, sizes.head), (sizes.head, sizes.shapes["mixture.bias"][0])]
    random = np.random.default_rng(0)
    products = [
        (random.standard_normal((1, rows)), random.standard_normal((rows, columns)), np.empty((1, columns)))
        for rows, columns in shapes
    ]

    def multiply() -> None:
        for _ in range(count):
            for given, matrix, out in products:
                np.dot(given, matrix, out=out)

    return multiply


def encoding() -> None:
    """Print what it costs to take a manner from a tracked reference."""
    print(f"  a style from {REFERENCE_S:.0f} s of reference that are tracked and have sound")
    track, speech = reference()
    row("  without adaptation", least(partial(encode_style, track, speech, adapt=False)), REFERENCE_S)
    row("  with adaptation", least(partial(encode_style, track, speech)), REFERENCE_S)


def reference() -> Any:
    """Track and speech of a synthetic person."""
    random = np.random.default_rng(0)
    speech = _PERSONS.speak(REFERENCE_S, random)
    return _PERSONS.move(_PERSONS.draw_person("nobody", random), speech, random), speech


def compare(actor: Spent) -> None:
    """Print two published networks, in the same process."""
    print("  networks of published shape, random weights, without the audio encoder")
    try:
        import torch  # noqa: PLC0415  the one part that needs it

        from mannerism.benchmarks import competitors  # noqa: PLC0415
    except ImportError:
        print("  left out: torch is not installed")
        return
    torch.set_num_threads(int(os.environ[THREADS[0]]))
    step, times = competitors.denoising(MINUTE_S)
    for what, spent in (
        (f"diffusion transformer, a step × {times:.0f}", least(step) * times),
        ("LSTM and convolutions", least(competitors.regression(MINUTE_S))),
    ):
        row(f"  {what}", spent)
        print(
            f"    {spent.processor_s / actor.processor_s:,.1f} times the processor's time of the actor's take"
        )


def lengths(folder: Path) -> None:
    """Print time and memory from a minute to an hour."""
    style = read_style(folder / STYLE)
    takes = [partial(generate, style, settings=GenerationSettings(engine=engine)) for engine in ENGINES]
    warm = extract_features(folder / "1.wav")
    for take in takes:
        take(warm)
    print("  processor's ms a minute of speech, and the most memory so far")
    names = "".join(f"{name:>10s}" for name in ("features", *ENGINES))
    print(f"  {'minutes':10s}{names}{'MB':>10s}")
    for minutes in MINUTES:
        times = [time.process_time()]
        speech = extract_features(folder / f"{minutes}.wav")
        times.append(time.process_time())
        for take in takes:
            take(speech)
            times.append(time.process_time())
        each = "".join(f"{1e3 * seconds / minutes:10.0f}" for seconds in np.diff(times))
        print(f"  {minutes:<10d}{each}{peak_mb():10.0f}", flush=True)


def peak_mb() -> float:
    """The most memory that this process has had at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def cold(folder: Path) -> None:
    """Print what the first take costs in a process that has just begun."""
    print("  first take of 60 s in a fresh process, from its start to its end")
    for engine in ENGINES:
        given = [folder / "1.wav", folder / STYLE, engine, folder / "motion.npz"]
        clock, before = time.perf_counter(), os.times()
        subprocess.run([sys.executable, "-c", COLD, *map(str, given)], check=True)
        wall_s, after = time.perf_counter() - clock, os.times()
        processor_s = sum(after[2:4]) - sum(before[2:4])
        row(engine, Spent(wall_s, processor_s))


PARTS: dict[str, Callable[[Path], None]] = {"minute": minute, "lengths": lengths, "cold": cold}


def prepare(folder: Path, *, hour: bool) -> None:
    """Write the sounds and a style for all parts."""
    samples = speak(round(MINUTE_S))
    for minutes in MINUTES if hour else MINUTES[:1]:
        write_wav(folder / f"{minutes}.wav", samples, times=minutes)
    write_style(folder / STYLE, encode_style(*reference()))


def start(part: str, folder: Path, cores: int) -> None:
    """Run a part in a process of its own, on as many cores as BLAS has threads."""
    print(f"{cores} core{'s' * (cores > 1)}, load {_load()}", flush=True)
    environment = os.environ | dict.fromkeys(THREADS, str(cores))
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder)]
    subprocess.run(command, env=environment, check=True)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _pin(cores: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def main() -> None:
    """Print the tables; it judges nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hour", action="store_true", help="also ten minutes and an hour")
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2], help="numbers of cores to try")
    parser.add_argument("--part", choices=PARTS, help="one part, from a folder that is prepared")
    parser.add_argument("--folder", type=Path, help="that folder")
    options = parser.parse_args()
    if options.part:
        _pin(int(os.environ[THREADS[0]]))
        PARTS[options.part](options.folder)
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepare(folder, hour=options.hour)
        print(
            f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, numpy {np.__version__}"
        )
        for cores in options.cores:
            start("minute", folder, cores)
        start("cold", folder, cores)
        if options.hour:
            start("lengths", folder, cores)


if __name__ == "__main__":
    main()
