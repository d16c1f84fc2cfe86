"""The scripts of examples/python, as somebody runs them who has just cloned the repository."""

import subprocess
import sys

import pytest

from mannerism.tests.support.paths import ROOT

FOLDER = ROOT / "examples" / "python"
SCRIPTS = {
    "01_encode_and_generate.py": ["her.style.json", "line_1.bvh", "line_1.csv"],
    "02_many_takes.py": ["line_2_take_?.csv"],
    "03_blend.py": ["calm_to_nods_0.50.style.json", "calm_to_nods_1.00.csv", "exaggerated.csv"],
    "04_your_own_engine.py": ["nodder.csv"],
    "05_your_own_rig_family.py": ["rig_map.json"],
    "06_batch_in_a_loop.py": ["line_1.bvh", "line_3.bvh", "line_3.face.csv"],
    "07_talking_head.py": ["talking_head.mp4"],
    "08_judging_motion.py": ["pairs.jsonl", "half.csv"],
    "09_directing_a_take.py": ["shot.json", "obeys.csv", "kept.csv", "part.csv"],
    "10_streaming.py": ["streamed.txt"],
}
"""Each with files that it leaves."""
SLOW = {"01_encode_and_generate.py", "07_talking_head.py"}
LONGEST = 40  # lines


def test_every_script_is_run_and_short():
    assert {path.name for path in FOLDER.glob("*.py")} == set(SCRIPTS)
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < LONGEST for path in FOLDER.glob("*.py"))
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert all(f"examples/python/{name}" in page for name in SCRIPTS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in SCRIPTS]
)
def test_a_script(name, tmp_path):
    out = tmp_path / "ü out"
    done = subprocess.run(
        [sys.executable, str(FOLDER / name), str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    for pattern in SCRIPTS[name]:
        (found,) = out.glob(pattern)
        assert found.stat().st_size > 0
