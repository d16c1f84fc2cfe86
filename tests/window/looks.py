"""What a story looks at in the file and in the window: takes, keys, pins, the head's pose, and places on the screen."""

from bpy_extras import view3d_utils

from .hands import click, on_screen
from .stage import bpy, check, viewport


def shot():
    """The character."""
    return bpy.data.objects["Bust"]


def curves(action):
    return action.layers[0].strips[0].channelbag(action.slots[0]).fcurves


def values_outside(action, stretch):
    """Frames and values of the keys outside a stretch of frames, by channel; handles lean on what lies beyond their neighbours."""
    return {
        channel: [key[:2] for key in keys if not stretch[0] <= key[0] <= stretch[1]]
        for channel, keys in keys_of(action).items()
    }


def keys_of(action):
    """All keys with their handles, by channel."""
    return {
        (curve.data_path, curve.array_index): [
            (*key.co, *key.handle_left, *key.handle_right, key.interpolation) for key in curve.keyframe_points
        ]
        for curve in curves(action)
    }


def takes():
    """The actions of the layers, from the lowest to the highest."""
    tracks = shot().animation_data.nla_tracks
    return [
        track.strips[0].action
        for track in tracks
        if track.strips and "mannerism_take" in track.strips[0].action
    ]


def shown():
    """The takes that are not muted."""
    tracks = shot().animation_data.nla_tracks
    return [
        track.strips[0].action
        for track in tracks
        if track.strips and track.strips[0].action in takes() and not track.mute
    ]


def pose():
    """The head's rotation as the scene shows it."""
    evaluated = shot().evaluated_get(bpy.context.evaluated_depsgraph_get())
    return evaluated.pose.bones["head"].matrix.to_quaternion()


def pins():
    return [(pin.seconds, pin.pitch, pin.yaw, pin.roll) for pin in shot().mannerism.direct.pins]


class Keeper:
    """The keys that must stay: the animator's, and those of each take once it is made."""

    def __init__(self):
        self.own = keys_of(shot().animation_data.action)
        self.takes = {}
        self.edited = []
        self.posed = {}

    def look(self, after, changed=()):
        """After a step: whether a key has changed that the step was not about."""
        action = bpy.data.actions["BustAction"]
        check(keys_of(action) == self.own, f"{after}: the animator's keys are as they were")
        check(shot().animation_data.action == action, f"{after}: and their action is the active one")
        for name, held in self.takes.items():
            if name not in changed:
                check(keys_of(bpy.data.actions[name]) == held, f"{after}: “{name}” is as it was")
        self.takes = {take.name: keys_of(take) for take in takes()}


def area_of(kind):
    return next(area for area in viewport()["window"].screen.areas if area.type == kind)


def window_of(kind):
    return next(region for region in area_of(kind).regions if region.type == "WINDOW")


def at(kind, frame, height=0.4):
    """Where a frame lies in an editor, at a share of its height or, above 1, so many pixels up from its lower edge."""
    region = window_of(kind)
    x, _ = region.view2d.view_to_region(frame, 0.0, clip=False)
    return on_screen(region, x, height * region.height if height <= 1.0 else height)


def to_frame(frame):
    """Click into the timeline's ruler."""
    yield from click(*at("DOPESHEET_EDITOR", frame, window_of("DOPESHEET_EDITOR").height - 10))
    check(bpy.context.scene.frame_current == frame, f"frame {frame} is at the playhead")


def head_at():
    """Where the head's bone is in the viewport."""
    view, bone = viewport(), shot().pose.bones["head"]
    middle = shot().matrix_world @ ((bone.head + bone.tail) / 2)
    place = view3d_utils.location_3d_to_region_2d(
        view["region"], view["area"].spaces.active.region_3d, middle
    )
    return on_screen(view["region"], place.x, place.y)
