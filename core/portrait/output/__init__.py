"""Frames and sound to a video file."""
