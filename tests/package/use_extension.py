"""A Blender that gets the extension's zip, works with it and lets it go: run as a script by the tests.

use_extension.py ZIP USER_FOLDER WORKER_PYTHON VIDEO SOUND; prints what it found as JSON. An empty WORKER_PYTHON
leaves the worker to the wheels in the zip.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

package, user_folder, python, video, sound = sys.argv[1:]
os.environ["BLENDER_USER_RESOURCES"] = user_folder  # read once, when bpy is first imported

import bpy as blender  # noqa: E402

bpy: Any = blender

MODULE = "bl_ext.user_default.mannerism"
HEAVY = {"av", "cv2", "mediapipe", "parselmouth", "safetensors", "scipy", "torch"}
found: dict[str, object] = {}


def rig():
    """An armature with a neck and a head."""
    data = bpy.data.armatures.new("Ada")
    obj = bpy.data.objects.new("Ada", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    parent, height = None, 0.0
    for name, length in (("spine", 0.5), ("neck", 0.1), ("head", 0.2)):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = (0, 0, height), (0, 0, height + length), parent
        parent, height = bone, height + length
    bpy.ops.object.mode_set(mode="OBJECT")
    return obj


def head_angles(obj):
    """Angle of the head from its rest at each half second, degrees."""
    angles = []
    for frame in range(1, 60, 12):
        bpy.context.scene.frame_set(frame)
        angles.append(obj.pose.bones["head"].matrix.to_3x3().to_quaternion().angle * 57.29578)
    return [abs(angle - angles[0]) for angle in angles]


def libraries(pid):
    """The compiled modules that a process has loaded, where the system tells."""
    maps = Path(f"/proc/{pid}/maps")
    lines = maps.read_text(encoding="utf-8").splitlines() if maps.exists() else []
    return sorted({line.split(maxsplit=5)[5] for line in lines if "site-packages" in line})


def main():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.extensions.package_install_files(
        filepath=package, repo="user_default", enable_on_install=True, overwrite=True
    )
    addons = bpy.context.preferences.addons
    found["enabled"] = MODULE in addons
    addons[MODULE].preferences.worker_python = python

    obj = rig()
    found["still"] = max(head_angles(obj))
    obj.mannerism.reference, obj.mannerism.audio = video, sound
    bpy.ops.mannerism.encode_style()
    found["style"] = obj.mannerism.style
    bpy.ops.mannerism.generate()
    found["layers"] = [track.name for track in obj.animation_data.nla_tracks]
    found["moved"] = max(head_angles(obj))
    bpy.ops.mannerism.export_bvh(filepath=user_folder + "/ä.bvh")
    bpy.ops.mannerism.export_fbx(filepath=user_folder + "/ä.fbx")
    if not python:  # what the wheels in the zip are there for, too
        film = Path(user_folder, "ä.mp4")
        bpy.ops.mannerism.attest_consent()
        obj.mannerism.portrait.quality, obj.mannerism.portrait.output = "WARP", str(film)
        bpy.ops.mannerism.portrait()
        found["film"] = film.stat().st_size
        sys.modules[f"{MODULE}.bridge.portrait_confidence"].clear_confidence(obj)
        bpy.ops.mannerism.remove_layer()
    else:
        bpy.ops.mannerism.remove_layer()
    found["removed"] = obj.animation_data is None
    found["heavy"] = sorted(HEAVY & set(sys.modules))
    found["package"] = sorted(name for name in sys.modules if name.partition(".")[0] == "mannerism")

    worker = sys.modules[f"{MODULE}.bridge.worker"].shared()
    if not python:
        found["doctor"] = worker.start("doctor", {}, label="Doctor").wait()
    found["worker"], found["folder"] = worker.pid, str(worker.folder)
    found["libraries"], found["numpy"] = libraries(worker.pid), sys.modules["numpy"].__file__
    found["disabled"] = list(bpy.ops.preferences.addon_disable(module=MODULE))
    found["enabled again"] = list(bpy.ops.preferences.addon_enable(module=MODULE))
    (repo,) = [
        i for i, r in enumerate(bpy.context.preferences.extensions.repos) if r.module == "user_default"
    ]
    bpy.ops.extensions.package_uninstall(repo_index=repo, pkg_id="mannerism")
    found["left"] = [str(path) for path in Path(user_folder, "extensions", "user_default").glob("*/*.py")]


try:
    main()
finally:
    print("FOUND", json.dumps(found), flush=True)  # noqa: T201
    if sys.exception() is None:
        os._exit(0)  # bpy 4.5 may hang in a normal exit
    sys.excepthook(*sys.exc_info())
    os._exit(1)
