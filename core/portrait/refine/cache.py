"""On-disk cache of a person's refiner, beside the analysed reference."""

import logging
import os
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load, save

from ...files import replacing
from ...motion import Progress, no_progress
from ...own_file import read_own
from ..model.person import Person
from ..render.look import FILM
from ..render.renderer import Renderer
from .appearance_model import AppearanceModel
from .features import FeatureSpace
from .refiner import Refiner, train

_log = logging.getLogger(__name__)

_LARGEST_BYTES = 1 << 28
_NAME = "refined-5.safetensors"
"""With the version of the learning; what another version learned is not used."""


def reference_refiner(
    person: Person, folder: Path, seconds: float, progress: Progress = no_progress
) -> Refiner | None:
    """Return `refine.train`'s result, made on first use and read from the analysed reference's folder after that.

    That the renderer is no worse is kept as well.

    Raises
    ------
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = folder / _NAME
    if os.path.lexists(file):
        try:
            parts = load(read_own(file, _LARGEST_BYTES))
            _log.info("Appearance learned before: %s", "used" if parts else "no better than the renderer")
            return (
                Refiner(Renderer(person, FILM), FeatureSpace.fit(person), AppearanceModel(**parts))
                if parts
                else None
            )
        except (SafetensorError, OSError, ValueError, TypeError, LookupError) as error:
            _log.warning("What was learned of the appearance is damaged, and learned anew: %s", error)
    _log.info("Appearance not learned yet")
    refiner = train(person, seconds, progress)
    with replacing(file) as temporary:
        temporary.write_bytes(save({} if refiner is None else vars(refiner.appearance)))
    return refiner
