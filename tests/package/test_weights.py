"""The extension's zip holds one set of weights, those that ship or others, with their card."""

import shutil
import zipfile

import pytest

from mannerism.core.network.manner import read_manner
from mannerism.tests.support.paths import ROOT
from mannerism.tests.support.toy_manner import write_toy_manner
from mannerism.tools.build import build_extension
from mannerism.tools.build.build_extension import MANIFEST, main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository that holds two sets of weights, their cards and hardly anything else; its folder of weights."""
    pytest.importorskip("bpy", reason="Blender's extension tool is in the bpy wheel")
    root = tmp_path / "an extension"
    weights = root / "core" / "weights"
    weights.mkdir(parents=True)
    shutil.copy(ROOT / MANIFEST, root)
    (root / "__init__.py").write_text("def register(): ...\ndef unregister(): ...\n", encoding="utf-8")
    for seed, name in enumerate(("manner", "manner-clear")):
        write_toy_manner(weights / f"{name}.safetensors", version=name, seed=seed)
        (weights / f"{name}.md").write_text(f"The card of {name}", encoding="utf-8")
    monkeypatch.setattr(build_extension, "ROOT", root)
    return weights


@pytest.mark.parametrize("name", ["manner", "manner-clear", None])
@pytest.mark.parametrize("ours_are_there", [True, False])
def test_holds_one_set_of_weights_with_its_card(folder, tmp_path, name, ours_are_there):
    source = tmp_path / f"{name or 'manner'}.safetensors"
    for suffix in (".safetensors", ".md"):
        shutil.copy(folder / f"{source.stem}{suffix}", tmp_path)
        if not ours_are_there:
            (folder / f"manner{suffix}").unlink()
    chosen = [] if name is None else ["--weights", str(source)]
    assert main(["--light", "-o", str(tmp_path / "dist"), *chosen]) == 0
    (package,) = (tmp_path / "dist").glob("*.zip")
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "unpacked")
    here = [file for file in names if file.startswith("core/weights/manner")]
    if name is None and not ours_are_there:
        assert here == []
        return
    assert here == ["core/weights/manner.md", "core/weights/manner.safetensors"]
    found = tmp_path / "unpacked" / "core" / "weights" / "manner.safetensors"
    assert found.read_bytes() == source.read_bytes()
    assert read_manner(found).version == source.stem
    assert found.with_suffix(".md").read_text(encoding="utf-8") == f"The card of {source.stem}"
    assert names == sorted(set(names))


@pytest.mark.parametrize("suffix", [".safetensors", ".md"])
def test_weights_without_their_card_are_refused(folder, tmp_path, capsys, suffix):
    (folder / f"manner-clear{suffix}").unlink()
    command = ["--light", "-o", str(tmp_path / "dist"), "--weights", str(folder / "manner-clear.safetensors")]
    assert main(command) == 2
    assert f"manner-clear{suffix}" in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()
