"""Rows of a manifest that ask for a head, a face and a film of one sound."""

import json

from mannerism.core.batch.manifest import read_manifest
from mannerism.core.batch.manifest_row import each_file

ROW = {"id": "a", "audio": "a.wav", "style": "calm", "out": "a.bvh"}
FACE = ROW | {"face": "a.face.csv"}
BOTH = FACE | {"portrait": "a.mp4", "reference": "ada.mp4"}


def write(folder, *rows):
    path = folder / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def files(folder, *rows, **options):
    return list(each_file(read_manifest(write(folder, *rows), **options).lines))
