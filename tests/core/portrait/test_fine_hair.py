"""Fine hair: what the silhouette misses beside the person is in the matte, and the background is not."""

import numpy as np

from mannerism.core.portrait.analysis.fine_hair import with_fine_hair
from mannerism.core.portrait.model.person import Clip

SIZE = 128
WALL = (190, 160, 40)


def clip_of(pictures):
    count = len(pictures)
    return Clip(pictures, np.arange(count) / 25, np.zeros((count, 478, 3)), 200.0, np.full(2, SIZE / 2))


def scene():
    """A person, a wisp beside it, and a bird far off, before a grainy wall; silhouette and clean background."""
    rng = np.random.default_rng(3)
    pictures = np.full((2, SIZE, SIZE, 3), WALL, np.float64) + rng.normal(0, 4, (2, SIZE, SIZE, 3))
    silhouette = np.zeros((2, SIZE, SIZE), np.uint8)
    pictures[:, 40:, 40:80] = 60
    silhouette[:, 40:, 40:80] = 255
    pictures[:, 60:90, 82:84] = 60
    pictures[:, 60:90, 110:112] = 60
    background = np.full((SIZE, SIZE, 4), (*WALL, 255), np.uint8)
    return clip_of(np.clip(np.rint(pictures), 0, 255).astype(np.uint8)), silhouette, background


def test_a_wisp_beside_the_person_is_the_persons_and_the_wall_is_not():
    clip, silhouette, background = scene()
    matte = with_fine_hair(clip, silhouette, background)
    assert matte[:, 62:88, 82:84].min() > 200
    assert (matte >= silhouette).all()
    assert matte[:, :38].max() == 0
    assert matte[:, 95:, 86:].max() == 0
    assert matte[:, :, 108:114].max() == 0  # too far off


def test_where_no_background_is_known_the_silhouette_stays(tmp_path):
    clip, silhouette, background = scene()
    assert np.array_equal(with_fine_hair(clip, silhouette, None, folder=tmp_path), silhouette)
    background[..., 3] = 254
    assert np.array_equal(with_fine_hair(clip, silhouette, background), silhouette)
