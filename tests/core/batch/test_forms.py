"""Lines of a batch for an engine, or onto a skeleton."""

import json

import pytest

from mannerism.core import cli
from mannerism.core.batch.digest import digest_of
from mannerism.core.batch.manifest import read_manifest
from mannerism.tests.support import interchange
from mannerism.tests.support.character import write_character
from mannerism.tests.support.paths import EXAMPLES

SOUND = str(EXAMPLES / "line_1.wav")


def manifest(folder, *lines):
    path = folder / "lines.jsonl"
    rows = [
        {"id": f"line {at}", "audio": SOUND, "style": "calm", "engine": "puppet", **line}
        for at, line in enumerate(lines)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_keys_of_a_line(tmp_path):
    write_character(tmp_path / "hero.glb")
    one, two, three = read_manifest(
        manifest(
            tmp_path,
            {"out": "a.fbx", "preset": "unity"},
            {"out": "b.glb", "skeleton": "hero.glb", "neck": 0.5, "fps": 24},
            {"out": "c.bvh"},
        )
    ).lines
    assert not any(line.problem for line in (one, two, three))
    assert one.form.preset == "unity"
    assert one.rate.fps == 60  # as the preset has it
    assert two.form.skeleton == tmp_path / "hero.glb"
    assert two.form.neck_share == 0.5
    assert two.rate.fps == 24
    assert three.rate.fps == 30


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"out": "a.bvh", "preset": "houdini"}, "no preset “houdini”"),
        ({"out": "a.csv", "preset": "unreal"}, "same for all programs"),
        ({"out": "a.bvh", "skeleton": "hero.glb"}, "end in .glb"),
        ({"out": "a.bvh", "neck": 2}, "neck cannot take 2"),
        ({"out": "a.bvh", "neck": True}, "neck is true"),
        ({"out": "hero.glb", "skeleton": "hero.glb"}, "the skeleton of “line 0”"),
    ],
)
def test_what_a_line_cannot_be(tmp_path, line, problem):
    write_character(tmp_path / "hero.glb")
    (found,) = read_manifest(manifest(tmp_path, line)).lines
    assert problem in found.problem


def test_a_line_is_made_again_when_its_form_changes(tmp_path):
    digests = set()
    for seed in (0, 1):
        write_character(tmp_path / "hero.glb", seed=seed)
        lines = [
            {"out": "a.glb", "skeleton": "hero.glb"},
            {"out": "b.glb", "skeleton": "hero.glb", "neck": 0.9},
        ]
        digests |= {digest_of(line) for line in read_manifest(manifest(tmp_path, *lines)).lines}
    for line in ({"out": "a.bvh", "fps": 30}, {"out": "a.bvh", "fps": 30, "preset": "maya"}):
        (found,) = read_manifest(manifest(tmp_path, line)).lines
        digests.add(digest_of(found))
    assert len(digests) == 6


@pytest.mark.slow
def test_a_batch_for_an_engine_and_onto_a_skeleton(tmp_path, capsys):
    write_character(tmp_path / "hero.glb")
    path = manifest(
        tmp_path,
        {"out": "a.bvh", "preset": "unreal"},
        {"out": "b.glb", "skeleton": "hero.glb"},
        {"out": "c.glb", "skeleton": "gone.glb"},
    )
    assert cli.main(["batch", str(path), "--jobs", "1"]) == 1
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "gone.glb" in said
    assert "“head”" in said
    assert "neck_01" in (tmp_path / "a.bvh").read_text()
    found = interchange.read_gltf(tmp_path / "b.glb", ("neck", "head"), "neck")
    assert len(found.time_s) > 100
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "one.wav").write_bytes((EXAMPLES / "line_1.wav").read_bytes())
    command = [
        "batch",
        str(tmp_path / "sounds"),
        "--style",
        "calm",
        "-o",
        str(tmp_path / "out"),
        "--jobs",
        "1",
    ]
    assert cli.main([*command, "--format", "usda", "--preset", "blender", "--fps", "25"]) == 0
    text = (tmp_path / "out" / "one.usda").read_text()
    assert "timeCodesPerSecond = 25.0" in text
    assert "metersPerUnit = 1\n" in text
