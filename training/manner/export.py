"""Export of the manner network: weights file and model card."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from mannerism.core.network.manner import OPTIONS, SIZES, VERSION
from mannerism.core.network.sizes import Sizes
from mannerism.core.network.weights import write_weights
from mannerism.training.data.dataset import Recording
from mannerism.training.manner.corpus import is_clear
from mannerism.training.manner.fit import Check
from mannerism.training.manner.options import Options


def export(
    path: Path,
    weights: Mapping[str, Tensor],
    sizes: Sizes,
    options: Options,
    *,
    rows: Iterable[Recording],
    checks: Iterable[Check],
) -> None:
    """Write the weights in float16, with their sizes and a version in the metadata, and how they came about.

    The version distinguishes sets of weights, so that a vector of one is never used with another.
    """
    arrays = {name: value.numpy().astype(np.float16) for name, value in weights.items()}
    digest = hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays)))
    best = min(checks, key=lambda check: check.strangers)
    metadata = {
        SIZES: sizes.to_json(),
        VERSION: digest.hexdigest()[:12],
        OPTIONS: json.dumps(asdict(options)),
        "best": json.dumps(asdict(best)),
        "learned_from": json.dumps(_learned_from(rows), ensure_ascii=False),
    }
    write_weights(path, arrays, metadata)


def _learned_from(rows: Iterable[Recording]) -> Mapping[str, Any]:
    """Persons, recordings and minutes; no source and no licence text, which may identify a single person."""
    known = list(rows)
    return {"all": _amount(known), "of clear licence": _amount([row for row in known if is_clear(row)])}


def _amount(rows: list[Recording]) -> Mapping[str, float]:
    return {
        "persons": len({row.person for row in rows}),
        "recordings": len(rows),
        "minutes": round(sum(row.usable_s for row in rows) / 60.0, 1),
    }
