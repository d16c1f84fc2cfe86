"""The engines and strengths that an animator can choose are those that there are."""

import pytest

from mannerism import registration
from mannerism.bridge import settings
from mannerism.core.generate import ENGINES, GenerationSettings
from mannerism.core.generate.settings import SLIDERS

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


@pytest.mark.parametrize("name", SLIDERS)
def test_each_strength_is_asked_for_within_its_limits(obj, name):
    assert settings.manner(obj)[name] == getattr(GenerationSettings(), name)
    for asked, got in ((0.25, 0.25), (-1.0, 0.0), (9.0, SLIDERS[name].largest)):
        setattr(obj.mannerism, name, asked)
        assert settings.manner(obj)[name] == got
