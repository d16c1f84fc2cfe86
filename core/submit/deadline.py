"""Deadline: the command that submits a job of one frame a chunk.

Source: https://docs.thinkboxsoftware.com/products/deadline/10.4/1_User%20Manual/manual/command-line-arguments-jobs.html
"""

from .farms import FarmJob


def command_line(job: FarmJob) -> str:
    """One line for a shell; Deadline replaces <STARTFRAME> by the number of the frame.

    Paths stand in <QUOTE>, which Deadline turns into quotation marks when the task runs.
    """
    program, *arguments = job.batch("<STARTFRAME>")
    given = " ".join(f"<QUOTE>{part}<QUOTE>" if _needs_quotes(part) else part for part in arguments)
    options = {
        "-executable": program,
        "-arguments": given,
        "-frames": f"0-{job.chunks - 1}",
        "-chunksize": "1",
        "-name": job.name,
    }
    return (
        " ".join(
            [
                "deadlinecommand",
                "-SubmitCommandLineJob",
                *(f"{key} {_quoted(value)}" for key, value in options.items()),
            ]
        )
        + "\n"
    )


def _needs_quotes(part: str) -> bool:
    return any(letter.isspace() or not letter.isascii() for letter in part)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'"{escaped}"'
