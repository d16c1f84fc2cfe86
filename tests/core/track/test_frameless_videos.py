"""Videos whose picture stream has no frame in it."""

import av
import numpy as np
import pytest

from mannerism.core.errors import MissingPartError, VideoError
from mannerism.core.track import track_video
from mannerism.core.track.landmarks import find_model


@pytest.fixture(autouse=True)
def model():
    try:
        return find_model()
    except MissingPartError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("voice", [False, True])
def test_a_video_without_frames(tmp_path, suffix, voice):
    path = tmp_path / f"ü{suffix}"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 96, 96, "yuv420p"
        sound = container.add_stream("aac", rate=16000, layout="mono")
        container.start_encoding()
        if voice:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), "fltp", "mono")
            frame.rate = 16000
            container.mux(sound.encode(frame))
            container.mux(sound.encode())
    assert path.stat().st_size > 0
    with pytest.raises(VideoError) as caught:
        track_video(path)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
