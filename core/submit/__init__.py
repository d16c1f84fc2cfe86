"""A batch as a job of a render farm: one text for each farm, which its own program submits."""

from .farms import FARMS, Farm, FarmJob

__all__ = ["FARMS", "Farm", "FarmJob"]
