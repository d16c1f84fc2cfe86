"""Operators of the extension, one action a file."""

from . import (
    attest_consent,
    blend_styles,
    check_worker,
    choose_built_in,
    encode_style,
    export,
    face,
    forget_reference,
    generate,
    generate_many,
    import_motion,
    lines,
    portrait,
    portrait_check,
    remove_layer,
    use_armature,
)

CLASSES = (
    *check_worker.CLASSES,
    *encode_style.CLASSES,
    *choose_built_in.CLASSES,
    *blend_styles.CLASSES,
    *generate.CLASSES,
    *lines.CLASSES,
    *generate_many.CLASSES,
    *import_motion.CLASSES,
    *face.CLASSES,
    *remove_layer.CLASSES,
    *use_armature.CLASSES,
    *export.CLASSES,
    *portrait.CLASSES,
    *portrait_check.CLASSES,
    *attest_consent.CLASSES,
    *forget_reference.CLASSES,
)
