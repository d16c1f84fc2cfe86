"""Check of the installation: the packages and models there are, and the jobs that work with them."""

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
class Part:
    """A package that jobs need, called `package` by pip and `module` by Python."""

    package: str
    module: str
    jobs: tuple[str, ...]


JOBS = ("encode", "generate", "portrait", "FBX")
MAIN_JOB = ("encode", "generate")

_SOUND = ("encode", "generate", "portrait")
_PICTURES = ("encode", "portrait")

PARTS = (
    Part("numpy", "numpy", JOBS),
    Part("av", "av", _SOUND),
    Part("librosa", "librosa", _SOUND),
    Part("praat-parselmouth", "parselmouth", _SOUND),
    Part("safetensors", "safetensors", _SOUND),
    Part("mediapipe", "mediapipe", _PICTURES),
    Part("opencv-python-headless", "cv2", ("portrait",)),
    Part("bpy", "bpy", ("FBX",)),
)

FACE_MODELS = {
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff": "official",
    "1ca180e9b748888871e064cb757bb2dd46cf2b753a594302849a395960a29d22": "assembled",
}
"""SHA-256 of the known face models; any other is somebody's own."""

LICENCES = {"all": "clips of all licences", "clear": "clips of clear licence alone"}
"""The material that weights were trained on, by the option of their training."""


@dataclass(frozen=True)
class Finding:
    """One part as it was found; `problem` is empty where it works."""

    name: str
    detail: str
    problem: str
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """Findings of all parts."""

    findings: tuple[Finding, ...]

    def lacks(self, job: str) -> list[str]:
        """Names of the parts that keep `job` from working."""
        return [found.name for found in self.findings if found.problem and job in found.jobs]

    @property
    def main_job_works(self) -> bool:
        """Whether a style can be encoded and motion generated."""
        return not any(self.lacks(job) for job in MAIN_JOB)


def examine() -> Health:
    """Try to import each package in a process of its own, so that one that crashes is only noted."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        packages = tuple(pool.map(_package, PARTS))
    return Health((*packages, _face_model(), _person_model(), _weights(), _face_weights()))


def report(health: Health) -> str:
    """Format the findings, and which jobs work, as text for a terminal."""
    lacking = {job: ", ".join(health.lacks(job)) for job in JOBS}
    log = worker_log()
    return "\n".join(
        [
            f"Mannerism {VERSION}, Python {platform.python_version()}, {platform.platform()}",
            "",
            *(f"  {found.name:<22} {found.problem or found.detail}" for found in health.findings),
            "",
            *(f"  {job:<22} {'needs ' + lacks if lacks else 'works'}" for job, lacks in lacking.items()),
            "",
            f"  {'log of the worker':<22} {log}{'' if log.exists() else ', none yet'}",
        ]
    )


def _package(part: Part) -> Finding:
    try:
        version = metadata.version(part.package)
    except metadata.PackageNotFoundError:
        if find_spec(part.module) is None:
            return Finding(part.package, "", f"missing: pip install {part.package}", part.jobs)
        version = "there"  # without a record of its version, as Blender's own packages may be
    # Along the path of this process, which holds an extension's wheels where it is its worker; and without a
    # normal exit, from which some native modules do not come back.
    code = f"import os, sys; sys.path = {sys.path!r}; import {part.module}; os._exit(0)"
    command = [sys.executable, "-s", "-P", "-c", code]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_IMPORT_TIMEOUT_S, check=False, text=True, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return Finding(part.package, version, f"{version}, but importing it does not end", part.jobs)
    last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
    problem = f"{version}, but it cannot be imported: {last}" if done.returncode else ""
    return Finding(part.package, version, problem, part.jobs)


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

    try:
        mouth_network()
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
