"""Frames rendered from warped and cross-faded frames of the reference."""
