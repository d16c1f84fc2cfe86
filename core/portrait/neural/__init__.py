"""High quality: a network trained on one person, in torch; loaded only when asked for."""
