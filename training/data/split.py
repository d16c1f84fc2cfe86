"""Split of persons into training, validation and test: training/data/split.py CLIPS_DIR -o training/data/split.json.

The split is drawn once from the catalogue alone, before anything is trained or measured, and then frozen:

1. A person may judge if a reference of 7 s and a target of 6 s can be cut from their material: two
   sessions with clips of 8 s and 6 s, or one clip of 15 s. All others are trained on.
2. A person with five sessions or more is trained on: several sessions of one person are scarce, and teach
   most, while a judge counts as one however long they speak.
3. The others fall into strata: one or several sessions, and the commonest source among their clips; sources
   with fewer than five such persons form one stratum.
4. Within a stratum persons are ordered by the SHA-256 of “mannerism split 1: ” and their id. The first
   ones go to test, the next to valid, the rest to train: of persons with several sessions 75 % and 25 %, of
   the others 20 % and 10 %, rounded to whole persons.

The file holds clip ids only. Persons without a clip in it are trained on.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mannerism.core.errors import MannerismError
from mannerism.core.files import write_json
from mannerism.training.data.catalogue import Clip, find_clips
from mannerism.training.data.dataset import DatasetError

FROZEN = Path(__file__).with_name("split.json")
SHARES = {True: {"test": 0.75, "valid": 0.25}, False: {"test": 0.20, "valid": 0.10}}
"""Of persons with several sessions, and of the others."""

_SALT = "mannerism split 1: "
_REFERENCE_S, _TARGET_S, _BOTH_S = 8.0, 6.0, 15.0
_SMALL = 5
_MANY = 5


@dataclass(frozen=True)
class Split:
    """Parts of persons by their clips; whoever is not named is trained on."""

    part_of_clip: Mapping[str, str]

    def parts(self, clips: Iterable[Clip]) -> dict[str, str]:
        """The part of each person of `clips`. Raises DatasetError where a person would be in two parts."""
        found: dict[str, set[str]] = defaultdict(set)
        for clip in clips:
            found[clip.person].add(self.part_of_clip.get(clip.id, "train"))
        for person, parts in found.items():
            if len(parts) > 1:
                raise DatasetError(
                    f"The split puts clips of “{person}” into {' and '.join(sorted(parts))}",
                    "Name all clips of a person in one part",
                )
        return {person: parts.pop() for person, parts in found.items()}


def read_split(path: Path = FROZEN) -> Split:
    """A split that was drawn before. Raises DatasetError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Split({clip: part for part in ("test", "valid") for clip in content[part]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"“{path}” is no split ({error})", "Draw one with training/data/split.py"
        ) from error


def draw(clips: Iterable[Clip]) -> Split:
    """The split of a catalogue by the rule in this module's head."""
    persons: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        persons[clip.person].append(clip)
    able = {person: own for person, own in persons.items() if _may_judge(own)}
    sources = {
        person: Counter(clip.source for clip in own).most_common(1)[0][0] for person, own in able.items()
    }
    several = {person: len({clip.session for clip in own}) > 1 for person, own in able.items()}
    sizes = Counter(sources.values())
    strata: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for person in sorted(able, key=_order):
        source = sources[person] if sizes[sources[person]] >= _SMALL else "small"
        strata[several[person], source].append(person)
    part: dict[str, str] = {}
    for (more, _), members in strata.items():
        last = 0.0
        for name, share in SHARES[more].items():
            first, last = last, last + share * len(members)
            part |= dict.fromkeys(members[round(first) : round(last)], name)
    return Split({clip.id: part[person] for person in part for clip in able[person]})


def _may_judge(own: list[Clip]) -> bool:
    longest: dict[str, float] = defaultdict(float)
    for clip in own:
        longest[clip.session] = max(longest[clip.session], clip.seconds)
    if len(longest) >= _MANY:
        return False
    lengths = sorted(longest.values(), reverse=True)
    apart = len(lengths) > 1 and lengths[0] >= _REFERENCE_S and lengths[1] >= _TARGET_S
    return apart or lengths[0] >= _BOTH_S


def _order(person: str) -> str:
    return hashlib.sha256((_SALT + person).encode()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path, help="folder of videos whose catalogue holds their seconds")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path)
    arguments = parser.parse_args()
    try:
        clips = find_clips(arguments.clips, arguments.catalogue)
        parts = draw(clips).part_of_clip
    except MannerismError as error:
        print(error, file=sys.stderr)
        return 2
    write_json(
        arguments.out,
        {name: sorted(clip for clip, part in parts.items() if part == name) for name in ("test", "valid")},
    )
    counts = Counter({clip.person: parts.get(clip.id, "train") for clip in clips}.values())
    print(", ".join(f"{name}: {counts[name]} persons" for name in ("train", "valid", "test")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
