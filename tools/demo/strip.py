"""Contact sheet: a few frames of a video beside each other."""

from pathlib import Path

import cv2
import numpy as np

from mannerism.core.media.video import Video


def draw_strip(path: Path, film: Path, *, columns: int = 4, rows: int = 2) -> None:
    """Write pictures from all along a film as one PNG, in reading order."""
    pictures = [frame.rgb for frame in Video(film)]
    chosen = np.linspace(0, len(pictures) - 1, rows * columns + 2)[1:-1].round().astype(int)
    lines = [np.hstack([pictures[number] for number in line]) for line in chosen.reshape(rows, columns)]
    cv2.imencode(".png", np.vstack(lines)[..., ::-1])[1].tofile(path)
