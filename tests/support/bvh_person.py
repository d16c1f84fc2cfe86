"""BVH files of a standing person whose head turns by known angles, with any local frames of the joints."""

import numpy as np

from mannerism.core import rotation as rot

LEFT, UP, FRONT = np.eye(3)
# Joint: parent, place in the body's axes (left, up, front), centimetres.
PLACES = {
    "Pelvis": (None, (0, 90, 0)),
    "Torso": ("Pelvis", (0, 110, 0)),
    "Chest": ("Torso", (0, 130, 0)),
    "Neck": ("Chest", (0, 150, 0)),
    "Head": ("Neck", (0, 160, 0)),
    "LeftShoulder": ("Chest", (7, 145, 0)),
    "LeftElbow": ("LeftShoulder", (40, 145, 0)),
    "RightShoulder": ("Chest", (-7, 145, 0)),
    "RightElbow": ("RightShoulder", (-40, 145, 0)),
    "LeftThigh": ("Pelvis", (10, 85, 0)),
    "RightThigh": ("Pelvis", (-10, 85, 0)),
}
FRAMES = {
    "world": (LEFT, UP, FRONT),
    "x along the bone": (UP, FRONT, LEFT),
    "y along the bone": (-FRONT, UP, LEFT),
    "z along the bone": (FRONT, LEFT, UP),
    "x against the bone": (-UP, FRONT, -LEFT),
}
"""Local axes of every joint of the trunk and head, in the body's axes."""

RATE = 30.0


def angles_deg(seconds=6.0, rate=RATE):
    """Pitch, yaw and roll (T, 3): unlike sizes and rates, lopsided, so that a wrong sign or axis shows."""
    time_s = np.arange(round(seconds * rate)) / rate
    columns = [(11, 0.45), (8, 0.3), (5, 0.75)]
    return np.column_stack(
        [a * (np.sin(2 * np.pi * hz * time_s) + 0.3 * np.cos(4 * np.pi * hz * time_s)) for a, hz in columns]
    )


def person(frames="world", world=None, bend_deg=0.0, seconds=6.0, rate=RATE):
    """Lines of the hierarchy, and rows of numbers (T, channels).

    frames : of FRAMES; the pelvis is turned by a quarter against the rest, as exports do
    world : quaternion that turns the whole person
    bend_deg : how far the chest bends forward and back meanwhile
    """
    turn = rot.from_euler(*np.radians(angles_deg(seconds, rate)).T)
    count = len(turn)
    bend = rot.from_rotvec(np.outer(np.radians(bend_deg) * np.sin(0.7 * np.arange(count) / rate), LEFT))
    own = rot.from_matrix(np.column_stack(FRAMES[frames]))
    pelvis = own if frames == "world" else rot.multiply(own, rot.from_rotvec(np.pi / 2 * np.eye(3)[0]))
    local = {name: pelvis if name == "Pelvis" else own for name in PLACES}
    still = np.broadcast_to(rot.IDENTITY, (count, 4))
    whole = still if world is None else np.broadcast_to(world, (count, 4))
    turned = {}
    for name in PLACES:
        on_chest = name in {"Chest", "Neck", "Head"} or "Shoulder" in name or "Elbow" in name
        pose = bend if on_chest else still
        pose = rot.multiply(pose, turn) if name == "Head" else pose
        turned[name] = rot.multiply(rot.multiply(whole, pose), np.broadcast_to(local[name], (count, 4)))
    lines, columns = ["HIERARCHY"], []

    def joint(name, depth):
        parent, place = PLACES[name]
        pad = "  " * depth
        offset = np.array(place, float)
        if parent:
            offset = rot.rotate(rot.inverse(local[parent]), offset - PLACES[parent][1])
        lines.extend([f"{pad}{'JOINT' if parent else 'ROOT'} {name}", pad + "{"])
        lines.append(f"{pad}  OFFSET {' '.join(f'{value:.4f}' for value in offset)}")
        lines.append(f"{pad}  CHANNELS 3 Yrotation Xrotation Zrotation")
        relative = rot.multiply(rot.inverse(turned[parent]), turned[name]) if parent else turned[name]
        columns.append(np.degrees(rot.to_euler(relative))[:, [1, 0, 2]])
        below = [child for child, (above, _) in PLACES.items() if above == name]
        for child in below:
            joint(child, depth + 1)
        if not below:
            lines.extend([pad + "  End Site", pad + "  {", pad + "    OFFSET 0 5 0", pad + "  }"])
        lines.append(pad + "}")

    joint("Pelvis", 0)
    return lines, np.concatenate(columns, axis=1)


def text(lines, rows, frames=None, frame_time=f"{1 / RATE:.6f}", tail=""):
    """The file; rows may be numbers or text."""
    written = [row if isinstance(row, str) else " ".join(f"{value:.4f}" for value in row) for row in rows]
    count = len(written) if frames is None else frames
    head = [*lines, "MOTION", f"Frames: {count}", f"Frame Time: {frame_time}"]
    return "\n".join([*head, *written]) + "\n" + tail
