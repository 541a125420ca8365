"""How much may be asked in a day: counts in memory only, which a restart resets.

Who asks is a hash under a key that lives for a day, so that nobody can be told again the day after.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import date
from enum import Enum
from hashlib import blake2b
from time import monotonic

__all__ = ["Limits", "Refusal"]

#: Requests of one source in a day.
_SOURCE = 3
#: Requests of one crowd in a day: a hospital's network, or a family's.
_CROWD = 30
#: Requests to one centre in a day; one crowd can take a third of them, rounded down.
_CENTRE = 20
#: Knocks of one source in an hour, and what an hour is.
_KNOCKS = 30
_HOUR = 3600.0
#: Sources whose knocks are counted at once; beyond that the count starts anew for all.
_MOST = 50_000


class Refusal(Enum):
    """Why a request is not taken today."""

    SOURCE = "source"
    CENTRE = "centre"


class Limits:
    """Counts of today."""

    def __init__(
        self, clock: Callable[[], date] = date.today, timer: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._timer = timer
        self._day = clock()
        self._key = secrets.token_bytes(32)
        self._asked: Counter[tuple[object, ...]] = Counter()
        self._knocks: Counter[bytes] = Counter()
        self._since = timer()

    def _hashed(self, source: bytes) -> bytes:
        today = self._clock()
        if today != self._day:
            self._day = today
            self._key = secrets.token_bytes(32)
            self._asked.clear()
            self._knocks.clear()
        return blake2b(source, key=self._key, digest_size=8).digest()

    def _keys(
        self, source: bytes, centre: tuple[int, int], crowd: bytes | None
    ) -> dict[tuple[object, ...], tuple[int, Refusal]]:
        """What a request counts for, with its bound."""
        who = self._hashed(source)
        crew = who if crowd is None else self._hashed(crowd)
        return {
            ("source", who): (_SOURCE, Refusal.SOURCE),
            ("crowd", crew): (_CROWD, Refusal.SOURCE),
            ("share", crew, centre): (_CENTRE // 3, Refusal.CENTRE),
            ("centre", centre): (_CENTRE, Refusal.CENTRE),
        }

    def ask(
        self, source: bytes, centre: tuple[int, int], crowd: bytes | None = None
    ) -> Refusal | None:
        """Counts a request to `centre` (the numbers of trial and centre); a refused one is not.

        `source` is a chat or a conversation, `crowd` the network it comes from, if that is known.
        Only what is taken is remembered, so the bound of the centres bounds the memory too.
        """
        keys = self._keys(source, centre, crowd)
        for key, (most, refusal) in keys.items():
            if self._asked[key] >= most:
                return refusal
        self._asked.update(keys.keys())
        return None

    def give_back(self, source: bytes, centre: tuple[int, int], crowd: bytes | None = None) -> None:
        """Takes back a request that was counted today and has certainly not been sent."""
        for key in self._keys(source, centre, crowd):
            if self._asked[key] > 0:
                self._asked[key] -= 1
            if not self._asked[key]:
                del self._asked[key]

    def _knocker(self, source: bytes) -> bytes:
        who = self._hashed(source)
        if self._timer() - self._since >= _HOUR:
            self._knocks.clear()
            self._since = self._timer()
        return who

    def knock(self, source: bytes) -> bool:
        """Counts one try of `source` at something that has a generous bound; whether it may."""
        who = self._knocker(source)
        if len(self._knocks) >= _MOST:
            self._knocks.clear()
        self._knocks[who] += 1
        return self._knocks[who] <= _KNOCKS

    def worn(self, source: bytes) -> bool:
        """Whether the next knock of `source` would be one too many; counts nothing."""
        return self._knocks[self._knocker(source)] >= _KNOCKS
