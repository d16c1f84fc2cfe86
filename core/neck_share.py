"""How much of a head's rotation the neck takes where nobody says: no import, so that `--help` can name it."""

NECK_SHARE = 0.3
