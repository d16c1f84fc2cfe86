"""Signals that end a command: each does what Ctrl-C does, so that nothing is left behind."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")  # of a farm or `kill`, of a terminal that is closed, of Windows


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Raise KeyboardInterrupt in the block for the signals that ask a program to end; what is ignored stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    asked = [number for number in found if signal.getsignal(number) is signal.SIG_DFL]

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in asked:
            signal.signal(number, signal.SIG_IGN)  # once is enough: a second would break off the tidying up
        raise KeyboardInterrupt

    for number in asked:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in asked:
            signal.signal(number, signal.SIG_DFL)
