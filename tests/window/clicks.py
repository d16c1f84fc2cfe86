"""From a fresh Blender with the extension to moving keys, by the mouse alone, its clicks counted.

Not counted: N, which opens the sidebar, and folders that are opened on the way to a file. What a person has done before, once:
installed the extension and, for the light zip, chosen a Worker Python.
"""

from . import hands
from .hands import click, do, drop, job_ends, keys, middle, move, on_screen, picture, press, sidebar
from .stage import PROJECT, ROOT, bpy, check, prepare

AT_MOST = 6
TAB_BELOW_PX = 256  # the middle of the tab Mannerism, below the sidebar's upper edge
FIRST_ENTRY_PX = (-60, -24)  # of the menu that opens at the pointer, from there
FIRST_FILE = (390, 243)  # in the file window, which opens at the same place where nothing manages windows
PAGE = ROOT / "docs/tutorial.md"


def open_tab():
    """The tab of the sidebar; it opens with N."""
    if sidebar().width < 50:
        yield from keys("n")
    region = sidebar()
    if region.active_panel_category != "Mannerism":  # a click on the open tab would fold the sidebar
        yield from click(*on_screen(region, region.width - 14, region.height - TAB_BELOW_PX))
    check(sidebar().active_panel_category == "Mannerism", "the tab is open")


def moving(obj):
    """How far keys turn an object, radians; 0 without a layer."""
    data = obj.animation_data
    tracks = [track for track in data.nla_tracks if "#" in track.name] if data else []
    curves = [
        curve
        for track in tracks
        for action in [track.strips[0].action]
        for curve in action.layers[0].strips[0].channelbag(action.slots[0]).fcurves
        if "rotation" in curve.data_path
    ]
    return max(
        (max(k.co.y for k in c.keyframe_points) - min(k.co.y for k in c.keyframe_points) for c in curves),
        default=0.0,
    )


def fresh():
    """The file that Blender begins with, as after its start."""
    bpy.ops.wm.read_homefile(load_ui=True)
    prepare()
    hands.clicks[0] = 0
    yield 1.5


def count(how):
    """What it took, and whether the tutorial says so."""
    check(moving(bpy.context.object) > 0.02, f"{how}: the keys of {bpy.context.object.name} move it")
    clicks = hands.clicks[0]
    check(clicks <= AT_MOST, f"{how}: {clicks} clicks, of {AT_MOST} at most")
    check(f"| {how} | {clicks} |" in PAGE.read_text(), f"the tutorial says {clicks} for: {how}")


def drop_it():
    yield from drop(PROJECT / "line_1.wav")
    x, y = middle()
    yield from click(x + FIRST_ENTRY_PX[0], y + FIRST_ENTRY_PX[1])


def choose_it():
    """By the button beside *Speech*. The folder's path is typed: folders do not count."""
    yield from press("mannerism.choose_file(field='audio')")
    yield 1.5
    yield from move(*FIRST_FILE)
    yield from do(
        "xdotool", "key", "ctrl+l", "sleep", 0.4, "key", "ctrl+a", "type", "--delay", 30, f"{PROJECT}/"
    )
    yield from do("xdotool", "key", "Return")
    yield 1.0
    yield from click(*FIRST_FILE, times=2)
    yield 1.5


WAYS = {
    "a sound dropped on the viewport": drop_it,
    "a sound chosen with the button beside *Speech*": choose_it,
}


def story():
    """The same by each way that a sound can come in."""
    for way, bring_sound in WAYS.items():
        yield from fresh()
        yield from open_tab()
        yield from bring_sound()
        check(bpy.context.object.mannerism.audio.endswith("line_1.wav"), "the sound is the speech")
        yield from press("mannerism.generate()")
        yield from job_ends()
        count(way)
    yield from picture("clicks")


steps = [lambda: hands.play(story()), *hands.REST]
