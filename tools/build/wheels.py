"""The wheels of a runtime lock, for a platform and a Python that need not be this machine's.

Each is as the package registry holds it. numpy is never among them: Blender brings its own, and two of them in one
process, or a worker that differs from Blender, would be for nothing.
"""

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

from mannerism.core.errors import MissingPartError

LOCKS = Path(__file__).parents[2] / "wheels"

BLENDER_NUMPY = {"3.11": "1.26.4", "3.13": "2.3.4"}
"""What the builds of blender.org bring: Blender 4.5 LTS has Python 3.11, Blender 5.2 LTS Python 3.13."""

# Blender asks for glibc 2.28. The names of years are aliases: PEP 513, 571 and 599.
_GLIBC = (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)),)
_YEARS = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")


@dataclass(frozen=True)
class Platform:
    """A kind of machine: the platform tags of wheels that run on it, best first, and what markers say there."""

    tags: tuple[str, ...]
    sys_platform: str
    platform_system: str
    os_name: str
    platform_machine: str


PLATFORMS = {
    "linux-x64": Platform((*_GLIBC, *_YEARS), "linux", "Linux", "posix", "x86_64"),
    "windows-x64": Platform(("win_amd64",), "win32", "Windows", "nt", "AMD64"),
    # Of several, the wheel for the oldest macOS runs on most machines.
    "macos-arm64": Platform(
        tuple(reversed([*mac_platforms((14, 0), "arm64")])), "darwin", "Darwin", "posix", "arm64"
    ),
}
"""By Blender's names."""


@dataclass(frozen=True)
class Target:
    """Where the wheels are to run: a key of `PLATFORMS`, and a Python such as "3.11"."""

    platform: str
    python: str

    def __str__(self) -> str:
        return f"{self.platform}-python{self.python}"

    @property
    def abi(self) -> str:
        """The tag of its interpreter, "cp311"."""
        return "cp" + self.python.replace(".", "")

    @property
    def version(self) -> str:
        """Its Python to three places: the first of the series, which asks most of a wheel."""
        return f"{self.python}.0"

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """All tags that fit, best first."""
        version = tuple(map(int, self.python.split(".")))
        names = PLATFORMS[self.platform].tags
        return (*cpython_tags(version, [self.abi], names), *compatible_tags(version, self.abi, names))

    @property
    def environment(self) -> dict[str, str]:
        """What its markers are evaluated with, in place of this machine's."""
        platform = PLATFORMS[self.platform]
        return {
            "sys_platform": platform.sys_platform,
            "platform_system": platform.platform_system,
            "os_name": platform.os_name,
            "platform_machine": platform.platform_machine,
            "python_version": self.python,
            "python_full_version": self.version,
            "implementation_version": self.version,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }


def collect(target: Target, folder: Path) -> list[Path]:
    """The wheels of the lock for `target`, in `folder`; those that it lacks are fetched into it.

    Raises
    ------
    MissingPartError : the registry has no such wheel, or one is damaged or another than the lock's, or does not
        take that Python or Blender's numpy
    """
    allowed = pinned(target.python)
    pins = locked(target)
    missing = [pin for pin in pins if find(pin, target, folder) is None]
    if missing:
        fetch(missing, target, folder)
    found = {pin: wheel for pin in pins if (wheel := find(pin, target, folder)) is not None}
    for pin, wheel in found.items():
        if allowed[pin] and hashlib.sha256(wheel.read_bytes()).hexdigest() not in allowed[pin]:
            raise MissingPartError(
                f"{wheel} is not the file that is locked", "Delete it, to have it fetched again"
            )
        check(wheel, target)
    return list(found.values())


def locked(target: Target) -> list[Requirement]:
    """The pins of the lock whose markers hold on `target`, all but numpy."""
    return [pin for pin in pinned(target.python) if pin.name != "numpy" and _applies(pin, target)]


