"""Refined quality: an active appearance model learned from all frames of one person."""
