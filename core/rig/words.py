"""What the words of a bone's name say of it: head or neck, a control or machinery, or a part of the face.

Tables of words. A further language is a word in a row.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .sides import side

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def _plain(text: str) -> str:
    """Without accents, so that `tête` is `tete`; other scripts stay themselves."""
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def _table(text: str) -> frozenset[str]:
    return frozenset(_plain(text).lower().split())


HEAD = _table(
    """head skull cranium kopf schädel tête crâne cabeza cráneo cabeça crânio testa cranio hoofd schedel huvud hode
    hoved pää głowa hlava голова череп глава baş kafa κεφάλι κεφαλή kefali fej đầu kepala atama
    頭 頭部 头 头部 머리 رأس سر ראש सिर หัว"""
)
NECK = _table(
    """neck hals nacken cou cuello pescoço collo nek kaula szyja krk шея boyun λαιμός laimos nyak gât cổ leher kubi
    cervical 首 頸 頚 颈 脖子 脖 목 رقبة عنق گردن צוואר गर्दन คอ"""
)
# On or about a head, but none: its end, its parts, what it wears, and what it looks at.
NO_HEAD = _table(
    """top end nub tip leaf tail fore eye eyes eyelid lid ear ears hair ponytail bang bangs jaw chin mouth lip lips tongue
    teeth tooth nose brow brows cheek face facial whisker horn antenna hat cap helmet helm mask glasses crown bow ribbon
    band gear set phone phones piece dress attach attachment attachpoint socket slot point mount marker item equip prop
    accessory acc target tgt look lookat aim pole camera cam light lamp flash hit hitbox box collider collision col
    trigger effect fx particle emitter spring physics phys jiggle shot locator 先 飾り"""
)
# Carries a bone for the rig's own ends; an animator moves something else.
MACHINERY = _table(
    """mch mech mechanism org hng hinge str stretch stretchy int tweak tw ik par parent grp group offset ofs zero zro null
    nul space spc sdk buffer buf follow ref reference proxy root rot loc pivot orient drv driver helper hlp wgt scale fix
    squash bend sys swing dummy lock local global world switch settings properties extra auto hold p"""
)
DEFORMING = _table("def deform bind bnd skin skn")
_HARMLESS = _table(
    """bone bones bn jnt joint jt ctrl ctl control controller con cnt fk main base mid center centre rig bip biped char
    character anim animation twist lower upper mixamorig"""
)
LIMBS = _table(
    """arm upperarm forearm shoulder clavicle collar hand wrist elbow leg thigh calf shin knee foot ankle toe upleg upperleg
    lowerleg wing finger thumb claw paw hoof 腕 肩 手 手首 足 ひじ ひざ 足首"""
)
HIPS = _table("hips hip pelvis waist センター 下半身 腰")
LEGS = _table("foot ankle toe heel paw hoof leg thigh calf shin knee upleg upperleg lowerleg 足 足首 ひざ")

_GLUED = sorted((word for word in HEAD | NECK if word.isascii() and len(word) > 3), key=len, reverse=True)
_PARTS = NO_HEAD | MACHINERY | DEFORMING | _HARMLESS
_LONG = 3  # letters of a word that is split off another; shorter ones are taken for a part of it


@lru_cache(maxsize=8192)
def words(bone: str) -> tuple[str, ...]:
    """The words of a name without its namespace, in lower case: `ns:DEF-HeadTop_End` is def, head, top, end."""
    name = _plain(re.split(r"[:|]", bone)[-1])
    return tuple(part for word in _WORD.findall(name) for part in _unglued(word.lower()))


def _unglued(word: str) -> tuple[str, ...]:
    """`headnub` as head and nub; a word that is none of both stays whole."""
    if word in _PARTS or word in HEAD or word in NECK:
        return (word,)
    for known in _GLUED:
        before, found, after = word.partition(known)
        if found and all(not part or part in _PARTS or len(part) < _LONG for part in (before, after)):
            return tuple(part for part in (before, known, after) if part)
    return (word,)


@dataclass(frozen=True)
class Name:
    """What the name of a bone of the body's centre says.

    machinery, deforming : it says that it is one of the rig's own
    strange : how many words it has that no other bone of the rig shares and no table holds
    """

    machinery: bool
    deforming: bool
    strange: int


def read_name(bone: str, of: frozenset[str], shared: Iterable[str] = ()) -> Name | None:
    """The name of a bone that is one of the things in the table `of`, HEAD or NECK; else None.

    shared : words of other bones' names, as a character's name in front of each
    """
    found = words(bone)
    if not of.intersection(found) or NO_HEAD.intersection(found) or side(bone) is not None:
        return None
    if of is NECK and HEAD.intersection(found):
        return None
    known = of | _PARTS | set(shared)
    strange = [word for word in found if word not in known and len(word) > 1 and not word.isdigit()]
    return Name(bool(MACHINERY.intersection(found)), bool(DEFORMING.intersection(found)), len(strange))


def is_limb(bone: str) -> bool:
    """Whether a name is that of a part of an arm or a leg, or of the hips."""
    found = set(words(bone))
    return bool(found & HIPS) or (side(bone) is not None and bool(found & LIMBS))
