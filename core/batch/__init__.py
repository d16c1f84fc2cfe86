"""Batch processing: a manifest in, a motion file and a status for each line out."""

from .manifest import Manifest, folder_manifest, read_manifest
from .manifest_row import Line
from .pool import LocalPool
from .run import BatchRunner, Summary, Task, run_batch
from .status import Outcome, StatusFile

__all__ = [
    "BatchRunner",
    "Line",
    "LocalPool",
    "Manifest",
    "Outcome",
    "StatusFile",
    "Summary",
    "Task",
    "folder_manifest",
    "read_manifest",
    "run_batch",
]
