"""Recording of a person to data to learn from: in step, cut into shots, freed of listeners, on one grid."""

from .cleaned import Findings, Measured, Samples, cleaned, cleaned_track

__all__ = ["Findings", "Measured", "Samples", "cleaned", "cleaned_track"]
