"""What the animator can do, one action a file."""

from . import check_worker, encode_style, export, generate, remove_layer

CLASSES = (
    *check_worker.CLASSES,
    *encode_style.CLASSES,
    *generate.CLASSES,
    *remove_layer.CLASSES,
    *export.CLASSES,
)
