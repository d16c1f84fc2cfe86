"""The manner network learns, goes on where it was stopped, and is in numpy what it is in torch."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the manner network is trained with torch, which users do not need")

import torch

from mannerism.core.errors import CancelledError
from mannerism.core.generate import GenerationSettings
from mannerism.core.generate.actor import actor
from mannerism.core.motion import GRID_HZ, no_progress
from mannerism.core.network import manner as network
from mannerism.core.network.decoder import Decoder, Past
from mannerism.core.network.manner import read_manner
from mannerism.core.network.mixture import log_likelihood
from mannerism.core.network.weights import read_weights
from mannerism.core.style import STATISTICS, Style
from mannerism.tests.support.paths import ROOT
from mannerism.tests.support.toy_manner import toy_sizes, write_toy_manner
from mannerism.tools.synthetic.persons import speak
from mannerism.training.data.dataset import read_index, segments, write_index
from mannerism.training.data.toy import write_toy
from mannerism.training.manner import network as twin
from mannerism.training.manner.corpus import (
    LEAST_REFERENCE_S,
    Corpus,
    CorpusError,
    chosen_persons,
    is_clear,
    segment_of,
)
from mannerism.training.manner.examples import Examples
from mannerism.training.manner.fit import CHECKPOINT
from mannerism.training.manner.options import TOY
from mannerism.training.manner.train import CURVE, train
from mannerism.training.train_loop import use

SHORT = replace(TOY, steps=30, check_every=10)


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    use(1)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    write_toy(folder, 10, seconds=16.0)
    return folder


def segments_of(dataset, part):
    return [segment_of(row, arrays) for row, arrays in segments(dataset, part)]


@pytest.fixture(scope="module")
def corpus(dataset):
    return Corpus(segments_of(dataset, "train"), TOY.window_s)


@pytest.fixture(scope="module")
def learned(dataset, tmp_path_factory):
    """Weights, the folder of the training, and its checks."""
    work = tmp_path_factory.mktemp("work")
    return work / "manner.safetensors", work, train(dataset, work / "manner.safetensors", work, TOY)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The network in numpy and in torch, with the same random weights."""
    path = write_toy_manner(tmp_path_factory.mktemp("twin") / "manner.safetensors", layers=2, seed=2)
    manner = read_manner(path)
    net = twin.MannerNetwork(manner.sizes).double().eval()
    state = {name: torch.tensor(array) for name, array in read_weights(path).arrays.items()}
    net.load_state_dict(state)
    return manner, net


@pytest.fixture(scope="module")
def examples(corpus):
    return Examples(corpus, toy_sizes(), TOY)


def weights_of(path):
    return {name: array.tobytes() for name, array in read_weights(path).arrays.items()}


