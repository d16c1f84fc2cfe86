"""OpenCue: a script for its Python package `outline` that launches a job of one frame a chunk.

Source: https://www.opencue.io/docs/reference/pyoutline-reference/. The package joins the parts of a command with
blanks and quotes none (`outline/backend/cue.py`), and the machine that runs it gives it to a shell.
"""

import shlex

from .farms import FarmJob


def outline(job: FarmJob) -> str:
    """The script; OpenCue replaces #IFRAME# by the number of the frame, without leading zeros."""
    command = ",\n    ".join(repr(shlex.quote(part)) for part in job.batch("#IFRAME#"))
    return f"""\
\"\"\"Submit to OpenCue: needs its packages outline and FileSequence, and the address of a Cuebot.\"\"\"

import outline
import outline.cuerun
from outline.modules.shell import Shell

COMMAND = [
    {command},
]

job = outline.Outline({_safe(job.name)!r}, frame_range="0-{job.chunks - 1}")
job.add_layer(Shell("batch", command=COMMAND, chunk=1, threads=1))

if __name__ == "__main__":
    outline.cuerun.launch(job, use_pycuerun=False)
"""


def _safe(name: str) -> str:
    """Name of the characters that OpenCue's jobs may have."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
    return kept if len(kept) >= 3 else f"mannerism_{kept}"
