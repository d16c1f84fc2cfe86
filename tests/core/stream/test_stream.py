"""A running take: the same bytes in any chunks, nothing of what comes later, and the offline take's features."""

from dataclasses import replace

import numpy as np
import pytest

import mannerism
from mannerism.core import rotation as rot
from mannerism.core.errors import AudioError, MannerismError, SettingsError, StyleError
from mannerism.core.generate.actor import doubled
from mannerism.core.generate.settings import GenerationSettings
from mannerism.core.media.sound import RATE_HZ
from mannerism.core.motion import GRID_HZ, HeadMotion
from mannerism.core.network.manner import load_manner
from mannerism.core.speech import NAMES, extract_features
from mannerism.core.speech.features import Levels, prosody
from mannerism.core.speech.shorttime import ShortTime, analyse
from mannerism.core.stream.at_once import take_at_once
from mannerism.core.stream.between import BEFORE, midpoint_kernel, two_samples
from mannerism.core.stream.codes import RunningCodes, code_at
from mannerism.core.stream.inlet import BLOCK, Inlet
from mannerism.core.stream.levels import DEFAULTS, RunningLevels, quantile
from mannerism.core.stream.raw import RawValues
from mannerism.core.stream.stream import Stream
from mannerism.core.stream.terms import Terms
from mannerism.core.style.built_in import built_in_path
from mannerism.core.style.schema import read_style

LIVELY = read_style(built_in_path("lively"))
SETTINGS = GenerationSettings(seed=3)


@pytest.fixture(scope="module")
def sound(talk):
    """1.9 s and a bit, so that its end lies within a block."""
    return talk(6.0)[8_000 : 8_000 + 31_111]


def joined(parts):
    found = [part for part in parts if part is not None]
    return HeadMotion(
        np.concatenate([part.time_s for part in found]),
        np.concatenate([part.rotation for part in found]),
        np.concatenate([part.translation_m for part in found]),
    )


def run(sound, sizes, *, settings=SETTINGS, rate_hz=RATE_HZ, look_ahead_s=0.24):
    stream = Stream(LIVELY, settings, rate_hz=rate_hz, look_ahead_s=look_ahead_s)
    parts, first = [], 0
    while first < len(sound):
        size = next(sizes)
        parts.append(stream.feed(sound[first : first + size]))
        first += size
    return joined([*parts, stream.finish()])


def always(size):
    while True:
        yield size


def by_chance(seed):
    random = np.random.default_rng(seed)
    while True:
        yield int(random.integers(0, 3000))


def same(one, other):
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("time_s", "rotation", "translation_m")
    )


@pytest.mark.parametrize(
    "look_ahead_s", [0.24, *(pytest.param(s, marks=pytest.mark.slow) for s in (0.12, 0.5, 2.0))]
)
def test_chunks_give_the_bytes_of_the_take_made_at_once(sound, look_ahead_s):
    whole = take_at_once(LIVELY, sound, SETTINGS, rate_hz=RATE_HZ, look_ahead_s=look_ahead_s)
    for sizes in (always(10**9), by_chance(0)):
        assert same(run(sound, sizes, look_ahead_s=look_ahead_s), whole)
    assert len(whole.time_s) == int(len(sound) * GRID_HZ / RATE_HZ) + 1 + 15
    assert whole.time_s == pytest.approx(np.arange(len(whole.time_s)) / GRID_HZ)


@pytest.mark.slow
@pytest.mark.parametrize(("rate_hz", "voice"), [(44_100, 0.4), (48_000, 0.0), (11_025, 1.0)])
def test_other_rates_and_sliders_too(sound, rate_hz, voice):
    count = int(len(sound) * rate_hz / RATE_HZ)
    given = np.interp(np.arange(count) / rate_hz, np.arange(len(sound)) / RATE_HZ, sound)
    settings = GenerationSettings(seed=5, voice=voice, intensity=1.4)
    whole = take_at_once(LIVELY, given, settings, rate_hz=rate_hz)
    assert same(run(given, by_chance(1), settings=settings, rate_hz=rate_hz), whole)


def test_one_sample_at_a_time(sound):
    part = sound[:6000]
    assert same(run(part, always(1)), take_at_once(LIVELY, part, SETTINGS, rate_hz=RATE_HZ))


@pytest.mark.slow
@pytest.mark.parametrize("look_ahead_s", [0.12, 0.24, 1.0])
def test_nothing_after_the_look_ahead_counts(sound, look_ahead_s):
    """Another sound from a time on changes poses from that time less the look-ahead on, and no earlier."""
    whole = take_at_once(LIVELY, sound, SETTINGS, rate_hz=RATE_HZ, look_ahead_s=look_ahead_s)
    for at_s in (1.0, 1.47):
        other = sound.copy()
        first = round(at_s * RATE_HZ)
        other[first:] = 0.2 * np.random.default_rng(0).normal(size=len(sound) - first)
        changed = take_at_once(LIVELY, other, SETTINGS, rate_hz=RATE_HZ, look_ahead_s=look_ahead_s)
        moved = whole.time_s[(changed.rotation != whole.rotation).any(axis=1)]
        assert at_s - look_ahead_s < moved[0] < at_s + 0.1


