"""Number of threads: of numpy's matrix products, to be set before numpy is loaded, and of pictures."""

import os

LIMIT = "MANNERISM_THREADS"
"""Environment variable with the most pictures of a video that are drawn at once."""
_VARIABLES = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def use_one_thread() -> None:
    """Use one thread for matrix products in this process and those it starts, unless the environment says otherwise.

    The products here are too small to share: a second thread gains nothing, and where cores are busy its
    waiting costs three times the work. And sums that are split differently round differently, so this is
    also what lets a command, a batch and a farm give the same bytes.
    """
    for variable in _VARIABLES:
        os.environ.setdefault(variable, "1")


def cores() -> int:
    """Number of cores that this process may use: what LIMIT says, else what the operating system allows."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = os.environ.get(LIMIT, "")
    return min(max(int(limit), 1), allowed) if limit.isdecimal() else allowed
