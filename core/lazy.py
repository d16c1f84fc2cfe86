"""Attributes that are imported on first use, named by `module:attribute` in tables."""

from importlib import import_module
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
