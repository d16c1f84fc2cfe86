"""Exception classes of the package: the problem, and what to do about it.

All are here, so that a process which imports none of the heavy rooms can name each.
"""


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


class DiskFullError(OutputError):
    """A file for which the disk has no room."""


class MissingPartError(MannerismError):
    """A package, model or program that this machine lacks."""


class WorkerError(MannerismError):
    """A worker process that could not start, died or answered nonsense."""


class BatchError(MannerismError):
    """A manifest, or a line of one, that cannot be used."""


class QuotesError(BatchError):
    """Quotation marks of a table that do not match: nobody knows where a row ends."""


class SettingsError(MannerismError):
    """A setting outside of what makes sense."""


class DirectionError(MannerismError):
    """What a take is asked to do, where it makes no sense."""


class TableError(MannerismError):
    """A CSV file that is not a track or a motion."""


class ScoreError(MannerismError):
    """Pairs, or a motion in them, that cannot be judged."""


class PortraitError(MannerismError):
    """A video that cannot be made as it is asked for."""


class ConsentError(MannerismError):
    """A reference for which nobody attested consent."""


class DonationError(MannerismError):
    """A file that is no donation."""


class CancelledError(MannerismError):
    """A job that the user stopped."""

    def __init__(self, problem: str = "The job was cancelled", remedy: str = "Nothing was changed") -> None:
        super().__init__(problem, remedy)


def error_of(kind: str, problem: str, remedy: str) -> MannerismError:
    """The error of a class of this module by its name, as it comes from another process.

    An unknown name, as of another version, gives a MannerismError.
    """
    found = globals().get(kind)
    if isinstance(found, type) and issubclass(found, MannerismError):
        return found(problem, remedy)
    return MannerismError(problem, remedy)
