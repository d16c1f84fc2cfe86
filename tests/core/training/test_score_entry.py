"""A row of the scorecard for motion that somebody else made."""

import json
import wave

import numpy as np
import pytest

pytest.importorskip("torch", reason="the scorecard's judges are trained with torch")

from mannerism.core.errors import ScoreError
from mannerism.core.evaluate import FIGURES
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.motion_csv import write_track
from mannerism.training.data.dataset import usable
from mannerism.training.data.pairs import find_pairs
from mannerism.training.data.toy import write_toy
from mannerism.training.evaluation.entry import judge_entry
from mannerism.training.evaluation.judges import Budget
from mannerism.training.train_loop import use

pytestmark = pytest.mark.slow

SMALL = Budget(verifier=3, baseline=0, classifier=3, seeds=1)


@pytest.fixture
def laid_out(tmp_path):
    """A dataset, and a file of pairs as pairs.py writes it, whose motions are what the persons really did."""
    write_toy(tmp_path / "dataset", 20, seconds=20.0)
    rows = []
    for pair in list(find_pairs(usable(tmp_path / "dataset", "test"))):
        for what, stretch in (("reference", pair.reference), ("target", pair.target)):
            write_track(tmp_path / f"{pair.name}_{what}.csv", stretch.load(tmp_path / "dataset").track())
        with wave.open(str(tmp_path / f"{pair.name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            noise = np.random.default_rng(0).normal(0.0, 3000.0, 12 * RATE_HZ)
            file.writeframes(noise.astype("<i2").tobytes())
        row = {
            "person": pair.person,
            "kind": pair.kind,
            "reference_track": f"{pair.name}_reference.csv",
            "reference_audio": f"{pair.name}.wav",
            "target_track": f"{pair.name}_target.csv",
            "audio": f"{pair.name}.wav",
            "motion": f"{pair.name}_target.csv",
            "system": "theirs",
            "seed": 0,
        }
        rows.append(row)
    return tmp_path, rows


def write(folder, rows):
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_entry_is_judged_by_all_figures_and_what_is_missing_is_named(laid_out):
    folder, rows = laid_out
    pairs = write(folder, [*rows, rows[0] | {"motion": "none.csv", "seed": 1}])
    use(1)  # thread
    found, left_out = judge_entry(folder / "dataset", pairs, folder / "work", SMALL)
    assert len(left_out) == 1
    assert "none.csv" in left_out[0]
    theirs, real = (next(row for row in found if row.system == name).figures for name in ("theirs", "real"))
    for figure in FIGURES:
        assert np.isfinite(theirs[figure].value), figure
    assert theirs["style_id"].value == pytest.approx(real["style_id"].value), "it is the real motion"
    assert (folder / "work" / "verifier.pt").is_file()


def test_without_any_motion_it_is_refused(laid_out):
    folder, rows = laid_out
    pairs = write(folder, [row | {"motion": "none.csv"} for row in rows])
    with pytest.raises(ScoreError, match="“none"):
        judge_entry(folder / "dataset", pairs, folder / "work", SMALL)
