"""An animator's shot in a real window, by mouse and keyboard, looked at after each step; its pictures are those of the docs.

The scene before is made by script: a bust with the animator's keys, the layers' strips below it. Everything after that is X events,
drops included. What is looked at is the file: layers, keys, pins, and that no key of the animator's has changed.
"""

import math
from pathlib import Path

from .clicks import open_tab
from .hands import (
    DOWN,
    REST,
    click,
    do,
    drag,
    drop,
    find,
    job_ends,
    keys,
    middle,
    move,
    picture,
    place_of,
    play,
    press,
    scroll,
)
from .looks import (
    Keeper,
    area_of,
    at,
    curves,
    head_at,
    keys_of,
    pins,
    pose,
    shot,
    shown,
    takes,
    to_frame,
    values_outside,
    window_of,
)
from .stage import (
    PROJECT,
    bpy,
    character,
    check,
    frame_character,
    frame_views,
    module,
    running,
    say,
    viewport,
)

PIN_FRAMES = (20, 60, 100)
TURNS = (("x", "1", "0"), ("z", "minus", "1", "2"), ("y", "8"))
"""What is typed after R: about which axis of the view or the world, and how far in degrees."""
PART = (30, 50)
EDIT = (106, 114)
MOTION_PX = 57  # from the first button of Direct up to the header of the folded panel above it
PICTURE_PX = 60  # from the list of styles up to the picture of the chosen one
MARKERS_PX = 26.0  # above the lower edge of an editor of time
TOP_TAKE_PX = 94.0  # below the upper edge of the NLA editor, the strip of the uppermost layer


def fold(row):
    """Close the panel that a row is in, by the key A over it; A over its header opens it."""
    yield from find(row)
    yield from do("xdotool", "key", "a")
    yield 0.6


def set_up():
    """The animator's file."""
    with bpy.context.temp_override(**viewport()):
        character()
        rig = bpy.context.object
        for name, turn in (("chest", (0.9998, 0.0, 0.02, 0.0)), ("head", (0.999, 0.03, -0.03, 0.0))):
            bone = rig.pose.bones[name]
            bone.keyframe_insert("rotation_quaternion", frame=1)
            bone.rotation_quaternion = turn
            bone.keyframe_insert("rotation_quaternion", frame=120)
        rig.mannerism.audio = rig.mannerism.reference = ""
        bpy.context.scene.frame_end = 130
        bpy.ops.wm.save_mainfile()
    yield 0.5
    frame_character()
    yield 0.5
    frame_views()
    yield 1.0
    with bpy.context.temp_override(
        window=viewport()["window"], area=area_of("DOPESHEET_EDITOR"), region=window_of("DOPESHEET_EDITOR")
    ):
        bpy.ops.action.view_all()
    yield 0.5


def choose_style():
    """By the picture, which opens all pictures, and by the list below it, there by the letter that is underlined."""
    yield from find("mannerism.chosen_style")
    x, y = place_of("mannerism.chosen_style")
    yield from click(x, y - PICTURE_PX)
    yield 0.6
    yield from picture("styles", pointer=False)
    yield from do("xdotool", "key", "Escape")
    yield 0.5
    yield from click(x, y)
    yield from do("xdotool", "key", "l")
    yield 0.5
    check(shot().mannerism.style == "lively", "the style is chosen from the list")


def first_take(keeper):
    yield from drop(PROJECT / "line_1.wav")
    yield from do("xdotool", "key", "u")
    yield 0.5
    check(shot().mannerism.audio == "//line_1.wav", "the sound that was dropped is the speech")
    yield from press("mannerism.generate()")
    yield from job_ends()
    check(len(takes()) == 1 and shown() == takes(), "one take is there, and shown")
    keeper.look("Generate")


def drag_slider(keeper):
    """In the panel Shape, which opens below Layers."""
    yield from find("mannerism.bake()")
    x, y = place_of("mannerism.bake()")
    yield from move(x, y + 30)
    yield from do("xdotool", "key", "a")
    yield 0.6
    yield from find("mannerism.shape.yaw")
    x, y = place_of("mannerism.shape.yaw")
    before = keys_of(takes()[0])
    yield from drag((x, y), (x + 40, y))
    after = keys_of(takes()[0])
    check(shot().mannerism.shape.yaw > 1.1, f"the slider Turns is at {shot().mannerism.shape.yaw:.2f}")
    check(
        before != after and {k: len(v) for k, v in before.items()} == {k: len(v) for k, v in after.items()},
        "it changed keys in place",
    )
    check(len(takes()) == 1, "and no take was added")
    keeper.look("the slider", changed=[takes()[0].name])
    yield from scroll(*DOWN)
    yield from picture("shape")


