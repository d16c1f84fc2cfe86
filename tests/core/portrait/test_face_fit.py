"""Face fit on landmarks made from a known face, poses and expressions."""

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.portrait.analysis.face_fit import fit_face, follow, unrest
from mannerism.core.portrait.model.camera import FacePoses, Stage
from mannerism.core.portrait.model.person import Clip, Person, Surround
from mannerism.core.portrait.model.topology import topology
from mannerism.core.track.head_pose import STABLE, canonical_face
from mannerism.core.track.landmarks import POINTS

COUNT = 60
RNG = np.random.default_rng(0)


def true_mesh():
    """A face of its own off the points that say what a head frame is."""
    mesh = np.concatenate([canonical_face(), canonical_face()[[159] * 5 + [386] * 5]])
    own = RNG.normal(0, 0.003, mesh.shape)
    own[STABLE] = 0
    return mesh + own


def true_poses(count=COUNT):
    angles = 0.25 * np.sin(np.linspace(0, 7, count) * np.array([[1.0], [1.7], [0.6]]))
    return FacePoses(
        scale=700 + 60 * np.sin(np.linspace(0, 3, count)),
        rotation=rot.to_matrix(rot.from_euler(*angles)),
        shift=128 + RNG.normal(0, 10, (count, 2)),
    )


def true_expression(count=COUNT):
    """Lips that move a third of the time, so that rest is what is seen most."""
    expression = np.zeros((count, POINTS, 3))
    opening = np.maximum(np.sin(1.3 * np.arange(count)) - 0.5, 0) * 0.02
    expression[:, topology().lips, 1] = -opening[:, None]
    return expression


def landmarks_of(mesh, poses, expression, noise_px=0.0):
    """Pixels, and depth towards the camera in the same unit, from no stated zero."""
    points = poses.project(mesh + expression)
    depth = poses.scale[:, None] * ((mesh + expression) @ poses.rotation[:, 2, :, None])[..., 0] + 17.0
    seen = np.concatenate([points, depth[..., None]], axis=2)
    return seen + RNG.normal(0, noise_px, seen.shape) if noise_px else seen


def angle_deg(a, b):
    return np.degrees(rot.angle_between(rot.from_matrix(a), rot.from_matrix(b)))


@pytest.mark.parametrize(("noise_px", "turn_deg", "place_m"), [(0.0, 1e-3, 1e-6), (0.5, 0.3, 1.5e-3)])
def test_mesh_poses_and_expression_come_back(noise_px, turn_deg, place_m):
    mesh, poses, expression = true_mesh(), true_poses(), true_expression()
    face = fit_face(landmarks_of(mesh, poses, expression, noise_px))
    assert angle_deg(face.poses.rotation, poses.rotation).max() < turn_deg
    assert face.poses.scale == pytest.approx(poses.scale, rel=turn_deg / 50)
    assert face.poses.shift == pytest.approx(poses.shift, abs=0.01 + noise_px / 2)
    assert np.linalg.norm(face.mesh - mesh, axis=1).max() < place_m
    lips = topology().lips
    assert np.sqrt(((face.expression - expression)[:, lips] ** 2).mean()) < place_m


@pytest.mark.slow
def test_what_is_taken_apart_makes_the_landmarks_again():
    landmarks = landmarks_of(true_mesh(), true_poses(), true_expression(), noise_px=1.0)
    face = fit_face(landmarks)
    assert face.poses.project(face.mesh + face.expression) == pytest.approx(landmarks[..., :2])


def test_pictures_that_are_not_usable_teach_nothing():
    mesh, poses, expression = true_mesh(), true_poses(), true_expression()
    landmarks = landmarks_of(mesh, poses, expression)
    usable = np.arange(COUNT) % 3 > 0
    landmarks[~usable] = RNG.normal(128, 40, (int((~usable).sum()), POINTS, 3))
    face = fit_face(landmarks, usable)
    assert np.linalg.norm(face.mesh - mesh, axis=1).max() < 1e-6
    assert unrest(face.expression)[~usable].min() > 10 * unrest(face.expression)[usable].max()


def test_other_pictures_of_the_same_person_are_followed():
    mesh, poses, expression = true_mesh(), true_poses(), true_expression()
    landmarks = landmarks_of(mesh, poses, expression)
    first, last = slice(0, 40), slice(40, COUNT)
    face = fit_face(landmarks[first])
    count = len(face.expression)
    person = Person(
        clip=Clip(
            np.zeros((count, 8, 8, 3), np.uint8), np.arange(count) / 25, landmarks[first], 300.0, np.zeros(2)
        ),
        mesh=face.mesh,
        expression=face.expression,
        poses=face.poses,
        stage=Stage(700.0, np.eye(3), np.zeros(2), 300.0, np.zeros(2)),
        surround=Surround(np.zeros((0, 2)), np.zeros((2, 4)), np.zeros((0, 2, 4)), np.zeros((0, 2))),
        matte=np.zeros((count, 8, 8), np.uint8),
        background=None,
        usable=np.ones(count, bool),
    )
    followed, added = follow(person, landmarks[last])
    assert angle_deg(followed.rotation, poses.rotation[last]).max() < 1e-3
    assert added[:, topology().lips] == pytest.approx(expression[last][:, topology().lips], abs=1e-5)
