"""An animator's hands and eyes at a real window: X events by xdotool, what lies under the pointer by Blender itself.

Everything that takes time is a generator of the seconds to wait, so that Blender lives meanwhile; `play` runs it.
"""

import os
import shutil
import subprocess
import traceback
from pathlib import Path

from .stage import PROJECT, ROOT, bpy, check, running, say, viewport

TABS_PX = 30  # of the sidebar's right edge, where its tabs are
STEP_PX = 11  # between two looks; a row is 20 high
COLUMNS = (0.62, 0.94, 0.3, 0.84)  # where rows are looked at, of the width left of the tabs
UP, DOWN = (4, 60), (5, 9)
"""Buttons of the wheel, and how many notches of it go to the top, or on by less than is seen."""
PATIENCE_S = 120.0  # for a job on a busy machine
PICTURES = Path(os.environ["MANNERISM_OUT"])

REST = [lambda: None] * 1800
"""Steps of a second each in which Blender lives, until `play` ends it."""

clicks = [0]
"""How often a button of the mouse was pressed."""
_places: dict[str, tuple[int, int]] = {}
"""By what lies there, where it was found last."""


def play(story):
    """Run a generator beside Blender's own work, and end Blender with it."""

    def on():
        try:
            return next(story)
        except StopIteration:
            check(True, "the end is reached")
        except BaseException:  # noqa: BLE001  into the log, whatever it is
            say(traceback.format_exc())
        shutil.rmtree(PROJECT, ignore_errors=True)
        bpy.ops.wm.quit_blender()
        return None

    bpy.app.timers.register(on, first_interval=0.5, persistent=True)


def do(*command):
    """Run a program that works on the window, while Blender answers it."""
    process = subprocess.Popen([str(word) for word in command])
    while process.poll() is None:
        yield 0.02
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    yield 0.1


def move(x, y):
    yield from do("xdotool", "mousemove", x, y)


def click(x, y, times=1):
    """Click; the pointer rests there before, as a hand's does."""
    clicks[0] += times
    yield from do("xdotool", "mousemove", x, y, "sleep", 0.2, "click", "--repeat", times, "--delay", 80, 1)
    yield 0.4


def drag(start, end):
    """Press at one point, and release at another."""
    clicks[0] += 1
    points = [
        [round(start[i] + (end[i] - start[i]) * share) for i in (0, 1)]
        for share in (0.2, 0.4, 0.6, 0.8, 1.0, 1.0)
    ]
    way = [word for point in points for word in ("mousemove", *point, "sleep", 0.15)]
    yield from do(
        "xdotool", "mousemove", *start, "sleep", 0.2, "mousedown", 1, "sleep", 0.1, *way, "mouseup", 1
    )
    yield 0.4


def keys(*names, at=None):
    """Press keys, as `ctrl+z`, with the pointer in the middle of the viewport or at a point."""
    yield from move(*(at or middle()))
    yield from do("xdotool", "key", "--delay", 60, *names)
    yield 0.4


def drop(path, at=None):
    """Drag a file from another program into the window, and let go; one press of the button."""
    clicks[0] += 1
    x, y = at or middle()
    yield from do(ROOT / ".venv/bin/python", ROOT / "tests/window/drag.py", x, y, path)
    yield 0.6


def middle():
    """The middle of the viewport, left of the sidebar."""
    view = viewport()
    return on_screen(view["region"], view["region"].width * 0.35, view["region"].height * 0.3)


def on_screen(region, x, y):
    """A point of a region as a point of the screen, whose y goes down."""
    return round(region.x + x), round(viewport()["window"].height - region.y - y)


def sidebar():
    """The region with the tab."""
    return next(region for region in viewport()["area"].regions if region.type == "UI")


def under_pointer():
    """What the pointer rests on in the sidebar: the call of an operator, as `mannerism.generate()`, or the path of a setting."""
    manager = bpy.context.window_manager
    with bpy.context.temp_override(**viewport() | {"region": sidebar()}):
        if bpy.context.property:
            return bpy.context.property[1]
        if bpy.ops.ui.copy_python_command_button.poll():
            bpy.ops.ui.copy_python_command_button()
            return manager.clipboard.removeprefix("bpy.ops.")
    return ""


def find(wanted):
    """Move the pointer over the tab until the button or setting lies below it; leaves its place in `_places`.

    Scrolls to the top where it is not in view, and down from there.
    """
    if wanted in _places:
        yield from _glance(_places[wanted], 0.3)
        if under_pointer() == wanted:
            return
    for columns in (COLUMNS[:1], COLUMNS[1:]):
        for wheel in (None, UP, *[DOWN] * 4):
            if wheel:
                yield from scroll(*wheel)
            if (yield from _look(wanted, columns)):
                return
    yield from picture("lost")
    raise RuntimeError(f"{wanted} is nowhere in the sidebar")


def scroll(button, clicks):
    """Turn the wheel over the sidebar."""
    region = sidebar()
    yield from move(*on_screen(region, (region.width - TABS_PX) * 0.1, region.height * 0.5))
    yield from do("xdotool", "click", "--repeat", clicks, "--delay", 20, button)
    yield 0.4


def _look(wanted, columns):
    region = sidebar()
    for column in columns:
        x = (region.width - TABS_PX) * column
        for y in range(region.height - 4, 4, -STEP_PX):
            place = on_screen(region, x, y)
            yield from _glance(place, 0.03)
            name = under_pointer()
            if name == wanted:  # or was, where Blender is late
                yield from _glance(place, 0.3)
                name = under_pointer()
            if name:
                _places[name] = place
            if name == wanted:
                return True
    return False


def _glance(place, seconds):
    subprocess.run(["xdotool", "mousemove", str(place[0]), str(place[1])], check=True)
    yield seconds


def place_of(name):
    """Where `find` found something last."""
    return _places[name]


def rests_on(wanted):
    """Check that something is where it was found."""
    for seconds in (0.3, 1.0, 2.0):  # a busy machine is late
        yield from _glance(_places[wanted], seconds)
        if under_pointer() == wanted:
            break
    check(under_pointer() == wanted, f"{wanted} is where it was")


def press(wanted):
    """Find a button, and click on it."""
    yield from find(wanted)
    yield from click(*_places[wanted])


def job_ends():
    """Wait until the running job has ended, and its operator with it."""
    waited = 0.0
    while running() and waited < PATIENCE_S:
        waited += 0.2
        yield 0.2
    check(not running(), "the job has ended")
    yield 0.8


def picture(name, *, pointer=True):
    """A picture of the window, the pointer out of the way unless what is open goes with it."""
    if pointer:
        yield from move(5, viewport()["window"].height - 5)
    yield 0.8
    yield from do("import", "-window", "root", PICTURES / f"{name}.png")
