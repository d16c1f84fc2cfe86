"""Reference videos with one fault each, made from pictures of the example's fictional speaker."""

from fractions import Fraction

import av
import cv2
import numpy as np

from mannerism.core.media.video import Video
from mannerism.tests.support.paths import REFERENCE

FPS = 25.0
RATE_HZ = 16_000
_TICK = Fraction(1, 12800)


def example_pictures(numbers):
    """Those pictures of the example, in order, a list of (384, 384, 3) uint8."""
    wanted = set(numbers)
    found = {index: frame.rgb for index, frame in enumerate(Video(REFERENCE)) if index in wanted}
    return [found[number] for number in numbers]


def even_times(count, fps=FPS):
    """Times of a steady camera, seconds."""
    return np.arange(count) / fps


def syllables(seconds):
    """Noise in bursts with pauses, about as loud as speech, mono at 16 kHz."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    bursts = np.sin(2 * np.pi * 2.0 * time_s) > 0
    return np.random.default_rng(0).normal(0.0, 0.1, len(time_s)).astype(np.float32) * bursts


def write_reference(path, pictures, time_s=None, sound="syllables"):
    """Write H.264 at these times, with samples (N,) at 16 kHz, "syllables", or None for no sound."""
    time_s = even_times(len(pictures)) if time_s is None else time_s
    samples = syllables(time_s[-1]) if isinstance(sound, str) else sound
    with av.open(str(path), "w") as container:
        rate = Fraction(round((len(time_s) - 1) / (time_s[-1] - time_s[0])))
        stream = container.add_stream("libx264", rate=rate, options={"crf": "12", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", _TICK
        voice = None if samples is None else container.add_stream("aac", rate=RATE_HZ, layout="mono")
        for picture, at_s in zip(pictures, time_s, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = round(at_s / _TICK), _TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice is not None:
            whole = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), format="fltp", layout="mono")
            whole.rate, whole.pts = RATE_HZ, 0
            container.mux(voice.encode(whole))
            container.mux(voice.encode())
    return path


def lay_on_its_side(path):
    """Tell in the file's header that its pictures, of equal sides, are to be turned clockwise."""
    data = bytearray(path.read_bytes())
    side = next(iter(Video(path))).rgb.shape[0]
    upright = _matrix(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    at = data.index(upright, data.index(b"tkhd"))
    data[at : at + 36] = _matrix(0, 0x10000, 0, 0xFFFF0000, 0, 0, side << 16, 0, 0x40000000)
    path.write_bytes(data)
    return path


def _matrix(*numbers):
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def with_hand(picture):
    """A brown hand before the mouth and a cheek."""
    return cv2.ellipse(picture.copy(), (175, 215), (62, 42), 25, 0, 360, (96, 52, 30), -1)


def with_glasses(picture, landmarks):
    """A dark frame about both eyes; landmarks (478, 2) pixels."""
    drawn = picture.copy()
    eyes = [landmarks[[33, 133]].mean(axis=0), landmarks[[263, 362]].mean(axis=0)]
    across = eyes[1] - eyes[0]
    radius = float(np.linalg.norm(across)) * 0.36
    for eye in eyes:
        cv2.circle(drawn, np.rint(eye).astype(int), round(radius), (20, 20, 20), 5, cv2.LINE_AA)
    inner = [eyes[0] + 0.36 * across, eyes[1] - 0.36 * across]
    start, end = (np.rint(end).astype(int) for end in inner)
    return cv2.line(drawn, start, end, (20, 20, 20), 5, cv2.LINE_AA)


def with_lock(picture, phase):
    """A lock of hair that swings beside the face."""
    drawn = picture.copy()
    swing = round(26 * np.sin(phase))
    for strand in range(9):
        colour = (40 + 20 * (strand % 3), 25, 15)
        cv2.line(drawn, (252 + 3 * strand, 120), (258 + 3 * strand + swing, 260), colour, 3, cv2.LINE_AA)
    return drawn


def with_arms(picture, phase):
    """More of the body, and sleeves that wave before it."""
    drawn = np.concatenate([picture, np.repeat(picture[-1:], 160, axis=0)])
    for side in (-1, 1):
        hand = (192 + side * round(70 + 60 * np.sin(phase)), 415 + round(25 * np.cos(phase)))
        cv2.line(drawn, (192 + side * 150, 544), hand, (60, 40, 110), 76)
    return drawn


def in_room(picture, shift):
    """The picture small in a room with a patterned wall, that is seen `shift` pixels further to the left."""
    rows, columns = np.indices((384, 640))
    wall = np.where(((columns + shift) // 24 + rows // 24) % 2, 170, 90).astype(np.uint8)
    room = np.repeat(wall[..., None], 3, axis=2)
    room[:, 128:512] = picture
    return room
