"""The engines that an animator can choose are those that there are."""

import pytest

from mannerism import registration
from mannerism.bridge import settings
from mannerism.core.generate import ENGINES, GenerationSettings

bpy = pytest.importorskip("bpy")


@pytest.fixture
def obj():
    registration.register()
    made = bpy.data.objects.new("Ada", None)
    yield made
    bpy.data.objects.remove(made)
    registration.unregister()


def test_each_engine_can_be_chosen_and_is_asked_for(obj):
    choices = obj.mannerism.bl_rna.properties["engine"].enum_items
    assert [choice.identifier for choice in choices] == list(ENGINES)
    assert obj.mannerism.engine == GenerationSettings().engine
    for name in ENGINES:
        obj.mannerism.engine = name
        assert settings.manner(obj)["engine"] == name
