"""Neural network inference in numpy: layers, the manner network, and its weights file."""
