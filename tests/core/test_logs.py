"""Log lines: on the terminal when asked for, in a small file of the worker, and never what ends a job."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mannerism.core import logs
from mannerism.core.cli.main import main
from mannerism.core.data_folder import worker_log
from mannerism.core.errors import WorkerError
from mannerism.core.logs import PACKAGE, log_to_file, shown_log
from mannerism.core.progress import logged
from mannerism.core.worker.client import Worker
from mannerism.tests.support.paths import ROOT

BOOT = [sys.executable, "-s", str(ROOT / "core" / "jobs" / "boot.py")]


@pytest.fixture
def clean():
    """No handler of a test outlives it."""
    yield
    for handler in list(PACKAGE.handlers):
        PACKAGE.removeHandler(handler)
        handler.close()
    PACKAGE.setLevel(logging.NOTSET)


def test_the_loggers_are_those_of_the_modules():
    assert PACKAGE.name == "mannerism"
    assert logging.getLogger(logs.__name__).parent is PACKAGE


def test_the_terminal_shows_lines_while_asked_to(capsys):
    log = logging.getLogger("mannerism.core.test")
    with shown_log():
        log.debug("inside")
    log.warning("outside")
    err = capsys.readouterr().err
    assert "DEBUG mannerism.core.test: inside" in err
    assert "mannerism.core.test: outside" not in err


def test_verbose(capsys):
    assert main(["--verbose", "styles"]) == 0
    assert PACKAGE.handlers == []


def test_a_file_stays_small(tmp_path, clean, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 2000)
    path = tmp_path / "new" / "ü.log"
    assert log_to_file(path)
    for number in range(200):
        logging.getLogger("mannerism.core.test").info("Line %d", number)
    assert {each.name for each in path.parent.iterdir()} == {"ü.log", "ü.log.1"}
    assert all(each.stat().st_size <= 2000 for each in path.parent.iterdir())
    assert "Line 199" in path.read_text(encoding="utf-8")


def test_home_is_not_written_out(tmp_path, clean, monkeypatch):
    home = tmp_path / "Ada Lovelace"
    monkeypatch.setattr(Path, "home", lambda: home)
    assert log_to_file(tmp_path / "worker.log")
    log = logging.getLogger("mannerism.core.test")
    try:
        (home / "private.mp4").read_bytes()
    except OSError:
        log.exception("Cannot read %s", home / "private.mp4")
    text = (tmp_path / "worker.log").read_text(encoding="utf-8")
    assert "private.mp4" in text
    assert "Ada" not in text


def test_no_log_is_no_error(tmp_path, clean):
    (tmp_path / "file").touch()
    assert not log_to_file(tmp_path / "file" / "logs" / "worker.log")


def test_a_log_that_is_lost_later_is_no_error(small_disk, clean, capsys):
    """The disk fills up while the worker runs."""
    assert log_to_file(small_disk / "worker.log")
    (small_disk / "rest").write_bytes(bytes(1 << 17))
    with (small_disk / "rest").open("ab", buffering=0) as rest:
        try:
            while rest.write(bytes(1024)):
                pass
        except OSError:
            pass
    for _ in range(100):
        logging.getLogger("mannerism.core.test").info("A line like any other")
    assert capsys.readouterr().err == ""


def test_stages_are_logged_with_their_time(caplog):
    caplog.set_level(logging.DEBUG, logger="mannerism")
    shares = []
    progress = logged(lambda share, what: shares.append((share, what)))
    for share, what in ((0.1, "Picture 1 of 2"), (0.2, "Picture 2 of 2, 1 s left"), (0.9, "Writing")):
        progress(share, what)
    assert [share for share, _ in shares] == [0.1, 0.2, 0.9]
    assert [record.getMessage().split(" took")[0] for record in caplog.records] == ["“Picture”"]


def lost_job(data, source="/secret/place/Ada.csv"):
    """A job of a real worker that is refused, with this folder for its data."""
    os.environ["MANNERISM_DATA"] = str(data)
    worker = Worker(BOOT)
    try:
        with pytest.raises(Exception, match=r"Ada|TypeError"):
            worker.start("encode", {"source": source}, label="Encode").wait()
    finally:
        worker.close()


@pytest.mark.slow
def test_the_worker_writes_its_log(tmp_path, monkeypatch):
    monkeypatch.setenv("MANNERISM_DATA", str(tmp_path))
    lost_job(tmp_path)
    text = worker_log().read_text(encoding="utf-8")
    assert "Job 1, encode, begins" in text
    assert "Job 1 failed" in text
    assert "TypeError" in text
    assert "secret" not in text, "arguments are the user's"
    assert str(Path.home()) not in text or Path.home() == Path("/")


@pytest.mark.slow
def test_a_worker_that_cannot_log_works(tmp_path, monkeypatch):
    monkeypatch.setenv("MANNERISM_DATA", str(tmp_path / "file"))
    (tmp_path / "file").touch()
    worker = Worker(BOOT)
    with pytest.raises(WorkerError, match="knows no job"):
        worker.start("none", {}, label="None").wait()
    worker.close()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_read_only_folder(tmp_path):
    """As a user that may not write there; root may write anywhere."""
    tmp_path.chmod(0o555)
    program = (
        "import os\n"
        "from pathlib import Path\n"
        "from mannerism.core.logs import log_to_file\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        f"os._exit(log_to_file(Path({str(tmp_path)!r}) / 'logs' / 'worker.log'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr
