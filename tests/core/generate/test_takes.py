"""Takes: the same bytes, the person's statistics, the voice's timing, rest at both ends."""

import tracemalloc

import numpy as np
import pytest

from mannerism.core import rotation as rot
from mannerism.core.errors import SettingsError
from mannerism.core.generate import ENGINES, GenerationSettings, generate
from mannerism.core.generate.controls import RAMP_S, finished
from mannerism.core.generate.settings import SLIDERS
from mannerism.core.motion import GRID_HZ
from mannerism.core.speech import NAMES, SpeechFeatures, extract_features
from mannerism.core.speech.windows import smooth
from mannerism.core.style.population import load_population
from mannerism.core.style.resampling import rate
from mannerism.core.style.schema import AXES
from mannerism.core.style.statistics import measure
from mannerism.tests.support.in_step import in_step
from mannerism.tests.support.takes import angles_of, as_measured, style_with


def speech_of(duration_s, **columns):
    """Features with some columns set and the others 0, without a sound."""
    count = int(duration_s * GRID_HZ + 1e-9) + 1
    values = np.zeros((count, len(NAMES)), np.float32)
    for name, column in columns.items():
        values[:, NAMES.index(name)] = column
    return SpeechFeatures(np.arange(count) / GRID_HZ, values, duration_s)


def mean_statistics(style, speech, seeds):
    """Statistics averaged over takes, as `measure` finds them; spreads as root mean squares."""
    takes = [generate(style, speech, GenerationSettings(seed, "puppet")) for seed in seeds]
    found = [measure(as_measured(motion), speech) for motion in takes]
    means = {name: np.mean([one.get(name, np.nan) for one in found]) for name in found[0]}
    for name in means:
        if name.startswith("log_sigma"):
            means[name] = 0.5 * np.log(np.mean(np.exp(2 * np.array([one[name] for one in found]))))
        if name.startswith("psd"):
            means[name] = np.log10(np.mean(10 ** np.array([one[name] for one in found])))
    return means


