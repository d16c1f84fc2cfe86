"""What readers that are none of ours find in motion files: bvhio, ufbx, pygltflib and usd-core."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.types import Array

_kept: list[Any] = []


@dataclass
class Found:
    """A file as another program reads it.

    turn : (T, 4) rotation of the head in the world against its rest
    shift : (T, 3) way of the head's joint from its rest, without what its parents' turns make, in metres
    time_s : (T,) seconds
    rest : position (3,) of each joint in the world at rest, in the file's unit
    """

    turn: Array
    shift: Array
    time_s: Array
    rest: dict[str, Array]
    up: str = ""
    unit_m: float = 0.0


def kept(element: Any) -> Any:
    """As ufbx 0.0.5 frees its elements once too often; hold them, and it never does."""
    _kept.append(element)
    return element


def _wxyz(q: Any) -> Array:
    return np.array([q.w, q.x, q.y, q.z])


def _columns(matrix: Any) -> tuple[Any, ...]:
    return matrix.c0, matrix.c1, matrix.c2, matrix.c3


def read_bvh(path: Path, names: tuple[str, ...], mover: str, unit_m: float) -> Found:
    bvhio = pytest.importorskip("bvhio")
    file = bvhio.readAsBvh(str(path))
    root = bvhio.readAsHierarchy(str(path))
    joints = {name: root.filter(name, isEqual=True)[0] for name in names}
    root.loadRestPose()
    rest = {name: np.array(tuple(joint.PositionWorld)) for name, joint in joints.items()}
    local = np.array(tuple(joints[mover].Position))
    before = _wxyz(joints[names[-1]].RotationWorld)
    # bvhio lays the axes of each joint along its bone.
    parent = joints[mover].Parent
    above = rot.IDENTITY if parent is None else _wxyz(parent.RotationWorld)
    turns, shifts = [], []
    for frame in range(file.FrameCount):
        root.loadPose(frame)
        turns.append(rot.multiply(_wxyz(joints[names[-1]].RotationWorld), rot.inverse(before)))
        shifts.append(rot.rotate(above, np.array(tuple(joints[mover].Position)) - local))
    time_s = np.arange(file.FrameCount) * file.FrameTime
    return Found(np.array(turns), unit_m * np.array(shifts), time_s, rest)


def _at_rest(scene: Any, nodes: list[Any], *, bound: bool) -> list[tuple[Array, Array]]:
    """Rotation and place of nodes in their parents as they are bound, else as they stand without the animation."""
    poses: dict[str, Any] = {}
    for pose in (kept(scene.poses[at]) for at in range(len(scene.poses))):
        for at in range(len(pose.bone_poses)):
            each = kept(pose.bone_poses[at])
            poses[kept(each.bone_node).name] = each.bone_to_parent
    found = []
    for node in nodes:
        if bound and node.name in poses:
            x, y, z, place = (np.array([c.x, c.y, c.z]) for c in _columns(poses[node.name]))
            found.append((rot.from_matrix(np.stack([x, y, z], axis=1)), place))
        else:
            place = node.local_transform.translation
            found.append((_wxyz(node.local_transform.rotation), np.array([place.x, place.y, place.z])))
    return found


def read_fbx(path: Path, names: tuple[str, ...], mover: str, time_s: Array, *, bound: bool = True) -> Found:
    """`bound`: rest is the bind pose; else it is what the nodes hold without the animation."""
    ufbx = pytest.importorskip("ufbx")
    scene = kept(ufbx.load_file(str(path)))
    anim = kept(kept(scene.anim_stacks[0]).anim)
    chain: list[Any] = []
    node = kept(ufbx.find_node(scene, names[-1]))
    while node is not None and not node.is_root:
        chain.insert(0, node)
        node = kept(node.parent) if node.parent is not None else None

    def local(node: Any, time: float) -> tuple[Array, Array]:
        found = ufbx.evaluate_transform(anim, node, time)
        place = found.translation
        return _wxyz(found.rotation), np.array([place.x, place.y, place.z])

    def world(poses: list[tuple[Array, Array]]) -> Array:
        turn = rot.IDENTITY
        for each, _ in poses:
            turn = rot.multiply(turn, each)
        return turn

    rests = _at_rest(scene, chain, bound=bound)
    index = [node.name for node in chain].index(mover)
    above = world(rests[:index])
    scale = float(np.prod([node.local_transform.scale.x for node in chain[:index]]))
    turns, shifts = [], []
    for time in time_s:
        poses = [local(node, float(time)) for node in chain]
        turns.append(rot.multiply(world(poses), rot.inverse(world(rests))))
        shifts.append(scale * rot.rotate(above, poses[index][1] - rests[index][1]))
    curves = [kept(scene.anim_curves[at]) for at in range(len(scene.anim_curves))]
    keys = np.array([key.time for key in max(curves, key=lambda each: len(each.keyframes)).keyframes])
    rest: dict[str, Array] = {}
    place = np.zeros(3)
    for at, node in enumerate(chain):
        place = place + rot.rotate(world(rests[:at]), rests[at][1])
        rest[node.name] = place
    unit = scene.settings.unit_meters
    up = "XXYYZZ"[int(scene.settings.axes.up)]
    return Found(np.array(turns), unit * np.array(shifts), keys, rest, up, unit)


def read_gltf(path: Path, names: tuple[str, ...], mover: str) -> Found:
    pygltflib = pytest.importorskip("pygltflib")
    file = pygltflib.GLTF2().load_binary(str(path))
    blob = file.binary_blob()

    def values(index: int) -> Array:
        accessor = file.accessors[index]
        view = file.bufferViews[accessor.bufferView]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor.type]
        start = (view.byteOffset or 0) + (accessor.byteOffset or 0)
        found = np.frombuffer(blob, "<f4", accessor.count * width, start).astype(np.float64)
        return found.reshape(-1, width) if width > 1 else found

    parents = {child: at for at, node in enumerate(file.nodes) for child in node.children or ()}
    index = {node.name: at for at, node in enumerate(file.nodes)}
    chain = [index[names[-1]]]
    while chain[0] in parents:
        chain.insert(0, parents[chain[0]])
    (animation,) = file.animations
    keys: dict[tuple[int, str], Array] = {}
    time_s = np.zeros(1)
    for channel in animation.channels:
        sampler = animation.samplers[channel.sampler]
        time_s = values(sampler.input)
        keys[channel.target.node, channel.target.path] = values(sampler.output)

    for node in file.nodes:
        if node.matrix is not None:  # none of ours are scaled
            whole = np.array(node.matrix).reshape(4, 4).T
            w, x, y, z = rot.from_matrix(whole[:3, :3])
            node.rotation, node.translation = [x, y, z, w], whole[:3, 3].tolist()

    def rest_turn(at: int) -> Array:
        x, y, z, w = file.nodes[at].rotation or (0, 0, 0, 1)
        return np.array([w, x, y, z])

    def turn(at: int) -> Array:
        found = keys.get((at, "rotation"))
        return np.broadcast_to(rest_turn(at), (len(time_s), 4)) if found is None else found[:, [3, 0, 1, 2]]

    world, before = np.array([rot.IDENTITY]), rot.IDENTITY
    place, scale, above, above_scale = np.zeros(3), 1.0, rot.IDENTITY, 1.0
    rest: dict[str, Array] = {}
    for at in chain:
        if at == index[mover]:
            above, above_scale = before, scale
        offset = np.array(file.nodes[at].translation or (0, 0, 0))
        place = place + scale * rot.rotate(before, offset)
        rest[file.nodes[at].name] = place
        world, before = rot.multiply(world, turn(at)), rot.multiply(before, rest_turn(at))
        scale *= (file.nodes[at].scale or (1, 1, 1))[0]
    moved = keys.get((index[mover], "translation"))
    offset = np.array(file.nodes[index[mover]].translation or (0, 0, 0))
    shift = np.zeros((len(time_s), 3)) if moved is None else above_scale * rot.rotate(above, moved - offset)
    return Found(rot.multiply(world, rot.inverse(before)), shift, time_s, rest, "Y", 1.0)


def read_usd(path: Path, names: tuple[str, ...], mover: str) -> Found:
    usd = pytest.importorskip("pxr.Usd")
    skel = pytest.importorskip("pxr.UsdSkel")
    geom = pytest.importorskip("pxr.UsdGeom")
    stage = usd.Stage.Open(str(path))
    cache = skel.Cache()
    root = skel.Root(stage.GetDefaultPrim())
    cache.Populate(root, usd.PrimDefaultPredicate)
    skeleton = next(skel.Skeleton(prim) for prim in stage.Traverse() if prim.IsA(skel.Skeleton))
    query = cache.GetSkelQuery(skeleton)
    assert query
    joints = [str(joint).rpartition("/")[2] for joint in query.GetJointOrder()]
    assert joints == list(names)
    head, moving = joints.index(names[-1]), joints.index(mover)
    rests = query.ComputeJointLocalTransforms(usd.TimeCode.Default(), True)
    codes = query.GetAnimQuery().GetJointTransformTimeSamples()
    unit = geom.GetStageMetersPerUnit(stage)

    def quaternion(matrix: Any) -> Array:
        q = matrix.ExtractRotationQuat()
        return np.array([q.GetReal(), *q.GetImaginary()])

    before = quaternion(query.ComputeJointSkelTransforms(usd.TimeCode.Default(), True)[head])
    turns, shifts = [], []
    for code in codes:
        now = query.ComputeJointSkelTransforms(code)[head]
        turns.append(rot.multiply(quaternion(now), rot.inverse(before)))
        place = query.ComputeJointLocalTransforms(code)[moving].ExtractTranslation()
        shifts.append(np.array(place - rests[moving].ExtractTranslation()))
    bind = query.GetJointWorldBindTransforms()
    rest = {name: np.array(matrix.ExtractTranslation()) for name, matrix in zip(joints, bind, strict=True)}
    assert stage.GetStartTimeCode() == 0.0
    assert stage.GetEndTimeCode() == codes[-1]
    time_s = np.array(codes) / stage.GetTimeCodesPerSecond()
    return Found(np.array(turns), unit * np.array(shifts), time_s, rest, geom.GetStageUpAxis(stage), unit)
