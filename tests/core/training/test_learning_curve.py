"""The learning curve: scorecards of engines that learned from more and more persons."""

import json

import pytest

from mannerism.tools.figures.learning_curve import CurveError, draw, read_point, table


def write_card(path, auc):
    figures = {"style_id": [auc, auc - 0.1, auc + 0.1], "c2st": [0.6, 0.5, 0.7], "kin": [1.2, 1.0, 1.4]}
    rows = [{"system": name, "kind": "same", "figures": figures} for name in ("real", "puppet", "learned")]
    path.write_text(json.dumps({"engine": "learned", "rows": rows}), encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_picture_and_a_line_a_scorecard(tmp_path):
    points = [read_point(f"{n}={write_card(tmp_path / f'{n}=ä.json', n / 100)}") for n in (60, 80)]
    draw(points, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    lines = table(points).lines
    assert [line[:3] for line in lines[1:]] == [
        ["60", "the same recording", "0.60 [0.50, 0.70]"],
        ["80", "the same recording", "0.80 [0.70, 0.90]"],
    ]


@pytest.mark.parametrize("content", ["", "[]", '{"rows": [{}]}', "{"])
def test_what_is_no_scorecard_is_refused(tmp_path, content):
    path = tmp_path / "card.json"
    path.write_text(content, encoding="utf-8")
    for given in (f"10={path}", f"many={write_card(tmp_path / 'good.json', 0.6)}", "10", "10=missing.json"):
        with pytest.raises(CurveError):
            read_point(given)