def test_more_sound_never_changes_what_was_there(sound):
    """Up to the last pose that is handed out before the end is known."""
    stream = Stream(LIVELY, SETTINGS, rate_hz=RATE_HZ)
    early = stream.feed(sound[:24_000])
    whole = take_at_once(LIVELY, sound, SETTINGS, rate_hz=RATE_HZ)
    count = len(early.time_s)
    assert same(early, HeadMotion(whole.time_s[:count], whole.rotation[:count], whole.translation_m[:count]))
    # 1.48 s are there in whole blocks. Of the two samples of a step one looks 0.24 s ahead, the other 0.20 s.
    assert early.time_s[-1] == pytest.approx(1.28)


def test_it_begins_and_ends_at_rest_without_a_jump(sound):
    whole = take_at_once(LIVELY, sound, SETTINGS, rate_hz=RATE_HZ)
    turned = rot.to_rotvec(whole.rotation)
    assert not turned[[0, -1]].any()
    assert not whole.translation_m[[0, -1]].any()
    assert np.abs(np.diff(turned, axis=0)).max() < np.radians(6.0)
    assert np.abs(turned).max() > np.radians(1.0)
    other = take_at_once(LIVELY, sound, replace(SETTINGS, seed=4), rate_hz=RATE_HZ)
    assert not same(whole, other)
    still = take_at_once(LIVELY, sound, replace(SETTINGS, intensity=0.0), rate_hz=RATE_HZ)
    assert not rot.to_rotvec(still.rotation).any()


# features


def raw_of(sound):
    analysis = RawValues()
    return np.array([analysis.add(block) for block in Inlet(RATE_HZ).blocks(sound)])


def test_running_analysis_is_the_offline_one(sound):
    """Level to the bit; the pitch's path and what is audible are found in less sound."""
    raw = raw_of(sound)
    (offline, *_) = analyse([sound])
    count = min(len(raw), len(offline.energy_db))
    np.testing.assert_allclose(raw[:count, 0], offline.energy_db[:count], atol=1e-3)
    assert np.corrcoef(raw[:count, 1], offline.onset[:count])[0, 1] > 0.97
    assert np.corrcoef(raw[:count, 2], offline.flux[:count])[0, 1] > 0.97
    voiced, as_voiced = raw[:count, 4] > 0, offline.voicing[:count] > 0
    assert (voiced == as_voiced).mean() > 0.93
    both = voiced & as_voiced
    assert np.median(np.abs(12 * np.log2(raw[:count, 3][both] / offline.f0_hz[:count][both]))) < 0.3


@pytest.mark.slow
def test_running_features_come_near_the_offline_ones(talk, write_wav, tmp_path):
    sound = talk(16.0)
    offline = extract_features(write_wav(tmp_path / "a.wav", sound))
    raw, running = raw_of(sound), RunningLevels()
    levels = Levels(*np.array([running.add(each) for each in raw]).T)
    energy_db, onset, flux, f0_hz, voicing = raw.T
    found = prosody(ShortTime(energy_db, np.zeros((len(raw), 0)), onset, flux, f0_hz, voicing), levels)
    part = slice(4 * GRID_HZ, 15 * GRID_HZ)
    for i, least in ((0, 0.98), (2, 0.6), (4, 0.8), (5, 0.9), (7, 0.9)):
        assert np.corrcoef(found[part, i], offline.values[part, i])[0, 1] > least, NAMES[i]


def test_what_is_kept_is_enough(sound):
    """Codes from the last seconds equal those from all that came before, to the last bit."""
    manner = load_manner()
    raw = np.concatenate([raw_of(np.tile(sound, 3))])
    running, codes = RunningLevels(), RunningCodes(manner, 5)
    levels = np.array([running.add(each) for each in raw])
    for count, each in enumerate(raw, 1):
        codes.add(each)
        if count > 100 and count % 7 == 0:
            step = (count - 5) // 2
            assert np.array_equal(codes.code(step), code_at(manner, raw[:count], levels[:count], step))


def test_levels_of_the_past_alone():
    raw = np.column_stack(
        [np.linspace(-50, -20, 1000), np.ones(1000), np.ones(1000), np.full(1000, 200.0), np.ones(1000)]
    )
    running = RunningLevels()
    found = np.array([running.add(each) for each in raw])
    assert found[700, 0] == pytest.approx(np.percentile(raw[76:701, 0], 90))
    assert found[700, 2] == pytest.approx(200.0)
    assert np.all(np.abs(found[0] - DEFAULTS) <= np.abs(found[10] - DEFAULTS))
    silence = RunningLevels()
    for _ in range(100):
        assert np.array_equal(silence.add(np.array([-100.0, 0, 0, 0, 0])), DEFAULTS)


