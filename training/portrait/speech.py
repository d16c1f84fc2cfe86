"""Evaluation of faces driven by sound alone."""

from dataclasses import replace

import numpy as np

from mannerism.core.face.expression_parts import NUMBERS
from mannerism.core.face.face_from_speech import face_from_speech
from mannerism.core.face.manner import face_manner
from mannerism.core.face.motion import FaceMotion
from mannerism.core.face.mouth import basis
from mannerism.core.gaze.request import GazeRequest
from mannerism.core.portrait.analysis.gaze_share import own_gaze
from mannerism.core.portrait.driving.face_retarget import drive_from_face, turns
from mannerism.core.portrait.model.eyes import USUAL_EYES
from mannerism.core.portrait.model.person import Drive
from mannerism.core.types import ByteArray
from mannerism.training.portrait.cases import Case
from mannerism.training.portrait.films import film


def driven_by_speech(case: Case, *, wrong: bool) -> ByteArray:
    """Warped film of `speech_drive`."""
    return film(case.renderer, speech_drive(case, wrong=wrong))


def speech_drive(case: Case, *, wrong: bool) -> Drive:
    """True poses with lips, lids and brows generated from a sound.

    wrong : the sound is that at the clip's beginning, the same person's other words
    """
    person = case.person
    manner = face_manner(
        person.mesh + person.expression,
        person.clip.time_s,
        person.usable,
        speech=case.sound,
        turn=turns(person, person.poses),
    )
    time_s = case.drive.time_s
    heard_s = time_s - time_s[0] + max(person.clip.time_s[0], 0.0) if wrong else time_s
    head = None if wrong else person.stage.motion(case.drive.poses, time_s)
    gaze = GazeRequest(head, USUAL_EYES, (), own_gaze(person.clip, person.poses, person.usable))
    said = face_from_speech(case.sound, manner, 0, heard_s, gaze, head=head)
    return drive_from_face(person, case.drive.poses, replace(said, time_s=time_s))


def lips_at_rest(case: Case) -> ByteArray:
    """True poses with a face at rest: the floor of the tracker's lip measurement."""
    time_s = case.drive.time_s
    nothing = np.zeros(len(time_s))
    mouth = np.zeros((len(time_s), len(basis())))
    still = FaceMotion(time_s, mouth, nothing, np.zeros((len(time_s), len(NUMBERS))))
    return film(case.renderer, drive_from_face(case.person, case.drive.poses, still))
