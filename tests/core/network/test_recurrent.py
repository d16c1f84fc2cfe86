"""The recurrent unit against answers worked out by hand, and torch."""

import numpy as np
import pytest

from mannerism.core.network.recurrent import Running, Unit

RNG = np.random.default_rng(7)


def state(inputs, hidden, layers=1):
    return {
        f"{kind}_l{layer}": RNG.standard_normal(shape)
        for layer in range(layers)
        for kind, shape in {
            "weight_ih": (3 * hidden, hidden if layer else inputs),
            "weight_hh": (3 * hidden, hidden),
            "bias_ih": (3 * hidden,),
            "bias_hh": (3 * hidden,),
        }.items()
    }


def run(unit, x):
    """Hidden states (T, B, H) of inputs (T, B, I)."""
    running = Running(unit, x.shape[1])
    return np.stack([running.step(each @ unit.of_input + unit.bias).copy() for each in x])


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def test_two_steps_by_hand():
    arrays = {
        "weight_ih_l0": np.array([[0.5], [-1.0], [2.0]]),
        "weight_hh_l0": np.array([[1.0], [3.0], [-0.7]]),
        "bias_ih_l0": np.array([0.1, 0.2, 0.3]),
        "bias_hh_l0": np.array([-0.4, 0.6, 0.9]),
    }
    hidden, wanted = 0.0, []
    for x in (1.5, -0.5):
        reset = logistic(0.5 * x + 0.1 + hidden - 0.4)
        update = logistic(-x + 0.2 + 3.0 * hidden + 0.6)
        candidate = np.tanh(2.0 * x + 0.3 + reset * (-0.7 * hidden + 0.9))
        hidden = (1.0 - update) * candidate + update * hidden
        wanted.append(hidden)
    found = run(Unit.named(arrays, "", 0), np.array([1.5, -0.5]).reshape(2, 1, 1))
    np.testing.assert_allclose(found.ravel(), wanted, rtol=1e-14)


def test_sequences_do_not_meet():
    unit = Unit.named(state(3, 5), "", 0)
    x = RNG.standard_normal((9, 4, 3))
    alone = np.concatenate([run(unit, x[:, i : i + 1]) for i in range(4)], axis=1)
    np.testing.assert_allclose(run(unit, x), alone, atol=1e-14)


@pytest.mark.filterwarnings("error")
def test_inputs_of_any_size_leave_states_within_one():
    unit = Unit.named(state(3, 5), "", 0)
    found = run(unit, 1e9 * RNG.standard_normal((20, 2, 3)))
    assert np.abs(found).max() <= 1.0


def test_it_is_that_of_torch():
    torch = pytest.importorskip("torch", reason="torch is there for training alone")
    arrays = state(6, 11, layers=2)
    theirs = torch.nn.GRU(6, 11, 2).double()
    theirs.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    x = RNG.standard_normal((30, 4, 6))
    found = x
    for layer in range(2):
        found = run(Unit.named(arrays, "", layer), found)
    np.testing.assert_allclose(found, theirs(torch.tensor(x))[0].detach().numpy(), atol=1e-13)
