"""What was learned of a person, kept beside the analysed reference for the next film."""

import logging
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load, save

from ...files import replacing
from ...motion import Progress, no_progress
from ..model.person import Person
from ..render.renderer import Renderer
from .appearance_model import Look
from .features import Traits
from .refiner import Refiner, train

_log = logging.getLogger(__name__)

_NAME = "refined-3.safetensors"
"""With the version of the learning; what another version learned is not used."""


def reference_refiner(
    person: Person, folder: Path, seconds: float, progress: Progress = no_progress
) -> Refiner | None:
    """As `refine.train`, the first time; read from the folder of the analysed reference after that.

    That the renderer is no worse is kept as well.

    Raises
    ------
    OutputError : no room in `folder`
    CancelledError : through `progress`
    """
    file = folder / _NAME
    if file.is_file():
        try:
            parts = load(file.read_bytes())
            _log.info("Appearance learned before: %s", "used" if parts else "no better than the renderer")
            return Refiner(Renderer(person), Traits.of(person), Look(**parts)) if parts else None
        except (SafetensorError, TypeError):
            _log.warning("What was learned of the appearance is damaged, and learned anew")
            file.unlink()
    _log.info("Appearance not learned yet")
    refiner = train(person, seconds, progress)
    with replacing(file) as temporary:
        temporary.write_bytes(save({} if refiner is None else vars(refiner.look)))
    return refiner
