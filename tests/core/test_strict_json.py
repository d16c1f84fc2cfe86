"""JSON that readers would differ over is refused."""

import pytest

from mannerism.core.strict_json import loads


def test_json_is_read():
    assert loads('{"a": [1, null, "ü"]}') == {"a": [1, None, "ü"]}
    assert loads(b"[1.5]") == [1.5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ("[NaN]", "NaN is no number"),
        ("[-Infinity]", "no number"),
        ("[" * 100_000, "too deeply"),
        ("{", "Expecting"),
        (b"\xff\xfe\xff", ""),
    ],
)
def test_anything_else_is_a_value_error(text, words):
    with pytest.raises(ValueError, match=words):
        loads(text)


@pytest.mark.parametrize("text", ["1e999", "[-1e999]"])
def test_numbers_beyond_the_range_are_refused_where_nobody_checks_each(text):
    loads(text)
    with pytest.raises(ValueError, match="1e999 is too large"):
        loads(text, finite=True)
    assert loads("[1.5, 2, -3e8]", finite=True) == [1.5, 2, -3e8]
