"""Sound and video files with one fault each, made by PyAV."""

import random
from fractions import Fraction

import av
import numpy as np

RATE_HZ = 16_000
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def write_sound(path, samples, codec, rate_hz=48_000, layout="mono", *, gap=None):
    """Encode samples (n,) or (channels, n) at 16 kHz.

    gap : seconds, and by how many seconds the stamps of what follows are later
    """
    samples = np.atleast_2d(samples).astype(np.float32)
    whole = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples), format="fltp", layout=_LAYOUTS[len(samples)]
    )
    whole.sample_rate = RATE_HZ
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        add_sound(container, stream, whole, gap)
    return path


def add_sound(container, stream, whole, gap=None):
    """Encode a frame of sound into a stream of an open container."""
    rate_hz = stream.rate
    resampler = av.AudioResampler(stream.codec_context.format or "fltp", stream.layout.name, rate_hz)
    fifo, done = av.AudioFifo(), 0
    for part in (*resampler.resample(whole), *resampler.resample(None)):
        fifo.write(part)
    size = stream.codec_context.frame_size or 1024
    while frame := fifo.read(size) or fifo.read(size, partial=True):
        frame.pts, frame.time_base = done, Fraction(1, rate_hz)
        done += frame.samples
        _mux(container, stream.encode(frame), gap)
    _mux(container, stream.encode(None), gap)


def _mux(container, packets, gap):
    for packet in packets:
        if gap is not None and float(packet.pts * packet.time_base) > gap[0]:
            packet.pts += round(gap[1] / packet.time_base)
            packet.dts += round(gap[1] / packet.time_base)
        container.mux(packet)


def write_pictures(path, pictures, codec="libx264", *, fps=25, aspect=None, options=None):
    """Encode pictures (H, W, 3) at an even rate, without B-frames, to the same bytes each time."""
    options = dict(options or {})
    if codec == "libx264":  # its macroblock tree reads memory that it never wrote
        options["x264-params"] = ":".join(filter(None, (options.get("x264-params"), "mbtree=0")))
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.max_b_frames = 0
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        add_pictures(container, stream, pictures)
    return path


def add_pictures(container, stream, pictures):
    """Encode pictures into a stream of an open container."""
    for picture in pictures:
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
    container.mux(stream.encode())


def damage_packets(path, share, count, kind="video"):
    """Overwrite the beginnings of packets, from a share of all on."""
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[0]
        packets = [(packet.pos, packet.size) for packet in container.demux(stream) if packet.size]
    noise, data = random.Random(7), bytearray(path.read_bytes())
    first = round(len(packets) * share)
    for begin, size in packets[first : first + count]:
        for place in range(begin, begin + min(size, 60)):
            data[place] = noise.randrange(256)
    path.write_bytes(data)
    return path


def flip_bits(path, packets, count=3, seed=1):
    """Exchange a few bits in the middle of packets of pictures, given by their numbers."""
    with av.open(str(path)) as container:
        places = [
            (packet.pos, packet.size) for packet in container.demux(container.streams.video[0]) if packet.size
        ]
    noise, data = random.Random(seed), bytearray(path.read_bytes())
    for number in packets:
        begin, size = places[number]
        for _ in range(count):
            data[begin + int(size * noise.uniform(0.3, 0.9))] ^= 1 << noise.randrange(8)
    path.write_bytes(data)
    return path


def set_display_matrix(path, numbers):
    """Write the first two columns a, b, c, d of the display matrix of an .mp4, in units of 1."""
    data = bytearray(path.read_bytes())
    upright = _matrix(1, 0, 0, 1)
    at = data.index(upright, data.index(b"tkhd"))
    data[at : at + 36] = _matrix(*numbers)
    path.write_bytes(data)
    return path


def _matrix(a, b, c, d):
    rows = (a * 0x10000, b * 0x10000, 0, c * 0x10000, d * 0x10000, 0, 0, 0, 0x40000000)
    return b"".join(int(number).to_bytes(4, "big", signed=True) for number in rows)
