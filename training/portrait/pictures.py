"""Image metrics of two sequences of the same moments. Frames are uint8, shape (T, H, W, 3)."""

import cv2
import numpy as np

from mannerism.core.portrait.model.topology import topology
from mannerism.core.types import Array, ByteArray, IntArray

_ROUNDING = 1 / 12  # mean square of rounding to whole levels: no frame can be shown to be nearer
_WINDOW, _SIGMA = 11, 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def face_boxes(landmarks: Array, size: int, margin: float = 0.08) -> IntArray:
    """Face boxes, shape (T, 4), wider on each side by a share of their width.

    landmarks : (T, 478, 2 or more) pixels
    size : of the frames, pixels
    """
    return _boxes(landmarks[:, topology().oval, :2], size, margin)


def mouth_boxes(landmarks: Array, size: int) -> IntArray:
    """Lip boxes, shape (T, 4), wider on each side by a fifth of their width."""
    return _boxes(landmarks[:, topology().lips, :2], size, 0.2)


def whole(pictures: ByteArray) -> IntArray:
    """Boxes of the whole frame, shape (T, 4)."""
    count, height, width = pictures.shape[:3]
    return np.tile(np.array([0, 0, width, height], np.intp), (count, 1))


def _boxes(points: Array, size: int, margin: float) -> IntArray:
    low, high = points.min(axis=1), points.max(axis=1)
    wider = (margin * (high[:, 0] - low[:, 0]))[:, None]
    edges = np.concatenate([np.floor(low - wider), np.ceil(high + wider) + 1], axis=1)
    return np.clip(edges, 0, size).astype(np.intp)


def psnr_db(made: ByteArray, true: ByteArray, boxes: IntArray) -> Array:
    """Peak signal-to-noise ratio inside the boxes, dB, shape (T,); 58.9 for identical frames."""
    errors = [
        np.mean(np.square(a.astype(np.float64) - b))
        for a, b in zip(_inside(made, boxes), _inside(true, boxes), strict=True)
    ]
    return np.asarray(10 * np.log10(255**2 / np.maximum(errors, _ROUNDING)))


def ssim(made: ByteArray, true: ByteArray, boxes: IntArray) -> Array:
    """Structural similarity of brightness inside the boxes, shape (T,); 1 for identical frames.

    Wang, Bovik, Sheikh, Simoncelli: Image quality assessment, IEEE TIP 13(4), 2004: a Gaussian window of
    11 × 11 pixels and deviation 1.5, K1 = 0.01, K2 = 0.03. The window reaches over the boxes' edges.
    """
    maps = (_similarity(_grey(a), _grey(b)) for a, b in zip(made, true, strict=True))
    return np.array([m[y0:y1, x0:x1].mean() for m, (x0, y0, x1, y1) in zip(maps, boxes, strict=True)])


def _similarity(a: Array, b: Array) -> Array:
    mean_a, mean_b = _local(a), _local(b)
    variance_a, variance_b = _local(a * a) - mean_a**2, _local(b * b) - mean_b**2
    covariance = _local(a * b) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + _C1) * (2 * covariance + _C2)
    return likeness / ((mean_a**2 + mean_b**2 + _C1) * (variance_a + variance_b + _C2))


def _local(values: Array) -> Array:
    return np.asarray(cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA))


def sharpness(made: ByteArray, true: ByteArray, boxes: IntArray) -> Array:
    """Standard deviation of the Laplacian inside the boxes over the truth's, shape (T,); below 1 is blurred."""
    return _detail(made, boxes) / np.maximum(_detail(true, boxes), 1e-9)


def _detail(pictures: ByteArray, boxes: IntArray) -> Array:
    maps = (cv2.Laplacian(_grey(picture), cv2.CV_64F) for picture in pictures)
    return np.array([m[y0:y1, x0:x1].std() for m, (x0, y0, x1, y1) in zip(maps, boxes, strict=True)])


def motion_error(made: ByteArray, true: ByteArray) -> float:
    """Mean |change of the made − change of the true| between frames over mean |change of the true|.

    0 for the truth itself, 1 for a still frame.
    """
    error = moved = 0.0
    for frame in range(1, len(true)):
        change = true[frame].astype(np.float64) - true[frame - 1]
        error += np.abs(made[frame].astype(np.float64) - made[frame - 1] - change).mean()
        moved += np.abs(change).mean()
    return float(error) / max(float(moved), 1e-9)


def flicker(pictures: ByteArray, boxes: IntArray) -> float:
    """Mean |second difference in time| inside the boxes, levels: 0 for constant or linearly fading frames.

    For videos of the same motion, or at least of as much of it.
    """
    bends = []
    for frame in range(1, len(pictures) - 1):
        x0, y0, x1, y1 = boxes[frame]
        before, now, after = pictures[frame - 1 : frame + 2, y0:y1, x0:x1].astype(np.float64)
        bends.append(np.abs(before - 2 * now + after).mean())
    return float(np.mean(bends))


def liveliness(pictures: ByteArray, boxes: IntArray) -> float:
    """Mean |third difference in time| inside the boxes, levels: what changes from frame to frame, grain included.

    For videos of the same motion, or at least of as much of it.
    """
    jerks = []
    for frame in range(3, len(pictures)):
        x0, y0, x1, y1 = boxes[frame]
        window = pictures[frame - 3 : frame + 1, y0:y1, x0:x1].astype(np.float64)
        jerks.append(np.abs(np.diff(window, n=3, axis=0)).mean())
    return float(np.mean(jerks)) if jerks else np.nan


def _inside(pictures: ByteArray, boxes: IntArray) -> list[ByteArray]:
    return [picture[y0:y1, x0:x1] for picture, (x0, y0, x1, y1) in zip(pictures, boxes, strict=True)]


def _grey(picture: ByteArray) -> Array:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float64)
