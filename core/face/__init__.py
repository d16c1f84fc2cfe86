"""Speech to mouth, blinks and brows."""
