"""The sidebar's tab, in the order of the work."""

from . import batch, export, layers, main, motion, rig, speech, style

CLASSES = (
    *main.CLASSES,
    *style.CLASSES,
    *speech.CLASSES,
    *motion.CLASSES,
    *rig.CLASSES,
    *layers.CLASSES,
    *batch.CLASSES,
    *export.CLASSES,
)
