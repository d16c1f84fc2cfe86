"""The version of the package, the same in pyproject.toml and blender_manifest.toml."""

VERSION = "0.1.0"
