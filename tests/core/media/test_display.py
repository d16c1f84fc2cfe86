"""Pictures as players show them: orientation, pixel shape, HDR, and a size that changes."""

import itertools
from fractions import Fraction

import av
import numpy as np
import pytest

from mannerism.core.media.display import Orientation, nearest_orientation, with_shape
from mannerism.core.media.hdr import ToneMap, needs_mapping, standard_range
from mannerism.core.media.video import Video
from mannerism.tests.support.media_files import set_display_matrix, write_pictures

CORNERS = np.array([[[220, 30, 30], [30, 220, 30]], [[30, 30, 220], [220, 220, 30]]], np.uint8)
ALL = [Orientation(*flags) for flags in itertools.product((False, True), repeat=3)]
MATRICES = list(itertools.product((-1, 1), (0, 1), (-1, 1)))


def matrix_of(orientation):
    x, y = (-1 if mirrored else 1 for mirrored in (orientation.mirrored_x, orientation.mirrored_y))
    return (0, y, x, 0) if orientation.transposed else (x, 0, 0, y)


def stored(picture, orientation):
    """The picture that an orientation shows as the given one."""
    turned = picture[:: -1 if orientation.mirrored_y else 1, :: -1 if orientation.mirrored_x else 1]
    return turned.swapaxes(0, 1) if orientation.transposed else turned


def corners_of(rgb):
    height, width = rgb.shape[:2]
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return np.array([[rgb[row, column] for column in columns] for row in rows], np.int16)


@pytest.mark.parametrize("orientation", ALL)
@pytest.mark.parametrize("aspect", [None, Fraction(4, 3), Fraction(2), Fraction(1, 2)])
def test_all_eight_orientations(tmp_path, orientation, aspect):
    upright = np.repeat(np.repeat(CORNERS, 48, axis=0), 96, axis=1)  # 192 × 96
    picture = stored(upright, orientation)
    if aspect is not None:
        rows, columns = (
            np.arange(0, length, step).astype(int)
            for length, step in zip(picture.shape, (max(1 / aspect, 1), max(aspect, 1)), strict=False)
        )
        picture = picture[rows][:, columns]
    path = write_pictures(tmp_path / "a.mp4", [picture] * 3, aspect=aspect, options={"crf": "8"})
    video = Video(set_display_matrix(path, matrix_of(orientation)))
    assert (video.facts.width, video.facts.height) == (192, 96)
    assert video.facts.is_stored_lying == orientation.transposed
    assert video.facts.mirrored == orientation.is_mirrored
    for frame in video:
        assert frame.rgb.shape == (96, 192, 3)
        assert frame.rgb.flags.c_contiguous
        assert np.abs(corners_of(frame.rgb) - CORNERS).max() < 40


@pytest.mark.parametrize("orientation", ALL)
@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
def test_a_matrix_of_any_scale_and_a_crooked_one(orientation, scale):
    a, b, c, d = matrix_of(orientation)
    crooked = 0.1 * scale
    matrix = np.array([a * scale, b * scale + crooked, 0, c * scale - crooked, d * scale, 0, 5, 7, 1.0])
    assert nearest_orientation(matrix) == orientation


