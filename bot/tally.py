"""What was counted since the sums were last written down: in memory only, and of nobody by herself.

A ring remembers what was counted of which conversation, as hashes under a key that dies with the
process, so that a button that is pressed again counts nothing. It is bounded: what is older than
its last entries can be counted twice (`docs/figures.md` tells how often that happens).
"""

import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from hashlib import blake2b

from bot.store.records import Key
from dialogs.conversation.milestones import Mark
from dialogs.conversation.session import Session
from dialogs.eligibility.criteria import Trial

__all__ = ["LONG", "Tally", "quarter_of", "week_of"]

#: Entries of the ring: those of some 2,000 conversations, 6 MB.
_RING = 65_536
#: Steps that are counted by the quarter, as so many kinds of them would be few in each week.
LONG = ("asked.", "told.", "ruled.", "match.ruled.")
#: Weeks of a quarter; the last one has what is left of the year.
_QUARTER = 13


def week_of(day: date) -> str:
    """The ISO week of a day: `2026-W48`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter_of(day: date) -> str:
    """The quarter of the ISO week of a day: `2026-Q4` is its weeks from the 40th on."""
    year, week, _ = day.isocalendar()
    return f"{year}-Q{min((week - 1) // _QUARTER + 1, 4)}"


class Tally:
    """Sums by `Key`; `clock` tells the real day."""

    def __init__(self, clock: Callable[[], date] = date.today, size: int = _RING) -> None:
        self._clock = clock
        self._size = size
        self._key = secrets.token_bytes(32)
        self._ring: OrderedDict[bytes, None] = OrderedDict()
        self._sums: Counter[Key] = Counter()

    def note(self, session: Session, marks: Iterable[Mark], trials: Mapping[int, Trial]) -> None:
        """Counts `marks` of a conversation, each once; `trials` by their numbers."""
        for mark in marks:
            if self._fresh(f"{session.tag} {mark.trial} {mark.step}"):
                trial = trials[mark.trial].id if mark.trial in trials else ""
                self._add(session.campaign, trial, session.language, mark.step)

    def answered(self, code: str, campaign: int, trial: str, language: str) -> None:
        """Counts the request with this code as answered by its centre, once."""
        if self._fresh(code):
            self._add(campaign, trial, language, "answered")

    def _add(self, campaign: int, trial: str, language: str, step: str) -> None:
        time = quarter_of if step.startswith(LONG) else week_of
        self._sums[Key(time(self._clock()), campaign, trial, language, step)] += 1

    def _fresh(self, what: str) -> bool:
        """Whether the ring has not seen this; from now on it has."""
        seen = blake2b(what.encode(), key=self._key, digest_size=8).digest()
        if seen in self._ring:
            return False
        self._ring[seen] = None
        if len(self._ring) > self._size:
            self._ring.popitem(last=False)
        return True

    def flush(self, write: Callable[[Mapping[Key, int]], None]) -> None:
        """Hands the sums to `write`; when it raises, they are kept for the next time."""
        if self._sums:
            write(dict(self._sums))
            self._sums.clear()
