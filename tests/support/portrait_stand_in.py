"""Stand-in for the portrait pipeline: frames whose grey level encodes their index, rendered as slowly as wanted.

Run as a program it makes a portrait, for tests that kill it: REFERENCE AUDIO OUT FOLDER SECONDS_A_PICTURE.
"""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from mannerism.core.portrait import job
from mannerism.core.portrait.driving.plan import DrivingPlan
from mannerism.core.portrait.model.request import PortraitRequest
from mannerism.core.portrait.preflight.coverage import Coverage
from mannerism.core.portrait.quality import QualityRenderer
from mannerism.tests.support.synthetic_person import drive, motion, person

SIZE = 64


def grey(number):
    """Grey level of a frame: neighbours differ by more than a codec's error."""
    return 40 + 23 * number % 170


@dataclass
class Painter:
    """Fake renderer of grey frames that records which were rendered."""

    seconds: float = 0.0
    drawn: list[int] = field(default_factory=list)

    def plan(self, what):
        return what

    def frame(self, plan, number):
        assert number < len(plan)
        time.sleep(self.seconds)
        self.drawn.append(number)
        rng = np.random.default_rng(number)
        noise = rng.integers(-3, 4, (SIZE, SIZE, 1))  # so that a picture takes room on a disk
        return SimpleNamespace(picture=np.full((SIZE, SIZE, 3), grey(number), np.float32) + noise)


def stand_in(put, painter, fault=None):
    """Replace the steps before the rendering.

    put : sets an attribute of the job's module, for good or for a test
    fault : what is wrong with the reference
    """

    def plan_frames(request, _person, _render, _plan_of, *, time_s, progress):
        progress(0.5, "Directing")
        count = len(time_s)
        shown = drive(motion(np.zeros(count))) if request.motion is None else None
        shown = shown or drive(request.motion.at(time_s))
        return DrivingPlan(
            shown,
            np.linspace(1, 0.5, count),
            np.linspace(0, 0.1 * (count - 1), count),
            np.zeros(count),
            ("Mind it.",),
        )

    put("reference_survey", lambda *_, **__: None)
    put("fitting_size", lambda _: 256)
    put("size_note", lambda *_: "It is large.")
    put("coverage", lambda *_: Coverage((), (fault,) if fault else ()))
    put("reference_person", lambda *_: person())
    put("quality_renderer", lambda *_: QualityRenderer(painter, ("Painted.",)))
    put("plan_frames", plan_frames)
    put("graphics_card", lambda: "a card")


if __name__ == "__main__":
    reference, audio, out, folder = map(Path, sys.argv[1:5])
    stand_in(lambda name, value: setattr(job, name, value), Painter(float(sys.argv[5])))
    job.make_portrait(PortraitRequest(reference, audio, out, folder, quality="warp"))