class TestTwin:
    @pytest.mark.slow
    def test_sizes_name_the_weights_as_torch_does(self):
        for sizes in (toy_sizes(), toy_sizes(layers=3, past=1, memories_s=(), code_dilations=(1,))):
            state = twin.MannerNetwork(sizes).state_dict()
            assert {name: tuple(value.shape) for name, value in state.items()} == sizes.shapes

    def test_encoder_ear_and_condition(self, both):
        manner, net = both
        random = np.random.default_rng(0)
        rates, heard = random.standard_normal((90, 3)), random.standard_normal((90, 3))
        valid = random.random(90) > 0.2
        with torch.no_grad():
            vector = net.encoder(
                *(torch.tensor(each[None], dtype=torch.float64) for each in (rates, heard, valid))
            )
            code = net.code(torch.tensor(heard[None]))
            standard = 0.5 * random.standard_normal(len(STATISTICS))
            condition = net.condition(torch.tensor(standard[None]), vector)
        np.testing.assert_allclose(manner.encode(rates, heard, valid), vector[0], atol=1e-9)
        np.testing.assert_allclose(manner.code(heard), code[0], atol=1e-12)
        sizes = manner.sizes
        statistics = standard * np.array(sizes.statistics_sd) + np.array(sizes.statistics_mean)
        np.testing.assert_allclose(manner.condition(statistics, vector.numpy()), condition, atol=1e-12)

    @pytest.mark.parametrize("counted", [3, 6])
    def test_mixtures_and_likelihood_of_what_was_done(self, both, counted):
        manner, net = both
        random = np.random.default_rng(1)
        poses, increments = 3.0 * random.standard_normal((40, 6)), random.standard_normal((40, 6))
        codes, condition = random.standard_normal((40, 6)), random.standard_normal((1, 9))
        past = Past(manner.sizes, poses[0])
        inputs = [past.inputs[0].copy()]
        for pose, increment in zip(poses[1:], increments, strict=False):
            past.add(pose, increment)
            inputs.append(past.inputs[0].copy())
        before = np.concatenate([np.zeros((1, 6)), increments[:-1]])
        with torch.no_grad():
            told = net.past(torch.tensor(poses[None]), torch.tensor(before[None]))
            mixtures = net(told, torch.tensor(codes[None]), torch.tensor(condition))
            kept = torch.tensor([1.0] * counted + [0.0] * (6 - counted), dtype=torch.float64)
            likelihood = twin.log_likelihood(mixtures, torch.tensor(increments[None]), kept.expand(1, 40, 6))
        np.testing.assert_allclose(np.stack(inputs), told[0], atol=1e-12)
        found = Decoder(manner, condition).follow(np.stack(inputs), codes)
        np.testing.assert_allclose(found, mixtures.transpose(0, 1), atol=1e-12)
        ours = log_likelihood(found[:, 0], increments, counted)
        np.testing.assert_allclose(ours, likelihood[0], rtol=1e-10)

    def test_a_take_of_the_same_noise(self, both, monkeypatch):
        """The engine as it is, with the decoder replaced by torch's: one step a call, from its own past."""
        manner, net = both
        monkeypatch.setattr("mannerism.core.generate.actor.load_manner", lambda: manner)
        statistics = dict(zip(manner.sizes.statistics, manner.sizes.statistics_mean, strict=True))
        style = Style(statistics, 10.0, 1.0, learned=(0.5, 0.5, -0.5, 0.5), encoder="toy")
        speech = speak(6.0, np.random.default_rng(2))
        ours = actor(style, speech, GenerationSettings(5), no_progress)
        monkeypatch.setattr(
            "mannerism.core.generate.actor.Decoder", lambda _, condition: TorchDecoder(net, condition)
        )
        theirs = actor(style, speech, GenerationSettings(5), no_progress)
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        assert np.abs(ours).max() > 0.01


class TorchDecoder:
    """What the engine asks of a decoder, by torch's own layers."""

    def __init__(self, net, condition):
        self.net = net
        self.condition = torch.tensor(condition)
        self.hidden = None

    def project_codes(self, codes):
        return codes, codes

    def step(self, inputs, code, _):
        with torch.no_grad():
            code = torch.tensor(code)
            given = torch.cat([torch.tensor(inputs), code, self.condition], 1)[:, None]
            out, self.hidden = self.net.unit(given, self.hidden)
            head = self.net.head(torch.cat([out[:, 0], code, self.condition], 1))
            return self.net.mixture(torch.nn.functional.silu(head)).numpy()


class TestCorpus:
    def test_references_are_of_the_same_person_and_apart_from_the_window(self, corpus):
        kinds = set()
        for window in corpus.windows:
            assert window.stop - window.first == round(TOY.window_s * GRID_HZ)
            for pool in window.pools:
                for part in pool:
                    assert part.segment.row.person == window.segment.row.person
                    assert part.stop - part.first >= LEAST_REFERENCE_S * GRID_HZ
                    inside = part.segment is window.segment
                    kinds.add(inside)
                    if inside:
                        assert part.stop + 12 <= window.first or part.first >= window.stop + 12
        assert kinds == {True, False}

    def test_a_person_with_one_recording_leaves_room_for_a_reference(self, dataset):
        alone = [each for each in segments_of(dataset, "train") if each.row.id.endswith("_01")]
        corpus = Corpus(alone, 14.0)
        assert {window.stop - window.first for window in corpus.windows} == {400 - 12 - 125}
        with pytest.raises(CorpusError, match="segments of 27 s"):
            Corpus(alone, 22.0 - 0.48)

    def test_what_a_reference_tells_is_what_a_style_would(self, corpus):
        part = corpus.windows[0].pools[0][0]
        assert part.statistics.shape == (len(STATISTICS),)
        assert part.segment.speech_s(part.first, part.stop) > 3.0
        assert part.statistics is part.statistics

    def test_smaller_shares_of_persons_lie_within_larger_ones(self):
        persons = [f"p{i}" for i in range(40)]
        quarter, half, whole = (chosen_persons(persons, share) for share in (0.25, 0.5, 1.0))
        assert quarter < half < whole == set(persons)
        assert (len(quarter), len(half)) == (10, 20)
        assert quarter == chosen_persons(reversed(persons), 0.25)

    def test_a_part_of_the_persons_has_their_windows_alone(self, corpus):
        one = corpus.of({corpus.persons[0]})
        assert one.persons == corpus.persons[:1]
        assert {row.person for row in one.rows} == {corpus.persons[0]}
        assert 0 < len(one.windows) < len(corpus.windows)

    @pytest.mark.parametrize(
        ("licence", "clear"),
        [
            ("CC BY 4.0", True),
            ("public domain (US government work)", True),
            ("CC BY-NC 4.0 (dataset), page CC BY-SA 4.0", False),
            ("CC BY-SA 4.0", False),
            ("research-only/unclear", False),
            ("unclear", False),
            ("none needed", False),
        ],
    )
    def test_clear_licences(self, dataset, licence, clear):
        assert is_clear(replace(next(read_index(dataset)), licence=licence)) is clear


