"""Refusals keep their class on the way out of another process: of the worker, and of a batch's pool."""

import importlib
import pickle
import pkgutil

import pytest

from mannerism import core
from mannerism.core import errors
from mannerism.core.errors import CancelledError, MannerismError, error_of
from mannerism.core.worker import protocol
from mannerism.core.worker.protocol import Failure

SCRIPTS = {"mannerism.core.cli.__main__"}  # importing one runs it
TORCH = {"mannerism.core.portrait.neural.network"}  # where there is none


def subclasses(cls):
    for each in cls.__subclasses__():
        yield each
        yield from subclasses(each)


def all_of_core():
    """Every class of refusal, wherever in core it is defined."""
    for module in pkgutil.walk_packages(core.__path__, f"{core.__name__}."):
        if module.name not in SCRIPTS | TORCH:
            importlib.import_module(module.name)
    found = [MannerismError, *subclasses(MannerismError)]
    return [each for each in found if each.__module__.startswith(f"{core.__name__}.")]


def test_each_class_passes_through_the_worker():
    classes = all_of_core()
    assert len(classes) >= 15
    for cls in classes:
        assert cls.__module__ == errors.__name__, f"{cls} is not in core/errors.py"
        line = protocol.encode(Failure.of("1", cls("It is “ü”", "Choose another")))
        message = protocol.decode(line)
        assert isinstance(message, Failure)
        error = message.error()
        assert type(error) is cls
        assert (error.problem, error.remedy) == ("It is “ü”", "Choose another")


@pytest.mark.parametrize("error", [CancelledError(), errors.ConsentError("It is “ü”", "Choose another")])
def test_errors_pass_through_a_pool(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)


@pytest.mark.parametrize("kind", ["", "FutureError", "Exception", "error_of", "__builtins__", "__name__"])
def test_what_is_no_class_of_ours_is_a_plain_refusal(kind):
    error = error_of(kind, "It broke", "Try again")
    assert type(error) is MannerismError
    assert str(error) == "It broke. Try again."
