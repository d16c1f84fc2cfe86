"""One thread for products, said before numpy is loaded, and overruled by the environment."""

import os
import subprocess
import sys

import pytest

from mannerism.core.threads import LIMIT, cores

SAY = (
    "import sys; from mannerism.core.cli.main import main\n"
    "assert 'numpy' not in sys.modules\n"
    "try: main(['--version'])\n"
    "except SystemExit: pass\n"
    "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
)


@pytest.mark.parametrize(("given", "used"), [(None, "1"), ("3", "3")])
def test_the_command_line_asks_for_one_thread_unless_told_otherwise(given, used):
    environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    if given is not None:
        environment["OPENBLAS_NUM_THREADS"] = given
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split()[-1] == used


@pytest.mark.parametrize(
    ("given", "used"), [("1", 1), ("0", 1), ("", None), ("many", None), ("-2", None), ("99999", None)]
)
def test_a_limit_of_cores_is_kept_to_and_nonsense_is_none(monkeypatch, given, used):
    monkeypatch.delenv(LIMIT, raising=False)
    free = cores()
    assert free >= 1
    monkeypatch.setenv(LIMIT, given)
    assert cores() == (used or free)
