"""The full zip: complete, no larger than it has to be, and all that a Blender without a network needs.

`make full-zip` builds it and runs these tests; without it they are skipped.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from mannerism.tests.support.paths import ROOT
from mannerism.tools.build.wheels import Target, find, locked

PACKAGE = Path(os.environ.get("MANNERISM_FULL_ZIP", "no zip"))
TARGET = Target("linux-x64", "{}.{}".format(*sys.version_info))
CEILING_BYTES = 125e6

pytestmark = pytest.mark.skipif(
    not PACKAGE.is_file() or sys.platform != "linux",
    reason="make full-zip, on Linux, builds what is tested here",
)

# Seen by every Python of the bare environment: whoever asks for the network fails, and loudly.
NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event == "socket.getaddrinfo" or (event == "socket.connect" and isinstance(arguments[1], tuple)):
        raise PermissionError(f"the network was asked for: {arguments}")
sys.addaudithook(refuse)
"""


def names_in(package):
    with zipfile.ZipFile(package) as archive:
        return set(archive.namelist())


def test_holds_the_light_one_and_one_wheel_for_each_pin(tmp_path):
    command = [
        sys.executable,
        str(ROOT / "tools" / "build" / "build_extension.py"),
        "--light",
        "-o",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (light,) = tmp_path.glob("*.zip")
    added = names_in(PACKAGE) - names_in(light)
    assert names_in(light) <= names_in(PACKAGE)
    wheels = {name for name in added if name.startswith("wheels/") and name.endswith(".whl")}
    assert added - wheels == {"THIRD_PARTY.md"}
    assert len(wheels) == len(locked(TARGET))
    assert not any(name.startswith("wheels/numpy-") for name in wheels)
    assert {
        "core/weights/face_landmarker.task",
        "core/weights/selfie_segmentation.tflite",
        "core/weights/LICENSE-Apache-2.0.txt",
        "LICENSE",
    } <= names_in(PACKAGE)


def test_is_no_larger_than_it_has_to_be():
    assert PACKAGE.stat().st_size < CEILING_BYTES


def test_its_wheels_are_whole_fit_and_are_named(tmp_path):
    with zipfile.ZipFile(PACKAGE) as archive:
        manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
        table = archive.read("THIRD_PARTY.md").decode()
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith("wheels/")])
    assert manifest["platforms"] == [TARGET.platform]
    pins = locked(TARGET)
    wheels = [wheel for pin in pins if (wheel := find(pin, TARGET, tmp_path / "wheels")) is not None]
    assert manifest["wheels"] == [f"./wheels/{wheel.name}" for wheel in wheels]
    for pin, wheel in zip(pins, wheels, strict=True):
        with zipfile.ZipFile(wheel) as contents:
            assert contents.testzip() is None
        assert f"| {str(pin.specifier).removeprefix('==')} |" in table


def required(name):
    """The distributions that one needs here, itself included."""
    names, waiting = set(), [name]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            needs = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [
                need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})
            ]
    return names


@pytest.fixture
def bare(tmp_path):
    """The Python of an environment that holds Blender and what Blender itself brings, and nothing else."""
    folder = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    (packages,) = folder.glob("lib/*/site-packages")
    for name in required("bpy"):
        distribution = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
            (packages / top).symlink_to(Path(str(distribution.locate_file(top))))
    (packages / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return folder / "bin" / "python"


def without_network():
    """A prefix to commands that then see no network at all, where this machine grants it."""
    prefix = ["unshare", "--map-root-user", "--net"]
    try:
        granted = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        granted = False
    return prefix if granted else []


@pytest.mark.slow
def test_a_blender_without_network_or_packages_does_the_main_job_on_its_wheels(bare, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    probe = "import importlib.util as u; print(*map(u.find_spec, ['av', 'mediapipe', 'parselmouth', 'safetensors']))"
    seen = subprocess.run([bare, "-s", "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert seen.stdout.split() == ["None"] * 4

    user_folder = tmp_path / "user ü"
    user_folder.mkdir()
    script, examples = ROOT / "tests" / "package" / "use_extension.py", ROOT / "examples"
    arguments = [PACKAGE.absolute(), user_folder, "", examples / "reference.mp4", examples / "line_1.wav"]
    command = [*without_network(), bare, script, *arguments]
    result = subprocess.run(
        list(map(str, command)),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    found = json.loads(result.stdout.rpartition("FOUND ")[2])

    assert found["enabled"]
    assert [layer.partition(" #")[0] for layer in found["layers"]] == ["Pose under Ada", "Mannerism: line_1"]
    assert found["moved"] > 0.2
    assert found["removed"]
    assert found["heavy"] == []
    assert found["doctor"]["works"], found["doctor"]["report"]
    assert Path(found["numpy"]).is_relative_to(bare.parents[1])
    unpacked = user_folder / "extensions" / ".local" / "lib" / f"python{TARGET.python}" / "site-packages"
    paths = list(map(Path, found["libraries"]))
    ours = {path.relative_to(unpacked).parts[0] for path in paths if path.is_relative_to(unpacked)}
    others = {
        path.parts[path.parts.index("site-packages") + 1] for path in paths if unpacked not in path.parents
    }
    assert {"av", "mediapipe"} <= ours
    assert any(name.startswith("parselmouth.") for name in ours)
    assert others <= {"numpy", "numpy.libs", "charset_normalizer", "zstandard"}
    assert "numpy" in others
    assert list(unpacked.iterdir()) == []
