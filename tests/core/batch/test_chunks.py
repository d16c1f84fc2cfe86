"""Chunks read through an index are what a whole reading gives; the index is mistrusted wherever something has changed."""

import csv
import json
import os
import random

import pytest

from mannerism.core.batch import chunk as chunk_module
from mannerism.core.batch import rows as rows_module
from mannerism.core.batch.chunk import read_chunk
from mannerism.core.batch.given import Given
from mannerism.core.batch.manifest import read_manifest
from mannerism.core.errors import BatchError


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(chunk_module, "INDEXED_BYTES", 1)


def indices(folder):
    return list(folder.glob(".mannerism-*.index"))


def row(at, **changes):
    return {"id": f"l{at}", "audio": f"a{at}.wav", "style": "calm", "out": f"o/{at}.bvh"} | changes


def nasty(folder, count=60):
    """Rows of which many collide: in ids, in outputs, with inputs, through links, and with each other."""
    chance = random.Random(7)
    (folder / "o").mkdir()
    for at in range(count):
        (folder / f"a{at}.wav").write_text("x")
    (folder / "o" / "twin.bvh").hardlink_to(folder / "a3.wav")
    (folder / "o" / "linked.bvh").symlink_to(folder / "o" / "5.bvh")
    (folder / "o" / "loop.bvh").symlink_to(folder / "o" / "loop.bvh")
    (folder / "take.bvh").write_text("x")
    changes = [
        {},
        {},
        {"id": "l1"},
        {"out": "o/7.bvh"},
        {"out": "O/8.BVH"},
        {"out": "o/twin.bvh"},
        {"out": "o/linked.bvh"},
        {"out": "o/loop.bvh"},
        {"out": "../x.bvh"},
        {"audio": "take.bvh"},
        {"out": "take.bvh"},
        {"audio": "o/9.bvh"},
        {"style": "nobody"},
        {"seed": "x"},
        {"out": "e\u0301.bvh"},
        {"out": "é.bvh"},
    ]
    return [row(at, **chance.choice(changes)) for at in range(count)]


def write_jsonl(folder, rows):
    path = folder / "lines.jsonl"
    path.write_text("\n\n".join(map(json.dumps, rows)) + "\n{\n", encoding="utf-8-sig")
    return path


def write_table(folder, rows, encoding="utf-16", separator="\t"):
    path = folder / "lines.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(["Line ID", "WAV", "Style", "Out", "Seed", "Text", "Extra"])
        for at, each in enumerate(rows):
            text = f'“ü日本”,\r\nand "{at}";\n\n{"x" * (at % 7)}'
            writer.writerow(
                [each[key] for key in ("id", "audio", "style", "out")] + [each.get("seed"), text, "z"]
            )
    return path


def table_of_commas(folder, rows):
    return write_table(folder, rows, "utf-8-sig", ",")


def table_without_quotes(folder, rows):
    path = folder / "lines.tsv"
    text = ["id\taudio\tstyle\tout\ttext"]
    text += ["\t".join([*(each[key] for key in ("id", "audio", "style", "out")), '"Go"!']) for each in rows]
    path.write_text("\r\n".join(text), encoding="utf-8")
    return path


WRITERS = (write_jsonl, write_table, table_of_commas, table_without_quotes)


@pytest.mark.parametrize("write", WRITERS)
def test_all_chunks_are_the_whole(tmp_path, write, monkeypatch):
    path = write(tmp_path, nasty(tmp_path))
    whole = read_manifest(path)
    monkeypatch.setattr(chunk_module, "read_manifest", None)
    assert 10 < sum(bool(line.problem) for line in whole.lines) < 60, "both kinds are there"
    for count in (2, 7, 100):
        for index in range(count):
            part = read_chunk(path, (index, count))
            assert part.lines == whole.chunk(index, count).lines
            assert part.places == whole.chunk(index, count).places
            assert part.notes == whole.notes
    assert len(indices(tmp_path)) == 1


