"""Judge of lips that has nothing to do with this project: lip_reading.py CLIPS --reader FOLDER --work DIR.

A lip reader, trained by others to tell which of 500 English words a mouth says in 1.16 s (LRW, Chung and Zisserman 2016), looks at
films of persons it has never seen. What it reads need not be right: a film is good where the reader takes its mouth for
what it takes the real mouth of the same moment for, rather than that of another moment of the same person. The films
share the truth's head motion, so that wrong speech is the floor, and the real film mirrored the ceiling.

FOLDER is `fae/resources` of the source distribution of fae 0.2 on PyPI (MIT), for lrw.pth and mean_face.npy; nothing of
it is part of this repository.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import torch

from mannerism.core.errors import MannerismError
from mannerism.core.files import write_json
from mannerism.core.types import Array, ByteArray, Float32Array
from mannerism.training.portrait.cases import Case, judged, read_case
from mannerism.training.portrait.films import film
from mannerism.training.portrait.speech import driven_by_speech

READER_HZ, WINDOW, STEP = 25, 29, 5
"""Of the lip reader: pictures a second, and of a word; and how many lie between two words that it is asked for."""
_SIZE = 88
_MEAN, _DEVIATION = 0.421, 0.165  # of its grey levels from 0 to 1, as Ma, Petridis and Pantic 2021 give them
_STABLE = ([2, 33, 133, 362, 263], [33, 36, 39, 42, 45])
"""Base of the nose and corners of the eyes, among the landmarks of the tracker and among 68."""
_MOUTH = slice(48, 68)
_FEWEST = 4  # persons from which on quartiles are given

Reader = Callable[[Float32Array], Array]
"""Logarithms of the probabilities of words, (words,), for a mouth, (WINDOW, 88, 88) of grey levels from 0 to 255."""


def read_lip_reader(path: Path) -> Reader:
    """The lip reader of a TorchScript file."""
    network = torch.jit.load(str(path), map_location="cpu").eval()

    def read(mouth: Float32Array) -> Array:
        levels = torch.from_numpy((mouth / 255.0 - _MEAN) / _DEVIATION)[None, None].float()
        with torch.no_grad():
            return np.asarray(torch.log_softmax(network(levels, torch.tensor([WINDOW]))[0], 0).double())

    return read


def mouths(pictures: ByteArray, landmarks: Array, time_s: Array, mean_face: Array) -> Float32Array:
    """Mouths of a film at READER_HZ, (T, 88, 88) grey levels, where the reader's mean face has its mouth.

    The cut depends on eyes and nose alone: one that followed the lips would show films and truth the truth's lips.

    pictures : (N, S, S, 3); landmarks : (N, P, 2) of the truth, pixels
    time_s : (N,) increasing
    mean_face : (68, 2) pixels of a square of 256
    """
    wanted_s = np.arange(time_s[0], time_s[-1], 1.0 / READER_HZ)
    column, row = np.rint(mean_face[_MOUTH].mean(axis=0)).astype(int) - _SIZE // 2
    cut = []
    for index in np.abs(time_s - wanted_s[:, None]).argmin(axis=1):
        here, there = (
            np.asarray(each, np.float32) for each in (landmarks[index][_STABLE[0]], mean_face[_STABLE[1]])
        )
        turned, _ = cv2.estimateAffinePartial2D(here, there, method=cv2.LMEDS)
        grey = cv2.cvtColor(cv2.warpAffine(pictures[index], turned, (256, 256)), cv2.COLOR_RGB2GRAY)
        cut.append(grey[row : row + _SIZE, column : column + _SIZE])
    return np.array(cut, np.float32)


def readings(film_mouths: Float32Array, read: Reader) -> Array:
    """What the reader takes a film for, (W, words): one row a word's length, STEP pictures apart."""
    starts = range(0, len(film_mouths) - WINDOW + 1, STEP)
    return np.array([read(film_mouths[start : start + WINDOW]) for start in starts])


def agreement(made: Array, real: Array) -> float:
    """Share of other moments at which the real reading is less like the made one than at its own moment; 0.5 is chance.

    Moments that overlap do not count. Likeness is the cosine of logarithms about each film's mean: what the reader says
    of a face all the time is no reading of its lips.

    made, real : (W, words) as `readings`, of the same moments
    """
    about = [each - each.mean(axis=0) for each in (made, real)]
    units = [each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-12) for each in about]
    alike = units[0] @ units[1].T
    moments = np.arange(len(real))
    apart = np.abs(moments[:, None] - moments) * STEP >= WINDOW
    own = np.diagonal(alike)[:, None]
    return float(np.mean([(own[row] > alike[row])[apart[row]].mean() for row in moments if apart[row].any()]))


def judge(case: Case, read: Reader, mean_face: Array) -> dict[str, float]:
    """Agreement with the truth of the films of one person."""
    truth = case.truth
    landmarks = truth.landmarks[..., :2]

    def of(pictures: ByteArray) -> Float32Array:
        return mouths(pictures, landmarks, truth.time_s, mean_face)

    own = of(np.array(truth.pictures))
    films: Mapping[str, Float32Array] = {
        "real, mirrored": own[:, :, ::-1],
        "made, face as tracked": of(film(case.renderer, case.drive)),
        "made, by speech": of(driven_by_speech(case, wrong=False)),
        "made, by wrong speech": of(driven_by_speech(case, wrong=True)),
    }
    real = readings(own, read)
    return {name: agreement(readings(np.ascontiguousarray(each), read), real) for name, each in films.items()}


def table(persons: Sequence[Mapping[str, float]]) -> str:
    """Medians over persons, and quartiles of enough of them."""
    lines = ["| film | same moment recognised |", "|---|---|"]
    for name in persons[0]:
        low, middle, high = np.percentile([person[name] for person in persons], [25, 50, 75])
        spread = f" ({low:.2f} to {high:.2f})" if len(persons) >= _FEWEST else ""
        lines.append(f"| {name} | {middle:.2f}{spread} |")
    return "\n".join([f"{len(persons)} persons.", "", *lines])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos, with or without a catalog.tsv")
    parser.add_argument("--reader", type=Path, required=True, help="folder with lrw.pth and mean_face.npy")
    parser.add_argument(
        "--work", type=Path, required=True, help="folder where each person's figures are kept"
    )
    parser.add_argument("--size", type=int, default=256, help="of the pictures, pixels")
    parser.add_argument("--persons", type=int, help="only the first so many")
    parser.add_argument("--seconds", type=float, default=24.0, help="of each clip, from its beginning")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    read = read_lip_reader(arguments.reader / "lrw.pth")
    mean_face = np.load(arguments.reader / "mean_face.npy")
    arguments.work.mkdir(parents=True, exist_ok=True)
    found = []
    for clip in judged(arguments.clips)[: arguments.persons]:
        kept = arguments.work / f"{clip.id}.json"
        try:
            if not kept.exists():
                with TemporaryDirectory() as scratch:
                    case = read_case(
                        clip.id, clip.path, arguments.size, Path(scratch), seconds=arguments.seconds
                    )
                    write_json(kept, judge(case, read, mean_face))
            found.append(json.loads(kept.read_text(encoding="utf-8")))
        except MannerismError as error:
            print(f"left out: {clip.id}: {error}", file=sys.stderr)
    if not found:
        print("There is nobody to judge by: give videos of 10 s and more", file=sys.stderr)
        return 2
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
