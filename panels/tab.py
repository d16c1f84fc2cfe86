"""Base of all panels."""

import bpy


class Tab(bpy.types.Panel):
    """Base of a panel in the sidebar's tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Mannerism"
