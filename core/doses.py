"""The rule for doses: numbers of a frozen dataclass, each within the range of its slider. No numpy, as `slider.py`."""

from collections.abc import Mapping

from .errors import SettingsError
from .slider import Slider


def check_doses(doses: object, sliders: Mapping[str, Slider]) -> None:
    """Check that each dose lies within its range. Raises SettingsError."""
    for name, dose in sliders.items():
        value = getattr(doses, name)
        if not dose.allows(value):
            spoken = name.replace("_", " ")
            problem = f"The dose {value:g} of “{spoken}” is out of range"
            raise SettingsError(problem, f"Choose one from 0 to {dose.largest:g}")
