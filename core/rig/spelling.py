"""Names of bones in plain letters, and their parts."""

import re
import unicodedata

_WHOLE = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ı": "i", "ð": "d", "Ð": "D", "þ": "th"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss"}
)
"""Letters that no accent makes."""

PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|(?:[^\W\d_A-Za-z]|[\u0900-\u0dff\u0e00-\u0e7f])+")
"""Of plain text: a word, as capitals show it, a number, or letters of another script with their vowel signs."""


def plain(text: str) -> str:
    """Without accents and in letters of common width, so that `tête` is `tete`; other scripts stay themselves."""
    parts = unicodedata.normalize("NFKD", text.translate(_WHOLE))
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))
