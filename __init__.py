"""Mannerism: head motion in the manner of one speaker, for any rig and any speech.

The functions of `core/api` and the types that they take and return are here, and load when they are first used.

    >>> import mannerism
    >>> motion = mannerism.generate("calm", "examples/line_1.wav", seed=7)
    >>> _ = mannerism.export("line_1.bvh", motion, fps=30)
"""

TYPE_CHECKING = False  # Blender looks at this module: nothing is imported, not even typing
if TYPE_CHECKING:
    from typing import Any

    from .core.api import (
        blend,
        coverage,
        donate,
        encode_style,
        export,
        face,
        generate,
        portrait,
        read_direction,
        read_motion,
        read_style,
        score,
        stream,
        styles,
        track,
        write_direction,
        write_face,
        write_style,
        write_track,
    )
    from .core.direct.direction import Direction, Gesture, Part, Pin
    from .core.direct.kept import Kept
    from .core.direct.strengths import Strengths
    from .core.donate.donation import Donation
    from .core.errors import CancelledError, DirectionError, MannerismError
    from .core.evaluate.score_pairs import PairScores
    from .core.face.curves import FaceCurves
    from .core.generate.engine import Engine
    from .core.generate.settings import GenerationSettings
    from .core.motion import HeadMotion, HeadPoseTrack, Progress
    from .core.portrait.model.request import PortraitResult
    from .core.portrait.preflight.coverage import Coverage
    from .core.speech.features import SpeechFeatures
    from .core.stream.stream import Stream
    from .core.style.schema import Style
    from .core.timing import FrameRate

    __version__: str

__all__ = [
    "CancelledError",
    "Coverage",
    "Direction",
    "DirectionError",
    "Donation",
    "Engine",
    "FaceCurves",
    "FrameRate",
    "GenerationSettings",
    "Gesture",
    "HeadMotion",
    "HeadPoseTrack",
    "Kept",
    "MannerismError",
    "PairScores",
    "Part",
    "Pin",
    "PortraitResult",
    "Progress",
    "SpeechFeatures",
    "Stream",
    "Strengths",
    "Style",
    "__version__",
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
    "register",
    "score",
    "stream",
    "styles",
    "track",
    "unregister",
    "write_direction",
    "write_face",
    "write_style",
    "write_track",
]

_MODULES = {
    "CancelledError": "errors",
    "Coverage": "portrait.preflight.coverage",
    "Direction": "direct.direction",
    "DirectionError": "errors",
    "Donation": "donate.donation",
    "Engine": "generate.engine",
    "FaceCurves": "face.curves",
    "FrameRate": "timing",
    "GenerationSettings": "generate.settings",
    "Gesture": "direct.direction",
    "HeadMotion": "motion",
    "HeadPoseTrack": "motion",
    "Kept": "direct.kept",
    "MannerismError": "errors",
    "PairScores": "evaluate.score_pairs",
    "Part": "direct.direction",
    "Pin": "direct.direction",
    "PortraitResult": "portrait.model.request",
    "Progress": "motion",
    "SpeechFeatures": "speech.features",
    "Stream": "stream.stream",
    "Strengths": "direct.strengths",
    "Style": "style.schema",
}
"""Module below `core` of each public type; functions are in `api`."""


def register() -> None:
    """Register the extension in Blender."""
    import gc

    # A collection walks through all objects of Blender's Python: a third of the time of importing some 200 modules.
    collects = gc.isenabled()
    gc.disable()
    try:
        from . import registration

        registration.register()
    finally:
        if collects:
            gc.enable()


def unregister() -> None:
    """Remove the extension from Blender."""
    from . import registration

    registration.unregister()


def __getattr__(name: str) -> "Any":
    """Load a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "__version__":
        value = import_module(".core.version", __name__).VERSION
    else:
        value = getattr(import_module(f".core.{_MODULES.get(name, 'api')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
