"""Names of face curve sets: no import, not even numpy."""

from collections.abc import Mapping

NAMINGS: Mapping[str, str] = {
    "arkit": "the blend shapes of ARKit, such as jawOpen",
    "visemes": "the commonest visemes, such as viseme_aa",
}
"""Each with what it names; the first is the default everywhere."""

DEFAULT_NAMING = next(iter(NAMINGS))
