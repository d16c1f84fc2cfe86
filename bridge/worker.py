"""The one worker of this Blender, and the Python that it runs in."""

import importlib.util
import logging
import sys
from functools import lru_cache
from pathlib import Path

import bpy

from ..core.errors import MissingPartError
from ..core.threads import LIMIT
from ..core.worker.client import Job, Worker
from .preferences import chosen_path, threads

_log = logging.getLogger(__name__)

BOOT = Path(__file__).parents[1] / "core" / "jobs" / "boot.py"
PACKAGES = ("av", "cv2", "mediapipe", "parselmouth", "safetensors")

_worker: Worker | None = None


def shared() -> Worker:
    """Return the worker, whose process starts with its first job.

    Raises
    ------
    MissingPartError : no Python with the packages is known
    """
    global _worker  # noqa: PLW0603  one for each Blender
    wanted = command(), _settings()
    if _worker is None or (_worker.job is None and (_worker.command, _worker.settings) != wanted):
        close()
        _worker = Worker(*wanted)
    return _worker


def _settings() -> dict[str, str]:
    return {LIMIT: str(threads())} if threads() else {}


def idles() -> bool:
    """Whether the process runs without a job."""
    return _worker is not None and _worker.pid is not None and _worker.job is None


def rest() -> bool:
    """End the idle process, whose files stay; whether there was one."""
    return _worker is not None and _worker.rest()


def running() -> Job | None:
    """The running job."""
    return _worker.job if _worker is not None else None


def close() -> None:
    """End the worker and its job."""
    global _worker  # noqa: PLW0603
    if _worker is not None:
        _worker.close()
        _worker = None


def lacks_python() -> bool:
    """Whether no Python with the packages is known, for redraws: looked at again when another is chosen or a path comes."""
    return not chosen_path("worker_python") and bool(_missing_in(tuple(sys.path)))


@lru_cache(1)
def _missing_in(_path: tuple[str, ...]) -> list[str]:
    return _missing()


def _missing() -> list[str]:
    """Packages that Blender's own Python lacks; found by name only, Blender itself never imports them."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def command() -> list[str]:
    """Command that starts a worker: in the preferred Python, else in Blender's own with the extension's wheels.

    Raises
    ------
    MissingPartError : none is preferred, and Blender's own lacks the packages
    """
    preferred = chosen_path("worker_python")
    if preferred:
        _log.debug("The worker's Python is the one of the preferences")
        return [preferred, "-s", str(BOOT)]
    missing = _missing()
    if missing:
        raise MissingPartError(
            f"This build of the extension has no {', '.join(missing)}",
            "Choose a Worker Python that has them in the extension's preferences, or install the full build",
        )
    version = "python{}.{}".format(*sys.version_info)
    wheels = Path(bpy.utils.user_resource("EXTENSIONS"), ".local", "lib", version, "site-packages")
    return [sys.executable, "-s", str(BOOT), str(wheels)]
