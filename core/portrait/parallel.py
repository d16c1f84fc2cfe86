"""Work on single frames, on all free cores at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import cv2

from ..threads import cores

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_AHEAD = 2  # items that wait for each thread


@contextmanager
def in_parallel(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[Iterator[_Result]]:
    """Open an iterator over the results of a function, in the order of its items; few are held at a time.

    The function is called from several threads at once, and should spend its time in numpy, OpenCV or a model, which
    let go of the interpreter. OpenCV's own threads, which would only be in the way, rest meanwhile. An error of the
    function is raised where its result is asked for; what has not begun by the end of the context is left.
    """
    count = cores()
    threads_of_opencv = cv2.getNumThreads()
    cv2.setNumThreads(1)
    pool = ThreadPoolExecutor(count)

    def results() -> Iterator[_Result]:
        waiting: deque[Future[_Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > _AHEAD * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    try:
        yield results()
    finally:
        pool.shutdown(cancel_futures=True)
        cv2.setNumThreads(threads_of_opencv)
