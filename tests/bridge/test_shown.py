"""Which shown takes share a stretch with another."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from mannerism.bridge import shown


def test_takes_that_share_a_stretch_are_those_with_a_rival(monkeypatch):
    random = np.random.default_rng(0)
    obj: Any = None
    found = 0
    for _ in range(200):
        pairs = [
            (SimpleNamespace(strips=strips(random)), SimpleNamespace(name=str(at)))
            for at in range(random.integers(1, 6))
        ]
        monkeypatch.setattr(shown, "shown", lambda _obj, pairs=pairs: pairs)
        wanted = [action.name for track, action in pairs if shown.rivals(obj, track)]
        assert shown.adding_up(obj) == wanted
        found += bool(wanted) and len(wanted) < len(pairs)
    assert found > 30


def strips(random):
    """One or two strips of a track, some muted, some end to end with others."""
    return [
        SimpleNamespace(
            frame_start=float(start),
            frame_end=float(start + random.integers(1, 8)),
            mute=random.random() < 0.2,
        )
        for start in random.integers(0, 30, random.integers(1, 3))
    ]
