"""Lines of a batch on many machines, by Ray; for the Python of a farm, never inside Blender."""

from .ray_cluster import RayCluster

__all__ = ["RayCluster"]
