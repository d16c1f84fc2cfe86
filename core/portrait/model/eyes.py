"""Doses of the eyes of a film. No numpy: the command line's help reads it.

Eyes of a film turn against the head as the person's do, and lids follow them as theirs do, so of the doses of eyes on rigs
those of what comes beside that hold.
"""

from collections.abc import Mapping

from ...gaze.settings import DOSES, GazeDoses, check_names
from ...slider import Slider

_BESIDE = ("look_away", "small", "blinks")
EYES: Mapping[str, Slider] = {name: DOSES[name] for name in _BESIDE}
"""Doses by name, in the order in which they are shown."""
_NONE: Mapping[str, float] = {name: 0.0 for name in DOSES if name not in EYES}


def film_eyes(chosen: Mapping[str, float]) -> GazeDoses:
    """Doses of a film's eyes by their names; those that are not named are as usual.

    Raises
    ------
    SettingsError : there is no such dose, or it is out of range
    """
    check_names(chosen, EYES)
    return GazeDoses(**_NONE, **chosen)


USUAL_EYES = film_eyes({})
