"""The keys that are alive: one random key a day and purpose.

A key seals on its own day and opens for `life` days, that day included; then it is destroyed, and
with it every token it sealed. Keys are random, not derived, because a derived key can't be
destroyed. Reading and destroying the files is the business of `bot`.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from dialogs.errors import ClockBehind, DeadToken
from dialogs.wire.seal import Seal, key_byte

__all__ = ["STATE_DAYS", "Keyring"]

#: How many days the buttons of a conversation work.
STATE_DAYS = 7


class Keyring:
    """The living keys of one purpose on one day."""

    __slots__ = ("_purpose", "_seals", "_today", "today")

    def __init__(self, purpose: str, keys: Mapping[date, bytes], today: date, life: int) -> None:
        """`keys` by day, with one for `today`; those of `life` days ago and older do not open.

        Raises `ClockBehind` when a key is of a later day than `today`.
        """
        newest = max(keys)
        if newest > today:
            raise ClockBehind(today, newest)
        self.today = today
        self._purpose = purpose.encode() + b"\0"
        self._seals = {
            day.toordinal() & 0xFF: Seal(key, day.toordinal() & 0xFF)
            for day, key in keys.items()
            if today - day < timedelta(days=life)
        }
        self._today = self._seals[today.toordinal() & 0xFF]

    def seal(self, payload: bytes, binding: bytes) -> str:
        """The token of `payload` under today's key, bound to this purpose and to `binding`."""
        return self._today.seal(payload, self._purpose + binding)

    def open(self, token: str, binding: bytes) -> bytes:
        """The payload of `token`; `DeadToken`, whatever the cause, if it does not open."""
        seal = self._seals.get(key_byte(token))
        if seal is None:
            raise DeadToken
        return seal.open(token, self._purpose + binding)
