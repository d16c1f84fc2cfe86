"""Sound to SpeechFeatures."""

from .features import NAMES, SpeechFeatures, extract_features

__all__ = ["NAMES", "SpeechFeatures", "extract_features"]
