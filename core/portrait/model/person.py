"""Data classes of the talking-head video: reference clip, analysed person, drive."""

from dataclasses import dataclass

import numpy as np

from ...types import Array, BoolArray, ByteArray
from .camera import FacePoses, Stage


@dataclass(frozen=True)
class Square:
    """Square crop of the upright video, in its square pixels; it may reach beyond the frame."""

    left: int
    top: int
    side: int


@dataclass(frozen=True)
class Footage:
    """Video from which a clip was cut.

    square : what the clip shows of it
    width, height : of the upright video, in square pixels
    frame_rate : frames a second on average
    frames : processed; those in which the person's face was not found are not in the clip
    rival : presence of a second person as a share of this one's, 0 to 1
    cut_short : whether frames are damaged, or end before the file says
    """

    square: Square
    width: int
    height: int
    frame_rate: float
    frames: int
    rival: float
    cut_short: bool


@dataclass(frozen=True)
class Clip:
    """Frames of the reference, cropped to one static square S pixels wide, with tracked landmarks.

    pictures : (N, S, S, 3) uint8; may lie in a file
    time_s : (N,) seconds from the first audio sample
    landmarks : (N, 478, 3) pixels; z in the same unit, growing towards the camera, zero at no stated depth
    focal_px, centre_px : of the camera, pixels of the square
    footage : None for frames that come from no video
    """

    pictures: ByteArray
    time_s: Array
    landmarks: Array
    focal_px: float
    centre_px: Array
    footage: Footage | None = None

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def size(self) -> int:
        """Side of the frames, S, pixels."""
        return self.pictures.shape[1]


@dataclass(frozen=True)
class Surround:
    """Motion model of hair, neck and torso: points about the face, each linear in the affine camera.

    home : (J, 2) pixels, their projection in the frame `anchor`
    anchor : (2, 4) that frame's camera
    follow : (J, 2, 4) pixels a unit of the camera: projection = home + Σ follow · (camera − anchor)
    border : (B, 2) pixels of the outermost points, which stand still outside the frame
    """

    home: Array
    anchor: Array
    follow: Array
    border: Array

    def project(self, cameras: Array) -> Array:
        """Project the points about the face, (N, J + B, 2) pixels, for affine cameras (N, 2, 4)."""
        moved = self.home + np.einsum("jrc,nrc->njr", self.follow, cameras - self.anchor)
        border = np.broadcast_to(self.border, (len(cameras), *self.border.shape))
        return np.concatenate([moved, border], axis=1)


@dataclass(frozen=True)
class Person:
    """Analysed person of a reference clip.

    mesh : (478, 3) the face at rest, metres in the head frame
    expression : (N, 478, 3) what each frame's face adds to the mesh, metres in the head frame
    poses : of the N frames
    stage : neutral pose and camera
    surround : hair, neck and torso
    matte : (N, S, S) uint8, 255 where the person is; may lie in a file
    background : (S, S, 4) the background without the person, alpha 0 where it was never visible; None where the
        camera moves
    usable : (N,) bool, frames that may be rendered from
    """

    clip: Clip
    mesh: Array
    expression: Array
    poses: FacePoses
    stage: Stage
    surround: Surround
    matte: ByteArray
    background: ByteArray | None
    usable: BoolArray

    def landmarks(self) -> Array:
        """Project the fitted face of the N frames, pixels, shape (N, 478, 2)."""
        return self.poses.project(self.mesh + self.expression)


@dataclass(frozen=True)
class Drive:
    """Poses and expressions of the T frames of a video.

    time_s : (T,) seconds from the first audio sample
    poses : of the T frames
    expression : (T, 478, 3) what to add to the person's mesh, metres in the head frame
    """

    time_s: Array
    poses: FacePoses
    expression: Array

    def __len__(self) -> int:
        return len(self.time_s)
