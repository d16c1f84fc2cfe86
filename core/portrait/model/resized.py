"""A person whose frames are smaller."""

from dataclasses import replace

import cv2
import numpy as np

from ...types import Array, ByteArray, IntArray
from .camera import FacePoses, Stage
from .person import Clip, Person, Surround


def resized_person(person: Person, size: int, frames: IntArray) -> Person:
    """The same person, with everything that counts in pixels for frames of another size.

    frames : which of the N frames and mattes are resized; the others stay black, and take no memory on most systems
    """
    share = size / person.clip.size
    stage, surround = person.stage, person.surround
    return replace(
        person,
        clip=resized_clip(person.clip, size, frames),
        poses=resized_poses(person.poses, share),
        stage=Stage(
            scale=share * stage.scale,
            rotation=stage.rotation,
            shift=_place(stage.shift, share),
            focal_px=share * stage.focal_px,
            centre_px=_place(stage.centre_px, share),
        ),
        surround=Surround(
            home=_place(surround.home, share),
            anchor=np.column_stack([share * surround.anchor[:, :3], _place(surround.anchor[:, 3], share)]),
            follow=surround.follow,
            border=_place(surround.border, share),
        ),
        matte=_pictures(person.matte, size, frames),
        background=None if person.background is None else _picture(person.background, size),
    )


def resized_clip(clip: Clip, size: int, frames: IntArray) -> Clip:
    """The same clip at another size; `frames` as in `resized_person`."""
    share = size / clip.size
    landmarks = np.concatenate(
        [_place(clip.landmarks[..., :2], share), share * clip.landmarks[..., 2:]], axis=-1
    )
    return replace(
        clip,
        pictures=_pictures(clip.pictures, size, frames),
        landmarks=landmarks,
        focal_px=share * clip.focal_px,
        centre_px=_place(clip.centre_px, share),
        footage=None,
    )


def resized_poses(poses: FacePoses, share: float) -> FacePoses:
    """Poses in frames that are `share` times as large."""
    return FacePoses(share * poses.scale, poses.rotation, _place(poses.shift, share))


def _place(pixels: Array, share: float) -> Array:
    """Places in a frame that is `share` times as large; pixels count from the middle of the first one."""
    return share * (pixels + 0.5) - 0.5


def _pictures(pictures: ByteArray, size: int, frames: IntArray) -> ByteArray:
    resized = np.zeros((len(pictures), size, size, *pictures.shape[3:]), np.uint8)
    for frame in frames.tolist():
        resized[frame] = _picture(pictures[frame], size)
    return resized


def _picture(picture: ByteArray, size: int) -> ByteArray:
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
