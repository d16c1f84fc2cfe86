"""The example that streams: what it sends over loopback, by another reader of OSC."""

import socket
import struct
import subprocess
import sys

import numpy as np
import pytest

import mannerism
from mannerism.core import rotation as rot
from mannerism.tests.support.paths import EXAMPLES


def text_at(message, at):
    end = message.index(b"\0", at)
    return message[at:end].decode("ascii"), end + 4 - end % 4


@pytest.mark.slow
def test_the_head_arrives_by_osc(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(2.0)
        address = f"127.0.0.1:{receiver.getsockname()[1]}"
        command = [sys.executable, EXAMPLES / "python" / "10_streaming.py", tmp_path, address]
        with subprocess.Popen(command) as sender:
            messages = []
            receiver.settimeout(60.0)
            try:
                while True:
                    messages.append(receiver.recv(4096))
                    receiver.settimeout(3.0)
            except TimeoutError:
                pass
            assert sender.wait(60) == 0
    found = []
    for message in messages:
        assert len(message) % 4 == 0
        name, at = text_at(message, 0)
        tags, at = text_at(message, at)
        bone, at = text_at(message, at)
        assert (name, tags, bone) == ("/VMC/Ext/Bone/Pos", ",sfffffff", "Head")
        found.append(struct.unpack(">7f", message[at:]))
    sent = np.array(found)
    # In Unity's frame, mirrored left to right: as matrices, M R M.
    stream = mannerism.stream("lively", seed=7)
    sound = np.frombuffer((EXAMPLES / "line_1.wav").read_bytes()[44:], "<i2")
    parts = [stream.feed(sound), stream.finish()]
    rotation = np.concatenate([part.rotation for part in parts if part is not None])
    mirror = np.diag([-1.0, 1.0, 1.0])
    wanted = mirror @ rot.to_matrix(rotation) @ mirror
    assert len(sent) == len(rotation)
    np.testing.assert_allclose(rot.to_matrix(sent[:, [6, 3, 4, 5]]), wanted, atol=1e-5)
