"""Benchmark of the extension in Blender's process: registering, redrawing, a minute-long layer, 500 rounds.

Times are of the processor, not of the clock, so that other work on the machine counts little.

python benchmarks/blender.py
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp())

import bpy
from bl_ui.utils import PresetPanel

from mannerism import panels, registration
from mannerism.bridge import nla, style_list, takes
from mannerism.core.style.built_in import style_path
from mannerism.tools.synthetic import characters

REPEATS = 15
TAKES, PINS, STYLES = 50, 30, 100
CHARACTERS: Any = characters
MINUTE = CHARACTERS.nodding(60.0)
REGISTER = """
import time, bpy
before = time.process_time()
import mannerism
mannerism.register()
print("took", time.process_time() - before, flush=True)
mannerism.unregister()
"""


class Layout:
    """A layout that draws nothing, so that what remains is ours."""

    def __getattr__(self, _name: str) -> Callable[..., "Layout"]:
        return lambda *_arguments, **_options: self

    def template_list(self, kind: str, _id: str, data: Any, items: str, *_: Any, **options: Any) -> None:
        """Filter the items of a list and draw the rows in sight, as Blender does."""
        cls: Any = getattr(bpy.types, kind)
        drawn = _drawn()
        if hasattr(cls, "filter_items"):
            cls.filter_items(drawn, bpy.context, data, items)
        for item in list(getattr(data, items))[: options["rows"]]:
            cls.draw_item(drawn, bpy.context, self, data, item, 0, data, "")


def _drawn() -> Any:
    """What a panel or a list is drawn with; Blender makes it, so it has to cost next to nothing here."""
    return SimpleNamespace(layout=Layout(), bitflag_filter_item=1)


def median_ms(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of an action."""
    seconds = []
    for _ in range(repeats):
        started = time.process_time()
        action()
        seconds.append(time.process_time() - started)
    return 1e3 * statistics.median(seconds)


def register_ms() -> float:
    """Import and registration in a fresh Blender, from compiled modules, which Blender leaves on the disk at its first start."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", REGISTER]
    lines = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
        for _ in range(6)
    ][1:]
    return 1e3 * statistics.median(float(text.rpartition("took ")[2].split()[0]) for text in lines)


def redraw() -> None:
    """All that the tab asks for on the active object."""
    context: Any = bpy.context
    classes: Any = panels.CLASSES
    for cls in classes:
        # A popover of presets is drawn when its button is pressed.
        if not issubclass(cls, bpy.types.Panel) or issubclass(cls, PresetPanel):
            continue
        if not hasattr(cls, "poll") or cls.poll(context):
            cls.draw(_drawn(), context)


def rigify_human() -> bpy.types.Object:
    """The full human of Rigify, some 700 bones."""
    ops: Any = bpy.ops
    ops.wm.read_factory_settings(use_empty=True)
    ops.preferences.addon_enable(module="rigify")
    ops.object.armature_human_metarig_add()
    ops.pose.rigify_generate()
    ops.preferences.addon_disable(module="rigify")  # or Blender 4.5 never ends
    return bpy.data.objects["rig"]


def bust(mode: str, stack: str) -> Callable[[], bpy.types.Object]:
    """Chest, neck and head with an animation of their own."""

    def build() -> bpy.types.Object:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        return CHARACTERS.posed("armature", mode, stack)[0]

    return build


def add(obj: bpy.types.Object) -> None:
    """A minute of motion, at 24 keys a second, and the motion itself in the file."""
    layer = nla.add_layer(obj, MINUTE, name="take", start_frame=1)
    takes.keep_motion(obj, layer, MINUTE)


def add_and_remove_ms(obj: bpy.types.Object) -> tuple[float, float]:
    """Medians of both."""
    removing = []

    def both() -> None:
        add(obj)
        started = time.process_time()
        nla.remove_layer(obj)
        removing.append(time.process_time() - started)

    whole = median_ms(both)
    remove = 1e3 * statistics.median(removing)
    return whole - remove, remove


def resident_mb() -> float:
    """Memory of this process, as Linux reports it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def styles_ms(obj: Any) -> float:
    """Time in which the items of the list of styles are there again, with many style files beside the saved file."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(STYLES):
            shutil.copy(style_path("calm"), Path(folder) / f"style {number}.style.json")
        ops: Any = bpy.ops
        ops.wm.save_as_mainfile(filepath=str(Path(folder) / "shot.blend"))
        assert len(style_list.style_items(obj.mannerism, bpy.context)) >= STYLES
        return median_ms(lambda: style_list.style_items(obj.mannerism, bpy.context), 200)


def block_count() -> int:
    """Data-blocks in the file."""
    kinds = [prop.identifier for prop in bpy.data.bl_rna.properties if prop.type == "COLLECTION"]
    return sum(len(getattr(bpy.data, kind)) for kind in kinds)


def main() -> None:
    """Print the table; it judges nothing."""
    print(
        f"Blender {bpy.app.version_string}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median processor times"
    )
    print(f"register                                   {register_ms():8.1f} ms")
    registration.register()
    for what, build in (
        ("three bones, quaternions", bust("QUATERNION", "active")),
        ("three bones, Euler, keys", bust("XYZ", "active")),
        ("three bones, Euler, tracks", bust("XYZ", "tracks")),
        ("Rigify human, quaternions", rigify_human),
    ):
        obj = build()
        context: Any = bpy.context
        context.view_layer.objects.active = obj
        adding, removing = add_and_remove_ms(obj)
        for _ in range(3):
            add(obj)
        print(
            f"{what:27s} a minute added {adding:8.1f} ms, removed {removing:6.1f} ms; "
            f"redraw with three layers {median_ms(redraw):6.2f} ms"
        )
    character: Any = obj
    for _ in range(PINS):
        character.mannerism.direct.pins.add()
    for _ in range(TAKES - 3):
        add(obj)
    print(f"redraw with {TAKES} takes and {PINS} pins {median_ms(redraw):6.2f} ms")
    print(f"the list of styles, {STYLES} beside the file {1e3 * styles_ms(character):6.1f} µs")
    obj = bust("XYZ", "tracks under active")()
    for count in range(550):
        if count == 50:
            warm, blocks = resident_mb(), block_count()
        add(obj)
        nla.remove_layer(obj)
    grown = resident_mb() - warm
    print(
        f"500 rounds of a minute after 50 to warm up: {grown:+.1f} MB, {block_count() - blocks:+d} data-blocks"
    )
    registration.unregister()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # Blender 4.5 as a module may never come back from a normal exit
