"""Takes know what they were made with; those that come by themselves replace one another, and nothing else."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from mannerism import registration
from mannerism.bridge import live_update, made_with, nla, takes, worker
from mannerism.bridge.live_take import curves_of_all
from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.characters import posed

bpy = pytest.importorskip("bpy")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake worker uses signals of POSIX")


@pytest.fixture
def obj(monkeypatch) -> Any:
    monkeypatch.setattr(worker, "command", lambda: FAKE_WORKER)
    registration.register()
    made, _ = posed("armature", "QUATERNION", "pose")
    bpy.context.view_layer.objects.active = made
    made.mannerism.style, made.mannerism.audio = "/calm.style.json", "/hello.wav"
    yield made
    worker.close()
    registration.unregister()


def generate(**how):
    assert bpy.ops.mannerism.generate(**how) == {"FINISHED"}


def names(obj):
    return [layer.name for layer in nla.list_layers(obj)]


def test_a_take_keeps_its_settings_and_its_speech(obj):
    generate()
    assert made_with.differing(obj) == ()
    assert made_with.outdated(obj) == "Made with the settings above"
    obj.mannerism.shape.pauses = 0.0
    assert obj.mannerism.shape.pauses == 0.0
    obj.mannerism.personality = 0.5
    assert made_with.outdated(obj) == "Generate to apply: Personality"
    generate()
    assert made_with.differing(obj) == ()


def test_an_automatic_take_replaces_the_last_one_only(obj):
    generate()
    (mine,) = names(obj)
    keys = takes.active_action(obj)[nla.KEYS]
    generate(automatic=True)
    assert len(names(obj)) == 2
    obj.mannerism.shape.yaw = 0.5
    for personality in (0.5, 0.6, 0.7):
        obj.mannerism.personality = personality
        generate(automatic=True)
        assert len(names(obj)) == 2
        assert obj.mannerism.shape.yaw == 0.5
        assert made_with.differing(obj) == ()
    assert names(obj)[0] == mine
    assert bpy.data.actions[mine][nla.KEYS] == keys


@pytest.mark.parametrize("change", ["key", "star", "other line"])
def test_an_automatic_take_that_was_changed_is_kept(obj, change):
    generate(automatic=True)
    action: Any = takes.active_action(obj)
    if change == "key":
        curve = next(iter(curves_of_all(action).values()))
        curve.keyframe_points[5].co.y += 0.1
    elif change == "star":
        action.mannerism_star = True
    else:
        obj.mannerism.audio = "/goodbye.wav"
    generate(automatic=True)
    assert len(names(obj)) == 2
    assert action.name in names(obj)


def test_it_looks_from_the_start_since_a_file_may_have_been_saved_with_it_on(monkeypatch):
    looking: list[Any] = []
    timers = SimpleNamespace(
        register=lambda look, **_: looking.append(look),
        unregister=looking.remove,
        is_registered=looking.__contains__,
    )
    app = SimpleNamespace(background=False, timers=timers)
    monkeypatch.setattr(live_update, "bpy", SimpleNamespace(app=app))
    registration.register()
    registration.register()
    assert len(looking) == 1
    registration.unregister()
    assert looking == []


def test_it_waits_until_settings_rest_and_tries_once(obj):
    obj.mannerism.update_automatically = True
    made = []

    def tick(times):
        for _ in range(times):
            live_update.tick(lambda: made.append(obj.mannerism.personality), obj)

    tick(5)
    assert made == []  # no take yet
    generate()
    tick(5)
    assert made == []  # nothing differs
    for personality in (0.3, 0.4, 0.5):
        obj.mannerism.personality = personality
        tick(2)
    assert made == []  # still moving
    tick(10)
    assert made == [pytest.approx(0.5)]  # and that failed: nothing came of it
    obj.mannerism.personality = 0.9
    tick(10)
    assert made == [pytest.approx(0.5), pytest.approx(0.9)]
    obj.mannerism.update_automatically = False
    obj.mannerism.personality = 0.1
    tick(10)
    assert len(made) == 2
    live_update.tick(lambda: made.append(0), None)
