"""The engines by name, for whoever offers them without making a take: no import, not even numpy."""

from collections.abc import Mapping

ENGINE_SUMMARIES: Mapping[str, str] = {
    "actor": "New motion as learned from many people, in the person's manner",
    "puppet": "New motion with the person's statistics",
    "replay": "The person's own recorded motion, put together anew",
}
"""What each of `engine.ENGINES` does, in the same order; the first is the default everywhere."""
