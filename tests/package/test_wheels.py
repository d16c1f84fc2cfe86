"""Wheels are chosen for the target and not for this machine, and refused where they would not run there."""

import hashlib
import zipfile

import pytest
from packaging.requirements import Requirement

from mannerism.core.errors import MissingPartError
from mannerism.tools.build import wheels
from mannerism.tools.build.wheels import PLATFORMS, Target, collect, find, locked, third_party

LINUX, WINDOWS, MAC = (Target(platform, "3.11") for platform in ("linux-x64", "windows-x64", "macos-arm64"))
TARGETS = [Target(platform, python) for platform in PLATFORMS for python in ("3.11", "3.13")]


def make_wheel(folder, name, *fields):
    """A wheel of that file name without a module, whose metadata ends with these fields."""
    folder.mkdir(exist_ok=True)
    project, version = name.split("-")[:2]
    head = [f"Name: {project}", f"Version: {version}", "Metadata-Version: 2.1"]
    info = f"{project}-{version}.dist-info"
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr(f"{info}/METADATA", "\n".join([*head, *fields, "", "Words.\n"]))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return folder / name


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """Writes the lock of Python 3.11 in place of ours; pip sees the folder `index` and nothing else."""
    monkeypatch.setattr(wheels, "LOCKS", tmp_path)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    (tmp_path / "index").mkdir()
    return lambda *lines: (tmp_path / "runtime-3.11.lock").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_our_locks_pin_what_the_worker_imports_and_never_numpy(target):
    names = {pin.name for pin in locked(target)}
    needed = {"av", "mediapipe", "opencv-python-headless", "praat-parselmouth", "safetensors", "tqdm"}
    assert names == needed | ({"colorama"} if target.platform == "windows-x64" else set())


@pytest.mark.parametrize("path", sorted(wheels.LOCKS.glob("*.lock")), ids=lambda path: path.stem)
def test_every_pin_but_torch_has_hashes(path):
    pins = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    bare = [pin for pin in pins if "--hash=sha256:" not in pin]
    assert bare == (["torch==2.13.0"] if path.stem.startswith("torch") else [])


