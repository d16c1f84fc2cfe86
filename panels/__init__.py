"""Panels of the sidebar's tab, in the order of the work."""

from . import (
    batch,
    direct,
    export,
    face,
    layers,
    main,
    motion,
    motion_presets,
    portrait,
    rig,
    shape,
    speech,
    style,
)

CLASSES = (
    *main.CLASSES,
    *style.CLASSES,
    *speech.CLASSES,
    *motion_presets.CLASSES,
    *motion.CLASSES,
    *direct.CLASSES,
    *rig.CLASSES,
    *face.CLASSES,
    *layers.CLASSES,
    *shape.CLASSES,
    *batch.CLASSES,
    *export.CLASSES,
    *portrait.CLASSES,
)
