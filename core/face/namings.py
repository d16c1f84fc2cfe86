"""Names of face curve sets: no import, not even numpy."""

from collections.abc import Mapping

NAMINGS: Mapping[str, str] = {
    "arkit": "the blend shapes of ARKit, such as jawOpen",
    "visemes": "the commonest visemes, such as viseme_aa",
    "livelink": "all columns of the app Live Link Face, with timecodes, which Unreal and MetaHuman take",
    "metahuman": "the controls of MetaHuman, such as CTRL_expressions_jawOpen",
    "vrm": "the expressions of VRM 1, such as aa and blinkLeft",
    "facefx": "the targets of FaceFX, such as open and PBM",
}
"""Each with what it names; the first is the default everywhere."""

DEFAULT_NAMING = next(iter(NAMINGS))
