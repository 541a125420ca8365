"""Whether a trial takes patients, and how fresh that knowledge is.

A route to a study centre needs a last status of *recruiting*, checked within 14 days, and a centre.
Each source counts with its newest word; when sources disagree, the stricter one wins. A source that
no longer knows says nothing: it takes back what it said before, and contradicts nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from urllib.parse import urlsplit

from dialogs.eligibility.criteria import Trial
from dialogs.trialfile import StatusEntry

__all__ = ["FRESH", "Openness", "Status", "source_of", "status_on", "with_checks"]

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
    """The openness of a trial, the day it was last checked, and by which source.

    `other` is what another source says that disagrees.
    """

    openness: Openness
    checked: date
    source: str
    other: "Status | None" = None

    @property
    def routes(self) -> bool:
        """Whether anyone may be shown the way to a study centre."""
        return self.openness is Openness.OPEN


#: The strictest last; one that nobody can rely on any more counts for less than any word.
_STRICTNESS = (Openness.STALE, Openness.OPEN, Openness.PAUSED, Openness.CLOSED)
_SEEN = ("recruiting", "unknown", "suspended", "closed")


def with_checks(trial: Trial, checks: Iterable[StatusEntry]) -> Trial:
    """`trial` with what was looked up by hand besides its own history."""
    history = sorted((*trial.status, *checks), key=lambda entry: (entry.day, entry.checked))
    return replace(trial, status=tuple(history))


def source_of(source: str) -> str:
    """Who speaks: the host of an address, or what stands before the first comma, in small letters.

    So a newer look at a registry replaces an older one, and two registries are two sources.
    """
    host = urlsplit(source).hostname if source.startswith(("http:", "https:")) else None
    return (host or source.partition(",")[0]).strip().casefold().removeprefix("www.")


@lru_cache(maxsize=64)  # every turn asks, and a service knows a few trials on one day
def status_on(trial: Trial, today: date) -> Status:
    """The status known on `today`, by what had been checked by then."""
    latest: dict[str, StatusEntry] = {}
    for entry in sorted(trial.status, key=_order):
        if entry.checked <= today:
            latest[source_of(entry.source)] = entry
    words = sorted(
        (_word(trial, entry, today) for entry in latest.values()),
        key=lambda word: (_STRICTNESS.index(word.openness), word.checked),
    )
    if not words:
        return Status(Openness.STALE, trial.status[0].checked, trial.status[0].source)
    first = words[-1]
    others = [word for word in words if word.openness not in (first.openness, Openness.STALE)]
    return replace(first, other=others[-1]) if others else first


def _order(entry: StatusEntry) -> tuple[date, date, int]:
    """By the day of the look, then by the day since which it holds; of two alike, the stricter."""
    return entry.checked, entry.day, _SEEN.index(entry.status)


def _word(trial: Trial, entry: StatusEntry, today: date) -> Status:
    """What one source says."""
    if entry.status == "closed":
        openness = Openness.CLOSED
    elif entry.status == "suspended":
        openness = Openness.PAUSED
    elif entry.status == "unknown" or today - entry.checked > FRESH or not trial.centres:
        openness = Openness.STALE
    else:
        openness = Openness.OPEN
    return Status(openness, entry.checked, entry.source)
