"""Cache of face landmarks: all 478 points in each frame of a clip, kept as ID.npz."""

import itertools
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from mannerism.core.arrays_file import ArraySpec, read_arrays, write_arrays
from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.core.media.video import Video
from mannerism.core.track.landmarks import POINTS, FaceFinder, find_model
from mannerism.training.data.catalogue import Clip

_SPECS = {"time_s": ArraySpec("f", 1), "landmarks": ArraySpec("f", 3), "size": ArraySpec("f", 1)}
_LARGEST_BYTES = 1 << 32


def measure(clip: Clip, folder: Path, *, fine: bool = False, most_s: float = np.inf) -> None:
    """Write the landmarks of the widest face of each picture, unless `folder` has them.

    time_s (N,), landmarks (N, 478, 3) as `FaceFinder.find` returns them, size (2,) in square pixels. A clip that
    cannot be read has none, and N = 0. In float16, which is a tenth of a millimetre of a face that fills a fifth of
    the picture; for eyes that is a degree.

    fine : in float32
    most_s : later pictures are left out

    Raises
    ------
    MissingPartError : no face model, which is no fault of the clip
    """
    file = folder / f"{clip.id}.npz"
    if file.exists():
        return
    times, points, size = [], [], (0.0, 0.0)
    try:
        video = Video(clip.path)
        with FaceFinder(find_model()) as finder:
            for frame in itertools.takewhile(lambda frame: frame.time_s < most_s, video):
                height, width = frame.rgb.shape[:2]
                size = (float(width), float(height))
                faces = finder.find(frame.rgb)
                if len(faces):
                    times.append(frame.time_s)
                    points.append(faces[np.ptp(faces[:, :, 0], axis=1).argmax()])
    except MissingPartError:
        raise
    except MannerismError:
        times, points = [], []
    landmarks = np.array(points, np.float32 if fine else np.float16).reshape(-1, POINTS, 3)
    arrays = {"time_s": np.array(times, np.float64), "landmarks": landmarks, "size": np.array(size)}
    write_arrays(file, arrays, compressed=False)


def read_landmarks(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays that `measure` wrote. Raises ArraysFileError."""
    return read_arrays(path, _SPECS, largest_bytes=_LARGEST_BYTES)


def measure_all(
    clips: Iterable[Clip], folder: Path, jobs: int, *, fine: bool = False, most_s: float = np.inf
) -> None:
    """Measure all clips that are not measured yet, some at a time, as `measure` does. Raises MissingPartError."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(measure, clip, folder, fine=fine, most_s=most_s) for clip in clips]
        for done in tqdm(as_completed(waiting), total=len(waiting), unit="clip", disable=None):
            try:
                done.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
