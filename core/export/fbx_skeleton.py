"""Head motion on the skeleton of an FBX file: all that it holds stays, but for its animations.

Blender and the FBX kit of Autodesk are not needed. Binary FBX from 7.0 on (2011) is read; a joint stands at rest as
the file has it without its animation.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import rotation as rot
from ..errors import RigError
from ..files import replacing
from ..motion import HeadMotion
from ..rig import modes
from ..timing import FrameRate
from ..types import Array
from .damaged import DAMAGED
from .fbx_animation import LIMBS, Curves, replace_animation
from .fbx_nodes import MAGIC, FbxNode, read_nodes, written
from .presets import Form
from .target import TargetJoint, find_head, on_target

_OLDEST = 7000
_LARGEST = 1 << 30
_ORDERS = ("XYZ", "XZY", "YZX", "YXZ", "ZXY", "ZYX")
_HAD = (
    "Left out: the {} animation(s) that the skeleton's file had. Its joints stand as the file has them beside these, "
    "which should be the rest pose."
)
_REMEDY = "Save it as binary FBX 2011 or later, or give the skeleton as BVH or glTF"


@dataclass(frozen=True)
class Model:
    """A node of the scene as it stands.

    angles : (3,) degrees of its rotation channel, by axis
    place : (3,) of its translation channel
    order : of the angles, the one that turns first first
    before, after : (4,) rotations that the file puts around that of the channel
    turn : (4,) rotation in its parent, of all three
    parent_scale : (3,) of its parent in the world
    world : (4,) rotation in the world
    at : (3,) its pivot in the world
    matrix : (4, 4) to the world
    """

    angles: Array
    place: Array
    order: str
    before: Array
    after: Array
    turn: Array
    parent_scale: Array
    world: Array
    at: Array
    matrix: Array


def write_onto_fbx(path: Path, motion: HeadMotion, rate: FrameRate, form: Form) -> tuple[str, ...]:
    """Write the form's FBX with the motion on its head and neck as its one animation, a key a frame.

    Raises
    ------
    RigError : no binary FBX of 7.0 or later, damaged, or none with a head
    OutputError : the file cannot be written
    """
    source = form.skeleton
    assert source is not None
    with _refusing(source):
        version, top = _read(source)
        ids, models, parents = _models(top)
    joints = {name: TargetJoint(parents[name], model.world, model.at) for name, model in models.items()}
    motion = motion.at(rate.grid(motion.duration_s))
    moved = on_target(motion, joints, form, find_head(parents, form))
    curves: list[Curves] = []
    for name, turn in moved.turns.items():
        model = models[name]
        own = rot.multiply(
            rot.inverse(model.before), rot.multiply(rot.multiply(model.turn, turn), model.after)
        )
        base = np.tile(np.radians(model.angles), (len(turn), 1))
        values = np.degrees(base + modes.difference(model.order, own, base))
        curves.append(Curves(ids[name], "R", "Lcl Rotation", values))
    for name, shift in moved.shifts.items():
        model = models[name]
        values = model.place + rot.rotate(model.turn, shift) / model.parent_scale
        curves.append(Curves(ids[name], "T", "Lcl Translation", values))
    with _refusing(source):
        had = replace_animation(top, path.stem, curves, rate.fps)
        content = written(version, top)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return (*moved.notes, *((_HAD.format(had),) if had else ()))


@contextmanager
def _refusing(source: Path) -> Iterator[None]:
    """Whatever a damaged file makes of this code is a refusal."""
    try:
        yield
    except OSError as error:
        raise RigError(f"“{source.name}” cannot be read ({error.strerror or error})", _REMEDY) from error
    except DAMAGED as error:
        raise RigError(f"“{source.name}” is damaged", _REMEDY) from error


def _read(path: Path) -> tuple[int, FbxNode]:
    if not path.is_file():
        raise RigError(f"“{path.name}” is no file", _REMEDY)
    if path.stat().st_size > _LARGEST:
        raise RigError(f"“{path.name}” is larger than 1 GB", _REMEDY)
    raw = path.read_bytes()
    if not raw.startswith(MAGIC):
        raise RigError(f"“{path.name}” is no binary FBX", _REMEDY)
    version, top = read_nodes(raw)
    if version < _OLDEST:
        raise RigError(
            f"“{path.name}” is of FBX {version / 1000:.1f}, and 7.0 is the oldest that is read", _REMEDY
        )
    return version, top


def _models(top: FbxNode) -> tuple[dict[str, int], dict[str, Model], dict[str, str | None]]:
    """Ids, rest and parents of joints by name, parents first: of bones and what carries them, or of all without bones."""
    entries = {entry.value(0): entry for entry in top.first("Objects").all("Model")}
    above: dict[int, int] = {}
    for link in top.first("Connections").all("C"):
        if link.value(0) == b"OO" and link.value(1) in entries and link.value(2) in entries:
            above.setdefault(link.value(1), link.value(2))
    bones = [each for each, entry in entries.items() if entry.value(2) in LIMBS]
    wanted: set[int] = set()
    for each in bones or entries:
        at: int | None = each
        while at is not None and at not in wanted:
            wanted.add(at)
            at = above.get(at)
    ids: dict[str, int] = {}
    names: dict[int, str] = {}
    models: dict[str, Model] = {}
    parents: dict[str, str | None] = {}
    waiting = [each for each in entries if each in wanted]
    while waiting:
        ready = [each for each in waiting if above.get(each) is None or above[each] in names]
        if not ready:
            raise ValueError("nodes carry one another in a circle")
        for each in ready:
            name = entries[each].value(1).partition(b"\x00\x01")[0].decode(errors="replace") or f"node {each}"
            names[each] = name if name not in ids else f"{name} ({each})"
            parent = names.get(above.get(each, -1))
            ids[names[each]], parents[names[each]] = each, parent
            models[names[each]] = _model(_properties(entries[each]), models[parent] if parent else None)
        waiting = [each for each in waiting if each not in names]
    return ids, models, parents


def _properties(entry: FbxNode) -> dict[bytes, Array]:
    """The numbers of a node's properties by name."""
    found: dict[bytes, Array] = {}
    for each in entry.first("Properties70").all("P"):
        values = [each.value(index) for index in range(4, len(each.properties))]
        if values and all(isinstance(value, int | float) for value in values):
            found[each.value(0)] = np.array(values, np.float64)
    return found


