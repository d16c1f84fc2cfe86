"""The registry of render farms. Reading it imports no writer of a text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from ..errors import BatchError
from ..lazy import attribute


@dataclass(frozen=True)
class FarmJob:
    """A batch in chunks that any number of machines take, in any order and as often as a farm retries them.

    manifest : absolute path, the same on every machine
    chunks : number of tasks
    command : program that runs Mannerism on the machines, with its leading arguments
    options : further arguments of `mannerism batch`
    """

    manifest: Path
    chunks: int
    command: tuple[str, ...] = ("mannerism",)
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the job in a farm's own lists."""
        return f"Mannerism {self.manifest.stem}"

    def batch(self, chunk: str) -> tuple[str, ...]:
        """Program and arguments of the task that makes one chunk; `chunk` may be a farm's placeholder."""
        count = str(self.chunks)
        return (
            *self.command,
            *("batch", str(self.manifest), "--chunk", f"{chunk}/{count}", "--jobs", "1"),
            *self.options,
        )


@dataclass(frozen=True)
class Farm:
    """A farm's own form of a job.

    label : the farm's name
    suffix : of the file that holds the text
    home : `module:function` in this folder, a FarmJob to a text
    next_step : the command that submits the file, with `{file}` in it
    """

    label: str
    suffix: str
    home: str
    next_step: str

    def text(self, job: FarmJob) -> str:
        """The job in the farm's form.

        Raises
        ------
        BatchError : no chunk, or a path with a line break, which no farm's text can hold
        """
        if job.chunks < 1:
            raise BatchError("A job of no chunks makes nothing", "Give --chunks 1 or more")
        if any("\n" in part or "\r" in part for part in job.batch("0")):
            raise BatchError("A path holds a line break", "Rename the folder or the file")
        write = cast("Callable[[FarmJob], str]", attribute(self.home, __package__))
        return write(replace(job, manifest=job.manifest.absolute()))


FARMS: Mapping[str, Farm] = {
    "openjd": Farm("Open Job Description", ".openjd.yaml", "openjd:template", "openjd run {file}"),
    "flamenco": Farm(
        "Flamenco",
        ".flamenco.js",
        "flamenco:job_type",
        "put {file} into the folder “scripts” beside flamenco-manager",
    ),
    "opencue": Farm("OpenCue", ".opencue.py", "opencue:outline", "python {file}"),
    "deadline": Farm("Deadline", ".deadline.txt", "deadline:command_line", "run the command in {file}"),
}
"""Farms by the name on the command line. A new one is a module with a function, and a row here."""
