"""Names of head and neck bones in the rigs that people use. A new family is one row."""

import re
from dataclasses import dataclass

PREFIX = re.compile(r"^(?:.*[:|])?(?:mixamorig\d*[:_]?)?(?:bip\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Family:
    """Bone names as `normalized` gives them; of `neck` those that a rig has."""

    rigs: str
    head: str
    neck: tuple[str, ...]


FAMILIES = (
    # What an animator moves comes before what deforms: the first row with a head and a neck wins.
    Family(
        "Rigify controls, Mixamo, HumanIK, Ready Player Me, Unreal, MetaHuman, MakeHuman, Daz, Biped",
        "head",
        (
            *("neck", "neck01", "neck02", "neck03"),
            *("neck1", "neck2", "necklower", "neckupper"),
        ),
    ),
    Family("Auto-Rig Pro controls", "cheadx", ("csubneck01x", "cneckx")),
    Family("VRM, VRoid", "jbipchead", ("jbipcneck",)),
    Family("Reallusion CC, ActorCore", "ccbasehead", ("ccbasenecktwist01", "ccbasenecktwist02")),
    Family("Auto-Rig Pro deform", "headx", ("neckx",)),
    Family("Rigify deform", "defspine006", ("defspine004", "defspine005")),
    Family("Rigify meta-rig", "spine006", ("spine004", "spine005")),
)


def normalized(bone: str) -> str:
    """Lower case without namespace, the prefixes of Mixamo and Biped, and punctuation.

    `rig:mixamorig7:Head` and `Bip001 Head` become `head`; `HeadTop_End` stays itself.
    """
    return re.sub(r"[^a-z0-9]", "", PREFIX.sub("", bone).lower())
