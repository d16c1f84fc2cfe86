"""What the words of a bone's name say of it: head or neck, a control or machinery, or a part of the face.

Tables of words. A further language is a word in a row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .sides import side, without_side
from .spelling import PART, plain


def _table(text: str) -> frozenset[str]:
    return frozenset(plain(text).lower().split())


HEAD = _table(
    """head skull cranium kopf schädel schaedel tête crâne cabeza cráneo cabeça crânio testa cranio hoofd schedel huvud hode
    hoved pää głowa hlava голова череп глава kafa κεφάλι κεφαλή kefali fej đầu kepala atama
    glava galva tou 頭 頭部 あたま アタマ ヘッド 頭骨 头 头部 头骨 头部骨骼 头骨骼 脑袋 머리 머리뼈 헤드 голови головы głowy hlavy رأس سر ראש सिर หัว"""
)
NECK = _table(
    """neck hals nacken cou cuello pescoço collo nek kaula szyja krk шея boyun λαιμός laimos nyak gât cổ leher kubi
    cervical vrat шия врат 首 頸 頚 颈 颈部 頸部 頚部 脖子 脖 くび ネック 목 넥 رقبة عنق گردن צוואר गर्दन คอ"""
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
LEGS = _table(
    """foot ankle toe heel paw hoof leg thigh calf shin knee upleg upperleg lowerleg 足 足首 ひざ 膝 脚 腿 大腿 小腿 脚踝 다리 무릎 발
    발목 허벅지 종아리 fuss bein oberschenkel unterschenkel knie pied jambe cuisse genou pie pierna muslo rodilla pe perna coxa joelho
    piede gamba coscia ginocchio нога ступня стопа бедро голень колено noga stopa udo ben fot been voet ayak bacak"""
)
LIMBS = LEGS | _table(
    """arm upperarm forearm shoulder clavicle collar hand wrist elbow wing finger thumb claw 腕 肩 手 手首 ひじ 肘 上臂 前臂 臂
    어깨 팔 손 schulter schlüsselbein oberarm unterarm finger épaule clavicule bras avantbras main hombro clavícula brazo
    antebrazo mano ombro braço antebraço mão spalla clavicola braccio avambraccio плечо предплечье ключица рука кисть
    bark ramię dłoń ręka schouder bovenarm onderarm omuz kol"""
)
EYES = _table(
    """eye eyeball 目 眼 眼睛 眼球 눈 auge oeil yeux ojo olho occhio глаз око oko oog oga oje goz mata me"""
)
FACE = _table(
    """face eyes nose jaw mouth chin muzzle snout beak teeth tongue lip lips 鼻 口 顎 あご 下巴 嘴 코 턱 입 nase kiefer mund kinn nez machoire
    bouche nariz mandibula boca naso mascella bocca нос челюсть рот"""
)
HIPS = _table(
    """hips hip pelvis waist センター 下半身 腰 骨盆 골반 таз becken hüfte bassin hanches cadera pelvis quadril bacia bacino miednica
    bekken höft kalça pánev"""
)

_GLUED = sorted((word for word in HEAD | NECK if word.isascii() and len(word) > 3), key=len, reverse=True)
_PARTS = NO_HEAD | MACHINERY | DEFORMING | _HARMLESS
_LONG = 3  # letters of a word that is split off another; shorter ones are taken for a part of it


@lru_cache(maxsize=8192)
def words(bone: str) -> tuple[str, ...]:
    """The words of a name without its namespace, in lower case: `ns:DEF-HeadTop_End` is def, head, top, end."""
    name = plain(re.split(r"[:|]", bone)[-1])
    return tuple(part for word in PART.findall(name) for part in _unglued(word.lower()))


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
    if not of.intersection(found) or (NO_HEAD | LIMBS).intersection(found) or side(bone) is not None:
        return None
    if of is NECK and HEAD.intersection(found):
        return None
    known = of | _PARTS | set(shared)
    strange = [word for word in found if word not in known and len(word) > 1 and not word.isdigit()]
    return Name(bool(MACHINERY.intersection(found)), bool(DEFORMING.intersection(found)), len(strange))


def is_limb(bone: str, sides: Mapping[str, str]) -> bool:
    """Whether a name is that of a part of an arm or a leg, or of the hips.

    sides : of the rig's bones, see `sides.sides`
    """
    found = set(words(without_side(bone)))
    return bool(found & HIPS) or (bone in sides and bool(found & LIMBS))


def is_eye(bone: str) -> bool:
    """Whether a name is that of one eye, and not of its lid, its brow or what it looks at."""
    found = [word for word in words(without_side(bone)) if len(word) > 1 or not word.isascii()]
    found = [word for word in found if not word.isdigit() and word not in _HARMLESS | DEFORMING]
    return bool(found) and found[-1] in EYES


def is_in_front(bone: str) -> bool:
    """Whether a name is that of an eye, the nose, the jaw or another part of the face."""
    return is_eye(bone) or bool(FACE.intersection(words(without_side(bone))))