def next_take(keeper):
    yield from press("mannerism.generate(next_take=True)")
    yield from job_ends()
    check(
        len(takes()) == 2 and shown() == takes()[1:], "the next take is there, and the one before is hidden"
    )
    keeper.look("Next Take")


def pin(keeper):
    """Turn the head by hand, without a key, and pin it."""
    yield from keys("ctrl+Tab")
    for number, (frame, typed) in enumerate(zip(PIN_FRAMES, TURNS, strict=True)):
        yield from to_frame(frame)
        yield from click(*head_at())
        before = pose()
        yield from keys("r", *typed, "Return", at=head_at())
        check(before.rotation_difference(pose()).angle > 0.1, f"the head is turned by hand at frame {frame}")
        keeper.posed[frame] = pose()
        yield from press("mannerism.pin_pose()")
        check(len(pins()) == number + 1, f"frame {frame} is pinned")
    keeper.look("pins")


def directed_take(keeper):
    """A nod by a marker, and a take through all of it."""
    yield from to_frame(80)
    yield from keys("m", at=at("NLA_EDITOR", 80))
    x, y = at("NLA_EDITOR", 80, MARKERS_PX)
    yield from click(x, y, times=2)  # opens its name; F2 does not reach Blender in a virtual display
    yield from do("xdotool", "key", "ctrl+a", "type", "nod")
    yield from do("xdotool", "key", "Return")
    markers = [(marker.name, marker.frame) for marker in bpy.context.scene.timeline_markers]
    check(markers == [("nod", 80)], f"a marker at frame 80 is called nod: {markers}")
    yield from press("mannerism.generate()")
    yield from job_ends()
    check(len(takes()) == 3 and shown() == takes()[2:], "a third take, which obeys")
    check(
        "3 pins" in takes()[2].get("mannerism_direction", "")
        or takes()[2]["mannerism_direction"].count("pitch") >= 3,
        "it knows the pins",
    )
    keeper.look("Generate with pins")
    for frame, wanted in keeper.posed.items():
        yield from to_frame(frame)
        off = math.degrees(wanted.rotation_difference(pose()).angle)
        check(
            min(off, 360 - off) < 1.0,
            f"at frame {frame} the head is as it was posed, to {min(off, 360 - off):.2f} degrees",
        )


def only_this_part(keeper):
    """The preview range by P and a drag over the strips, and the button."""
    before = takes()[-1]
    first, last = (at("NLA_EDITOR", frame, height) for frame, height in zip(PART, (0.4, 0.6), strict=True))
    yield from keys("p", at=first)
    yield from drag(first, last)
    scene = bpy.context.scene
    part = (scene.frame_preview_start, scene.frame_preview_end)
    check(
        scene.use_preview_range and abs(part[0] - PART[0]) < 2 and abs(part[1] - PART[1]) < 2,
        f"the preview range is {part}",
    )
    yield from press("mannerism.only_this_part()")
    yield from job_ends()
    check(len(takes()) == 4 and shown() == takes()[3:], "a fourth take, of which a part is new")
    check(
        values_outside(takes()[3], part) == values_outside(before, part),
        "outside the part its keys are the same",
    )
    check(keys_of(takes()[3]) != keys_of(before), "inside they are not")
    keeper.look("Only This Part")
    yield from keys("alt+p", at=first)
    check(not scene.use_preview_range, "the preview range is off again")


def edit_keys(keeper):
    """In the Graph Editor, as Blender has it: the strip in tweak mode, keys chosen by a box, and moved."""
    edited = takes()[-1]
    before = keys_of(edited)
    region = window_of("NLA_EDITOR")
    strip = at("NLA_EDITOR", 40, region.height - TOP_TAKE_PX)
    yield from click(*strip)
    yield from keys("Tab", at=strip)
    check(shot().animation_data.use_tweak_mode, "the strip is in tweak mode")
    reason = module("operators.generate").MANNERISM_OT_generate.disabled_reason(bpy.context)
    check("tweak" in reason, f"meanwhile Generate says: {reason}")
    area_of(
        "NLA_EDITOR"
    ).type = "GRAPH_EDITOR"  # what is seen alone; Shift F6 does not reach Blender in a virtual display
    yield 0.8
    yield from keys("Home", at=at("GRAPH_EDITOR", EDIT[0], 0.5))
    yield 0.5
    low, high = at("GRAPH_EDITOR", EDIT[0], 50), at("GRAPH_EDITOR", EDIT[1], 0.8)
    yield from keys("alt+a", at=high)
    yield from keys("b", at=low)
    yield from drag(low, high)
    yield from keys("g", "y", "0", "period", "0", "4", "Return", at=high)
    changed = [
        key.co.x
        for curve, old in zip(curves(edited), before.values(), strict=True)
        for key, was in zip(curve.keyframe_points, old, strict=True)
        if abs(key.co.y - was[1]) > 0.01
    ]
    check(
        changed and EDIT[0] - 1 <= min(changed) and max(changed) <= EDIT[1] + 1,
        f"{len(changed)} keys are moved by hand",
    )
    keeper.edited = sorted({round(frame) for frame in changed})
    area_of("GRAPH_EDITOR").type = "NLA_EDITOR"
    yield 0.8
    yield from keys("Tab", at=strip)
    check(not shot().animation_data.use_tweak_mode, "tweak mode is left")
    keeper.look("the edit", changed=[edited.name])
    yield 1.5
    check(
        "Edited: frames" in module("bridge.direct_shown").edited_frames(shot()),
        "the panel names the frames of the edit",
    )


