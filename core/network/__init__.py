"""Running what was trained, in numpy: layers, the network of the learned manner, and its weights file."""
