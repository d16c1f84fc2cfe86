"""Kinds of findings: the one table that the page's legend, the table, the exit status and the documentation go by."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of finding.

    label : on the page
    meaning : its definition, with figures and thresholds
    acts : whether it is something to act on, so that the exit status is 1, unless `--fail-on` says otherwise
    is_state : whether it says what is at the place of the line's file; the first of these is the state of a line
    """

    label: str
    meaning: str
    acts: bool = True
    is_state: bool = False


@dataclass(frozen=True)
class Finding:
    """Something about a line.

    kind : a key of KINDS
    detail : a sentence, or empty
    """

    kind: str
    detail: str = ""


def said(sentence: str) -> str:
    """A message of a status file, in one line and not longer than a report shows."""
    sentence = " ".join(sentence.split())
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}…"


DONE = "done"

_LONGEST = 1000

STALEST_S = 2.0
"""Seconds by which a source must be newer than the motion to be named; file systems keep times that coarsely."""
LENGTH_S = 0.25
QUIET_DB, QUIETER_DB = -45.0, 15.0
FLAT_TOPS = 3
STILL_SHARE, WILD_TIMES = 0.25, 3.0
PEER_Z, PEER_TIMES, LEAST_PEERS = 3.5, 2.0, 8
LEAST_MAD = 0.2
OFF_STYLE = 3.0
JUMP_DEG_S = 700.0

KINDS: Mapping[str, Kind] = {
    "failed": Kind("failed", "The last run could not make the line; its message says why.", is_state=True),
    "not-run": Kind("not run", "No status file has a row of this line.", is_state=True),
    "missing": Kind("missing", "The file was made, and is gone.", is_state=True),
    "damaged": Kind(
        "damaged",
        "The file is empty, or ends before its end: by a broken copy, or by somebody who cut it.",
        is_state=True,
    ),
    "exchanged": Kind(
        "exchanged",
        "The file is one that the batch made for another line, or in an earlier run of this one.",
        is_state=True,
    ),
    "foreign": Kind(
        "foreign",
        "A file that no batch has written is in the place of the line’s; the next run keeps it under another name.",
        is_state=True,
    ),
    "edited": Kind(
        "edited",
        "The file was edited after it was made; the batch keeps it.",
        acts=False,
        is_state=True,
    ),
    "stale": Kind(
        "stale",
        "The sound, the style, the settings, the weights or the version have changed since the file was made: the "
        "digest over all of them is not that of the status. A source is named where its file is newer than the motion.",
        is_state=True,
    ),
    "no-style": Kind("no style", "The style file is missing or cannot be read."),
    "no-source": Kind(
        "no source",
        "Another file that the line reads, its skeleton, direction or reference, is missing or cannot be read.",
    ),
    "no-sound": Kind("no sound", "The sound file is missing, holds no sound, or cannot be read."),
    "silent": Kind(
        "silent", "The sound has no block of 0.4 s above −70 dB of full scale (gate of ITU-R BS.1770)."
    ),
    "quiet": Kind(
        "quiet",
        f"The gated level of the sound is below −{-QUIET_DB:.0f} dB of full scale, or {QUIETER_DB:.0f} dB below the median "
        "of all lines. Gate as in ITU-R BS.1770, without its weighting of frequencies.",
        acts=False,
    ),
    "clipped": Kind(
        "clipped",
        f"At {FLAT_TOPS} or more places three or more neighbouring samples lie at the peak of the sound (or at full "
        "scale), and the peak is above −20 dB.",
        acts=False,
    ),
    "length": Kind(
        "wrong length",
        f"The motion is more than {LENGTH_S:g} s and a frame shorter or longer than the sound.",
    ),
    "still": Kind(
        "too still",
        f"The head’s speed is below {STILL_SHARE:g} of the style’s, or far below that of the other lines of the style.",
        acts=False,
    ),
    "wild": Kind(
        "too wild",
        f"The head’s speed is above {WILD_TIMES:g} times the style’s, or far above that of the other lines of the style.",
        acts=False,
    ),
    "jump": Kind(
        "jump",
        f"Between two frames the head turns faster than {JUMP_DEG_S:.0f}° a second, which people hardly do.",
        acts=False,
    ),
    "off-style": Kind(
        "off the style",
        "Size and speed of the movement in pitch, yaw and roll are, as root mean square, more than "
        f"{OFF_STYLE:g} standard deviations from the style’s.",
        acts=False,
    ),
    "duplicate": Kind(
        "duplicate",
        "Another line’s sound file has the same bytes under another name, or another line’s motion file has the same bytes.",
        acts=False,
    ),
    "unmeasured": Kind(
        "not measured",
        "The motion cannot be read back: it is damaged, or shorter than half a second.",
        acts=False,
    ),
}
"""Kinds of findings by name. What is a state comes first, in the order in which one decides."""

ACTING = frozenset(name for name, kind in KINDS.items() if kind.acts)
"""Kinds that make the exit status 1 by default."""

FIGURES: Mapping[str, str] = {
    "sound": "length of the sound in seconds",
    "motion": "length of the motion in seconds: time of its last row",
    "level": "gated level of the sound, dB of full scale",
    "peak": "largest sample of the sound, dB of full scale",
    "size": "size of the movement in degrees: root of the summed squares of the standard deviations in pitch, yaw, roll",
    "speed": "degrees a second: root of the summed squares of the mean speeds in pitch, yaw, roll, at 25 Hz below 5.5 Hz",
    "× style": "speed over that of the style at the line’s intensity and personality",
    "z lines": "robust z-score of ln(× style) among the lines of one style: 0.6745 · (value − median) / MAD, MAD at "
    f"least {LEAST_MAD:g} (Iglewicz and Hoaglin 1993); far is beyond ±{PEER_Z:g} and {PEER_TIMES:g} times the median, from "
    f"{LEAST_PEERS} lines on",
    "z style": "root mean square of the deviations of ln(size) and ln(speed) in the three axes from the style’s, each in "
    "standard deviations that one person’s recordings of this length have",
}
"""The figures of a line, each with its definition."""