@pytest.fixture(scope="session")
def spoken(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoken")
    one = extract_features(write_wav(folder / "one.wav", talk(30.0)))
    other = extract_features(
        write_wav(folder / "other.wav", talk(30.0, voice="Male1", first_line=3, pause_s=0.9))
    )
    return one, other


@pytest.fixture(scope="module")
def minutes():
    """Ten minutes of made-up speech, phrases of about three seconds with pauses of one."""
    rng = np.random.default_rng(5)
    active = np.concatenate(
        [
            part
            for _ in range(150)
            for part in (np.ones(int(rng.uniform(40, 110))), np.zeros(int(rng.uniform(15, 40))))
        ]
    )
    active = active[: 600 * GRID_HZ + 1]
    population = load_population()
    noises = smooth(rng.normal(size=(len(active), 3)), 0.12)
    noises = (noises / noises.std(axis=0)) @ np.linalg.cholesky(population.drive_correlation).T
    drives = population.drive_mean + population.drive_sd * noises
    energy, onset, accent = np.where(active[:, None] > 0, drives, [-3.0, 0.0, 0.0]).T
    return speech_of((len(active) - 1) / GRID_HZ, energy=energy, onset=onset, accent=accent, activity=active)


# decisions that hold for any engine


@pytest.mark.slow
def test_same_seed_same_bytes(spoken):
    one, again, other = (
        generate(style_with(), spoken[0], GenerationSettings(seed=seed)) for seed in (5, 5, 6)
    )
    assert one.rotation.tobytes() == again.rotation.tobytes()
    assert one.translation_m.tobytes() == again.translation_m.tobytes()
    assert np.degrees(rot.angle_between(one.rotation, other.rotation)).mean() > 2.0


@pytest.mark.slow
def test_many_takes_differ(spoken):
    takes = [angles_of(generate(style_with(), spoken[0], GenerationSettings(seed=s))) for s in range(8)]
    correlations = [np.corrcoef(a[:, 0], b[:, 0])[0, 1] for i, a in enumerate(takes) for b in takes[:i]]
    assert abs(np.mean(correlations)) < 0.15
    assert max(np.abs(correlations)) < 0.8


@pytest.mark.slow
@pytest.mark.parametrize("join_s", [14.0, 15.49])
def test_appending_speech_leaves_the_past_alone(tmp_path, talk, write_wav, join_s):
    sound = talk(join_s)
    shout = np.clip(3.0 * talk(6.0, voice="Male1", first_line=2), -1, 1)
    alone = extract_features(write_wav(tmp_path / "alone.wav", sound))
    longer = extract_features(write_wav(tmp_path / "longer.wav", np.concatenate([sound, shout])))
    a, b = (generate(style_with(), speech, GenerationSettings(seed=9)) for speech in (alone, longer))
    kept = int((join_s - 12.0) * GRID_HZ) + 1
    assert np.degrees(rot.angle_between(a.rotation[:kept], b.rotation[:kept])).max() < 0.01
    assert np.abs(a.translation_m[:kept] - b.translation_m[:kept]).max() < 1e-5
    assert a.rotation[:kept].tobytes() == b.rotation[:kept].tobytes()
    assert (
        np.degrees(
            rot.angle_between(a.rotation[-GRID_HZ:], b.rotation[len(a.time_s) - GRID_HZ :][:GRID_HZ])
        ).max()
        > 0.5
    )


@pytest.mark.parametrize(("duration_s", "step_deg"), [(0.5, 0.4), (0.999, 0.2), (7.0, 0.2), (10.013, 0.2)])
def test_ends_inside_the_sound_and_at_rest(duration_s, step_deg):
    """A sound shorter than two ramps has shorter ramps: the first step of one of 0.22 s is 4 % of a pose of up to 10°."""
    motion = generate(style_with(), speech_of(duration_s, activity=1.0))
    assert motion.time_s[0] == 0.0
    assert duration_s - 1 / GRID_HZ < motion.time_s[-1] <= duration_s
    for end in (0, -1):
        assert (motion.rotation[end] == rot.IDENTITY).all()
        assert (motion.translation_m[end] == 0.0).all()
    angles = angles_of(motion)
    assert np.abs(angles).max() > 0.1
    assert np.abs(angles[1] - angles[0]).max() < step_deg  # no jump out of rest
    assert np.abs(angles[-1] - angles[-2]).max() < step_deg


def test_intensity():
    speech = speech_of(20.0, activity=1.0)
    none, half, full = (
        generate(style_with(), speech, GenerationSettings(seed=2, intensity=gain)) for gain in (0.0, 0.5, 1.0)
    )
    assert none.rotation.tobytes() == np.tile(rot.IDENTITY, (len(none.time_s), 1)).tobytes()
    assert none.translation_m.tobytes() == np.zeros((len(none.time_s), 3)).tobytes()
    np.testing.assert_allclose(angles_of(half), 0.5 * angles_of(full), atol=1e-9)
    np.testing.assert_allclose(half.translation_m, 0.5 * full.translation_m, atol=1e-12)


def test_a_neck_has_its_limits():
    time_s = np.arange(100) / GRID_HZ
    channels = np.zeros((100, 6))
    channels[:, 1] = np.radians(44.0)
    assert angles_of(finished(time_s, channels, 1.0)).max() == pytest.approx(44.0)
    assert 60.0 < angles_of(finished(time_s, channels, 4.0)).max() < 80.0
    assert finished(time_s, channels, 1.0).rotation[0].tobytes() == rot.IDENTITY.tobytes()
    assert time_s[-1] > 2 * RAMP_S


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1},
        {"seed": 2**63},
        *({name: wrong} for name in SLIDERS for wrong in (-0.1, 4.1, float("nan"))),
    ],
)
def test_settings_out_of_range(wrong):
    with pytest.raises(SettingsError, match="out of range"):
        GenerationSettings(**wrong)


def test_unknown_engine():
    with pytest.raises(SettingsError, match="no engine “magic”") as caught:
        generate(style_with(), speech_of(2.0), GenerationSettings(engine="magic"))
    assert all(name in caught.value.remedy for name in ENGINES)


@pytest.mark.slow
def test_an_hour_needs_no_more_than_its_share():
    def peak(seconds):
        speech = speech_of(seconds, activity=1.0)
        tracemalloc.start()
        generate(style_with(), speech)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)  # calibrates
    assert peak(1200) < 2.2 * peak(600)
    assert peak(1200) * 3 < 200e6


# the person


@pytest.mark.slow
def test_statistics_of_the_person_come_out(minutes):
    """Styles as different as people are, within limits that noise on ten minutes allows."""
    population = load_population()

    def away(name, deviations):
        spread = population.spreads[name]
        return spread.mean + deviations * np.sqrt(spread.between)

    sizes = [f"log_{kind}_{axis}" for kind in ("sigma", "speed") for axis in AXES]
    for deviations in (-1.5, 0.0, 1.5):
        wanted = {
            name: away(name, deviations) for name in (*sizes, "log_sigma_x", "log_sigma_y", "log_sigma_z")
        }
        wanted |= {
            "sd_log_speed": away("sd_log_speed", deviations / 1.5),
            "correlation_yaw_roll": away("correlation_yaw_roll", deviations),
            "log_pause_ratio": 0.3 + 0.2 * deviations,
        }
        style = style_with(**wanted)
        found = mean_statistics(style, minutes, range(3))
        wanted = style.statistics
        for axis in AXES:
            assert found[f"log_sigma_{axis}"] == pytest.approx(wanted[f"log_sigma_{axis}"], abs=0.15)
            assert found[f"log_speed_{axis}"] == pytest.approx(wanted[f"log_speed_{axis}"], abs=0.12)
            for band in (1, 2, 3, 4):
                name = f"psd_{axis}_{band}"
                assert found[name] == pytest.approx(wanted[name], abs=0.25), name
            assert found[f"psd_{axis}_5"] == pytest.approx(wanted[f"psd_{axis}_5"], abs=0.5)
        for axis in "xyz":
            assert found[f"log_sigma_{axis}"] == pytest.approx(wanted[f"log_sigma_{axis}"], abs=0.2)
        assert found["sd_log_speed"] == pytest.approx(wanted["sd_log_speed"], abs=0.06)
        assert found["correlation_yaw_roll"] == pytest.approx(wanted["correlation_yaw_roll"], abs=0.12)
        assert found["log_pause_ratio"] == pytest.approx(wanted["log_pause_ratio"], abs=0.15)


