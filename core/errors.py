"""Every refusal of the package: what is wrong, and what to do about it."""


class MannerismError(Exception):
    """A refusal that a user can act on.

    Parameters
    ----------
    problem : what is wrong, one sentence without a full stop.
    remedy : what to do next, one sentence without a full stop.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}."


class VideoError(MannerismError):
    """A video that cannot be read or holds no trackable face."""


class AudioError(MannerismError):
    """A sound that cannot be read or holds no usable speech."""


class StyleError(MannerismError):
    """A style file, or material for one, that cannot be used."""


class RigError(MannerismError):
    """An object that cannot take head motion."""


class OutputError(MannerismError):
    """A file that cannot be written."""


class MissingPartError(MannerismError):
    """A package, model or program that this machine lacks."""


class WorkerError(MannerismError):
    """A worker process that could not start, died or answered nonsense."""


class CancelledError(MannerismError):
    """A job that the user stopped."""

    def __init__(self) -> None:
        super().__init__("The job was cancelled", "Nothing was changed")
