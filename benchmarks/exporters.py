"""What Blender's own exporters make of a layer: python -m mannerism.benchmarks.exporters.

A rig with an action of its own, and a take over it. For each exporter, each clip in its file and the largest
angle by which the head in it differs from the viewport. FBX is read by ufbx, glTF by its specification, BVH
and USD by Blender itself.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from mannerism import registration
from mannerism.bridge.character_file import CHARACTERS, export_character
from mannerism.bridge.takes import add_take
from mannerism.core import rotation as rot
from mannerism.core.types import Array
from mannerism.tools.synthetic.characters import bust, key_pose, nodding, rotation_of
from mannerism.tools.synthetic.clips import fbx_clip, glb_clip, glb_clips

FIRST, LAST, FPS = 1, 49, 24
TURN = np.array([1.0, -1.0, 0.0, 0.0]) / np.sqrt(2.0)  # from Z up to Y up


def character() -> Any:
    """A bust whose torso and head move, with a mesh on the head."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    obj = bust()
    rng = np.random.default_rng(4)
    for bone in obj.pose.bones:
        for frame in (1, 15, 30, 49):
            key_pose(bone, frame, rot.from_rotvec(rng.normal(size=3) * 0.2))
    mesh = bpy.data.meshes.new("Skin")
    mesh.from_pydata([(0, 0, 1.5), (0.1, 0, 1.5), (0, 0.1, 1.5)], [], [(0, 1, 2)])
    skin: Any = bpy.data.objects.new("Skin", mesh)
    bpy.context.scene.collection.objects.link(skin)  # type: ignore[union-attr]
    skin.vertex_groups.new(name="head").add([0, 1, 2], 1.0, "REPLACE")
    skin.modifiers.new("Armature", "ARMATURE").object = obj
    skin.parent = obj
    scene: Any = bpy.context.scene
    scene.frame_start, scene.frame_end = FIRST, LAST
    add_take(obj, nodding(40 / 24), line="hello", seed=1, start_frame=5)
    return obj


def shown(obj: Any, late: int = 0) -> Array:
    """Rotation of the head from frame to frame in the viewport, (T, 4), Z up; by `late` frames later."""
    scene: Any = bpy.context.scene
    turns = []
    for frame in range(FIRST, LAST + 1):
        scene.frame_set(frame + late)
        seen = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
        turns.append(rotation_of(seen.matrix_world @ seen.pose.bones["head"].matrix))
    return np.array(turns)


def error(turns: Array, wanted: Array) -> float:
    """Largest angle in degrees between two motions, each from its first frame."""
    one, other = (rot.multiply(each, rot.inverse(each[:1])) for each in (turns, wanted))
    return float(np.degrees(rot.angle_between(one, other)).max())


def glb(path: Path, wanted: Array) -> list[str]:
    """The error of each clip of a glTF file."""
    target, time_s = rot.multiply(TURN, wanted), np.arange(LAST - FIRST + 1) / FPS
    return [
        f"{name}: {best(lambda at, index=index: glb_clip(path, 'head', time_s + at / FPS, index)[0], target)}"  # type: ignore[misc]
        for index, name in enumerate(glb_clips(path))
    ]


def fbx(path: Path, wanted: Array) -> list[str]:
    """The error of the clip that an FBX file shows, by ufbx; and of each, by Blender."""
    target, time_s = rot.multiply(TURN, wanted), np.arange(LAST - FIRST + 1) / FPS
    found = [f"first clip: {best(lambda at: fbx_clip(path, 'head', time_s + at / FPS)[0], target)}"]
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    bpy.ops.import_scene.fbx(filepath=str(path), anim_offset=0.0)
    rig: Any = next(each for each in bpy.data.objects if each.type == "ARMATURE")
    for action in bpy.data.actions:
        if any(slot.target_id_type == "OBJECT" for slot in action.slots):
            rig.animation_data.action = action
            rig.animation_data.action_slot = action.slots[0]
            name = action.name.rpartition("|")[0] or action.name
            found.append(f"{name}: {best(lambda at: shown(rig, int(at) - FIRST), wanted)}")
    return found


def best(read: Callable[[float], Array], wanted: Array) -> str:
    """The error at the better of the two times that clips start at."""
    return f"{min(error(read(at), wanted) for at in (0, FIRST)):.2f}°"


def reimported(path: Path, wanted: Array) -> list[str]:
    """The error of a file that Blender reads itself."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
    if path.suffix == ".bvh":
        bpy.ops.import_anim.bvh(
            filepath=str(path), axis_forward="Y", axis_up="Z", use_fps_scale=False, frame_start=FIRST
        )
    else:
        bpy.ops.wm.usd_import(filepath=str(path))
    obj = next((each for each in bpy.data.objects if each.type == "ARMATURE"), None)
    return [f"{error(shown(obj), wanted):.2f}°"] if obj else ["no armature"]


READERS = {".fbx": fbx, ".glb": glb, ".bvh": reimported, ".usdc": reimported}


def _fbx(**options: Any) -> Callable[[str], Any]:
    return lambda path: bpy.ops.export_scene.fbx(filepath=path, **options)


def _gltf(mode: str) -> Callable[[str], Any]:
    return lambda path: bpy.ops.export_scene.gltf(filepath=path, export_animation_mode=mode)  # type: ignore[arg-type]


EXPORTERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "FBX, defaults": (".fbx", _fbx()),
    "FBX, All Actions off": (".fbx", _fbx(bake_anim_use_all_actions=False)),
    "FBX, NLA Strips and All Actions off": (
        ".fbx",
        _fbx(bake_anim_use_all_actions=False, bake_anim_use_nla_strips=False),
    ),
    "glTF, Actions (the default)": (".glb", _gltf("ACTIONS")),
    "glTF, Active Actions": (".glb", _gltf("ACTIVE_ACTIONS")),
    "glTF, NLA Tracks": (".glb", _gltf("NLA_TRACKS")),
    "glTF, Scene": (".glb", _gltf("SCENE")),
    "BVH": (".bvh", lambda path: bpy.ops.export_anim.bvh(filepath=path, frame_start=FIRST, frame_end=LAST)),
    "USD": (".usdc", lambda path: bpy.ops.wm.usd_export(filepath=path, export_animation=True)),
}


def main() -> None:
    """Print the table."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    registration.register()
    print(f"Blender {bpy.app.version_string}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (suffix, write) in EXPORTERS.items():
            wanted = shown(character())
            path = Path(folder) / f"clip{suffix}"
            with redirect_stdout(None):
                write(str(path))
                found = READERS[suffix](path, wanted)
            print(f"| {name} | {' · '.join(found)} |", flush=True)
        for preset, chosen in CHARACTERS.items():
            obj = character()
            wanted = shown(obj)
            path = Path(folder) / f"hello{chosen.suffix}"
            export_character(obj, path, preset, first=FIRST, last=LAST)
            print(
                f"| Mannerism Character, {chosen.label} | {' · '.join(READERS[chosen.suffix](path, wanted))} |",
                flush=True,
            )
    registration.unregister()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
