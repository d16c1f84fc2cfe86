"""Whatever is slid, edited, undone and muted in whatever order: the keys are those of a small model.

The model knows values of sliders and the animator's changes; what the keys would be without these it reads from
a take that is made in that shape at once.
"""

from copy import deepcopy
from typing import Any

import bpy
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.bridge import nla, takes
from mannerism.bridge.curves import hash_of, keys_of
from mannerism.bridge.live_take import curves_of_all
from mannerism.core.generate.shape import SHAPE_DEFAULTS, Shape
from mannerism.core.generate.shaped import shaped
from mannerism.tests.support.shaped_take import course
from mannerism.tools.synthetic.characters import posed

MODES = ("QUATERNION", "XYZ", "AXIS_ANGLE")
SLIDERS = (
    "intensity",
    "pitch",
    "yaw",
    "translation",
    "smoothness",
    "anticipation_s",
    "fade_in_s",
    "neck_share",
)
STEP = st.one_of(
    st.tuples(st.just("slide"), st.sampled_from(SLIDERS), st.sampled_from([0.0, 0.1, 0.25, 0.5])),
    st.tuples(st.just("edit"), st.integers(1, 70), st.sampled_from([-0.02, 0.01, 0.3])),
    st.tuples(st.just("delete"), st.integers(1, 70), st.just(0.0)),
    st.tuples(st.just("add"), st.integers(1, 70), st.sampled_from([0.0, 0.05])),
    st.tuples(st.sampled_from(["undo", "redo", "mute"]), st.just(0), st.just(0.0)),
)


class Model:
    """Sliders, what the animator did to the keys of one location, and whether the take is muted."""

    def __init__(self) -> None:
        self.values = dict(SHAPE_DEFAULTS)
        self.moved: dict[int, float] = {}
        self.deleted: set[int] = set()
        self.added: dict[float, float] = {}
        self.muted = False


class Stage:
    """A character with two takes, of which the second is worked on."""

    def __init__(self, mode: str) -> None:
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True, load_ui=False)
        obj, _ = posed("armature", mode, "pose")
        other = takes.add_take(obj, course(), line="hello", seed=1, start_frame=0.0)
        takes.add_take(obj, course(), line="hello", seed=2, start_frame=0.0)
        self.mode, self.name, self.other = mode, obj.name, other.name
        self.kept = hash_of(bpy.data.actions[other.name])
        bpy.ops.ed.undo_push(message="Start")
        self.past, self.model = [Model()], Model()
        self.future: list[Model] = []

    @property
    def obj(self) -> Any:
        return bpy.data.objects[self.name]

    @property
    def place(self) -> Any:
        curves = curves_of_all(takes.active_action(self.obj))
        return next(c for (path, i), c in curves.items() if path.endswith("location") and i == 1)

    def step(self, what: str, which: Any, value: float) -> None:
        if what in {"undo", "redo"}:
            source, target = (self.past, self.future) if what == "undo" else (self.future, self.past)
            if len(source) > (what == "undo"):
                target.append(source.pop())
                getattr(bpy.ops.ed, what)()
                self.model = deepcopy(self.past[-1])
            return
        if not getattr(self, what)(which, value):
            return
        bpy.ops.ed.undo_push(message=what)
        self.past.append(deepcopy(self.model))
        self.future.clear()

    def slide(self, name: str, value: float) -> bool:
        setattr(self.obj.mannerism.shape, name, value)
        self.model.values[name] = value
        return True

    def edit(self, frame: int, by: float) -> bool:
        if frame in self.model.deleted:
            return False
        key = next(k for k in self.place.keyframe_points if k.co.x == frame)
        key.co.y += by
        self.place.update()
        self.model.moved[frame] = self.model.moved.get(frame, 0.0) + by
        return True

    def delete(self, frame: int, _value: float) -> bool:
        if frame in self.model.deleted:
            return False
        keys = self.place.keyframe_points
        keys.remove(next(k for k in keys if k.co.x == frame))
        self.model.deleted.add(frame)
        self.model.moved.pop(frame, None)
        return True

    def add(self, frame: int, by: float) -> bool:
        middle = frame + 0.5
        if middle in self.model.added:
            return False
        between = float(np.interp(middle, *self.generated().T))
        self.place.keyframe_points.insert(middle, between + by)
        self.place.update()
        self.model.added[middle] = by
        return True

    def mute(self, _which: int, _value: float) -> bool:
        self.model.muted = not self.model.muted
        nla.track_of(self.obj, takes.active_layer(self.obj)).mute = self.model.muted
        return True

    def generated(self) -> Any:
        """Keys (T, 2) of the location as the model says they are generated."""
        return self.fresh()[0]

    def fresh(self) -> Any:
        """The same of a take that is made in this shape at once, and all its rotations."""
        motion = shaped(course(), Shape.of(self.model.values))
        twin, _ = posed("armature", self.mode, "pose")
        twin.mannerism.neck_share = self.model.values["neck_share"]
        layer = takes.add_take(twin, motion, line="twin", seed=1, start_frame=0.0)
        action = bpy.data.actions[layer.name]
        keys = {key: keys_of(curve) for key, curve in curves_of_all(action).items()}
        bpy.data.objects.remove(twin)
        bpy.data.actions.remove(action)
        path = next(path for path, _ in keys if path.endswith("location"))
        return keys.pop((path, 1)), keys

    def check(self) -> None:
        model, (place, others) = self.model, self.fresh()
        action = takes.active_action(self.obj)
        there = curves_of_all(action)
        for key, points in others.items():
            assert np.allclose(keys_of(there[key]), points, atol=3e-7)
        wanted = {
            float(f): float(v) + model.moved.get(int(f), 0.0)
            for f, v in place.tolist()
            if int(f) not in model.deleted
        }
        wanted |= {f: float(np.interp(f, *place.T)) + by for f, by in model.added.items()}
        found = keys_of(self.place)
        assert found[:, 0].tolist() == sorted(wanted)
        assert np.allclose(found[:, 1], [wanted[f] for f in sorted(wanted)], atol=5e-6)
        assert {n: getattr(self.obj.mannerism.shape, n) for n in SLIDERS} == {
            n: float(np.float32(model.values[n])) for n in SLIDERS
        }
        assert nla.track_of(self.obj, takes.active_layer(self.obj)).mute == model.muted
        assert hash_of(bpy.data.actions[self.other]) == self.kept
        edited = bool(model.moved or model.deleted or model.added)
        assert edited or action[nla.KEYS] == hash_of(action)


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(MODES), st.lists(STEP, max_size=10))
def test_keys_are_those_of_the_model(extension, mode, steps):
    stage = Stage(mode)
    for step in steps:
        stage.step(*step)
    stage.check()
