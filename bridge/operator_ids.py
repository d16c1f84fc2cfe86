"""Ids of all operators: what panels, menus and the operators themselves refer to."""

ADD_FACE_NAME = "mannerism.add_face_name"
ADD_GAZE = "mannerism.add_gaze"
ADD_LINES = "mannerism.add_lines"
ATTEST_CONSENT = "mannerism.attest_consent"
BAKE = "mannerism.bake"
BLEND_STYLES = "mannerism.blend_styles"
CANCEL = "mannerism.cancel"
CHECK_RIG = "mannerism.check_rig"
CHECK_WORKER = "mannerism.check_worker"
CHOOSE_FILE = "mannerism.choose_file"
CHOOSE_BUILT_IN = "mannerism.choose_built_in"
CLEAR_LINES = "mannerism.clear_lines"
DELETE_STYLE = "mannerism.delete_style"
DRAW_TAKE = "mannerism.draw_take"
ENCODE_SCENE = "mannerism.encode_scene"
ENCODE_STYLE = "mannerism.encode_style"
EXPORT_STYLE = "mannerism.export_style"
FOLLOW = "mannerism.follow"
FILL_FACE_NAMES = "mannerism.fill_face_names"
FORGET_REFERENCE = "mannerism.forget_reference"
GENERATE = "mannerism.generate"
GENERATE_FACE = "mannerism.generate_face"
GENERATE_MANY = "mannerism.generate_many"
IMPORT_MOTION = "mannerism.import_motion"
IMPORT_STYLE = "mannerism.import_style"
LOAD_FACE_NAMES = "mannerism.load_face_names"
PORTRAIT = "mannerism.portrait"
PORTRAIT_CHECK = "mannerism.portrait_check"
RENAME_STYLE = "mannerism.rename_style"
REMOVE_FACE_NAME = "mannerism.remove_face_name"
REMOVE_FACE = "mannerism.remove_face"
REMOVE_GAZE = "mannerism.remove_gaze"
REMOVE_LAYER = "mannerism.remove_layer"
REMOVE_LINE = "mannerism.remove_line"
SHOW_NEXT = "mannerism.show_next"
USE_ARMATURE = "mannerism.use_armature"
SAVE_FACE_NAMES = "mannerism.save_face_names"


def export_id(suffix: str) -> str:
    """Id of the operator that exports the active layer in the format of a suffix, as `.bvh`."""
    return f"mannerism.export_{suffix.lstrip('.')}"


def character_export_id(preset: str) -> str:
    """Id of the operator that exports the active character by a preset, as `unity`."""
    return f"mannerism.export_character_{preset}"


def drop_id(field: str) -> str:
    """Id of the operator that puts a dropped file into a field, as `audio`."""
    return f"mannerism.drop_{field}"
