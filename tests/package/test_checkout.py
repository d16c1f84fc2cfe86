"""A checkout works in any folder, and the Python package that it builds is complete."""

import subprocess
import sys
import zipfile

import pytest

from mannerism.tests.support.paths import ROOT


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The tracked and new files of this tree, copied into a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("a clone") / "my project"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


@pytest.mark.slow
def test_tests_run_from_a_folder_with_a_space(clone):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/test_timing.py"]
    result = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_the_built_package_holds_every_module_and_one_set_of_weights(clone, tmp_path):
    other = "core/weights/manner-clear.safetensors"
    (clone / other).write_bytes(b"")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    result = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,) = tmp_path.glob("mannerism-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = {
        p.relative_to(clone).as_posix() for room in ("core", "bridge") for p in (clone / room).rglob("*.py")
    }
    source |= {
        p.relative_to(clone).as_posix()
        for ext in ("json", "csv", "safetensors", "html", "css", "js")
        for p in (clone / "core").rglob(f"*.{ext}")
    }
    missing = {name for name in source if f"mannerism/{name}" not in packed}
    assert missing == {other}
