"""Running what was trained: the layers of small networks in numpy, and the files their weights lie in."""
