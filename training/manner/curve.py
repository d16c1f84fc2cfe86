"""Learning curves of a training, as a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from mannerism.core.files import replacing
from mannerism.training.manner.fit import Check

_LINES = {
    "trained": "persons learned from",
    "strangers": "strangers",
    "no_vector": "strangers, no vector",
    "no_voice": "strangers, no voice",
}


def draw(checks: Sequence[Check], path: Path) -> None:
    """Negative log likelihoods over steps."""
    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    axes = figure.add_subplot()
    for name, label in _LINES.items():
        axes.plot([check.step for check in checks], [getattr(check, name) for check in checks], label=label)
    best = min(checks, key=lambda check: check.strangers)
    axes.axvline(best.step, color="0.7", linewidth=1.0)
    axes.set_xlabel("step")
    axes.set_ylabel("−ln likelihood of a step")
    axes.legend(frameon=False)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
