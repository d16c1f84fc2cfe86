"""Frames drawn from warped and cross-faded frames of the reference."""
