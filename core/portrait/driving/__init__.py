"""Head motion and speech to the pose and expression of each frame."""