class TestExamples:
    def test_one_is_a_function_of_its_number_whoever_draws_it(self, examples):
        whole = examples.batch(3, range(6))
        part = examples.batch(3, range(1, 6, 2))
        for name, value in whole.items():
            torch.testing.assert_close(value[1::2], part[name], rtol=0, atol=0)
        assert not torch.equal(whole["poses"], examples.batch(4, range(6))["poses"])

    def test_plain_ones_are_in_the_persons_own_units(self, examples):
        batch = examples.batch(0, range(64), varied=False)
        for name in ("poses", "speech", "rates", "known_rates", "known_speech"):
            assert torch.isfinite(batch[name]).all()
        speed = batch["known_rates"].abs().mean((1, 2))
        assert 0.7 < float(speed.median()) < 1.4
        assert 0.5 < float(batch["poses"][..., :3].std()) < 2.0
        moved = batch["poses"][:, 2::2, :3] - batch["poses"][:, :-2:2, :3]
        assert 0.3 < float((moved / batch["strides"][:, None, :3]).abs().mean()) < 1.5

    @pytest.mark.slow
    def test_varied_ones_keep_their_units_and_lack_parts(self, examples):
        batch = examples.batch(1, range(128))
        assert 0.7 < float(batch["known_rates"].abs().mean()) < 1.4
        for name, share in (("vector_kept", TOY.no_vector), ("statistics", TOY.no_statistics)):
            left_out = (batch[name].reshape(128, -1) == 0).all(1).double().mean()
            assert float(left_out) == pytest.approx(share, abs=0.12)
        deaf = (batch["speech"] == 0).all(2).all(1).double().mean()
        assert float(deaf) == pytest.approx(TOY.no_voice, abs=0.1)


@pytest.mark.slow
def test_training_makes_strangers_likelier_and_leaves_weights_a_curve_and_a_checkpoint(learned):
    path, work, checks = learned
    assert [check.step for check in checks] == [20, 40, 60]
    assert checks[-1].strangers < checks[0].strangers - 0.1
    assert checks[-1].trained < checks[0].trained
    assert path.stat().st_size < 200_000
    assert (work / CURVE).read_bytes().startswith(b"\x89PNG")
    assert (work / CHECKPOINT).exists()


@pytest.mark.slow
def test_what_was_learned_moves_a_head(learned, monkeypatch):
    monkeypatch.setattr(network, "PATH", learned[0])
    manner = network.load_manner()
    assert len(manner.version) == 12
    statistics = dict(zip(manner.sizes.statistics, manner.sizes.statistics_mean, strict=True))
    take = actor(
        Style(statistics, 10.0, 1.0), speak(20.0, np.random.default_rng(0)), GenerationSettings(), no_progress
    )
    sigma = np.exp([statistics[f"log_sigma_{axis}"] for axis in ("pitch", "yaw", "roll")])
    size = np.degrees(take[:, :3]).std(axis=0) / sigma
    assert size.min() > 0.2
    assert size.max() < 5.0
    assert '"persons": 6' in read_weights(learned[0]).metadata["learned_from"]


