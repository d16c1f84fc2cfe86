"""Person segmentation: an alpha matte for each frame."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ...errors import MissingPartError
from ...motion import Progress, no_progress
from ...track.landmarks import quiet_native_stderr
from ...types import ByteArray, Float32Array
from ..model.person import Clip
from ..model.picture_file import write_pictures
from ..parallel import in_parallel

MATTE, _SILHOUETTE = "matte.npy", "silhouette.npy"
MODEL_VARIABLE = "MANNERISM_PERSON_MODEL"
_SHIPPED = Path(__file__).parents[2] / "weights" / "selfie_segmentation.tflite"
_LOOK = (256, 256)
"""What the model sees, pixels."""
_EDGE = 1 / 40  # reach of the guided filter, widths of the frame
_EDGE_CONTRAST = 0.02**2


def find_person_model() -> Path:
    """Path of the segmentation model: the environment's, else the shipped one.

    Raises
    ------
    MissingPartError : there is none
    """
    model = Path(os.environ.get(MODEL_VARIABLE) or _SHIPPED)
    if not model.is_file():
        raise MissingPartError(
            f"The person model “{model}” is missing",
            f"Fetch it with tools/build/fetch_models.py, or name a selfie_segmentation.tflite in {MODEL_VARIABLE}",
        )
    return model


def person_matte(clip: Clip, *, folder: Path | None = None, progress: Progress = no_progress) -> ByteArray:
    """Segment the person, (N, S, S) uint8, 255 inside, with MediaPipe's selfie segmentation.

    Its edges are aligned to those of the frame by a guided filter (He and Sun, "Fast guided filter", 2015),
    and each matte is averaged with its neighbours, which stills the edges.

    folder : where to keep it until `drop_silhouette`, in memory without

    Raises
    ------
    MissingPartError : no person model
    OutputError : no room in `folder`
    """
    shape = (len(clip), clip.size, clip.size)
    mattes = _still(_mattes(clip, progress))
    return write_pictures(folder / _SILHOUETTE, mattes, shape) if folder else np.stack(list(mattes))


def drop_silhouette(folder: Path | None) -> None:
    """Delete the file that `person_matte` keeps in `folder`, once nothing reads it."""
    if folder is not None:
        with suppress(OSError):  # where it is still mapped, it goes with the folder
            (folder / _SILHOUETTE).unlink()


def _mattes(clip: Clip, progress: Progress) -> Iterator[ByteArray]:
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.ImageSegmenterOptions(
        base_options=BaseOptions(model_asset_buffer=find_person_model().read_bytes()),
        output_confidence_masks=True,
        output_category_mask=False,
    )
    with quiet_native_stderr():
        segmenter = vision.ImageSegmenter.create_from_options(options)

    def segmented() -> Iterator[_Segmented]:
        for stored in clip.pictures:
            picture = np.ascontiguousarray(stored)
            small = np.asarray(cv2.resize(picture, _LOOK, interpolation=cv2.INTER_AREA), np.uint8)
            share = segmenter.segment(Image(ImageFormat.SRGB, small)).confidence_masks[0].numpy_view()
            yield _Segmented(picture, small, share.reshape(_LOOK).copy())

    with segmenter, in_parallel(_to_edges, segmented()) as mattes:
        for index, matte in enumerate(mattes):
            yield matte
            progress((index + 1) / len(clip), "Telling the person from the background")


def _still(mattes: Iterator[ByteArray]) -> Iterator[ByteArray]:
    """Temporal smoothing: each matte averaged with its neighbours, which count by a quarter each."""
    first = next(mattes).astype(np.uint16)
    before, here = first, first
    for matte in mattes:
        after = matte.astype(np.uint16)
        yield ((before + 2 * here + after + 2) // 4).astype(np.uint8)
        before, here = here, after
    yield ((before + 3 * here + 2) // 4).astype(np.uint8)


class _Segmented(NamedTuple):
    """A frame, the same as the model sees it, and how certainly each of its pixels there is the person's, 0 to 1."""

    picture: ByteArray
    small: ByteArray
    share: Float32Array


def _to_edges(seen: _Segmented) -> ByteArray:
    """Matte, (S, S): guided filter at a small size, alpha as a locally linear function of brightness (He, Sun and Tang 2010)."""
    picture, small, share = seen
    guide = _brightness(small)
    reach = 2 * round(_EDGE * len(small)) + 1

    def mean(values: Float32Array) -> Float32Array:
        return np.asarray(cv2.blur(values, (reach, reach)), np.float32)

    guide_mean, share_mean = mean(guide), mean(share)
    slope = (mean(guide * share) - guide_mean * share_mean) / (
        mean(guide * guide) - guide_mean**2 + _EDGE_CONTRAST
    )
    size = picture.shape[1::-1]
    slope, rest = (
        cv2.resize(mean(values), size, interpolation=cv2.INTER_LINEAR)
        for values in (slope, share_mean - slope * guide_mean)
    )
    alpha = np.clip(slope * _brightness(picture) + rest, 0.0, 1.0)
    return np.round(255 * alpha).astype(np.uint8)


def _brightness(picture: ByteArray) -> Float32Array:
    return np.float32(1 / 255) * cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
