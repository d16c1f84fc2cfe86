"""Attributes and modules that are imported on first use: attributes are named by `module:attribute` in tables."""

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Any


def attribute(home: str, package: str | None) -> Any:
    """The attribute that `home` names.

    home : `module:attribute`, the module relative to `package`
    package : `__package__` of the module that holds the table

    Raises
    ------
    ImportError : the module needs a package that this Python lacks
    """
    module, _, name = home.partition(":")
    return getattr(import_module(f".{module}", package), name)


def exported(name: str, homes: Mapping[str, str], package: str | None) -> Any:
    """What a package's `__getattr__` returns for a name: the attribute of the module that `homes` has for it.

    Raises
    ------
    AttributeError : the package exports no such name
    """
    if name not in homes:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    return attribute(f"{homes[name]}:{name}", package)


def lazy_module(name: str, package: str) -> ModuleType:
    """A module that loads when an attribute of it is first used, as the standard library's LazyLoader does it.

    name : within the package

    Raises
    ------
    AttributeError : the package has no such module; what a module's `__getattr__` has to raise
    """
    full_name = f"{package}.{name}"
    if full_name in sys.modules:
        return sys.modules[full_name]
    spec = find_spec(full_name)
    if spec is None or spec.loader is None:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[full_name] = module
    spec.loader.exec_module(module)
    return module
