"""Export of the mouth network: weights file and model card."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mannerism.core.face.network import CLOSED_FROM, DILATIONS, PREDICTED, SCALE, SEEN
from mannerism.core.network.weights import write_weights
from mannerism.training.data.dataset import Recording
from mannerism.training.face.calibrate import Calibration
from mannerism.training.face.network import TrainedMouth, shipped
from mannerism.training.face.options import Options


def export(
    path: Path, network: TrainedMouth, found: Calibration, options: Options, rows: Sequence[Recording]
) -> None:
    """Write the weights in float16, and in the metadata how they are used and how they came about."""
    metadata = {
        DILATIONS: json.dumps(options.dilations),
        SCALE: json.dumps(found.scale),
        CLOSED_FROM: json.dumps(found.closed_from),
        PREDICTED: json.dumps(found.predicted_gaps),
        SEEN: json.dumps(found.seen_gaps),
        "options": json.dumps(asdict(options)),
        "found": json.dumps(asdict(found)),
        "learned_from": json.dumps(
            {
                "persons": len({row.person for row in rows}),
                "recordings": len(rows),
                "minutes": round(sum(row.usable_s for row in rows) / 60.0, 1),
            }
        ),
    }
    write_weights(path, {name: value.numpy() for name, value in shipped(network).items()}, metadata)