@pytest.mark.slow
def test_a_training_that_was_stopped_goes_on_to_the_same_weights(dataset, tmp_path):
    def stop(share, _what):
        if share > 0.8:
            raise CancelledError

    paths = [tmp_path / name / "manner.safetensors" for name in ("whole", "stopped")]
    whole = train(dataset, paths[0], tmp_path / "whole", SHORT)
    with pytest.raises(CancelledError):
        train(dataset, paths[1], tmp_path / "stopped", SHORT, progress=stop)
    assert not paths[1].exists()
    shares = []
    gone_on = train(
        dataset,
        paths[1],
        tmp_path / "stopped",
        SHORT,
        progress=lambda share, _what: shares.append(round(share * SHORT.steps)),
    )
    assert shares == list(range(21, 31))
    # The average cost of a check's examples counts those since it went on.
    assert [check.strangers for check in gone_on] == [check.strangers for check in whole]
    assert weights_of(paths[0]) == weights_of(paths[1])


@pytest.mark.slow
def test_what_training_does_not_depend_on_is_written_anew_without_it(dataset, learned, tmp_path):
    path, work, checks = learned
    tuned = tmp_path / "tuned.safetensors"
    assert train(dataset, tuned, work, replace(TOY, temperature=0.8, gain=1.2)) == checks
    assert weights_of(tuned) == weights_of(path)
    before, after = (read_manner(each) for each in (path, tuned))
    assert (after.sizes.temperature, after.sizes.gain) == (0.8, 1.2)
    assert after.version == before.version


@pytest.mark.slow
def test_other_options_begin_anew(dataset, learned, tmp_path):
    checks = train(dataset, tmp_path / "a.safetensors", tmp_path, replace(SHORT, steps=10))
    again = train(dataset, tmp_path / "b.safetensors", tmp_path, replace(SHORT, steps=10, seed=1))
    assert checks != again


@pytest.mark.slow
def test_it_ends_when_strangers_get_no_likelier(dataset, tmp_path):
    options = replace(SHORT, rate=0.0, check_every=2, patience=2, average=0.0)
    checks = train(dataset, tmp_path / "a.safetensors", tmp_path, options)
    assert [check.step for check in checks] == [2, 4, 6]


@pytest.mark.slow
@pytest.mark.parametrize(("clear", "left"), [(6, 5), (1, 1)])
def test_clear_licences_alone_hold_out_some_of_their_own_persons(dataset, tmp_path, clear, left):
    rows = list(read_index(dataset))
    for row in rows:
        (tmp_path / f"{row.id}.npz").write_bytes((dataset / f"{row.id}.npz").read_bytes())
    persons = sorted({row.person for row in rows if row.split == "train"})[:clear]
    write_index(
        tmp_path,
        [replace(row, licence="CC BY 4.0" if row.person in persons else "unclear") for row in rows],
    )
    path = tmp_path / "clear.safetensors"
    train(tmp_path, path, tmp_path, replace(SHORT, steps=2, licence="clear"))
    learned_from = json.loads(read_weights(path).metadata["learned_from"])
    assert learned_from["all"]["persons"] == left
    assert learned_from["of clear licence"] == learned_from["all"]


def test_a_dataset_without_anybody_is_refused(dataset, tmp_path):
    with pytest.raises(CorpusError):
        train(dataset, tmp_path / "a.safetensors", tmp_path, replace(SHORT, licence="clear"))
    assert not (tmp_path / "a.safetensors").exists()


@pytest.mark.slow
def test_two_processes_train_together(dataset, tmp_path):
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"),
        *(str(ROOT / "training" / "manner" / "train.py"), str(dataset), "--toy", "--threads", "1"),
        *(
            "--steps",
            "20",
            "--check-every",
            "10",
            "--work",
            str(tmp_path),
            "-o",
            str(tmp_path / "two.safetensors"),
        ),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=240, env=environment, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.count("step 20:") == 1
    alone = train(
        dataset, tmp_path / "one.safetensors", tmp_path / "one", replace(TOY, steps=20, check_every=10)
    )
    told = float(result.stdout.rsplit("strangers ", 1)[1].split(",")[0])
    # The same examples; what is dropped at random differs.
    assert told == pytest.approx(alone[-1].strangers, abs=0.3)
    assert read_manner(tmp_path / "two.safetensors").version
