"""When a speaker object plays its sound."""

from typing import Any

from .translations import filled


def speaker_starts(speaker: Any) -> list[float]:
    """Frames at which a speaker object plays its sound, as its NLA has it, the first one first."""
    data = speaker.animation_data
    return sorted(
        float(strip.frame_start)
        for track in (data.nla_tracks if data else ())
        for strip in track.strips
        if strip.type == "SOUND" and not (track.mute or strip.mute)
    )


def played_again(speaker: Any) -> str:
    """A sentence where a speaker plays its sound more than once, of which a take is for the first time; "" elsewhere."""
    starts = speaker_starts(speaker)
    if len(starts) < 2:
        return ""
    return filled(
        "“{}” plays its sound {} times, and this take belongs to the first: use a speaker or a strip for each other one",
        speaker.name,
        len(starts),
    )
