"""However Blender ends while its worker works: no process and no file outlives it."""

import sys

import pytest

from mannerism.tests.support.worker_commands import FAKE_WORKER
from mannerism.tools.synthetic.closing import WAYS, close_in_the_middle

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.slow
@pytest.mark.parametrize("how", WAYS)
def test_nothing_outlives_blender(tmp_path, how):
    arguments = {"source": "slow.mp4", "style_out": str(tmp_path / "s.json"), "keep_motion": True}
    left = close_in_the_middle(
        how, tmp_path, name="encode", arguments=arguments, share=0.4, command=FAKE_WORKER
    )
    assert left == []
