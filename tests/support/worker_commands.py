"""Commands that start the tests' own workers in place of the real one."""

import sys

from mannerism.tests.support.paths import ROOT, SUPPORT

FAKE_WORKER = [sys.executable, "-s", str(SUPPORT / "fake_worker.py"), str(ROOT)]
"""Its jobs have the real ones' names and behave as their arguments say."""
MISBEHAVING_WORKER = [sys.executable, "-s", str(SUPPORT / "misbehaving_worker.py"), str(ROOT)]
"""Its jobs refuse, crash, hang and send rubbish."""
