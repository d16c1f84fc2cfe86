"""Drag files onto a window as a file manager does, by the protocol XDND: drag.py X Y FILE…

Run in the display of that window, by a Python of its own: the window's program must answer meanwhile.
The protocol: https://www.freedesktop.org/wiki/Specifications/XDND/
"""

import sys
import time
from pathlib import Path
from typing import Any

from Xlib import X, display
from Xlib.protocol import event

VERSION = 5
STEPS, STEP_S = 8, 0.1  # of the way to where the files are dropped
PATIENCE_S = 20.0  # a window that draws in software answers late


class Drag:
    """One drag, from a window of ours that nobody sees."""

    def __init__(self, files: list[str]) -> None:
        self.display: Any = display.Display()
        self.root = self.display.screen().root
        self.source = self.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self.text = "".join(f"{Path(file).absolute().as_uri()}\r\n" for file in files).encode()
        self.source.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)

    def atom(self, name: str) -> int:
        """The number by which the display knows a name."""
        return int(self.display.intern_atom(name))

    def target(self, x: int, y: int) -> Any:
        """The window below a point that takes drops."""
        window = self.root
        while True:
            below = (
                window.translate_coords(self.root, x, y).child
                or self.root.translate_coords(window, x, y).child
            )
            if not below:
                sys.exit(f"no window at {x}, {y} takes drops")
            window = below
            if window.get_full_property(self.atom("XdndAware"), X.AnyPropertyType):
                return window

    def send(self, window: Any, kind: str, *numbers: int) -> None:
        """Send a message of the protocol."""
        data = (32, [self.source.id, *numbers, *[0] * (4 - len(numbers))])
        window.send_event(event.ClientMessage(window=window, client_type=self.atom(kind), data=data))
        self.display.flush()

    def answer(self, kind: str) -> list[int]:
        """Wait for a message of the window, and meanwhile hand over the names of the files."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if not self.display.pending_events():
                time.sleep(0.01)
                continue
            each = self.display.next_event()
            if each.type == X.SelectionRequest:
                self.hand_over(each)
            elif each.type == X.ClientMessage and each.client_type == self.atom(kind):
                return list(each.data[1])
        sys.exit(f"the window sent no {kind}")

    def hand_over(self, request: Any) -> None:
        """Put the names of the files where the window wants them."""
        request.requestor.change_property(request.property, request.target, 8, self.text)
        request.requestor.send_event(
            event.SelectionNotify(
                time=request.time,
                requestor=request.requestor,
                selection=request.selection,
                target=request.target,
                property=request.property,
            )
        )
        self.display.flush()

    def go(self, x: int, y: int) -> None:
        """Drag to a point, and drop."""
        window = self.target(x, y)
        self.send(window, "XdndEnter", VERSION << 24, self.atom("text/uri-list"))
        for step in range(STEPS, -1, -1):
            at = (x - 10 * step, y)
            self.root.warp_pointer(*at)
            self.send(
                window, "XdndPosition", 0, at[0] << 16 | at[1], X.CurrentTime, self.atom("XdndActionCopy")
            )
            accepted = self.answer("XdndStatus")[1] & 1
            time.sleep(STEP_S)
        if not accepted:
            sys.exit("the window does not take it")
        self.send(window, "XdndDrop", 0, X.CurrentTime)
        self.answer("XdndFinished")


if __name__ == "__main__":
    Drag(sys.argv[3:]).go(int(sys.argv[1]), int(sys.argv[2]))
