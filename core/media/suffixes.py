"""Suffixes of sound files: no import, since Blender asks for them when the extension is enabled."""

SOUNDS = (
    ".wav",
    ".flac",
    ".ogg",
    ".mp3",
    ".m4a",
    ".aac",
    ".opus",
    ".oga",
    ".aiff",
    ".aif",
    ".caf",
    ".wma",
    ".amr",
    ".ac3",
    ".m4b",
    ".mka",
    ".wv",
    ".webm",
)
"""What counts as a sound in a folder; a manifest may name any file."""
