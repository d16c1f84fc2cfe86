"""Style files from strangers: whatever they hold, a style comes out that may be used, or a refusal."""

import json
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mannerism.core.errors import StyleError
from mannerism.core.style import STATISTICS, Style, read_style, write_style

WORDS = st.sampled_from(["", "hold", "𝕏", "\u0000", "../../etc/passwd", "x" * 1000])
NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def content(tmp_path):
    style = Style(dict.fromkeys(STATISTICS, 0.5), 9.0, 0.5, ("why",), np.full((3, 6), 0.1), (0.25,), "v0")
    write_style(tmp_path / "good.json", style)
    return json.loads((tmp_path / "good.json").read_text(encoding="utf-8"))


def places(content, at=()):
    """Paths to everything inside."""
    yield at
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))
        else:
            yield (*at, key)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_in_any_place(tmp_path, content, data):
    changed = json.loads(json.dumps(content))
    place = data.draw(st.sampled_from([*places(content)][1:]))
    owner = changed
    for key in place[:-1]:
        owner = owner[key]
    owner[place[-1]] = data.draw(JSON)
    path = tmp_path / "a.style.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    try:
        style = read_style(path)
    except StyleError:
        return
    numbers = [*style.statistics.values(), style.speech_s, style.confidence, *(style.learned or ())]
    assert all(type(number) is float and np.isfinite(number) for number in numbers)
    motion = style.reference_motion
    assert motion is None or np.isfinite(motion.rotation).all()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"version": 1', '"version": 1, "version": 1', "damaged"),
        ('"hold": 0.5', '"hold": 0.5, "hold": 0.6', "damaged"),
        ('"hold": 0.5', '"hold": NaN', "damaged"),
        ('"hold": 0.5', '"hold": -Infinity', "damaged"),
        ('"hold": 0.5', '"hold": 1e999', "hold"),
        ('"hold": 0.5', '"hold": ' + "9" * 5000, "damaged"),
        ('"hold": 0.5', '"hold": ' + "[" * 500 + "]" * 500, "hold"),
        ('"hold": 0.5', '"hold": ' + "[" * 200_000 + "]" * 200_000, "damaged"),
        ('"hold": 0.5', '"hold": ' + '{"a":' * 100_000 + "1" + "}" * 100_000, "damaged"),
        ('"why"', ", ".join(['"why"'] * 400_000), "larger"),
    ],
)
def test_text_that_no_writer_of_json_makes(tmp_path, content, old, new, says):
    text = json.dumps(content)
    assert text.count(old) == 1
    path = tmp_path / "a.style.json"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StyleError, match=says):
        read_style(path)


@pytest.mark.skipif(os.name == "nt", reason="special files of POSIX")
@pytest.mark.parametrize("kind", ["endless", "pipe"])
def test_what_is_no_file_is_not_read(tmp_path, kind):
    path = tmp_path / "a.style.json"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(StyleError, match="is no file"):
        read_style(path)
