"""Figures of docs/talking_head.md, of the shipped character: tools/figures/portrait_pictures.py [-o docs/images].

Above what the analysis of the reference finds, below the head driven where the reference never was.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from matplotlib.figure import Figure

from mannerism.core import rotation as rot
from mannerism.core.motion import HeadMotion
from mannerism.core.portrait.analysis.cache import reference_person
from mannerism.core.portrait.driving.pose_correction import correct
from mannerism.core.portrait.driving.pose_limits import keep_in_range
from mannerism.core.portrait.model.person import Drive, Person
from mannerism.core.portrait.model.topology import topology
from mannerism.core.portrait.quality import artist_of
from mannerism.core.portrait.reference.identity import Reference
from mannerism.core.portrait.render.warp import vertices
from mannerism.core.progress import shown_progress
from mannerism.core.types import Array, ByteArray, IntArray
from mannerism.tools.figures.score_pictures import ROOT

_SIZE = 256
_ANGLES_DEG = np.array([[0, -26, 0], [0, -13, 0], [12, 0, 0], [0, 0, 12], [0, 13, 0], [0, 26, 0]])
"""Pitch, yaw and roll of the pictures below."""


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images")
    path = parser.parse_args().output / "talking_head.png"
    with shown_progress() as progress, TemporaryDirectory() as folder:
        person = reference_person(
            Reference.of(ROOT / "examples" / "reference.mp4"), _SIZE, Path(folder), progress
        )
        rows = [found(person), driven(person)]
    columns = max(len(row) for row in rows)
    figure = Figure(figsize=(columns * 1.6, len(rows) * 1.85), dpi=120, layout="compressed")
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for axes, (title, picture) in zip(grid.ravel(), [cell for row in rows for cell in row], strict=True):
        axes.imshow(picture)
        axes.set_title(title, fontsize=8)
        axes.set_axis_off()
    figure.savefig(path)
    print(path)


def found(person: Person) -> list[tuple[str, ByteArray]]:
    """What is known of one picture of the reference."""
    frame = len(person.clip) // 3
    picture = person.clip.pictures[frame]
    points = vertices(person, person.poses[frame : frame + 1], person.expression[frame : frame + 1]).seen[0]
    triangles = topology().triangles
    face = triangles[(triangles < len(person.mesh)).all(axis=1)]
    matte = np.repeat(person.matte[frame][..., None], 3, axis=2)
    cells = [
        ("a picture of the reference", np.asarray(picture)),
        ("the person's mesh", _lines(picture, points, face)),
        ("and what goes with it", _lines(picture, points, triangles)),
        ("matte", matte),
    ]
    if person.plate is not None:
        plate, seen = person.plate[..., :3], person.plate[..., 3:] / 255.0
        cells.append(("background that was seen", np.asarray(plate * seen + 40 * (1 - seen), np.uint8)))
    blank = np.full_like(picture, 255)
    return cells + [("", blank)] * (len(_ANGLES_DEG) - len(cells))


def driven(person: Person) -> list[tuple[str, ByteArray]]:
    """The head turned beyond what the reference shows, with its face at rest."""
    motion = HeadMotion(
        np.arange(len(_ANGLES_DEG)) / 2.0,
        rot.continuous(rot.from_euler(*np.radians(_ANGLES_DEG).T)),
        np.zeros((len(_ANGLES_DEG), 3)),
    )
    calm = np.repeat(np.median(person.expression, axis=0)[None], len(_ANGLES_DEG), axis=0)
    shown = keep_in_range(person, Drive(motion.time_s, person.stage.poses(motion), calm))
    artist = artist_of(person, "warp", 0.0, lambda _share, _what: None)
    drive, _ = correct(person, shown.drive, artist.pictures_of)
    draw = artist.pictures_of(drive)
    names = ("pitch", "yaw", "roll")
    cells = []
    for number, angles in enumerate(_ANGLES_DEG):
        axis = int(np.abs(angles).argmax())
        title = f"{names[axis]} {angles[axis]:+d}°, sure {shown.confidence[number]:.2f}"
        cells.append((title, draw(number)))
    return cells


def _lines(picture: ByteArray, points: Array, triangles: IntArray) -> ByteArray:
    drawn = np.array(picture)
    for corners in np.rint(points[triangles] * 16).astype(np.int32):
        cv2.polylines(drawn, [corners], isClosed=True, color=(0, 90, 120), lineType=cv2.LINE_AA, shift=4)
    return drawn


if __name__ == "__main__":
    main()
