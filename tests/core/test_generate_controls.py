"""What the animator sets."""

import pytest

from mannerism.core.generate import first_seed


@pytest.mark.parametrize(("line", "seed"), [("line_1", 254549), ("ü日本 one", 980935)])
def test_a_line_has_the_same_first_seed_for_ever(line, seed):
    assert first_seed(line) == seed


def test_lines_start_from_seeds_of_their_own():
    seeds = {first_seed(f"line_{n}") for n in range(1000)}
    assert len(seeds) > 990
    assert 0 <= min(seeds) <= max(seeds) < 1_000_000
