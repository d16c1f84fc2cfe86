"""Number of threads of numpy's matrix products, to be set before numpy is loaded."""

import os

_VARIABLES = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def use_one_thread() -> None:
    """Use one thread for matrix products in this process and those it starts, unless the environment says otherwise.

    The products here are too small to share: a second thread gains nothing, and where cores are busy its
    waiting costs three times the work. And sums that are split differently round differently, so this is
    also what lets a command, a batch and a farm give the same bytes.
    """
    for variable in _VARIABLES:
        os.environ.setdefault(variable, "1")
