"""MediaPipe's face landmarks of single pictures, and where its model lies."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ..errors import MissingPartError
from ..media.display import enlarged
from ..types import Array, ByteArray

_log = logging.getLogger(__name__)

POINTS = 478
MOST_FACES = 2
"""Two, so that a second person is noticed; one more face costs nothing until it is there."""

_SMALL_PX, _LARGE_PX = (
    80,
    100,
)  # widths of a face; between the two, both looks count, so that neither jumps in
_LEAST_PX = 32  # of the part that is looked at
_ROOM_FACES = 3.2  # its side, widths of the face
_ENLARGED_PX = 400

MODEL_VARIABLE = "MANNERISM_FACE_MODEL"
_SHIPPED = Path(__file__).parents[1] / "weights" / "face_landmarker.task"


def find_model(given: Path | None = None) -> Path:
    """The face model: `given`, else the environment's, else the shipped one.

    Raises
    ------
    MissingPartError : there is none
    """
    named = given or os.environ.get(MODEL_VARIABLE)
    model = Path(named) if named else _SHIPPED
    if not model.is_file():
        raise MissingPartError(
            f"The face model “{model}” is missing",
            f"Fetch it with tools/build/fetch_models.py, or name a face_landmarker.task in {MODEL_VARIABLE}",
        )
    _log.info("Face model: %s, %s", model.name, "chosen" if named else "shipped")
    return model


@dataclass(frozen=True)
class Region:
    """A square part of a picture.

    left, top : in shares of its width and height; side : in shares of its height
    """

    left: float
    top: float
    side: float

    def square(self, width: int, height: int) -> tuple[int, int, int]:
        """Left, top and side in pixels, inside the picture."""
        side = min(round(self.side * height), width, height)
        left, top = round(self.left * width), round(self.top * height)
        return min(left, width - side), min(top, height - side), side

    def of(self, rgb: ByteArray) -> ByteArray:
        """The part of a picture (H, W, 3)."""
        left, top, side = self.square(*rgb.shape[1::-1])
        return rgb[top : top + side, left : left + side]


class FaceFinder:
    """MediaPipe's face landmarker in image mode, which keeps no memory from frame to frame.

    The video mode filters online and lags by up to half a frame; smoothing is ours, and zero-phase.
    Use it as a context: the native part must be closed.
    """

    def __init__(self, model: Path) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        # The bytes, not the path: native code and file names beyond ASCII do not agree everywhere.
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model.read_bytes()), num_faces=MOST_FACES
        )
        try:
            with quiet_native_stderr():
                self._landmarker = vision.FaceLandmarker.create_from_options(options)
                self.find(np.zeros((64, 64, 3), np.uint8))  # the first picture makes it log once more
        except (RuntimeError, ValueError) as error:
            raise MissingPartError(
                f"“{model}” is not a face model that MediaPipe can open",
                "Fetch one with tools/build/fetch_models.py",
            ) from error

    def find(self, rgb: ByteArray, region: "Region | None" = None) -> Array:
        """Landmarks of the faces in a contiguous picture (H, W, 3).

        region : look nowhere else; where faces are too small to be found otherwise

        The detector takes the whole picture at 128 pixels and misses small faces. Where it finds none, it
        looks again at squares of the picture, the middle one first. A small face is looked at once more, near
        to and enlarged: the detector places it coarsely, which makes turns come out too small.

        Returns (F, 478, 3), F ≤ 2: x and y in shares of width and height from the top left corner,
        z away from the camera in shares of the width, from about the middle of the head.
        """
        faces = self._found(rgb, region)
        return np.array([self._nearer(rgb, face) for face in faces]).reshape(faces.shape)

    def _found(self, rgb: ByteArray, region: "Region | None") -> Array:
        height, width = rgb.shape[:2]
        if region is not None:
            return self.find_in(rgb, *region.square(width, height))
        faces = self._look(rgb)
        for square in [] if len(faces) else _squares(width, height):
            faces = self.find_in(rgb, *square)
            if len(faces):
                return faces
        return faces

    def _nearer(self, rgb: ByteArray, face: Array) -> Array:
        """The landmarks of a face that is small, from a part of the picture about it; as they are otherwise."""
        height, width = rgb.shape[:2]
        face_px = float(np.ptp(face[:, 0])) * width
        side = min(round(_ROOM_FACES * face_px), width, height)
        share = min((_LARGE_PX - face_px) / (_LARGE_PX - _SMALL_PX), 1.0)
        if share <= 0.0 or side < _LEAST_PX:
            return face
        middle = face[:, :2].mean(axis=0) * [width, height]
        left, top = np.clip(np.rint(middle - side / 2).astype(int), 0, [width - side, height - side])
        again = self._look(enlarged(rgb[top : top + side, left : left + side], ceil(_ENLARGED_PX / side)))
        if not len(again):
            return face
        placed = (again * side + [left, top, 0]) / np.array([width, height, width])
        away = np.linalg.norm((placed - face)[..., :2].mean(axis=1) * [width, height], axis=-1)
        nearest = int(np.argmin(away))
        return share * placed[nearest] + (1.0 - share) * face if away[nearest] < face_px / 2 else face

    def find_in(self, rgb: ByteArray, left: int, top: int, side: int) -> Array:
        """Landmarks of the faces in a square of a picture, as `find` returns them."""
        height, width = rgb.shape[:2]
        faces = self._look(np.ascontiguousarray(rgb[top : top + side, left : left + side]))
        return (faces * side + [left, top, 0]) / np.array([width, height, width])

    def _look(self, rgb: ByteArray) -> Array:
        import mediapipe

        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        faces = self._landmarker.detect(image).face_landmarks
        found = [[(point.x, point.y, point.z) for point in face] for face in faces]
        return np.array(found, np.float64).reshape(-1, POINTS, 3)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._landmarker.close()


def _squares(width: int, height: int) -> list[tuple[int, int, int]]:
    """Left, top and side of squares as high or wide as the picture, half overlapping, from the middle on."""
    side = min(width, height)
    rest = max(width, height) - side
    starts = np.linspace(0, rest, 2 * ceil(rest / side) + 1).astype(int).tolist() if rest else []
    starts.sort(key=lambda start: abs(start - rest / 2))
    return [(start, 0, side) if width > height else (0, start, side) for start in starts]


@contextmanager
def quiet_native_stderr() -> Iterator[Any]:
    """Nothing on file descriptor 2 for a moment: MediaPipe has no switch for what it logs at the start."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
