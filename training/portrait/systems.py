"""Systems of the talking-head score: the frames that each makes of a case, and their figures."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from mannerism.core.motion import no_progress
from mannerism.core.portrait.model.person import Drive, Person
from mannerism.core.portrait.quality import quality_renderer
from mannerism.core.portrait.render.renderer import Renderer
from mannerism.core.types import ByteArray
from mannerism.training.portrait.baselines import moved_by_affine, moved_by_similarity, nearest_frame
from mannerism.training.portrait.cases import Case
from mannerism.training.portrait.edited import edited
from mannerism.training.portrait.figures import Figures, compared, spoken
from mannerism.training.portrait.films import OneReference, film
from mannerism.training.portrait.speech import driven_by_speech, lips_at_rest

FLOOR, SIMILARITY, WARP, REFINED = "tracker floor", "2D similarity", "Warp", "Refined"
SIMILARITY_TOO = "2D similarity + lips"
SIMILARITY_TRACKED = "2D similarity as tracked"
WARP_TRACKED = "Warp as tracked"
SPEECH, WRONG, AT_REST = "right speech", "wrong speech", "lips at rest"
AS_IS, CORRECTED = "as driven", "closed loop"
GIVEN_BACK = (
    FLOOR,
    "nearest frame",
    SIMILARITY,
    "affine",
    SIMILARITY_TOO,
    SIMILARITY_TRACKED,
    "one reference",
    WARP_TRACKED,
    WARP,
    REFINED,
)
"""Systems that shall give back the truth, driven by its own poses and expressions."""
SPOKEN = (SPEECH, WRONG, AT_REST)
"""Driven by its poses, and by sound alone."""
EDITED = (AS_IS, CORRECTED)
"""Driven to poses that the reference lacks."""
ROWS = (*GIVEN_BACK, *SPOKEN, *EDITED)

Show = Callable[[Case, str, ByteArray], None]
"""Called with the frames of a system, for inspection."""


@dataclass(frozen=True)
class Budget:
    """Time limit for training a refiner, seconds."""

    refine_s: float


FULL, TOY = Budget(180.0), Budget(8.0)


def figures_of(case: Case, system: str, budget: Budget, show: Show) -> Figures:
    """Figures of a system on a case. `show` gets the frames of systems that reproduce the truth."""
    if system in EDITED:
        return edited(case, closed_loop=system == CORRECTED)
    if system == REFINED:
        made, kept = refined(case, budget.refine_s)
    else:
        made, kept = _MAKES[system](case), True
    show(case, system, made)
    found = spoken(case, made) if system in SPOKEN else compared(case, made)
    return {**found, "kept": float(kept)} if system == REFINED else found


def refined(case: Case, seconds: float) -> tuple[ByteArray, bool]:
    """Render the truth's drive with a trained refiner; returns frames, and whether the refiner was used."""
    renderer = quality_renderer(case.person, "refined", seconds, no_progress)
    return film(renderer.renderer, case.drive), not isinstance(renderer.renderer, Renderer)


def jpeg(case: Case) -> ByteArray:
    """Truth stored as JPEG of quality 95: the floor of the tracker's error."""
    stored = (
        cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1]
        for picture in case.truth.pictures
    )
    return np.stack([cv2.imdecode(picture, cv2.IMREAD_COLOR)[..., ::-1] for picture in stored])


def _by(draw: Callable[[Person, Drive], ByteArray]) -> Callable[[Case], ByteArray]:
    return lambda case: draw(case.person, case.drive)


_MAKES: dict[str, Callable[[Case], ByteArray]] = {
    FLOOR: jpeg,
    "nearest frame": _by(nearest_frame),
    SIMILARITY: _by(moved_by_similarity),
    "affine": _by(moved_by_affine),
    SIMILARITY_TOO: _by(partial(moved_by_similarity, lips_too=True)),
    SIMILARITY_TRACKED: lambda case: moved_by_similarity(case.person, case.tracked),
    "one reference": lambda case: film(OneReference(case.renderer), case.drive),
    WARP_TRACKED: lambda case: film(case.renderer, case.tracked),
    WARP: lambda case: film(case.renderer, case.drive),
    SPEECH: partial(driven_by_speech, wrong=False),
    WRONG: partial(driven_by_speech, wrong=True),
    AT_REST: lips_at_rest,
}