def regenerate(keeper):
    """Another take, with the edit in it."""
    edited = takes()[-1]
    yield from press("mannerism.generate(next_take=True)")
    yield from job_ends()
    check(len(takes()) == 5 and shown() == takes()[4:], "a fifth take")
    kept = [
        abs(curve.evaluate(frame) - other.evaluate(frame))
        for curve, other in zip(curves(edited), curves(takes()[4]), strict=True)
        for frame in keeper.edited
        if "head" in curve.data_path and "rotation" in curve.data_path
    ]
    check(max(kept) < 0.02, f"it goes through what was edited, to {max(kept):.4f}")
    keeper.look("Next Take after the edit")


def undo_and_redo(keeper):
    before = [take.name for take in takes()]
    yield from keys("ctrl+z")
    yield 0.5
    check([take.name for take in takes()] == before[:-1], "undo takes the fifth take away, in one step")
    check(shown()[0].name == before[-2], "and shows the one before")
    check(keys_of(bpy.data.actions["BustAction"]) == keeper.own, "undo: the animator's keys are as they were")
    yield from keys("ctrl+shift+z")
    yield 0.5
    check([take.name for take in takes()] == before, "redo brings it back")
    keeper.look("redo")


def escape(keeper):
    """As after idle minutes, when the worker has ended: its start leaves the time to press the key."""
    before = state()
    yield from find("mannerism.generate(next_take=True)")
    module("bridge.worker").close()
    x, y = place_of("mannerism.generate(next_take=True)")
    # In one go: between two looks of ours the job might end.
    yield from do(
        "xdotool",
        "mousemove",
        x,
        y,
        "sleep",
        0.2,
        "click",
        1,
        "sleep",
        0.3,
        "mousemove",
        *middle(),
        "key",
        "Escape",
    )
    yield 1.5
    check(module("bridge.worker")._worker is not None, "a job had begun")
    check(not running(), "ESC has ended it")
    check(state() == before, "and nothing has changed")
    keeper.look("ESC")


def state():
    """Everything of the file that the product writes."""
    own = shot().mannerism
    tracks = [(track.name, track.mute) for track in shot().animation_data.nla_tracks]
    return tracks, pins(), own.seed, own.layer_index, {take.name: keys_of(take) for take in takes()}


def save_and_reopen(keeper):
    before = state()
    yield from keys("ctrl+s")
    yield 1.0
    check(not bpy.data.is_dirty, "the file is saved")
    opened = []
    bpy.app.handlers.load_post.append(lambda *_: opened.append(bpy.data.filepath))
    yield from keys("ctrl+shift+o", "Return")  # the newest of the recent files
    yield 4.0
    if not opened:
        say("the list of recent files did not open it: opened by its operator")
        bpy.ops.wm.open_mainfile(filepath=str(PROJECT / "scene.blend"))
        yield 2.0
    check(Path(bpy.data.filepath) == PROJECT / "scene.blend", "it is opened again")
    check(state() == before, "layers, keys, pins and settings are as they were saved")
    keeper.look("reopening")


def story():
    yield from set_up()
    keeper = Keeper()
    yield from open_tab()
    yield from choose_style()
    yield from first_take(keeper)
    yield from fold("mannerism.encode_scene()")
    yield from fold("mannerism.place_sound")
    yield from picture("window")
    for step in (drag_slider, next_take, pin, directed_take, only_this_part, edit_keys, regenerate):
        yield from step(keeper)
    yield from fold("mannerism.generate()")
    yield from picture("direct")
    yield from find("mannerism.pin_pose()")
    x, y = place_of("mannerism.pin_pose()")
    yield from move(x, y - MOTION_PX)
    yield from do("xdotool", "key", "a")
    yield 0.6
    for step in (undo_and_redo, escape, save_and_reopen):
        yield from step(keeper)
    yield from picture("journey")


steps = [lambda: play(story()), *REST]
