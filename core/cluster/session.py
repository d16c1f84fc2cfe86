"""A connection to a Ray cluster, or a cluster of this machine alone, that leaves nothing behind and calls nobody.

Ray's settings are read once, when it is imported: they are set before. What a user has set stays.
"""

import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import BatchError, MissingPartError

LOCAL = "local"
"""The address for a cluster of this machine alone."""

_SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",  # it would report to its makers
    "RAY_worker_niceness": "0",  # 15 otherwise: anything else that runs there would come first
}
_ANSWERS_WITHIN_S = 10.0
_LONGEST_PLACE = 20
_OBJECT_STORE_BYTES = 80 << 20  # near the least: only lists of lines travel


@contextmanager
def connected(address: str, processes: int) -> Iterator[Any]:
    """Yield the module `ray` while a connection lasts.

    address : HOST:PORT of a cluster that this machine belongs to, or `LOCAL` to start one
    processes : number of cores of a local one

    Raises
    ------
    MissingPartError : this Python has no Ray
    BatchError : there is no such cluster, or it runs another Ray or Python
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    if address == LOCAL and "RAY_AUTH_MODE" not in os.environ:
        # Ray would write a token into the home folder: this one lives as long as this process.
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    try:
        import ray
    except ImportError as error:
        raise MissingPartError(
            f"This Python has no Ray ({error})", "Install it with “pip install ray”, or leave out --cluster"
        ) from error
    _check(address)
    if ray.is_initialized():
        raise BatchError("This process is connected to a Ray cluster already", "Call ray.shutdown() first")
    folder = _folder() if address == LOCAL else ""
    try:
        with _signals_kept():
            _connect(ray, address, processes, folder)
        yield ray
    finally:
        ray.shutdown()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _folder() -> str:
    """A new folder for a local cluster, whose sockets may have names of 107 bytes at most."""
    place = tempfile.gettempdir()
    if os.name != "nt" and len(os.fsencode(place)) > _LONGEST_PLACE:
        place = "/tmp"  # noqa: S108  as Ray itself does; the folder is made for this user alone
    return tempfile.mkdtemp(prefix="mannerism-ray-", dir=place)


def _check(address: str) -> None:
    """Refuse at once what Ray would try for minutes."""
    host, colon, port = address.rpartition(":")
    if "://" in address:
        raise BatchError(f"“{address}” is for Ray's client, which cannot make lines", _REMEDY)
    if colon and port.isdecimal():
        try:
            socket.create_connection((host.strip("[]"), int(port)), _ANSWERS_WITHIN_S).close()
        except (OSError, OverflowError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BatchError(f"Nothing answers at “{address}” ({reason})", _REMEDY) from error


def _connect(ray: Any, address: str, processes: int, folder: str) -> None:
    quiet = {"logging_level": "CRITICAL", "configure_logging": False, "log_to_driver": False}
    try:
        if address != LOCAL:
            ray.init(address=address, **quiet)
            return
        ray.init(
            address=LOCAL,
            num_cpus=processes,
            include_dashboard=False,
            object_store_memory=_OBJECT_STORE_BYTES,
            _temp_dir=folder,
            **quiet,
        )
    except (OSError, RuntimeError, ValueError, AssertionError, ray.exceptions.RayError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        if address == LOCAL:
            raise BatchError(
                f"Ray does not start on this machine ({reason})", "Leave out --cluster, or see Ray's own help"
            ) from error
        raise BatchError(f"No cluster at “{address}” ({reason})", _REMEDY) from error


_REMEDY = (
    "Give HOST:PORT as “ray start --head” prints it, on a machine that has joined with “ray start --address”, "
    "or “local”"
)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Give back the handlers of signals that Ray takes for itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
