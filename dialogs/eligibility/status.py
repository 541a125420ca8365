"""Whether a trial takes patients, and how fresh that knowledge is.

A route to a study centre needs a last status of *recruiting*, checked within 14 days, and a centre.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from dialogs.eligibility.criteria import Trial

__all__ = ["FRESH", "Openness", "Status", "status_on"]

#: How long a check of a trial's status may be relied upon.
FRESH = timedelta(days=14)


class Openness(Enum):
    """What a patient is told."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Status:
    """The openness of a trial, the day it was last checked, and by which source."""

    openness: Openness
    checked: date
    source: str

    @property
    def routes(self) -> bool:
        """Whether anyone may be shown the way to a study centre."""
        return self.openness is Openness.OPEN


@lru_cache(maxsize=64)  # every turn asks, and a service knows a few trials on one day
def status_on(trial: Trial, today: date) -> Status:
    """The status known on `today`: the last entry of the history that had been checked by then."""
    known = [entry for entry in trial.status if entry.checked <= today]
    last = max(known, key=lambda entry: (entry.day, entry.checked), default=None)
    if last is None:
        return Status(Openness.STALE, trial.status[0].checked, trial.status[0].source)
    if last.status == "closed":
        openness = Openness.CLOSED
    elif last.status == "suspended":
        openness = Openness.PAUSED
    elif today - last.checked > FRESH or not trial.centres:
        openness = Openness.STALE
    else:
        openness = Openness.OPEN
    return Status(openness, last.checked, last.source)
