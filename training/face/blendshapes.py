"""Regression from mouth shapes to ARKit blendshapes: training/face/blendshapes.py CLIPS DATASET --model TASK.

Google's blendshape model (Apache-2.0, only in the official bundle of the face landmarker) says how much of
each of ARKit's shapes is in a picture. Some pictures of each training person are asked, and a ridge
regression predicts those of the mouth from our coefficients, those of brows and lids from our numbers of these: by
what changes within a clip, so that nobody's resting face counts, left and right alike, and each spread as widely as the
model says. Writes core/face/channels.json.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from tqdm import tqdm

from mannerism.core.errors import MannerismError
from mannerism.core.face import channels
from mannerism.core.face.expression import heights
from mannerism.core.face.expression_parts import NUMBERS, PARTS
from mannerism.core.face.manner import lids
from mannerism.core.face.mouth import head_frame, mouth_shape
from mannerism.core.files import write_json
from mannerism.core.media.video import Video
from mannerism.core.types import Array
from mannerism.training.data.catalogue import find_clips
from mannerism.training.data.dataset import usable
from mannerism.training.face.corpus import judges_of_video

_EVERY, _PICTURES, _FEWEST = 6, 30, 10
_RIDGE = 0.01
_LEAST = 0.35  # correlation, below which a shape is left out: our coefficients do not predict it
_LEAST_SPREAD = 0.01
_SIDES = ("Left", "Right")
_EXPRESSION = {
    **dict.fromkeys(("browInnerUp", "browDown*", "browOuterUp*"), PARTS["brows"]),
    **dict.fromkeys(("eyeSquint*", "eyeWide*"), PARTS["squint"]),
}
"""Shapes beside the mouth's, and the numbers that may move them. The model says nothing of cheeks and nose."""
_OPEN = 0.7  # of a person's open lids, below which a picture shows a blink
_ONE_SIDED = ("jawLeft", "jawRight", "mouthLeft", "mouthRight")


def fit(clips: Iterable[tuple[Array, dict[str, Array]]]) -> dict[str, list[float]]:
    """What a metre of each number adds to each shape, by shapes (N, K) and scores (N,) of each clip.

    Names of what is there on both sides have a star instead of the side.
    """
    moved = [(shape - shape.mean(axis=0), scores) for shape, scores in clips]
    shapes = np.concatenate([shape for shape, _ in moved])
    square = shapes.T @ shapes
    ridge = _RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    found = {}
    for name in sorted({_both(each) for each in moved[0][1] if each.startswith(("jaw", "mouth"))}):
        sides = [name.replace("*", side) for side in (_SIDES if "*" in name else ("",))]
        score = np.concatenate([np.mean([scores[each] for each in sides], axis=0) for _, scores in moved])
        score -= np.concatenate([np.full(len(s), np.mean([v[e] for e in sides])) for s, v in moved])
        weights = np.linalg.solve(square + ridge, shapes.T @ score)
        agreement = float(np.corrcoef(shapes @ weights, score)[0, 1])
        if agreement > _LEAST and score.std() > _LEAST_SPREAD:
            found[name] = (weights * score.std() / (shapes @ weights).std()).round(2).tolist()
    return found


def fit_expression(clips: Iterable[tuple[Array, dict[str, Array]]]) -> dict[str, list[float]]:
    """What a metre of each number (N, 8) about its median adds to each shape of the left side, by name with a star.

    The right side is the left one of a mirrored face.
    """
    pairs = list(clips)
    found = {}
    for name, columns in _EXPRESSION.items():
        parts, wanted = [], []
        for numbers, scores in pairs:
            for side, order in zip(_SIDES, ([0, 1], [1, 0]), strict=True):
                parts.append(numbers[:, [*order, *range(2, len(NUMBERS))]][:, columns])
                score = scores[name.replace("*", side)]
                wanted.append(score - np.median(score))
        known, score = np.concatenate(parts), np.concatenate(wanted)
        square = known.T @ known
        square += _RIDGE * np.trace(square) / len(square) * np.eye(len(square))
        weights = np.linalg.solve(square, known.T @ score)
        row = np.zeros(len(NUMBERS))
        row[columns] = weights * score.std() / (known @ weights).std()
        found[name] = row.round(2).tolist()
    return found


def seen_expression(head_points: Array, scores: dict[str, Array]) -> tuple[Array, dict[str, Array]]:
    """The numbers (N, 8) about their medians, and the scores, where lids are open."""
    apart = lids(head_points)
    open_ = apart > _OPEN * np.quantile(apart, 0.8)
    found = heights(head_points[open_])
    return found - np.median(found, axis=0), {name: each[open_] for name, each in scores.items()}


def _both(name: str) -> str:
    for side in _SIDES:
        if name.endswith(side) and name not in _ONE_SIDED:
            return name.removesuffix(side) + "*"
    return name


def looked_at(videos: Iterable[Path], model: Path) -> Iterator[tuple[Array, dict[str, Array]]]:
    """Of each video with a face, head points and the model's scores of some pictures."""
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()), output_face_blendshapes=True
    )
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        for path in videos:
            points, scores = [], []
            for frame in islice(Video(path), 0, _EVERY * _PICTURES, _EVERY):
                height, width = frame.rgb.shape[:2]
                detected = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb))
                if detected.face_landmarks:
                    points.append(
                        [(p.x * width, -p.y * height, -p.z * width) for p in detected.face_landmarks[0]]
                    )
                    scores.append({each.category_name: each.score for each in detected.face_blendshapes[0]})
            if len(points) >= _FEWEST:
                yield (
                    head_frame(np.array(points)),
                    {name: np.array([each[name] for each in scores]) for name in scores[0]},
                )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos")
    parser.add_argument("dataset", type=Path, help="folder that training/data/prepare.py wrote")
    parser.add_argument("--model", type=Path, required=True, help="the official face_landmarker.task")
    arguments = parser.parse_args()
    try:
        left_out = judges_of_video(arguments.clips)
        paths = {clip.id: clip.path for clip in find_clips(arguments.clips)}
        rows = {row.person: row for row in usable(arguments.dataset, "train") if row.person not in left_out}
        videos = tqdm([paths[row.id] for row in rows.values()], disable=None)
        looked = list(looked_at(videos, arguments.model))
        found = fit((mouth_shape(points), scores) for points, scores in looked)
        beside = fit_expression(seen_expression(points, scores) for points, scores in looked)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    note = f"by training/face/blendshapes.py, from pictures of {len(rows)} persons"
    write_json(channels.LEARNED, {"made_by": note, "shapes": found, "expression": beside})
    return 0


if __name__ == "__main__":
    sys.exit(main())
