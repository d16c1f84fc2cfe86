"""What window.sh lets a real Blender do: a table of scenes, each the steps that run a second apart."""

import math
import os
import shutil
import subprocess
import time
from pathlib import Path

import mathutils

from .stage import (
    PROJECT,
    ROOT,
    bpy,
    character,
    check,
    choose,
    frame_character,
    frame_views,
    module,
    running,
    viewport,
)


def rigify():
    """The demo's body on a generated Rigify rig, with keys of an animator on its chest and head."""
    bust, body = bpy.context.object, bpy.data.objects["Body"]
    bpy.ops.preferences.addon_enable(module="rigify")
    bpy.ops.object.armature_basic_human_metarig_add()
    meta = bpy.context.object
    bpy.ops.pose.rigify_generate()
    rig = bpy.data.objects["rig"]
    rig.name = "Grace"
    rig.location.z = bust.data.bones["head"].head_local.z - rig.data.bones["DEF-spine.006"].head_local.z
    names = {"chest": "DEF-spine.003", "neck": "DEF-spine.005", "head": "DEF-spine.006"}
    for group in body.vertex_groups:
        group.name = names[group.name]
    body.parent, body.modifiers[0].object = rig, rig
    bpy.context.view_layer.update()
    body.matrix_world = bust.matrix_world
    for obj in (bust, meta):
        bpy.data.objects.remove(obj)
    for name, turn in (("chest", (0.9998, 0.0, 0.02, 0.0)), ("head", (0.999, 0.03, -0.03, 0.0))):
        bone = rig.pose.bones[name]
        bone.keyframe_insert("rotation_quaternion", frame=1)
        bone.rotation_quaternion = turn
        bone.keyframe_insert("rotation_quaternion", frame=120)
    choose(rig)


def pose_of_head(frame):
    bpy.context.scene.frame_set(frame)
    rig = bpy.context.object.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return [round(value, 6) for row in rig.pose.bones["DEF-spine.006"].matrix for value in row]


def generate_scrub_remove():
    """The main job on a rig whose head follows controls, and back again."""
    frames = range(1, 125, 12)
    bpy.ops.mannerism.encode_style()
    before = [pose_of_head(frame) for frame in frames]
    bpy.ops.mannerism.generate()
    during = [pose_of_head(frame) for frame in frames]
    check(sum(a != b for a, b in zip(before, during, strict=True)) > 8, "the head of the Rigify rig moves")
    bpy.ops.mannerism.remove_layer()
    check([pose_of_head(frame) for frame in frames] == before, "and moves as before without the layer")
    bpy.ops.mannerism.generate()
    bpy.context.scene.frame_set(52)


def open_only(*names):
    """Blender remembers which panels are open from when it first draws them."""
    panels = module("panels")
    children = [cls for cls in panels.CLASSES if getattr(cls, "bl_parent_id", "")]
    for cls in reversed(children):
        bpy.utils.unregister_class(cls)
    for cls in children:
        cls.bl_options = set() if cls.__name__.endswith(names) else {"DEFAULT_CLOSED"}
        bpy.utils.register_class(cls)


def ten_files():
    """Nine lines, and a file that is no sound."""
    for number in range(1, 11):
        target = PROJECT / f"grace_{number:02}.wav"
        shutil.copy(ROOT / "examples" / f"line_{(number - 1) % 3 + 1}.wav", target)
    (PROJECT / "grace_07.wav").write_bytes(b"this is no sound")
    bpy.ops.mannerism.encode_style()
    names = [{"name": path.name} for path in sorted(PROJECT.glob("grace_*.wav"))]
    bpy.ops.mannerism.add_lines(directory=f"{PROJECT}/", files=names)
    bpy.context.scene.mannerism.line_index = 6


def start_batch():
    with bpy.context.temp_override(**viewport()):
        check(bpy.ops.mannerism.generate_many("INVOKE_DEFAULT") == {"RUNNING_MODAL"}, "the batch starts")


