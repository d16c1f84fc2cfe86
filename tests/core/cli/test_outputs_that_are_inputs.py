"""A command that would overwrite what it reads is refused, and the file stays as it is."""

import pytest

from mannerism.core import cli

COMMANDS = {
    "generate-sound": (["generate", "IN", "--style", "calm"], ".bvh"),
    "generate-style": (["generate", "a.wav", "--style", "IN"], ".csv"),
    "face-sound": (["face", "IN"], ".csv"),
    "face-reference": (["face", "a.wav", "--reference", "IN"], ".csv"),
    "track": (["track", "IN"], ".csv"),
    "encode": (["encode", "IN"], ".json"),
    "blend-first": (["blend", "IN", "calm"], ".json"),
    "blend-second": (["blend", "calm", "IN"], ".json"),
    "portrait-reference": (["portrait", "IN", "--audio", "a.wav"], ".mp4"),
    "portrait-audio": (["portrait", "v.mp4", "--audio", "IN"], ".mp4"),
    "portrait-motion": (["portrait", "v.mp4", "--audio", "a.wav", "--motion", "IN"], ".mp4"),
    "portrait-style": (["portrait", "v.mp4", "--audio", "a.wav", "--style", "IN"], ".mp4"),
}


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("way", ["same", "relative", "symlink", "hard link", "case", "Unicode form"])
def test_refused(tmp_path, monkeypatch, capsys, kind, way):
    command, suffix = COMMANDS[kind]
    monkeypatch.chdir(tmp_path)
    source = tmp_path / f"é take{suffix}"
    source.write_bytes(b"precious")
    (tmp_path / "x").mkdir()
    output = tmp_path / f"link{suffix}"
    match way:
        case "same":
            output = source
        case "relative":
            output = tmp_path / "x" / ".." / source.name
        case "symlink":
            output.symlink_to(source)
        case "hard link":
            output.hardlink_to(source)
        case "case":
            output = tmp_path / f"É TAKE{suffix}"
        case _:
            output = tmp_path / f"e\u0301 take{suffix}"
    arguments = [str(source) if word == "IN" else word for word in command]
    assert cli.main([*arguments, "-o", str(output)]) == cli.REFUSED
    assert "overwritten" in capsys.readouterr().err
    assert source.read_bytes() == b"precious"


def test_a_portrait_and_its_confidence_are_two_files(tmp_path, capsys):
    (tmp_path / "m.csv").write_text("precious")
    command = ["portrait", "v.mp4", "--audio", "a.wav", "--motion", str(tmp_path / "m.csv")]
    command += ["-o", str(tmp_path / "o.mp4"), "--confidence", str(tmp_path / "m.csv")]
    assert cli.main(command) == cli.REFUSED
    assert "overwritten" in capsys.readouterr().err
    assert (tmp_path / "m.csv").read_text() == "precious"


def test_a_built_in_style_is_not_overwritten(capsys):
    from mannerism.core.style.built_in import built_in_path

    before = built_in_path("calm").read_bytes()
    assert cli.main(["blend", "calm", "lively", "-o", str(built_in_path("calm"))]) == cli.REFUSED
    assert "overwritten" in capsys.readouterr().err
    assert built_in_path("calm").read_bytes() == before


@pytest.mark.parametrize("name", ["x" * 300 + ".bvh", "x" * 100_000 + ".bvh"])
def test_a_name_that_no_system_allows(tmp_path, capsys, name):
    sound = tmp_path / "a.wav"
    sound.write_bytes(b"")
    command = ["generate", str(sound), "--style", "calm", "-o", str(tmp_path / name)]
    assert cli.main(command) == cli.REFUSED
    assert (
        cli.main(["generate", str(sound), "--style", name[:-4], "-o", str(tmp_path / "a.bvh")]) == cli.REFUSED
    )
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["batch", "track", "encode", "coverage", "score", "face"])
def test_a_source_that_no_system_allows(tmp_path, capsys, command):
    output = [] if command in {"batch", "coverage", "score"} else ["-o", str(tmp_path / "a.csv")]
    output = ["-o", str(tmp_path / "a.json")] if command == "encode" else output
    assert cli.main([command, "x" * 300, *output]) == cli.REFUSED
    assert "Traceback" not in capsys.readouterr().err