def test_rotations_by_their_degrees():
    turns = {(1, 0, 0, 1): 0, (0, 1, -1, 0): 270, (-1, 0, 0, -1): 180, (0, -1, 1, 0): 90}
    for (a, b, c, d), degrees in turns.items():
        found = nearest_orientation(np.array([a, b, 0, c, d, 0, 0, 0, 1.0]))
        assert (found.rotation_deg, found.is_mirrored) == (degrees, False)
        picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
        np.testing.assert_array_equal(found.shown(picture), np.rot90(picture, degrees // 90))


@pytest.mark.parametrize(
    "aspect",
    [Fraction(4, 3), Fraction(64, 45), Fraction(16, 11), Fraction(2), Fraction(8, 9), Fraction(1, 2)],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_pixels_of_any_shape(tmp_path, aspect, name):
    pictures = np.random.default_rng(0).integers(0, 256, (10, 96, 96, 3), np.uint8)
    path = write_pictures(tmp_path / name, list(pictures), aspect=aspect)
    facts = Video(path).facts
    assert (facts.width, facts.height) == (round(96 * max(aspect, 1)), round(96 / min(aspect, 1)))


def test_the_container_comes_before_the_stream(tmp_path):
    path = write_pictures(tmp_path / "a.mp4", [np.full((96, 96, 3), 90, np.uint8)] * 3, aspect=Fraction(2))
    data = bytearray(path.read_bytes())
    at = data.index(b"pasp")
    data[at + 4 : at + 12] = (4).to_bytes(4, "big") + (3).to_bytes(4, "big")
    path.write_bytes(data)
    video = Video(path)
    assert video.facts.width == 128
    assert {frame.rgb.shape for frame in video} == {(96, 128, 3)}


@pytest.mark.parametrize("size", [(64, 64), (192, 192), (64, 128), (128, 64)])
def test_a_size_that_changes_midway(tmp_path, size):
    """A transport stream joined from two: the clock starts anew as well."""
    first = write_pictures(tmp_path / "1.ts", [np.full((96, 96, 3), 90, np.uint8)] * 25)
    second = write_pictures(tmp_path / "2.ts", [np.full((*size, 3), 160, np.uint8)] * 25)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    video = Video(joined)
    frames = list(video)
    assert len(frames) >= 48
    steps = np.diff([frame.time_s for frame in frames])
    assert steps.min() > 0
    assert steps.max() < 0.1
    for frame in frames:
        assert frame.rgb.shape[0] == frame.rgb.shape[1]  # framed, not squeezed
    assert "size of the picture changes" in " ".join(video.notes)
    middle = frames[-1].rgb[frames[-1].rgb.shape[0] // 2, frames[-1].rgb.shape[1] // 2]
    assert np.abs(middle.astype(int) - 160).max() < 10


def test_a_frame_of_the_right_shape_is_left_alone():
    picture = np.zeros((50, 101, 3), np.uint8)
    assert with_shape(picture, 200, 100) is picture
    assert with_shape(picture, 100, 100).shape == (101, 101, 3)


GREYS = np.linspace(0.0, 0.9, 10)


def hdr_code(light, transfer):
    """Code value of light in units of reference white, by ITU-R BT.2100."""
    if transfer == 16:
        root = (np.asarray(light) * 203 / 10_000) ** 0.1593017578125
        return ((0.8359375 + 18.8515625 * root) / (1 + 18.6875 * root)) ** 78.84375
    scene = (np.asarray(light) * 203 / 1000) ** (1 / 1.2)  # of grey
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


@pytest.mark.parametrize("transfer", [16, 18])
def test_greys_of_hdr_come_back_as_they_were(transfer):
    code = hdr_code(GREYS**2.4, transfer)
    made = standard_range(np.repeat(code[:, None], 3, axis=1), transfer, 9)
    np.testing.assert_allclose(made, np.repeat(GREYS[:, None], 3, axis=1), atol=0.01)
    bright = standard_range(np.ones((1, 3)), transfer, 9)
    assert 0.95 < bright.min() <= 1.0


def test_the_red_of_bt709_is_red_again():
    red_in_bt2020 = np.array([[0.6274, 0.0691, 0.0164]])
    made = standard_range(red_in_bt2020 ** (1 / 2.4), 14, 9)
    np.testing.assert_allclose(made, [[1.0, 0.0, 0.0]], atol=0.08)


@pytest.mark.parametrize("transfer", [16, 18])
def test_an_hdr_file_is_converted_and_said(tmp_path, transfer):
    path, level = tmp_path / "hdr.mp4", 0.5
    code = float(hdr_code(level**2.4, transfer))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "5"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p10le"
        stream.codec_context.color_trc = transfer
        stream.codec_context.color_primaries = stream.codec_context.colorspace = 9
        grey = np.full((96, 64), 512 << 0, np.uint16)
        grey[:64] = round(64 + 876 * code)
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, "yuv420p10le")))
        container.mux(stream.encode())
    video = Video(path)
    for frame in video:
        assert np.abs(frame.rgb.astype(int) - 255 * level).max() <= 4
    assert "HDR" in " ".join(video.notes)


TO_BT2020 = np.array(
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)  # BT.2087
LUMA_BT2020 = np.array([0.2627, 0.6780, 0.0593])
COLOURS = {"skin": (0.8, 0.6, 0.5), "red": (0.7, 0.2, 0.2), "blue": (0.2, 0.3, 0.7), "dark": (0.1, 0.12, 0.1)}


def hdr_signal(colour, transfer):
    """R'G'B' of BT.2100 that shows a colour of BT.709 at its brightness, white at 203 cd/m²."""
    light = TO_BT2020 @ np.asarray(colour) ** 2.4
    if transfer == 16:
        return hdr_code(light, 16)
    display = light * 203 / 1000
    scene = display * (display @ LUMA_BT2020) ** ((1 - 1.2) / 1.2)  # the inverse of the OOTF
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


def planes(signal, *, is_full, size=64):
    """One colour as 10-bit planes of 4:2:0, not of constant luminance."""
    luma = signal @ LUMA_BT2020
    chroma = np.array([(signal[2] - luma) / 1.8814, (signal[0] - luma) / 1.4746])
    y = 1023 * luma if is_full else 64 + 876 * luma
    u, v = 512 + (1023 if is_full else 896) * chroma
    parts = [
        np.full(count, round(value)) for count, value in ((size**2, y), (size**2 // 4, u), (size**2 // 4, v))
    ]
    return np.concatenate(parts).astype(np.uint16).reshape(size * 3 // 2, size)


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("codec", "is_full"), [("libx264", False), ("libx264", True), ("libx265", False)])
def test_colours_of_hdr_come_back_as_they_were(tmp_path, transfer, colour, codec, is_full):
    signal = hdr_signal(COLOURS[colour], transfer)
    options = {"crf": "5"} if codec == "libx264" else {"x265-params": "log-level=none:crf=4"}
    path = tmp_path / "hdr.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width = stream.height = 64
        stream.pix_fmt, context = "yuv420p10le", stream.codec_context
        context.color_trc, context.color_range = transfer, 2 if is_full else 1
        context.color_primaries = context.colorspace = 9
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(planes(signal, is_full=is_full), "yuv420p10le")
            frame.color_range = context.color_range
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    for shown in Video(path):
        middle = shown.rgb[16:48, 16:48].reshape(-1, 3).mean(axis=0)
        np.testing.assert_allclose(middle, 255 * np.array(COLOURS[colour]), atol=5)


def test_ordinary_frames_are_not_mapped():
    frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), "rgb24")
    assert not needs_mapping(frame)
    with ToneMap():
        pass
