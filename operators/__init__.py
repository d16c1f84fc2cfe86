"""What the animator can do, one action a file."""

from . import check_worker, encode_style, export, generate, generate_many, lines, remove_layer

CLASSES = (
    *check_worker.CLASSES,
    *encode_style.CLASSES,
    *generate.CLASSES,
    *lines.CLASSES,
    *generate_many.CLASSES,
    *remove_layer.CLASSES,
    *export.CLASSES,
)
