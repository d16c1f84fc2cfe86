"""The command line: one module a command."""

from .exit_status import DONE, INTERRUPTED, REFUSED, SOME_FAILED
from .main import main

__all__ = ["DONE", "INTERRUPTED", "REFUSED", "SOME_FAILED", "main"]
