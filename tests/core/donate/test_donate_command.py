"""`mannerism donate`: nobody signs by default, and nothing is overwritten."""

import io

import pytest

from mannerism.core import cli
from mannerism.core.donate.donation_reader import read_donation
from mannerism.tests.support.recorded_track import write_track_csv


@pytest.fixture(scope="module")
def recordings(talk, write_wav, tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    one, other = folder / "one.csv", folder / "other.csv"
    write_track_csv(one)
    write_track_csv(other, start_s=0.3)
    sounds = [write_wav(folder / f"{line}.wav", talk(14.0, first_line=line)) for line in (0, 3)]
    return [str(one), str(other), "--sounds", *map(str, sounds)]


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self):
        return True


def test_signed_by_an_option(recordings, tmp_path, capsys):
    out = tmp_path / "me.donation.json"
    command = ["donate", *recordings, "--licence", "CC-BY-4.0", "--sign", "Ada Beispiel", "-o", str(out)]
    assert cli.main(command) == cli.DONE
    said = capsys.readouterr()
    assert said.out.strip() == str(out)
    assert "Signed by Ada Beispiel on" in said.err
    before = out.read_bytes()
    assert cli.main(command) == cli.REFUSED
    assert "already" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_nobody_there_to_sign(recordings, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Ada Beispiel\n"))  # a pipe is nobody
    command = ["donate", *recordings, "--licence", "CC0-1.0", "-o", str(tmp_path / "me.donation.json")]
    assert cli.main(command) == cli.REFUSED
    said = capsys.readouterr().err
    assert "Nobody has signed" in said
    assert "I am the person" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "status"), [("Ada Beispiel\n", cli.DONE), ("\n", cli.REFUSED), ("", cli.REFUSED)]
)
def test_signed_on_a_terminal(recordings, tmp_path, monkeypatch, typed, status):
    shown = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("sys.stderr", shown)
    out = tmp_path / "me.donation.json"
    assert cli.main(["donate", *recordings, "--licence", "CC0-1.0", "-o", str(out)]) == status
    assert "I am the person" in shown.getvalue()
    assert out.exists() == (status == cli.DONE)
    if status == cli.DONE:
        assert read_donation(out).consent.signed_by == "Ada Beispiel"


def test_the_licence_is_chosen(recordings, tmp_path, capsys):
    for more in ([], ["--licence", "GPL"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(
                ["donate", *recordings, *more, "--sign", "Ada B.", "-o", str(tmp_path / "a.donation.json")]
            )
        assert ended.value.code == cli.REFUSED
        assert "--licence" in capsys.readouterr().err