def look_at_batch():
    status = [line.status for line in bpy.context.scene.mannerism.lines]
    check(status.count("DONE") == 9, "nine lines are done")
    check(status[6] == "FAILED", "the bad one has failed alone")
    check(len(bpy.context.object.animation_data.nla_tracks) >= 9, "each has its layer")
    bpy.context.scene.frame_end = max(line.end for line in bpy.context.scene.mannerism.lines)
    bpy.context.scene.frame_set(200)


def take_layers():
    bpy.ops.mannerism.encode_style()
    bpy.ops.mannerism.generate()
    bpy.ops.mannerism.generate(next_take=True)
    bpy.context.object.animation_data.nla_tracks[-2].mute = True
    bpy.context.scene.frame_set(30)


def check_and_bake():
    """The measured nod of the rig, and a layer that becomes an action."""
    take_layers()
    check(bpy.ops.mannerism.check_rig() == {"FINISHED"}, "the rig is checked")
    check(bpy.ops.mannerism.bake() == {"FINISHED"}, "the layer is baked")
    check(bpy.context.object.animation_data.action is not None, "into an action")


def turn_head(frame, pitch, yaw):
    """Turn the head by hand at a frame, degrees on top of what is shown, without a key."""
    bpy.context.scene.frame_set(frame)
    head = bpy.context.object.pose.bones["head"]
    turn = mathutils.Euler((math.radians(pitch), math.radians(yaw), 0.0)).to_quaternion()
    head.rotation_quaternion = head.rotation_quaternion @ turn


def newest_action():
    track = next(t for t in reversed(bpy.context.object.animation_data.nla_tracks) if "#" in t.name)
    return track.strips[0].action


def curves_of(action):
    return action.layers[0].strips[0].channelbag(action.slots[0]).fcurves


def keys_of(action):
    return [[tuple(key.co) for key in curve.keyframe_points] for curve in curves_of(action)]


def directed_shot():
    """The tutorial: three pins, a nod, a part anew, an edit that is kept, and the bake."""
    scene, obj = bpy.context.scene, bpy.context.object
    obj.mannerism.chosen_style = "lively"
    check(bpy.ops.mannerism.generate() == {"FINISHED"}, "a first take")
    for frame, pitch, yaw in ((20, -6, 12), (60, 4, -14), (100, 0, 8)):
        turn_head(frame, pitch, yaw)
        check(bpy.ops.mannerism.pin_pose() == {"FINISHED"}, f"frame {frame} is pinned")
    scene.timeline_markers.new("nod", frame=80)
    check(bpy.ops.mannerism.generate() == {"FINISHED"}, "a take through the pins, with a nod")
    directed = newest_action()
    check(bpy.ops.mannerism.only_this_part(first_frame=30, last_frame=50) == {"FINISHED"}, "a part anew")
    parted = newest_action()
    check(parted != directed, "as a take of its own")
    curve = max(curves_of(parted), key=lambda c: sum(abs(key.co.y) for key in c.keyframe_points))
    for key in [key for key in curve.keyframe_points if 108 <= key.co.x <= 112]:
        key.co.y += 0.04
        key.type = "KEYFRAME"
    edited = keys_of(parted)
    check(bpy.ops.mannerism.generate(next_take=True) == {"FINISHED"}, "another take")
    check(keys_of(parted) == edited, "and no key of the edited one has changed")
    check("mannerism_edits" in newest_action(), "whose edit is in the new one")
    scene.frame_set(60)


def bake_shot():
    directed_shot()
    check(bpy.ops.mannerism.draw_take() == {"FINISHED"}, "the take is drawn")
    check(bpy.ops.mannerism.bake() == {"FINISHED"}, "and baked")
    path = PROJECT / "shot.glb"
    check(bpy.ops.mannerism.export_character_gltf(filepath=str(path)) == {"FINISHED"}, "and exported")
    check(path.stat().st_size > 1000, "whole")


def blend_with_built_in():
    """The reference's style and a built-in one, mixed, and a take in what they give."""
    bpy.ops.mannerism.encode_style()
    own = bpy.context.object.mannerism.style
    bpy.ops.mannerism.choose_built_in(name="emphatic nods", field="second_style")
    bpy.context.object.mannerism.mix = 0.4
    check(bpy.ops.mannerism.blend_styles() == {"FINISHED"}, "two styles are blended")
    check(bpy.context.object.mannerism.style != own, "the character has the blend")
    check(Path(bpy.path.abspath(own)).is_file(), "and its own style is still there")
    check(bpy.ops.mannerism.generate() == {"FINISHED"}, "a take in the blend")
    bpy.context.scene.frame_set(30)


def prepare_film():
    """A take on the bust, and a reference that is agreed to."""
    bpy.context.scene.render.fps = 25
    bpy.ops.mannerism.choose_built_in(name="calm", field="style")
    check(bpy.ops.mannerism.generate() == {"FINISHED"}, "a take")
    check(bpy.ops.mannerism.attest_consent() == {"FINISHED"}, "consent is confirmed")
    portrait = bpy.context.object.mannerism.portrait
    portrait.quality, portrait.output = "REFINED", "//talking.mp4"


def check_reference():
    check(bpy.ops.mannerism.portrait_check() == {"FINISHED"}, "the reference is checked")
    shown = {row.name: row.share for row in bpy.context.object.mannerism.portrait.coverage}
    check(shown["Mouth open"] == 1.0 and shown["Teeth"] < 0.5, "and what it lacks is known")


def start_filming():
    with bpy.context.temp_override(**viewport()):
        check(bpy.ops.mannerism.portrait("INVOKE_DEFAULT") == {"RUNNING_MODAL"}, "the video is begun")


def let_it_end():
    """However loaded the machine is; the operator finishes at its next tick."""
    while running():
        running().poll()
        time.sleep(0.1)


def look_at_film():
    check(not running(), "the job has ended")
    check((PROJECT / "talking.mp4").stat().st_size > 20_000, "the video lies where it should")
    check(module("bridge.portrait_progress").watch.icon, "its newest picture was shown")
    check("mannerism_confidence" in bpy.context.object, "its confidence is on the object")
    bpy.context.scene.frame_set(60)


def frame_upright():
    """The bust alone, so that the sidebar has all the height."""
    space = viewport()["area"].spaces.active
    space.show_region_ui = True
    space.overlay.show_extras = False
    with bpy.context.temp_override(**viewport()):
        bpy.ops.view3d.view_axis(type="FRONT")
        bpy.ops.view3d.view_selected()


def start_encoding():
    with bpy.context.temp_override(**viewport()):
        check(bpy.ops.mannerism.encode_style("INVOKE_DEFAULT") == {"RUNNING_MODAL"}, "the job starts")


def press_escape():
    check(running(), "the job runs")
    window, area, _ = viewport().values()
    x, y = area.x + area.width // 3, window.height - area.y - area.height // 2
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "key", "Escape"], check=True)


def look_after_escape():
    check(not running(), "ESC has ended the job")
    check(bpy.context.object.mannerism.style == "calm", "and nothing was changed")


def wait():
    pass


SCENES = {
    "bake": [bake_shot, frame_character, frame_views, wait, wait],
    "layers": [check_and_bake, frame_character, frame_views, wait, wait],
    "blend": [blend_with_built_in, frame_character, frame_views, wait, wait],
    "rigify": [rigify, generate_scrub_remove, frame_character, frame_views, wait, wait],
    "batch": [
        rigify,
        ten_files,
        start_batch,
        *[wait] * 22,
        look_at_batch,
        frame_character,
        frame_views,
        wait,
        wait,
    ],
    "portrait": [
        prepare_film,
        start_filming,
        *[wait] * 10,
        let_it_end,
        wait,
        look_at_film,
        frame_upright,
        wait,
        wait,
    ],
    "coverage": [check_reference, frame_upright, wait, wait],
    "progress": [start_encoding, wait, wait],
    "escape": [start_encoding, wait, press_escape, look_after_escape],
}

character()
OPEN = {
    "batch": ("batch",),
    "blend": ("style", "blend"),
    "layers": ("rig", "layers"),
    "bake": ("layers", "export"),
    "portrait": ("portrait", "video"),
    "coverage": ("portrait", "coverage"),
}
if os.environ["MANNERISM_SCENE"] in OPEN:
    open_only(*OPEN[os.environ["MANNERISM_SCENE"]])
steps = SCENES[os.environ["MANNERISM_SCENE"]]