@pytest.mark.parametrize("count", [1, 2, 7, 625])
def test_quantiles_are_those_of_numpy(count):
    values = np.random.default_rng(count).normal(size=count)
    for share in (0.0, 0.1, 0.5, 0.95, 1.0):
        assert quantile(values, share) == pytest.approx(np.quantile(values, share))


# sound and samples


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_of_any_rate_stays_the_tone(rate_hz):
    time = np.arange(rate_hz) / rate_hz
    blocks = np.concatenate(list(Inlet(rate_hz).blocks(np.sin(2 * np.pi * 440 * time))))
    wanted = np.sin(2 * np.pi * 440 * np.arange(len(blocks)) / RATE_HZ)
    assert np.abs(blocks - wanted)[400:].max() < 2e-3


def test_what_the_rate_cannot_hold_is_taken_away():
    time = np.arange(48_000) / 48_000
    blocks = np.concatenate(list(Inlet(48_000).blocks(np.sin(2 * np.pi * 11_000 * time))))
    assert np.abs(blocks[400:]).max() < 1e-3


def test_whole_numbers_are_the_same_sound(sound):
    whole = np.round(sound[:8000] * 20_000).astype(np.int16)
    one, other = (list(Inlet(RATE_HZ).blocks(each)) for each in (whole, whole / 32768.0))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("taps", [1, 2])
def test_samples_between_steps(taps):
    """A turn of 2 Hz to 2 %, and a constant exactly; the filter of a whole file, which knows the future, as the reference."""
    steps = np.sin(2 * np.pi * 2.0 * 0.08 * np.arange(60))[:, None] * [1.0, 2.0]
    found = [two_samples(steps[i - BEFORE : i + taps]) for i in range(20, 40)]
    wanted = doubled(steps)  # from the step 9 on
    for i, (between, at_step) in enumerate(found, 20):
        assert np.array_equal(at_step, steps[i])
        np.testing.assert_allclose(between, wanted[2 * (i - 9) - 1], atol=0.04)
    assert midpoint_kernel(taps).sum() == pytest.approx(1.0)


# refusals


@pytest.mark.parametrize(
    "chunk",
    [
        np.zeros((2, 100), np.float32),
        np.array([0.0, np.nan]),
        np.array([np.inf]),
        np.array([1e9]),
        np.zeros(10, np.int32),
        np.zeros(10, np.complex128),
        np.array(["a"]),
        np.array(0.5),
        [None, 1.0],
    ],
)
def test_what_is_no_sound_is_refused_and_nothing_taken(sound, chunk):
    stream = Stream(LIVELY, SETTINGS, rate_hz=RATE_HZ)
    parts = [stream.feed(sound[:10_000])]
    with pytest.raises(AudioError):
        stream.feed(chunk)
    parts += [stream.feed([]), stream.feed(sound[10_000:]), stream.finish()]
    assert same(joined(parts), take_at_once(LIVELY, sound, SETTINGS, rate_hz=RATE_HZ))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"rate_hz": 0}, SettingsError),
        ({"rate_hz": 16_000.5}, SettingsError),
        ({"rate_hz": True}, SettingsError),
        ({"rate_hz": 10**9}, SettingsError),
        ({"look_ahead_s": 0.0}, SettingsError),
        ({"look_ahead_s": float("nan")}, SettingsError),
        ({"look_ahead_s": 9.0}, SettingsError),
        ({"seed": -1}, SettingsError),
        ({"intensity": 9.0}, SettingsError),
        ({"style": "clam"}, StyleError),
    ],
)
def test_what_is_out_of_range_is_refused(options, error):
    with pytest.raises(error):
        mannerism.stream(options.pop("style", "calm"), **options)


def test_an_ended_stream_takes_no_more(sound):
    stream = mannerism.stream("calm")
    with pytest.raises(AudioError, match="No sound"):
        stream.finish()
    stream.feed(sound[:1])
    assert stream.finish().time_s[-1] == pytest.approx(0.6)
    for call in (stream.finish, lambda: stream.feed(sound)):
        with pytest.raises(MannerismError, match="ended"):
            call()


def test_look_aheads_are_whole_blocks():
    assert Terms.of(0.24) == Terms(0.24, 1, 5)
    assert Terms.of(0.279) == Terms(0.24, 1, 5)
    assert Terms.of(1.0) == Terms(1.0, 2, 22)
    assert BLOCK == 640


def test_silence_moves_the_head_too():
    """A microphone that is muted gives zeros, which is no error."""
    motion = take_at_once(LIVELY, np.zeros(40_000), SETTINGS, rate_hz=RATE_HZ)
    assert np.isfinite(motion.rotation).all()
    assert np.abs(rot.to_rotvec(motion.rotation)).max() > 0.001
