"""The public functions of the package, as `import mannerism` has them. Each loads what it needs when it is called.

Paths are given as text or as `pathlib.Path`. Wherever a style is taken, so are a `Style`, a style file and the name of a
built-in style. Rotations are in the head frame of `rotation.py`.
"""

from .direction import read_direction, write_direction
from .donating import donate
from .face_curves import face, write_face
from .motion import export, generate, read_motion
from .scoring import score
from .streaming import stream
from .style import blend, encode_style, read_style, styles, write_style
from .talking_head import coverage, portrait
from .tracking import track, write_track

__all__ = [
    "blend",
    "coverage",
    "donate",
    "encode_style",
    "export",
    "face",
    "generate",
    "portrait",
    "read_direction",
    "read_motion",
    "read_style",
    "score",
    "stream",
    "styles",
    "track",
    "write_direction",
    "write_face",
    "write_style",
    "write_track",
]
