"""Look of rendered frames: how much of a single picture of the reference each frame keeps.

A fade of several pictures is calm, and softer and smoother in time than any of them: grain, pores and teeth are
averaged away. Broad bands may fade while the finest one is a single picture's, as in multiresolution blending
(Burt and Adelson, "A multiresolution spline", 1983), here over time.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Doses from 0 to 1; without any of them frames are faded throughout.

    detail : of the finest band from the one picture that fits best, in place of the fade's
    mouth : of what is between the lips from one picture, and of the lips' own detail
    lips : how strictly the picture for the mouth has lips as far open as asked for
    edges : how far edges that the mesh draws are smoothed where it is folded or squeezed, which leaves them ragged
    eyes : how far the eyes' part is moved to where the frame around it has the same brows and rims of glasses
    cuts : how far pictures of the person that have nothing in common, a hand here and none there, are cut instead of faded
    background : of what moves behind the person, in place of a background that stands still
    """

    detail: float = 0.0
    mouth: float = 0.0
    lips: float = 0.0
    edges: float = 0.0
    eyes: float = 0.0
    cuts: float = 0.0
    background: float = 0.0


FADED = Look()
"""For measuring pixels against pixels, where calm counts."""
FILM = Look(detail=1.0, mouth=1.0, lips=1.0, edges=1.0, eyes=1.0, cuts=1.0, background=1.0)
"""For looking at."""