def _model(values: Mapping[bytes, Array], above: Model | None) -> Model:
    def three(name: bytes, default: float = 0.0) -> Array:
        found = values.get(name, np.full(3, default))
        if found.shape != (3,) or not np.isfinite(found).all() or np.abs(found).max() > 1e9:
            raise ValueError("a node is nowhere")
        return found

    def turned(angles: Array, order: str) -> Array:
        return modes.to_quaternion(order, np.radians(angles)[None])[0]

    active = bool(values.get(b"RotationActive", np.zeros(1))[0])
    order = _ORDERS[int(values.get(b"RotationOrder", np.zeros(1))[0]) % 6] if active else "XYZ"
    angles = three(b"Lcl Rotation")
    place, pivot = three(b"Lcl Translation"), three(b"RotationPivot")
    before, after = (
        turned(three(name), "XYZ") if active else rot.IDENTITY for name in (b"PreRotation", b"PostRotation")
    )
    turn = rot.multiply(before, rot.multiply(turned(angles, order), rot.inverse(after)))
    stood = place + three(b"RotationOffset") + pivot
    scale, scaling = three(b"Lcl Scaling", 1.0), three(b"ScalingPivot")
    matrix = rot.to_matrix(turn)
    own = np.eye(4)
    own[:3, :3] = matrix * scale
    own[:3, 3] = stood + matrix @ (three(b"ScalingOffset") + scaling - scale * scaling - pivot)
    parent = np.eye(4) if above is None else above.matrix
    parent_scale = np.maximum(np.linalg.norm(parent[:3, :3], axis=0), 1e-12)
    world = rot.IDENTITY if above is None else above.world
    return Model(
        angles,
        place,
        order,
        before,
        after,
        turn,
        parent_scale,
        rot.multiply(world, turn),
        parent[:3, :3] @ stood + parent[:3, 3],
        parent @ own,
    )
