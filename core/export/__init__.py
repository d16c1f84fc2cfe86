"""HeadMotion to files, each from t = 0 at any frame rate. A new format is one module and one row in `formats.py`."""

from .formats import FORMATS, ExportFormat, export_motion

__all__ = ["FORMATS", "ExportFormat", "export_motion"]
