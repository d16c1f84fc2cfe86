"""Media reading: one reader of video frames and one of sound, used by every room."""
