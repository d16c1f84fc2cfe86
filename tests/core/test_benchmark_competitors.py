"""The networks that speed is compared with have the published shapes."""

import pytest

torch = pytest.importorskip("torch", reason="torch is for training and comparing alone")


def millions(network):
    return sum(parameter.numel() for parameter in network.parameters()) / 1e6


@pytest.mark.slow
def test_the_regression_is_of_the_published_size_and_gives_25_poses_a_second():
    from mannerism.benchmarks.competitors import Regression

    network = Regression().eval()
    assert millions(network) == pytest.approx(10.7, abs=0.05)
    with torch.inference_mode():
        assert network(torch.zeros(1, 10), torch.zeros(1, 4 * 3 + 24, 13)).shape == (1, 3, 6)


@pytest.mark.slow
def test_the_denoiser_is_of_the_published_size_and_needs_7500_steps_a_minute():
    from mannerism.benchmarks.competitors import Denoiser, denoising

    with torch.device("meta"):  # shapes alone
        network = Denoiser()
        assert network(torch.zeros(3, 110, 54), torch.zeros(3, 110, 512)).shape == (3, 110, 54)
        assert denoising(60.0)[1] == 500 * 15
    # Each of eight layers attends twice (4 · 512²) and widens fourfold (8 · 512²).
    assert millions(network) == pytest.approx(8 * 16 * 512**2 / 1e6, rel=0.01)
