"""What the animator can do, one action a file."""

from . import (
    blend_styles,
    check_worker,
    choose_built_in,
    encode_style,
    export,
    generate,
    generate_many,
    lines,
    remove_layer,
)

CLASSES = (
    *check_worker.CLASSES,
    *encode_style.CLASSES,
    *choose_built_in.CLASSES,
    *blend_styles.CLASSES,
    *generate.CLASSES,
    *lines.CLASSES,
    *generate_many.CLASSES,
    *remove_layer.CLASSES,
    *export.CLASSES,
)
