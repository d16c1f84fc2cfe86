"""The texts for render farms, each read or run by the farm's own program where a package of it can be had."""

import json
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from mannerism.core.cli import main
from mannerism.core.errors import BatchError
from mannerism.core.submit import FARMS, FarmJob
from mannerism.tests.support.paths import EXAMPLES

NAMES = ("plain.jsonl", "with blank.jsonl", "ヒーロー.jsonl", "a'b\"c$d`e.jsonl", "{x}.jsonl", "50%.jsonl")


@pytest.fixture(params=NAMES)
def job(request, tmp_path):
    return FarmJob(tmp_path / request.param, 7, ("python", "-m", "mannerism.core.cli"))


@pytest.mark.parametrize("farm", FARMS)
def test_every_text_names_the_manifest_and_the_chunks(farm, tmp_path):
    text = FARMS[farm].text(FarmJob(tmp_path / "lines.jsonl", 7))
    assert str(tmp_path / "lines.jsonl") in text
    assert "7" in text
    assert "--chunk" in text


@pytest.mark.parametrize("farm", FARMS)
def test_what_no_text_can_hold_is_refused(farm, tmp_path):
    with pytest.raises(BatchError, match="line break"):
        FARMS[farm].text(FarmJob(tmp_path / "a\nb.jsonl", 7))
    with pytest.raises(BatchError, match="chunks"):
        FARMS[farm].text(FarmJob(tmp_path / "a.jsonl", 0))


def test_flamenco_makes_a_task_for_each_chunk(job, tmp_path):
    """Its manager's script interface, as far as job types use it, in place of the manager."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    script = tmp_path / "type.js"
    tail = """
const tasks = [];
const author = { Task: (name, type) => ({ name, type, commands: [], addCommand(c) { this.commands.push(c); } }),
                 Command: (name, parameters) => ({ name, parameters }) };
const settings = Object.fromEntries(JOB_TYPE.settings.map(s => [s.key, s.default]));
compileJob({ settings, addTask: t => tasks.push(t) });
console.log(JSON.stringify(tasks));
"""
    script.write_text(FARMS["flamenco"].text(job) + tail, encoding="utf-8")
    ran = subprocess.run([node, script], capture_output=True, text=True, check=True, timeout=60)
    tasks = json.loads(ran.stdout)
    found = [[c["parameters"]["exe"], *c["parameters"]["args"]] for task in tasks for c in task["commands"]]
    assert found == [list(job.batch(str(chunk))) for chunk in range(7)]
    assert {task["type"] for task in tasks} == {"misc"}


def test_opencue_has_a_frame_for_each_chunk(job):
    """The script's own values, with a stand-in for OpenCue's package."""
    namespace = {"__name__": "submitted"}
    stand_in: dict[str, Any] = {"made": []}

    text = FARMS["opencue"].text(job)
    code = compile("\n".join(row for row in text.splitlines() if "import" not in row), "outline.py", "exec")
    fake = types.SimpleNamespace(Outline=lambda name, frame_range: _Outline(stand_in, name, frame_range))
    exec(code, namespace | {"outline": fake, "Shell": lambda name, **options: (name, options)})  # noqa: S102
    assert stand_in["range"] == "0-6"
    ((_, options),) = stand_in["made"]
    found = [part.replace("#IFRAME#", "3") for part in options["command"]]
    assert found == list(job.batch("3"))


class _Outline:
    def __init__(self, found, name, frame_range):
        found["name"], found["range"] = name, frame_range
        self.add_layer = found["made"].append


def test_deadline_is_one_line_that_a_shell_reads_as_meant(job):
    line = "deadlinecommand() { printf '%s\\0' \"$@\"; }; " + FARMS["deadline"].text(job)
    words = (
        subprocess.run(["sh", "-c", line], capture_output=True, check=True).stdout.decode().split("\0")[:-1]
    )
    assert words[0] == "-SubmitCommandLineJob"
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert options["-frames"] == "0-6"
    assert options["-executable"] == "python"
    assert options["-chunksize"] == "1"
    given = options["-arguments"].replace("<QUOTE>", "").replace("<STARTFRAME>", "3")
    assert given == " ".join(job.batch("3")[1:])


def test_a_name_that_a_template_would_replace_is_refused(tmp_path):
    with pytest.raises(BatchError, match=r"\{\{"):
        FARMS["openjd"].text(FarmJob(tmp_path / "{{x}}.jsonl", 7))


class TestOpenJobDescription:
    """Its own runner makes real lines; its schema judges the template."""

    @pytest.fixture
    def openjd(self):
        pytest.importorskip("openjd.cli")
        return [Path(sys.executable).with_name("openjd")]

    def test_the_template_fits_the_schema(self, openjd, job, tmp_path):
        file = tmp_path / "job.yaml"
        file.write_text(FARMS["openjd"].text(job), encoding="utf-8")
        ran = subprocess.run(
            [*openjd, "check", file], check=False, capture_output=True, text=True, timeout=120
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    @pytest.mark.slow
    def test_it_makes_all_lines(self, openjd, tmp_path, capsys):
        rows = [
            {"id": str(i), "audio": str(EXAMPLES / "line_1.wav"), "style": "calm", "out": f"out {i}.bvh"}
            for i in range(5)
        ]
        manifest = tmp_path / "ten lines.jsonl"
        manifest.write_text("\n".join(map(json.dumps, rows)))
        command = f"{sys.executable} -m mannerism.core.cli"
        assert main(["submit", "openjd", str(manifest), "--chunks", "2", "--command", command]) == 0
        file = capsys.readouterr().out.strip()
        ran = subprocess.run([*openjd, "run", file], check=False, capture_output=True, text=True, timeout=280)
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
        assert sorted(path.name for path in tmp_path.glob("*.bvh")) == [f"out {i}.bvh" for i in range(5)]


def test_one_task_for_fifty_lines_unless_asked_otherwise(tmp_path, capsys):
    row = {"audio": str(EXAMPLES / "line_1.wav"), "style": "calm"}
    manifest = tmp_path / "lines.jsonl"
    manifest.write_text("\n".join(json.dumps(row | {"id": str(i), "out": f"{i}.bvh"}) for i in range(101)))
    assert main(["submit", "deadline", str(manifest)]) == 0
    printed = capsys.readouterr()
    assert '-frames "0-2"' in Path(printed.out.strip()).read_text()
    assert "3 tasks" in printed.err


def test_a_missing_manifest_is_refused(tmp_path, capsys):
    assert main(["submit", "openjd", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err