@pytest.mark.parametrize("write", WRITERS)
def test_a_chunk_reads_its_own_rows_alone(tmp_path, write, monkeypatch):
    path = write(tmp_path, [row(at) for at in range(40)])
    read_chunk(path, (0, 10))
    read = []
    at = rows_module.row_at
    monkeypatch.setattr(chunk_module, "row_at", lambda *place: read.append(place[-1]) or at(*place))
    monkeypatch.setattr(chunk_module, "read_manifest", None)
    monkeypatch.setattr(chunk_module, "write_index", None)
    assert [line.id for line in read_chunk(path, (3, 10)).lines] == ["l3", "l13", "l23", "l33"]
    assert len(read) == 4


def test_a_manifest_that_was_edited(tmp_path):
    """Of the same size, with the same time, in the middle: the row itself no longer fits."""
    path = write_jsonl(tmp_path, [row(at, out=f"o/{at:03}.bvh", text="x" * 500) for at in range(40)])
    read_chunk(path, (0, 4))
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"o/021.bvh", b"o/025.bvh"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [line.problem for line in read_chunk(path, (1, 4)).lines][5:7] == [
        "",
        read_manifest(path).lines[25].problem,
    ]
    assert read_manifest(path).lines[25].problem


def test_a_link_that_was_made_since(tmp_path):
    (tmp_path / "a2.wav").write_text("x")
    (tmp_path / "o").mkdir()
    path = write_jsonl(tmp_path, [row(at) for at in range(8)])
    assert read_chunk(path, (1, 4)).lines[0].problem == ""
    (tmp_path / "o" / "1.bvh").hardlink_to(tmp_path / "a2.wav")
    assert "a2.wav" in read_chunk(path, (1, 4)).lines[0].problem
    (tmp_path / "o" / "1.bvh").unlink()
    (tmp_path / "o" / "1.bvh").symlink_to("3.bvh")
    assert read_chunk(path, (1, 4)).lines == read_manifest(path).chunk(1, 4).lines


def test_a_status_is_not_overwritten(tmp_path):
    path = write_jsonl(tmp_path, [row(at) for at in range(8)])
    read_chunk(path, (1, 4))
    (tmp_path / "o").mkdir()
    (tmp_path / "lines.status-0-of-4.jsonl").write_text("")
    (tmp_path / "o" / "1.bvh").hardlink_to(tmp_path / "lines.status-0-of-4.jsonl")
    assert "of the batch itself" in read_chunk(path, (1, 4)).lines[0].problem


def test_another_way_of_reading_is_another_index(tmp_path):
    path = write_jsonl(tmp_path, [{key: row(at)[key] for key in ("id", "audio", "out")} for at in range(8)])
    assert "style" in read_chunk(path, (0, 2)).lines[0].problem
    assert read_chunk(path, (0, 2), given=Given(stated={"style": "calm"})).lines[0].problem == ""
    assert "style" in read_chunk(path, (0, 2)).lines[0].problem


@pytest.mark.parametrize("damage", [lambda index: index[:-3], lambda _: b"", lambda index: b"x" * len(index)])
def test_a_damaged_index_is_written_anew(tmp_path, damage):
    path = write_jsonl(tmp_path, nasty(tmp_path))
    wanted = read_chunk(path, (1, 3))
    (index,) = indices(tmp_path)
    index.write_bytes(damage(index.read_bytes()))
    assert read_chunk(path, (1, 3)) == wanted


def test_where_no_index_can_be_written_all_is_read(tmp_path, monkeypatch):
    path = write_jsonl(tmp_path, nasty(tmp_path))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(chunk_module, "write_index", full)
    assert read_chunk(path, (1, 3)).lines == read_manifest(path).chunk(1, 3).lines
    assert not list(tmp_path.glob(".mannerism-*"))


def test_a_bad_manifest_is_refused_through_an_index_too(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_bytes(b"id,audio\na,a.wav\nb,\xff.wav\n")
    with pytest.raises(BatchError, match="UTF-8"):
        read_chunk(path, (0, 2))


def test_rows_are_found_by_their_bytes(tmp_path):
    path = write_table(tmp_path, [row(at) for at in range(20)], "utf-8", ";")
    content = path.read_bytes()
    from mannerism.core.batch.form import form_of

    form = form_of(path, lambda: path.open("rb"))
    found = list(rows_module.rows_of(form))
    assert b"".join(content[each.start : each.start + each.length] for each in found) == content[form.start :]
