"""The sidebar's tab, in the order of the work."""

from . import export, layers, main, motion, speech, style

CLASSES = (
    *main.CLASSES,
    *style.CLASSES,
    *speech.CLASSES,
    *motion.CLASSES,
    *layers.CLASSES,
    *export.CLASSES,
)