def pinned(python: str) -> dict[Requirement, frozenset[str]]:
    """SHA-256 of the files that each pin of the lock allows, in hexadecimal; empty for any file."""
    text = (LOCKS / f"runtime-{python}.lock").read_text(encoding="utf-8")
    rows = [line.split(" --hash=sha256:") for line in re.sub(r"\s*\\\n\s*", " ", text).splitlines()]
    return {Requirement(pin): frozenset(map(str.strip, hashes)) for pin, *hashes in rows}


def find(pin: Requirement, target: Target, folder: Path) -> Path | None:
    """The wheel in `folder` that fits a pin best, if one does."""
    fitting: dict[Tag, Path] = {}
    for path in folder.glob("*.whl"):
        name, version, _, tags = parse_wheel_filename(path.name)
        if name == canonicalize_name(pin.name) and pin.specifier.contains(version):
            fitting |= dict.fromkeys(tags, path)
    return next((fitting[tag] for tag in target.tags if tag in fitting), None)


def fetch(pins: Sequence[Requirement], target: Target, folder: Path) -> None:
    """Download a wheel for each pin.

    Raises
    ------
    MissingPartError : pip found none that fits, or did not reach the registry
    """
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    what = ["--only-binary=:all:", "--implementation", "cp", "--python-version", target.python]
    abis = [f"--abi={abi}" for abi in (target.abi, "abi3", "none")]
    platforms = [f"--platform={tag}" for tag in PLATFORMS[target.platform].tags]
    # Without their markers, which pip would hold against this machine.
    names = [f"{pin.name}{pin.specifier}" for pin in pins]
    command = [*pip, *what, *abis, *platforms, "--dest", str(folder), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    absent = [name for pin, name in zip(pins, names, strict=True) if find(pin, target, folder) is None]
    if absent:
        reason = next(
            (line for line in done.stderr.splitlines() if line.startswith("ERROR")), "no reason given"
        )
        raise MissingPartError(
            f"No wheel for {target} of {', '.join(absent)} ({reason.removeprefix('ERROR: ')})",
            "Go online, or put the wheels into the folder given by --wheel-dir",
        )


def check(wheel: Path, target: Target) -> None:
    """See that a wheel takes the Python of `target`, and the numpy that Blender brings there.

    Raises
    ------
    MissingPartError : it does not
    """
    about = metadata(wheel)
    numpy = BLENDER_NUMPY[target.python]
    needs = [need for need in map(Requirement, about.get_all("Requires-Dist", [])) if _applies(need, target)]
    wanted = {
        f"Python {target.version}": SpecifierSet(about["Requires-Python"] or "").contains(target.version),
        f"Blender's numpy {numpy}": all(n.specifier.contains(numpy) for n in needs if n.name == "numpy"),
    }
    for what, fits in wanted.items():
        if not fits:
            raise MissingPartError(
                f"{wheel.name} does not run with {what}", "Lock a release that does, see wheels/lock.sh"
            )


def metadata(wheel: Path) -> Message:
    """Metadata of a wheel.

    Raises
    ------
    MissingPartError : it is no wheel
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if Path(name).match("*.dist-info/METADATA"))
            return HeaderParser().parsestr(archive.read(name).decode())
    except (zipfile.BadZipFile, ValueError) as error:
        raise MissingPartError(
            f"{wheel} is no wheel ({error})", "Delete it, to have it fetched again"
        ) from error


def third_party(wheels: Sequence[Path]) -> str:
    """A table of what is bundled and under which licence; the texts are in the wheels."""
    head = [
        "# Third-party packages in this extension",
        "",
        "Each is an unmodified wheel in `wheels/`, which holds the text of its licence. The face model has its own",
        "card and licence in `core/weights/`.",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *_rows(wheels), ""])


def _rows(wheels: Sequence[Path]) -> Iterator[str]:
    for about in map(metadata, wheels):
        classifiers = [
            name.rpartition(" :: ")[2]
            for name in about.get_all("Classifier", [])
            if name.startswith("License")
        ]
        # The oldest field may hold the whole text.
        plain = (about["License"] or "").partition("\n")[0]
        licence = about["License-Expression"] or ", ".join(classifiers) or plain
        yield f"| {about['Name']} | {about['Version']} | {licence} |"


def _applies(requirement: Requirement, target: Target) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(target.environment)