@pytest.mark.slow
def test_fast_and_little_stays_little(minutes):
    """The population's shape of a spectrum at a nodder's speed came out 1.4 times as wide as the nodder."""
    population = load_population().spreads
    wanted = {
        "log_sigma_pitch": population["log_sigma_pitch"].mean - 0.1,
        "log_speed_pitch": population["log_speed_pitch"].mean + 0.5,
    }
    found = mean_statistics(style_with(**wanted), minutes, range(3))
    for name, value in wanted.items():
        assert found[name] == pytest.approx(value, abs=0.15), name


@pytest.mark.slow
def test_coupling_and_lead_come_out(minutes):
    style = style_with(
        coupling_energy=0.3, coupling_onset=0.1, coupling_accent=0.2, lead_s=0.3, log_pause_ratio=0.5
    )
    found = mean_statistics(style, minutes, range(3))
    assert found["coupling_energy"] == pytest.approx(0.3, abs=0.1)
    assert found["coupling_accent"] == pytest.approx(0.2, abs=0.1)
    assert found["lead_s"] == pytest.approx(0.3, abs=0.09)


@pytest.mark.slow
def test_moves_as_people_do(spoken):
    """The bands that real clips of speech fall in."""
    for speech in spoken:
        for seed in range(3):
            motion = generate(style_with(), speech, GenerationSettings(seed=seed))
            angles, rates = angles_of(motion), rate(angles_of(motion))
            speed = np.linalg.norm(rates, axis=1)
            assert (angles.std(axis=0) > 0.8).all()
            assert (angles.std(axis=0) < 9.0).all()
            assert 4.0 < np.median(speed) < 25.0
            assert 20.0 < np.percentile(speed, 95) < 90.0
            assert speed.max() < 250.0
            assert 0.06 < (speed < 0.35 * speed.mean()).mean() < 0.32
            power = np.square(np.abs(np.fft.rfft(angles - angles.mean(axis=0), axis=0))).cumsum(axis=0)
            frequency = np.fft.rfftfreq(len(angles), 1 / GRID_HZ)
            assert (frequency[np.argmax(power > 0.95 * power[-1], axis=0)] < 5.0).all()
            assert np.linalg.norm(motion.translation_m, axis=1).max() < 0.1


# the voice


@pytest.mark.slow
def test_the_right_voice_is_in_step_and_a_wrong_one_is_not(spoken):
    style = style_with(coupling_energy=0.3, coupling_accent=0.3, log_pause_ratio=0.7)
    right, wrong, backwards = [], [], []
    energies = [smooth(np.maximum(speech.column("energy"), -2.5), 0.1) for speech in spoken]
    for seed in range(10):
        for own, other in ((0, 1), (1, 0)):
            motion = generate(style, spoken[own], GenerationSettings(seed, "puppet"))
            right.append(in_step(angles_of(motion), energies[own]))
            wrong.append(in_step(angles_of(motion), energies[other]))
            backwards.append(in_step(angles_of(motion), energies[own][::-1]))
    assert np.mean(right) > 1.5
    for null in (wrong, backwards):
        assert np.mean(right) > np.mean(null) + 1.2
    assert abs(np.mean(wrong + backwards)) < 0.8


@pytest.mark.slow
def test_rests_in_pauses(spoken, minutes):
    calm, eager = (style_with(log_pause_ratio=np.log(ratio), lead_s=0.1) for ratio in (2.5, 0.7))
    assert 1.5 < np.exp(mean_statistics(calm, spoken[0], range(10))["log_pause_ratio"]) < 3.5
    ratio = mean_statistics(calm, minutes, range(3))["log_pause_ratio"]
    assert ratio == pytest.approx(np.log(2.5), abs=0.2)
    # Some move in pauses and hold still when they speak.
    assert mean_statistics(eager, minutes, range(3))["log_pause_ratio"] < -0.08