def test_a_file_of_another_hash_than_the_locks_is_refused(lock, tmp_path):
    wheel = make_wheel(tmp_path / "there", "a-1-py3-none-any.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock("a==1 ; python_version >= '3' \\", f"    --hash=sha256:{'0' * 64} \\", f"    --hash=sha256:{digest}")
    assert collect(LINUX, wheel.parent) == [wheel]
    make_wheel(tmp_path / "there", wheel.name, "License: other")
    with pytest.raises(MissingPartError, match="not the file that is locked"):
        collect(LINUX, wheel.parent)


def test_markers_speak_of_the_target(lock):
    lock(
        "always==1",
        "windows==1 ; sys_platform == 'win32'",
        "mac==1 ; platform_system == 'Darwin' and platform_machine == 'arm64'",
        "old==1 ; python_full_version < '3.12'",
        "new==1 ; python_version >= '3.12'",
        "numpy==1.26.4",
    )
    assert [pin.name for pin in locked(LINUX)] == ["always", "old"]
    assert [pin.name for pin in locked(WINDOWS)] == ["always", "windows", "old"]
    assert [pin.name for pin in locked(MAC)] == ["always", "mac", "old"]


@pytest.mark.parametrize(
    ("name", "fitting"),
    [
        ("a-1-py3-none-any.whl", TARGETS),
        ("a-1-cp311-cp311-manylinux_2_28_x86_64.whl", [LINUX]),
        ("a-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", [LINUX]),
        ("a-1-cp39-abi3-win_amd64.whl", [WINDOWS, Target("windows-x64", "3.13")]),
        ("a-1-cp313-cp313-macosx_10_13_universal2.whl", [Target("macos-arm64", "3.13")]),
        ("a-1-cp311-cp311-manylinux_2_34_x86_64.whl", []),  # newer than the glibc that Blender asks for
        ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", []),
        ("a-1-cp311-cp311-manylinux_2_28_aarch64.whl", []),
        ("a-1-cp311-cp311-win32.whl", []),
        ("a-1-cp311-cp311-macosx_11_0_x86_64.whl", []),
        ("a-1-cp311-cp311-macosx_15_0_arm64.whl", []),
        ("a-1-cp313-cp313t-win_amd64.whl", []),
        ("a-2-py3-none-any.whl", []),
        ("ab-1-py3-none-any.whl", []),
    ],
)
def test_a_wheel_is_found_where_its_tags_fit(name, fitting, tmp_path):
    make_wheel(tmp_path, name)
    assert [target for target in TARGETS if find(Requirement("a==1"), target, tmp_path)] == fitting


def test_of_several_the_one_for_the_oldest_macos_is_taken(tmp_path):
    for release in ("14_0", "12_0", "13_0"):
        make_wheel(tmp_path, f"a-1-cp311-cp311-macosx_{release}_arm64.whl")
    found = find(Requirement("a==1"), MAC, tmp_path)
    assert found is not None
    assert "12_0" in found.name


def test_what_is_missing_is_fetched_for_the_target(lock, tmp_path):
    lock("native==1", "Pure_Name==2 ; sys_platform == 'win32'", "numpy==1.26.4")
    for tags in ("cp311-cp311-win_amd64", "cp313-cp313-win_amd64", "cp311-cp311-manylinux_2_28_x86_64"):
        make_wheel(tmp_path / "index", f"native-1-{tags}.whl")
    pure = make_wheel(tmp_path / "there", "pure_name-2-py3-none-any.whl")
    names = [wheel.name for wheel in collect(WINDOWS, pure.parent)]
    assert names == ["native-1-cp311-cp311-win_amd64.whl", "pure_name-2-py3-none-any.whl"]
    assert sorted(path.name for path in pure.parent.iterdir()) == names


def test_a_package_without_a_fitting_wheel_is_named(lock, tmp_path):
    lock("here==1", "native==1")
    make_wheel(tmp_path / "there", "here-1-py3-none-any.whl")
    make_wheel(tmp_path / "index", "native-1-cp311-cp311-win_amd64.whl")
    with pytest.raises(MissingPartError, match=r"No wheel for linux-x64-python3\.11 of native==1 "):
        collect(LINUX, tmp_path / "there")


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("Requires-Python: >=3.12", "Python 3.11.0"),
        ("Requires-Dist: numpy>=2", "numpy 1.26.4"),
        ("Requires-Dist: numpy!=1.26.*; python_version < '3.12'", "numpy 1.26.4"),
    ],
)
def test_a_wheel_that_would_not_run_is_refused(field, problem, lock, tmp_path):
    lock("a==1")
    make_wheel(tmp_path / "there", "a-1-py3-none-any.whl", field)
    with pytest.raises(MissingPartError, match=problem):
        collect(LINUX, tmp_path / "there")


def test_needs_of_other_pythons_and_extras_are_no_hindrance(lock, tmp_path):
    lock("a==1")
    fields = (
        "Requires-Python: >=3.9,<3.14",
        "Requires-Dist: numpy<3,>=1.22",
        "Requires-Dist: numpy>=2.1; python_version >= '3.13'",
        "Requires-Dist: numpy>=2; extra == 'tests'",
    )
    wheel = make_wheel(tmp_path / "there", "a-1-py3-none-any.whl", *fields)
    assert collect(LINUX, tmp_path / "there") == [wheel]


def test_a_broken_wheel_is_refused(lock, tmp_path):
    lock("a==1")
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(b"half a downl")
    with pytest.raises(MissingPartError, match="is no wheel"):
        collect(LINUX, tmp_path)


def test_licences_are_told_from_whichever_field_has_them(tmp_path):
    fields = {
        "a": ["License-Expression: MIT AND MPL-2.0", "License: other"],
        "b": ["License: A text", "Classifier: License :: OSI Approved :: BSD License"],
        "c": ["License: ISC"],
    }
    made = [make_wheel(tmp_path, f"{name}-1-py3-none-any.whl", *own) for name, own in fields.items()]
    table = third_party(made).splitlines()[-3:]
    assert table == ["| a | 1 | MIT AND MPL-2.0 |", "| b | 1 | BSD License |", "| c | 1 | ISC |"]
