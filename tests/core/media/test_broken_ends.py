"""Files that state no length: where they break off in the middle of something, that is said."""

import numpy as np
import pytest

from mannerism.core.media.file_end import end_notes
from mannerism.tests.support.media_files import write_pictures, write_sound


@pytest.fixture(scope="module")
def speech(talk):
    return talk(3.0)


def said_of(path, data):
    path.write_bytes(data)
    return list(end_notes(path))


@pytest.mark.parametrize(
    ("name", "codec", "rate_hz"),
    [
        ("a.ac3", "ac3", 48_000),
        ("b.ac3", "ac3", 44_100),
        ("a.eac3", "eac3", 48_000),
        ("a.aac", "aac", 48_000),
        ("a.mp3", "libmp3lame", 48_000),
        ("a.ts", "aac", 48_000),
    ],
)
def test_sound(tmp_path, speech, name, codec, rate_hz):
    path = write_sound(tmp_path / name, speech, codec, rate_hz)
    whole = path.read_bytes()
    assert said_of(path, whole) == []
    for share in (0.413, 0.617):
        (said,) = said_of(path, whole[: round(len(whole) * share)])
        assert "breaks off in the middle of" in said
    assert said_of(path, whole + b"TAG" + bytes(125)) == []


@pytest.mark.parametrize(("name", "codec"), [("a.gif", "gif"), ("a.apng", "apng")])
def test_pictures(tmp_path, name, codec):
    import av

    path = tmp_path / name
    form = "rgb8" if codec == "gif" else "rgb24"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width, stream.pix_fmt = 48, 64, form
        for number in range(8):
            picture = np.random.default_rng(number).integers(0, 255, (48, 64, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=form)))
        container.mux(stream.encode())
    whole = path.read_bytes()
    assert said_of(path, whole) == []
    cut = len(whole) * 3 // 5
    assert said_of(path, whole[:cut]) == [f"The pictures are damaged or break off after {cut} of {cut} bytes"]
    (said,) = said_of(path, whole[:cut] + bytes(len(whole) - cut))
    assert said.startswith("The pictures are damaged")


def test_a_film_of_broadcast(tmp_path):
    pictures = [np.full((48, 64, 3), 20 * number, np.uint8) for number in range(10)]
    path = write_pictures(tmp_path / "a.ts", pictures)
    whole = path.read_bytes()
    assert len(whole) % 188 == 0
    assert said_of(path, whole) == []
    assert said_of(path, whole[:-100]) == [
        "The file breaks off in the middle of a packet: its end is missing"
    ]
