"""Script of the example: lines of the synthetic speaker and her colleague, and their voices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Sentences of one sound file: one voice of Praat's synthesiser, `pause_s` seconds between two."""

    name: str
    voice: str
    words_per_minute: int
    pitch: float
    sentences: tuple[str, ...]
    lead_s: float = 0.4
    pause_s: float = 0.45
    tail_s: float = 0.7


# Rich in p, b and m: lips that truly close are what one looks at first.
REFERENCE = Line(
    name="reference",
    voice="Female1",
    words_per_minute=184,
    pitch=1.0,
    sentences=(
        "My mother kept the lamp in the lighthouse at Pebble Bay.",
        "Every morning, before breakfast, she climbed up ninety steps and polished the big brass bell.",
        "Now I keep it, and maybe, somebody out there is happy about the beam.",
    ),
)

LINES = (
    Line(
        name="line_1",
        voice="Female1",
        words_per_minute=184,
        pitch=1.0,
        sentences=("Please remember to bring a map, a blanket, and plenty of patience.",),
    ),
    Line(
        name="line_2",
        voice="Female1",
        words_per_minute=186,
        pitch=1.05,
        sentences=(
            "That is not what I meant at all!",
            "I only said the fog might move in by the evening, so let us hurry.",
        ),
    ),
    Line(
        name="line_3",
        voice="Male1",
        words_per_minute=172,
        pitch=1.0,
        sentences=(
            "Captain, a small boat passed the harbour mouth a moment ago.",
            "Shall we light the lamp?",
        ),
    ),
)
