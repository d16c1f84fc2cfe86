"""Style files: bit-equal after a round trip, and nothing in them is trusted."""

import json
import subprocess
import sys

import numpy as np
import pytest

from mannerism.core.errors import OutputError, StyleError
from mannerism.core.style import STATISTICS, Style, read_style, write_style
from mannerism.core.style.population import PATH, load_population


@pytest.fixture
def style():
    rng = np.random.default_rng(1)
    return Style(
        statistics={name: float(value) for name, value in zip(STATISTICS, rng.normal(size=99), strict=False)},
        speech_s=12.34,
        confidence=0.1 + 0.2,
        reasons=("Only 4 s of tracked speech; 10 to 15 s give a more reliable style.", "Größe 日本"),
        motion=rng.normal(0, 0.1, (50, 6)),
        learned=(0.1, -2.5e-17, 3.0),
        encoder="v0",
    )


def test_round_trip(tmp_path, style):
    first, second = tmp_path / "ü日本 a.style.json", tmp_path / "b.style.json"
    write_style(first, style)
    back = read_style(first)
    write_style(second, back)
    assert first.read_bytes() == second.read_bytes()
    assert back.statistics == style.statistics
    assert (back.speech_s, back.confidence, back.reasons) == (style.speech_s, style.confidence, style.reasons)
    assert (back.learned, back.encoder) == (style.learned, style.encoder)
    assert back.motion.tobytes() == style.motion.tobytes()


def test_round_trip_without_motion(tmp_path, style):
    bare = Style(style.statistics, 5.0, 0.5)
    write_style(tmp_path / "a.json", bare)
    back = read_style(tmp_path / "a.json")
    assert (back.motion, back.learned, back.encoder, back.reasons) == (None, None, None, ())
    assert back.reference_motion is None


def test_a_style_has_all_statistics_and_no_others(style):
    with pytest.raises(ValueError, match="hold"):
        Style({name: 0.0 for name in STATISTICS if name != "hold"}, 5.0, 0.5)


def _set(*keys_and_value):
    *keys, last, value = keys_and_value

    def change(content):
        for key in keys:
            content = content[key]
        content[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("version", 2), "newer version"),
        (_set("version", 0), "no valid version"),
        (_set("version", "1"), "no valid version"),
        (_set("version", True), "no valid version"),
        (_set("format", "other"), "no style file"),
        (_set("confidence", 1.5), "confidence"),
        (_set("confidence", None), "confidence"),
        (_set("speech_s", -1), "speech_s"),
        (_set("reasons", "because"), "reasons"),
        (_set("reasons", [1]), "reasons"),
        (_set("statistics", []), "statistics"),
        (_set("statistics", "hold", "0.2"), "hold"),
        (_set("statistics", "hold", True), "hold"),
        (_set("statistics", "hold", 101.0), "hold"),
        (_set("statistics", "hold", 10**400), "hold"),
        (_set("statistics", "extra", 1.0), "statistics"),
        (lambda content: content["statistics"].pop("hold"), "statistics"),
        (lambda content: content.pop("motion"), "motion"),
        (_set("motion", "rate_hz", 30), "25 Hz"),
        (_set("motion", "rotation_vector_rad_and_translation_m", []), "rows"),
        (_set("motion", "rotation_vector_rad_and_translation_m", [[0.0] * 6] * 751), "rows"),
        (_set("motion", "rotation_vector_rad_and_translation_m", [[0.0] * 5]), "six channels"),
        (_set("motion", "rotation_vector_rad_and_translation_m", [[4.0] * 6]), "half a turn"),
        (_set("motion", "rotation_vector_rad_and_translation_m", [[None] * 6]), "motion"),
        (_set("learned", "vector", [float("nan")]), "damaged"),
        (_set("learned", "vector", 3), "learned"),
        (_set("learned", "encoder", 3), "learned"),
    ],
)
def test_refuses_wrong_content(tmp_path, style, change, says):
    path = tmp_path / "a.style.json"
    write_style(path, style)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(StyleError, match=says) as caught:
        read_style(path)
    assert path.name in caught.value.problem
    assert caught.value.remedy


def test_refuses_wrong_files(tmp_path, style):
    path = tmp_path / "a.style.json"
    write_style(path, style)
    whole = path.read_bytes()
    for content, says in (
        (whole[: len(whole) // 2], "damaged"),
        (b"", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[1, 2]", "no style file"),
        (b"null", "no style file"),
        (whole + b" " * 3_000_000, "larger"),
    ):
        path.write_bytes(content)
        with pytest.raises(StyleError, match=says):
            read_style(path)
    with pytest.raises(StyleError, match="cannot be read"):
        read_style(tmp_path / "missing.style.json")
    with pytest.raises(StyleError, match="cannot be read"):
        read_style(tmp_path)


def test_a_file_that_cannot_be_written(tmp_path, style):
    with pytest.raises(OutputError):
        write_style(tmp_path / "no such folder" / "a.style.json", style)
    assert not list(tmp_path.iterdir())


def test_population_is_pooled_and_complete():
    population = load_population()
    assert population.spreads.keys() == STATISTICS.keys()
    for name, spread in population.spreads.items():
        assert spread.between > 0, name
        assert min(spread.situation, spread.sampling) >= 0, name
        assert 0 < spread.trust(3.0) < spread.trust(30.0) < 1, name
    np.linalg.cholesky(population.drive_correlation)
    assert population.made_of["persons"] > 100
    assert set(json.loads(PATH.read_text())) == {
        "version", "made_of", "speech_share", "drives", "drive_correlation", "statistics",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("module", ["style.schema", "style", "speech", "generate.controls", "generate"])
def test_rooms_that_run_in_blender_import_numpy_alone(module):
    heavy = "{'scipy', 'librosa', 'av', 'parselmouth', 'mediapipe', 'torch', 'numba', 'soundfile', 'bpy'}"
    code = f"import sys, mannerism.core.{module}; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
