"""The keys that are alive: one random key a day and purpose.

A key seals on its own day and opens for `life` days, that day included; then it is destroyed, and
with it every token it sealed. Keys are random, not derived, because a derived key can't be
destroyed. Reading and destroying the files is the business of `bot`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from dialogs.errors import ClockBehind, DeadToken
from dialogs.wire.seal import Seal, decoded, unwrapped

__all__ = ["STATE_DAYS", "Keyring"]

#: How many days the buttons of a conversation work.
STATE_DAYS = 7


class Keyring:
    """The living keys of one purpose on one day."""

    __slots__ = ("_keys", "_life", "_newest", "_purpose", "_seals", "today")

    def __init__(self, purpose: str, keys: Mapping[date, bytes], today: date, life: int) -> None:
        """`keys` by day; those of `life` days ago and older do not open. The newest one seals.

        Raises `ClockBehind` when a key is of a later day than `today`, and `ValueError` when no key
        is alive.
        """
        newest = max(keys, default=today)
        if newest > today:
            raise ClockBehind(today, newest)
        self.today = today
        self._life = life
        self._keys = {d: key for d, key in keys.items() if today - d < timedelta(days=life)}
        if not self._keys:
            raise ValueError("no key is alive")
        self._purpose = purpose.encode() + b"\0"
        self._seals = {_number(day): Seal(key, _number(day)) for day, key in self._keys.items()}
        self._newest = self._seals[_number(max(self._keys))]

    @property
    def days(self) -> frozenset[date]:
        """The days whose keys are alive."""
        return frozenset(self._keys)

    def aged(self, today: date) -> "Keyring":
        """These keys on a later day, without those whose days are over by then."""
        return Keyring(self._purpose[:-1].decode(), self._keys, today, self._life)

    def seal(self, payload: bytes, binding: bytes, day: date | None = None) -> str:
        """The token of `payload`, bound to this purpose and to `binding`.

        Under the newest key, or that of `day`: then the token dies with that day's others, and
        `DeadToken` is raised when the key is gone.
        """
        return self._of(day).seal(payload, self._purpose + binding)

    def seal_all(self, payloads: Iterable[bytes], binding: bytes) -> list[str]:
        """The tokens of `payloads`, in their order, as `seal` makes them."""
        return self._newest.seal_all(payloads, self._purpose + binding)

    def open(self, token: str, binding: bytes) -> bytes:
        """The payload of `token`; `DeadToken`, whatever the cause, if it does not open."""
        raw = decoded(token)
        seal = self._seals.get(raw[0])
        if seal is None:
            raise DeadToken
        return seal.opened(raw, self._purpose + binding)

    def enclose(self, data: bytes, binding: bytes, day: date | None = None) -> str:
        """`data` of any length sealed, as `seal` does; never to be taken for a token."""
        return self._of(day).enclose(data, self._purpose + binding)

    def disclose(self, text: str, binding: bytes) -> bytes:
        """The data that `enclose` sealed; `DeadToken`, whatever the cause, if it does not open."""
        raw = unwrapped(text)
        seal = self._seals.get(raw[0])
        if seal is None:
            raise DeadToken
        return seal.disclosed(raw, self._purpose + binding)

    def enclosed_on(self, text: str) -> date | None:
        """The day of the key that enclosed `text`; None when that key is gone.

        `DeadToken` when it has not the shape; nothing says that it opens.
        """
        number = unwrapped(text)[0]
        return next((day for day in self._keys if _number(day) == number), None)

    def _of(self, day: date | None) -> Seal:
        if day is None:
            return self._newest
        if day not in self._keys:
            raise DeadToken
        return self._seals[_number(day)]


def _number(day: date) -> int:
    return day.toordinal() & 0xFF
