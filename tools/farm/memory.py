"""Memory of a command and its children while it runs, on Linux."""

import threading
import time
from pathlib import Path

_EVERY_S = 2.0


class MemoryLog:
    """Samples the largest resident memory of one process below a command; stops when that ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.megabytes: list[int] = []
        threading.Thread(target=self._sample, daemon=True).start()

    def __str__(self) -> str:
        """The largest process after a quarter of the time and at its end."""
        if len(self.megabytes) < 4:
            return "not measured"
        return f"{self.megabytes[len(self.megabytes) // 4]} MB a process after a quarter, {self.megabytes[-1]} at the end"

    def _sample(self) -> None:
        while found := [_resident_mb(pid) for pid in (self._pid, *_below(self._pid))]:
            if not max(found):
                return
            self.megabytes.append(max(found))
            time.sleep(_EVERY_S)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        found += [*children, *(each for child in children for each in _below(child))]
    return found


def _resident_mb(pid: int) -> int:
    try:
        rows = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) >> 10 for row in rows if row.startswith("VmRSS")), 0)
