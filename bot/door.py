"""What a link to the service says: the group that shares it, or the study that it speaks of.

On Telegram `https://t.me/NAME?start=SLUG`, on the web `https://HOST/?c=SLUG`; or a study by its
number, `?start=t1` and `?t=1`. Neither tells somebody who sees the link what it is about, and what
is unknown begins normally.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ANYWHERE", "Entrance", "entrance", "study_of"]

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Entrance:
    """How somebody comes in: number of the trial (0: all) and of the campaign (0: none).

    `language` is that of the first screen; nothing for the reader's own.
    """

    trial: int = 0
    campaign: int = 0
    language: str = ""


#: Of a link that says nothing.
ANYWHERE = Entrance()


def study_of(payload: str) -> int:
    """The number of the study in what follows `/start`, or `t`; 0 when there is none."""
    digits = payload.strip().removeprefix("t")
    known = len(digits) <= _DIGITS and digits.isascii() and digits.isdecimal()
    return int(digits) if known else 0


def entrance(payload: str, known: Mapping[str, Entrance]) -> Entrance:
    """The entrance of a link; `known` has those of groups by their slug, in small letters."""
    group = known.get(payload.strip().lower())
    return Entrance(study_of(payload)) if group is None else group
