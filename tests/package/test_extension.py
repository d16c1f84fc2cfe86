"""The extension's zip: built, validated, installed, used and let go by a Blender that knows nothing else."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from mannerism.core.generate import first_seed
from mannerism.core.version import VERSION
from mannerism.tests.support.paths import ROOT


def build(folder):
    command = [
        sys.executable,
        str(ROOT / "tools" / "build" / "build_extension.py"),
        "--light",
        "-o",
        str(folder),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    (package,) = folder.glob("*.zip")
    assert str(package) in result.stdout
    return package


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    pytest.importorskip("bpy", reason="Blender's extension tool is in the bpy wheel")
    return build(tmp_path_factory.mktemp("zip"))


def names_in(package):
    with zipfile.ZipFile(package) as archive:
        return set(archive.namelist())


def test_holds_what_blender_and_the_worker_run(package):
    names = names_in(package)
    rooms = ("core", "bridge", "operators", "panels")
    modules = {path.relative_to(ROOT).as_posix() for room in rooms for path in (ROOT / room).rglob("*.py")}
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "core").rglob("*.json")}
    wanted = modules | data | {"__init__.py", "registration.py", "blender_manifest.toml", "LICENSE"}
    assert wanted <= names


def test_holds_nothing_else(package):
    names = names_in(package)
    assert {name.partition("/")[0] for name in names} == {
        *("core", "bridge", "operators", "panels"),
        *("__init__.py", "registration.py", "blender_manifest.toml", "LICENSE"),
    }
    assert {Path(name).suffix for name in names} <= {
        ".py",
        ".json",
        ".csv",
        ".npz",
        ".md",
        ".txt",
        ".toml",
        ".task",
        ".tflite",
        ".safetensors",
        ".html",
        ".css",
        ".js",
        "",
    }


@pytest.mark.parametrize("model", ["face_landmarker.task", "selfie_segmentation.tflite"])
def test_a_model_of_others_comes_with_its_notice(package, model):
    if not (ROOT / "core" / "weights" / model).exists():
        pytest.skip("the model has not been fetched")
    assert {f"core/weights/{model}", "core/weights/LICENSE-Apache-2.0.txt"} <= names_in(package)


def test_equal_files_give_equal_bytes(package, tmp_path):
    assert build(tmp_path).read_bytes() == package.read_bytes()


def test_one_version_everywhere():
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest["version"] == project["project"]["version"] == VERSION


def worker_python():
    """The Python 3.11 environment, which has everything, or else the one that runs."""
    usual = ROOT / ".venv" / "bin" / "python"
    return usual if usual.exists() else Path(sys.executable)


@pytest.mark.slow
def test_a_blender_installs_it_and_does_the_main_job(package, tmp_path):
    """In a user folder with a space and letters beyond ASCII, and from the example that ships."""
    video, sound = ROOT / "examples" / "reference.mp4", ROOT / "examples" / "line_1.wav"
    user_folder = tmp_path / "user ü日本"
    user_folder.mkdir()
    script = ROOT / "tests" / "package" / "use_extension.py"
    command = [
        sys.executable,
        str(script),
        str(package),
        str(user_folder),
        str(worker_python()),
        str(video),
        str(sound),
    ]
    # No import path of ours: the extension has to stand alone.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=280
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    found = json.loads(result.stdout.rpartition("FOUND ")[2])

    assert found["enabled"]
    assert found["heavy"] == []
    assert found["package"] == []
    assert Path(found["style"]).parent.is_relative_to(user_folder)
    takes = [name for name in found["layers"] if name.startswith("Mannerism")]
    assert takes == [f"Mannerism: line_1 #{first_seed('line_1')}"]
    assert found["still"] == 0.0
    assert 0.2 < found["moved"] < 60.0
    assert found["removed"]
    assert (user_folder / "ä.bvh").read_text(encoding="ascii").startswith("HIERARCHY")
    assert (user_folder / "ä.fbx").read_bytes().startswith(b"Kaydara FBX Binary")
    assert found["disabled"] == found["enabled again"] == ["FINISHED"]
    assert not Path(found["folder"]).exists()
    assert not Path(f"/proc/{found['worker']}").exists()
    assert found["left"] == []
