"""Video to head pose: decode, find the face's landmarks, fit the head, smooth."""

from .measure import FaceMeasurements, measure_face
from .tracker import track_video

__all__ = ["FaceMeasurements", "measure_face", "track_video"]
