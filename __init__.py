"""Mannerism: head motion in the manner of one speaker, for any rig and any speech."""


def register() -> None:
    """Register the extension in Blender."""
    from . import registration

    registration.register()


def unregister() -> None:
    """Remove the extension from Blender."""
    from . import registration

    registration.unregister()
