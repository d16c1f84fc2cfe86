"""Check of the installation: packages, models and weights, and the jobs that work with them."""

import hashlib
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from .data_folder import worker_log
from .errors import MissingPartError
from .version import VERSION

_IMPORT_TIMEOUT_S = 120


@dataclass(frozen=True)
class Requirement:
    """A package that capabilities need: pip calls it `package` and Python `module`."""

    package: str
    module: str
    needed_by: tuple[str, ...]


CAPABILITIES = ("encode", "generate", "portrait", "FBX")
MAIN_CAPABILITIES = ("encode", "generate")

_SOUND = ("encode", "generate", "portrait")
_PICTURES = ("encode", "portrait")

REQUIREMENTS = (
    Requirement("numpy", "numpy", CAPABILITIES),
    Requirement("av", "av", _SOUND),
    Requirement("praat-parselmouth", "parselmouth", _SOUND),
    Requirement("safetensors", "safetensors", _SOUND),
    Requirement("mediapipe", "mediapipe", _PICTURES),
    Requirement("opencv-python-headless", "cv2", ("portrait",)),
    Requirement("bpy", "bpy", ("FBX",)),
)

FACE_MODELS = {
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff": "official",
    "1ca180e9b748888871e064cb757bb2dd46cf2b753a594302849a395960a29d22": "assembled",
}
"""SHA-256 of the known face models; any other is somebody's own."""

LICENCES = {"all": "clips of all licences", "clear": "clips of clear licence alone"}
"""Training data of the weights, by the option of their training."""


@dataclass(frozen=True)
class Finding:
    """A package, a model or weights as found on this machine; `problem` is empty where it works."""

    name: str
    detail: str
    problem: str
    needed_by: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """All findings."""

    findings: tuple[Finding, ...]

    def missing_for(self, capability: str) -> list[str]:
        """Names of the findings that keep a capability from working."""
        return [found.name for found in self.findings if found.problem and capability in found.needed_by]

    @property
    def ready(self) -> bool:
        """Whether a style can be encoded and motion generated."""
        return not any(self.missing_for(capability) for capability in MAIN_CAPABILITIES)


def examine() -> Health:
    """Check every requirement; packages are imported in a process of their own, so that one that crashes is only noted."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        packages = tuple(pool.map(_package, REQUIREMENTS))
    return Health((*packages, _face_model(), _person_model(), _weights(), _face_weights()))


def report(health: Health) -> str:
    """Format the findings and what works as text for a terminal."""
    missing = {name: ", ".join(health.missing_for(name)) for name in CAPABILITIES}
    log = worker_log()
    return "\n".join(
        [
            f"Mannerism {VERSION}, Python {platform.python_version()}, {platform.platform()}",
            "",
            *(f"  {found.name:<22} {found.problem or found.detail}" for found in health.findings),
            "",
            *(f"  {name:<22} {'needs ' + needs if needs else 'works'}" for name, needs in missing.items()),
            "",
            f"  {'log of the worker':<22} {log}{'' if log.exists() else ', none yet'}",
        ]
    )


def _package(needed: Requirement) -> Finding:
    try:
        version = metadata.version(needed.package)
    except metadata.PackageNotFoundError:
        if find_spec(needed.module) is None:
            return Finding(needed.package, "", f"missing: pip install {needed.package}", needed.needed_by)
        version = "there"  # without a record of its version, as Blender's own packages may be
    # Along the path of this process, which holds an extension's wheels where it is its worker; and without a
    # normal exit, from which some native modules do not come back.
    code = f"import os, sys; sys.path = {sys.path!r}; import {needed.module}; os._exit(0)"
    command = [sys.executable, "-s", "-P", "-c", code]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_IMPORT_TIMEOUT_S, check=False, text=True, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return Finding(needed.package, version, f"{version}, but importing it does not end", needed.needed_by)
    last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
    problem = f"{version}, but it cannot be imported: {last}" if done.returncode else ""
    return Finding(needed.package, version, problem, needed.needed_by)


def _face_model() -> Finding:
    from .track.landmarks import find_model

    try:
        model = find_model()
        digest = hashlib.sha256(Path(model).read_bytes()).hexdigest()
    except MissingPartError as error:
        return Finding("face model", "", f"missing: {error.remedy}", _PICTURES)
    kind = FACE_MODELS.get(digest, "your own")
    return Finding("face model", f"{kind}, SHA-256 {digest}", "", _PICTURES)


def _person_model() -> Finding:
    try:
        from .portrait.analysis.matte import find_person_model

        digest = hashlib.sha256(find_person_model().read_bytes()).hexdigest()
    except MissingPartError as error:
        return Finding("person model", "", f"missing: {error.remedy}", ("portrait",))
    except ImportError:  # the room of pictures cannot be entered without OpenCV
        return Finding("person model", "", "not looked for", ("portrait",))
    return Finding("person model", f"SHA-256 {digest}", "", ("portrait",))


def _face_weights() -> Finding:
    from .face.network import PATH, mouth_network
    from .face.whisper_front import whisper_front

    try:
        mouth_network()
        whisper_front()
    except MissingPartError as error:
        return Finding("weights of the face", "", f"{error.problem}: {error.remedy}", ("portrait",))
    digest = hashlib.sha256(PATH.read_bytes()).hexdigest()
    return Finding("weights of the face", f"SHA-256 {digest}", "", ("portrait",))


def _weights() -> Finding:
    from .network.manner import OPTIONS, PATH, has_manner, load_manner
    from .network.weights import read_weights

    try:
        version = load_manner().version
    except MissingPartError as error:
        # Encoding does without weights, but not with damaged ones; the default engine never does.
        return Finding(
            "weights",
            "",
            f"{error.problem}: {error.remedy}",
            ("encode", "generate") if has_manner() else ("generate",),
        )
    options = json.loads(read_weights(PATH).metadata.get(OPTIONS, "{}"))
    learned_from = LICENCES.get(options.get("licence"), "your own")
    return Finding("weights", f"{learned_from}, version {version}", "", ())
