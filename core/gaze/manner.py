"""Manner of gaze: how often and where eyes look away, and how they move while they stay."""

from dataclasses import dataclass, replace
from math import radians

_HALF_KNOWN_S = 6.0  # of a recording: what it says of the share counts as much as what people do
_MOST = 0.6
_PAUSES = 1.2  # how much likelier pauses make it that eyes are averted, over a speech


@dataclass(frozen=True)
class GazeManner:
    """Parameters of gaze; the defaults are those of people in general, talking to a camera.

    Chosen so that windows of web video of persons are hardly distinguished from eyes made for their heads (`make
    gaze-score`). Angles in radians, to the side and up.

    away_per_s : aversions that begin in a second of contact, in mid-speech with a still head
    away_s : mean length of an aversion in mid-speech
    away_rad : median angle of an aversion; its logarithm has the standard deviation `away_log_sd`
    away_directions : shares of left, left-up, up and so on counter-clockwise as the subject sees it
    small_per_s : small saccades in a second of contact; `small_rad` is how far apart they land
    rest_per_s : how often the place in the other's face changes about which they land, within `rest_rad`
    wander_per_s : saccades in a second of an aversion, which land within `wander_rad`
    reach_rad : how far eyes turn in the head before the head carries them along
    away_varies, small_varies : standard deviation of the logarithm of how often looks away, and small saccades, begin:
        over people, and over stretches of a take, see `pace.py`
    """

    away_per_s: float = 0.085
    away_s: float = 1.05
    away_rad: float = radians(14.5)
    away_log_sd: float = 0.5
    away_directions: tuple[float, ...] = (0.33, 0.10, 0.05, 0.06, 0.26, 0.08, 0.07, 0.05)
    small_per_s: float = 0.7
    small_rad: tuple[float, float] = (radians(0.9), radians(1.0))
    rest_per_s: float = 0.13
    rest_rad: tuple[float, float] = (radians(1.7), radians(1.6))
    wander_per_s: float = 1.1
    wander_rad: tuple[float, float] = (radians(1.6), radians(2.0))
    reach_rad: tuple[float, float] = (radians(27.0), radians(21.6))
    away_varies: float = 1.4
    small_varies: float = 0.6

    def with_share(self, share: float, seconds: float, likelier: float = 1.0) -> "GazeManner":
        """The manner of a person who looks away in this share, 0 to 1, of a recording of so many seconds.

        The share is drawn towards what people in general do with such a head by how little the recording says (its
        reliability is 0.83 at 7 s and 0.91 at 15 s), and the odds of being averted go with it. So does what is left open:
        takes differ the less, the more is known.

        likelier : mean of `evoked` over the head in the recording: its turns account for so much of the share
        """
        usual_odds = self.away_per_s * self.away_s * _PAUSES * likelier
        weight = seconds / (seconds + _HALF_KNOWN_S)
        personal = min(weight * share + (1.0 - weight) * usual_odds / (1.0 + usual_odds), _MOST)
        return replace(
            self,
            away_per_s=self.away_per_s * personal / (1.0 - personal) / usual_odds,
            away_varies=self.away_varies * (1.0 - weight),
        )
