"""The texts for render farms, each read or run by the farm's own program where a package of it can be had."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

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


MANAGER = """
const tasks = [];
const author = { Task: (name, type) => ({ name, type, commands: [], addCommand(c) { this.commands.push(c); } }),
                 Command: (name, parameters) => ({ name, parameters }) };
const settings = Object.fromEntries(JOB_TYPE.settings.map(s => [s.key, s.default]));
compileJob({ settings, addTask: t => tasks.push(t) });
"""
"""Flamenco's script interface, as far as job types use it, in place of its manager."""


def by_node(script, folder):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    file = folder / "type.js"
    file.write_text(f"{script}{MANAGER}console.log(JSON.stringify(tasks));", encoding="utf-8")
    return subprocess.run([node, file], capture_output=True, text=True, check=True, timeout=60).stdout


def by_v8(script, folder):
    engine = pytest.importorskip("py_mini_racer")
    with closing(engine.MiniRacer()) as context:
        return context.eval(f"{script}{MANAGER}JSON.stringify(tasks)")


@pytest.mark.parametrize("engine", [by_node, by_v8])
def test_flamenco_makes_a_task_for_each_chunk(job, tmp_path, engine):
    tasks = json.loads(engine(FARMS["flamenco"].text(job), tmp_path))
    found = [[c["parameters"]["exe"], *c["parameters"]["args"]] for task in tasks for c in task["commands"]]
    assert found == [list(job.batch(str(chunk))) for chunk in range(7)]
    assert {task["type"] for task in tasks} == {"misc"}
    assert len({task["name"] for task in tasks}) == 7


OUTLINE = """
import json, sys
import outline.cuerun
from outline.loader import load_outline
job = load_outline(sys.argv[1])
(layer,) = job.get_layers()
launcher = outline.cuerun.OutlineLauncher(job, os="Linux", show="s", shot="s", user="me", use_pycuerun=False)
launcher.setup()
print(json.dumps([layer.get_frame_range(), layer.get_chunk_size(), launcher.serialize(use_pycuerun=False)]))
"""


def test_opencue_has_a_frame_for_each_chunk(job, tmp_path):
    """By OpenCue's own package, up to the text that it would send to a Cuebot."""
    pytest.importorskip("outline")
    script = tmp_path / "job.opencue.py"
    script.write_text(FARMS["opencue"].text(job), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", OUTLINE, script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"HOME": str(tmp_path)},  # it makes a folder there
    )
    frames, chunk, sent = json.loads(ran.stdout.splitlines()[-1])
    assert (frames, chunk) == ("0-6", 1)
    (layer,) = ET.fromstring(sent).iter("layer")  # noqa: S314  made a moment ago
    assert layer.findtext("range") == "0-6"
    # A machine of OpenCue gives the command to a shell, with the frame's number in it.
    shell = f"printf '%s\\0' {layer.findtext('cmd').replace('#IFRAME#', '3')}"
    parts = subprocess.run(["sh", "-c", shell], capture_output=True, check=True).stdout.decode().split("\0")
    assert parts[:-1] == list(job.batch("3"))


def test_opencue_gives_the_job_a_name_that_it_may_have(tmp_path):
    for name, wanted in (("a b", "Mannerism_a_b"), ("ヒ", "Mannerism__")):
        text = FARMS["opencue"].text(FarmJob(tmp_path / f"{name}.jsonl", 3))
        assert f"outline.Outline('{wanted}', frame_range=\"0-2\")" in text


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
