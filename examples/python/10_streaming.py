"""A head that moves while the sound still runs, sent by OSC as the VMC protocol has it.

python examples/python/10_streaming.py [FOLDER] [HOST:PORT]   with an address, at the pace of the sound
"""

import socket
import struct
import sys
import time
import wave
from pathlib import Path

import numpy as np

import mannerism

OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)
HOST, PORT = (sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:39539").split(":")


def osc(address: str, name: str, *numbers: float) -> bytes:
    """An OSC message: texts end in zeros up to a multiple of four bytes, numbers are big-endian."""
    texts = [text.encode() for text in (address, ",s" + "f" * len(numbers), name)]
    padded = b"".join(text + b"\0" * (4 - len(text) % 4) for text in texts)
    return padded + struct.pack(f">{len(numbers)}f", *numbers)


with wave.open(str(Path(__file__).parents[1] / "line_1.wav")) as sound:  # in place of a microphone
    rate_hz, samples = sound.getframerate(), np.frombuffer(sound.readframes(-1), "<i2")
stream = mannerism.stream("lively", seed=7, rate_hz=rate_hz, look_ahead_s=0.24)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    for chunk in [*np.split(samples, range(512, len(samples), 512)), None]:
        motion = stream.finish() if chunk is None else stream.feed(chunk)
        for w, x, y, z in motion.rotation.tolist() if motion else []:
            # VMC has Unity's frame, whose +x is the person's right: what turns about y and z turns the other way.
            out.sendto(osc("/VMC/Ext/Bone/Pos", "Head", 0, 0, 0, x, -y, -z, w), (HOST, int(PORT)))
        time.sleep(512 / rate_hz if len(sys.argv) > 2 else 0)
(OUT / "streamed.txt").write_text(f"sent to {HOST}:{PORT}\n", encoding="utf-8")
