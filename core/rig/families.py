"""Heads and necks whose names do not say what they are. A new family is one row."""

import re
from dataclasses import dataclass

PREFIX = re.compile(r"^(?:.*[:|])?(?:mixamorig\d*[:_]?)?(?:bip\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Family:
    """Bone names as `normalized` gives them; of `neck` those that a rig has."""

    rigs: str
    head: str
    neck: tuple[str, ...] = ()


# What an animator moves comes before what deforms. Names with a word for head are in `words.py`.
FAMILIES = (
    Family("Rigify meta-rig", "spine006", ("spine004", "spine005")),
    Family("Rigify deform", "defspine006", ("defspine004", "defspine005")),
    Family("Rigify mechanism", "orgspine006", ("orgspine004", "orgspine005")),
)


def normalized(bone: str) -> str:
    """Lower case without namespace, the prefixes of Mixamo and Biped, and punctuation.

    `rig:mixamorig7:Head` and `Bip001 Head` become `head`; `HeadTop_End` stays itself.
    """
    return re.sub(r"[^a-z0-9]", "", PREFIX.sub("", bone).lower())
