"""BVH files of a standing person whose head turns in a known way, in whatever local frames and space."""

import numpy as np

from mannerism.core import rotation as rot

FPS = 30.0
# Parent and place in centimetres: left, up, out of the face.
BODY = {
    "Hips": (None, (0, 95, 0)),
    "Spine": ("Hips", (0, 105, 0)),
    "Chest": ("Spine", (0, 125, -2)),
    "Neck": ("Chest", (0, 148, -3)),
    "Head": ("Neck", (0, 157, 0)),
    "LeftShoulder": ("Chest", (6, 142, 0)),
    "LeftArm": ("LeftShoulder", (17, 142, 0)),
    "LeftHand": ("LeftArm", (60, 142, 0)),
    "RightShoulder": ("Chest", (-6, 142, 0)),
    "RightArm": ("RightShoulder", (-17, 142, 0)),
    "RightHand": ("RightArm", (-60, 142, 0)),
    "LeftUpLeg": ("Hips", (9, 92, 0)),
    "LeftFoot": ("LeftUpLeg", (9, 10, 0)),
    "RightUpLeg": ("Hips", (-9, 92, 0)),
    "RightFoot": ("RightUpLeg", (-9, 10, 0)),
}
SPINE = ("Spine", "Chest", "Neck", "Head")
ORDER = "ZXY"


def head_angles(time_s):
    """Pitch, yaw and roll in degrees, shape (T, 3), unlike one another and skewed, so that a wrong sign shows."""
    phase = 2 * np.pi * np.outer(time_s, (0.5, 0.31, 0.7))
    return (12, 9, 5) * (np.sin(phase) + 0.3 * np.cos(2 * phase))


def write(path, frames, *, world=rot.IDENTITY, seconds=6.0, bow_deg=0.0):
    """Write the file and return its text.

    frames : joint to the quaternion of its local frame in body axes when standing; "" is for all others
    world : turns the whole person
    bow_deg : how far the chest bends to and fro meanwhile
    """
    time_s = np.arange(round(seconds * FPS)) / FPS
    bow = rot.from_rotvec(np.outer(np.radians(bow_deg) * np.sin(0.7 * time_s), (1, 0, 0)))
    pitch, yaw, roll = np.radians(head_angles(time_s)).T
    turns = dict.fromkeys(BODY, np.broadcast_to(rot.IDENTITY, bow.shape))
    turns |= {name: bow for name in BODY if name in ("Chest", "Neck") or "Shoulder" in name}
    turns |= {name: bow for name in BODY if "Arm" in name or "Hand" in name}
    turns["Head"] = rot.multiply(bow, rot.from_euler(pitch, yaw, roll))
    own = {name: frames.get(name, frames[""]) for name in BODY}
    placed = {name: rot.multiply(rot.multiply(world, turns[name]), own[name]) for name in BODY}
    lines, columns = ["HIERARCHY"], []

    def add(name, depth):
        parent, at = BODY[name]
        offset = rot.rotate(world, np.array(at, float))
        if parent is not None:
            offset = rot.rotate(rot.inverse(own[parent]), np.subtract(at, BODY[parent][1]).astype(float))
        local = placed[name] if parent is None else rot.multiply(rot.inverse(placed[parent]), placed[name])
        moves = ["Xposition", "Yposition", "Zposition"] if parent is None else []
        channels = [*moves, *(f"{axis}rotation" for axis in ORDER)]
        pad = "  " * depth
        lines.extend([f"{pad}{'JOINT' if parent else 'ROOT'} {name}", f"{pad}{{"])
        lines.append(f"{pad}  OFFSET {offset[0]:.4f} {offset[1]:.4f} {offset[2]:.4f}")
        lines.append(f"{pad}  CHANNELS {len(channels)} {' '.join(channels)}")
        if moves:
            columns.append(np.tile(offset, (len(time_s), 1)))
        columns.append(euler_zxy(rot.to_matrix(local)))
        children = [child for child in BODY if BODY[child][0] == name]
        for child in children:
            add(child, depth + 1)
        if not children:
            lines.extend([f"{pad}  End Site", f"{pad}  {{", f"{pad}    OFFSET 0 5 0", f"{pad}  }}"])
        lines.append(f"{pad}}}")

    add("Hips", 0)
    rows = [" ".join(f"{value:.4f}" for value in row) for row in np.column_stack(columns)]
    lines += ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {1 / FPS:.6f}", *rows]
    text = "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")
    return text


def euler_zxy(matrix):
    """Degrees, shape (T, 3), of R = Rz Rx Ry."""
    x = np.arcsin(np.clip(matrix[:, 2, 1], -1, 1))
    z = np.arctan2(-matrix[:, 0, 1], matrix[:, 1, 1])
    y = np.arctan2(-matrix[:, 2, 0], matrix[:, 2, 2])
    return np.degrees(np.column_stack([z, x, y]))


def slopes_and_correlations(track):
    """How each angle of a track follows the truth: slopes (3,), correlations (3,)."""
    angles = np.degrees(rot.to_euler(track.rotation))
    truth = head_angles(track.time_s)
    slopes = [np.polyfit(truth[:, k], angles[:, k], 1)[0] for k in range(3)]
    return np.array(slopes), np.array([np.corrcoef(truth[:, k], angles[:, k])[0, 1] for k in range(3)])
