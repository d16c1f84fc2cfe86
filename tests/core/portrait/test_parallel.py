"""Work on frames in parallel: order, how much is held, errors, what is left."""

from threading import Event, Lock
from time import sleep

import cv2
import pytest

from mannerism.core.portrait import parallel
from mannerism.core.portrait.parallel import in_parallel


@pytest.fixture(autouse=True)
def four_threads(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 4)


def test_results_come_in_order_though_the_first_take_longest():
    def slow(number):
        sleep(0.02 / (1 + number))
        return number**2

    with in_parallel(slow, range(30)) as results:
        assert list(results) == [number**2 for number in range(30)]


def test_few_results_are_held_and_items_are_asked_as_they_are_needed():
    asked: list[int] = []

    def items():
        for number in range(1000):
            asked.append(number)
            yield number

    with in_parallel(lambda number: number, items()) as results:
        assert next(results) == 0
        assert len(asked) < 20


def test_several_run_at_once():
    lock, together, all_four = Lock(), [], Event()

    def meet(number):
        with lock:
            together.append(number)
            if len(together) == 4:
                all_four.set()
        return all_four.wait(10)

    with in_parallel(meet, range(4)) as results:
        assert all(results)


def test_an_error_is_raised_in_its_place_and_what_has_not_begun_is_left():
    done: list[int] = []

    def work(number):
        if number == 3:
            raise ValueError("the third")
        done.append(number)
        return number

    seen: list[int] = []
    with pytest.raises(ValueError, match="the third"), in_parallel(work, range(1000)) as results:
        seen.extend(results)
    assert 3 not in done
    assert len(done) < 40


def test_who_stops_reading_leaves_the_rest():
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt), in_parallel(done.append, range(1000)) as results:
        next(results)
        raise KeyboardInterrupt
    assert len(done) < 40


def test_threads_of_opencv_rest_meanwhile():
    before = cv2.getNumThreads()
    with in_parallel(lambda _: cv2.getNumThreads(), range(8)) as results:
        assert set(results) == {1}
    assert cv2.getNumThreads() == before
