"""HeadMotion to files, each from t = 0 at any frame rate. A new format is one module and one row in `formats.py`."""

from .formats import FORMATS, ExportFormat, check_form, export_motion
from .presets import ANY, DEFAULT_PRESET, PRESETS, Form, Preset

__all__ = [
    "ANY",
    "DEFAULT_PRESET",
    "FORMATS",
    "PRESETS",
    "ExportFormat",
    "Form",
    "Preset",
    "check_form",
    "export_motion",
]
