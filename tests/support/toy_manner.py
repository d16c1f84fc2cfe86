"""Weights of the manner network that nobody trained: small, random, and good enough to hold the code by."""

from typing import Any

import numpy as np

from mannerism.core.network.manner import SIZES, VERSION
from mannerism.core.network.sizes import Sizes
from mannerism.core.network.weights import write_weights
from mannerism.core.speech import NAMES
from mannerism.core.style import STATISTICS
from mannerism.core.style.population import load_population

INPUTS = ("energy", "onset", "activity")


def toy_sizes(**changed):
    assert set(INPUTS) <= set(NAMES)
    means = load_population().means()
    given: dict[str, Any] = {
        "speech": INPUTS,
        "speech_mean": (-0.5, 0.2, 0.7),
        "speech_sd": (0.8, 0.4, 0.4),
        "statistics": tuple(STATISTICS),
        "statistics_mean": tuple(means[name] for name in STATISTICS),
        "statistics_sd": (0.5,) * len(STATISTICS),
        "vector": 4,
        "encoder": 8,
        "encoder_dilations": (1, 2),
        "code": 6,
        "statistics_embedding": 5,
        "past": 2,
        "memories_s": (0.25, 1.0),
        "hidden": 12,
        "head": 10,
        "components": 2,
    }
    return Sizes(**given | changed)


def toy_arrays(sizes, *, seed=0, gain=1.0):
    """Random weights of the usual size, so that poses wander back to the middle now and then."""
    random = np.random.default_rng(seed)
    return {
        name: gain * random.standard_normal(shape) / np.sqrt(max(1, np.prod(shape[1:])))
        for name, shape in sizes.shapes.items()
    }


def write_toy_manner(path, *, version="toy", seed=0, gain=1.0, metadata=None, **changed):
    sizes = toy_sizes(**changed)
    told = {SIZES: sizes.to_json(), VERSION: version, **(metadata or {})}
    write_weights(path, toy_arrays(sizes, seed=seed, gain=gain), told)
    return path
