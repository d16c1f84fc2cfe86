"""A batch's runner without processes."""

from mannerism.core.batch import line
from mannerism.core.batch.status import Outcome
from mannerism.core.errors import MannerismError


class InProcess:
    """A runner without processes."""

    def run(self, tasks, working):
        for task in tasks:
            try:
                made = line.make_line(
                    task.line,
                    task.record,
                    lambda share, _what: working(share),
                    statuses=task.statuses,
                    overwrite_edited=task.overwrite_edited,
                )
            except MannerismError as error:
                yield Outcome(task.line.id, "failed", reason=str(error))
            else:
                status = "done" if made.written else "skipped"
                out = str(task.line.out)
                yield Outcome(task.line.id, status, out, made.digest, made.note, made.size, made.sha256)
