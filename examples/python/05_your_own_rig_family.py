"""Head and neck bones of a studio's own naming, found by a rig family of one row.

python examples/python/05_your_own_rig_family.py [FOLDER]
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from mannerism.core.rig import FAMILIES, Family, find_rig_map

OUT = Path(sys.argv[1] if len(sys.argv) > 1 else "out/python")
OUT.mkdir(parents=True, exist_ok=True)

# Each bone with its parent. The built-in families have none of these names, and there are no arms to go by.
BONES = {
    "root": None,
    "CTL_torso": "root",
    "CTL_nk_lo": "CTL_torso",
    "CTL_nk_hi": "CTL_nk_lo",
    "CTL_cranium": "CTL_nk_hi",
}

# Lower case, without punctuation; of the neck bones those that a rig has.
STUDIO = Family("Our studio's rigs", "ctlcranium", ("ctlnklo", "ctlnkhi"))

bones = find_rig_map(BONES, families=(*FAMILIES, STUDIO))
print(f"Head: {bones.head}. Neck: {', '.join(bones.neck)}.")
(OUT / "rig_map.json").write_text(json.dumps(asdict(bones), indent=1), encoding="utf-8")
