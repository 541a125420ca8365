"""What the service asks of a store. All days are real days; each call is atomic."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from bot.store.records import (
    Announcement,
    Campaign,
    Channel,
    Check,
    Invite,
    Key,
    Kind,
    Row,
    State,
)

__all__ = ["KEEP", "OPEN", "OVER", "Keep", "Store"]

#: States in which nothing more can happen to a request; and the others.
OVER = frozenset({State.ENDED, State.CLOSED})
OPEN = frozenset(State) - OVER


class Keep:
    """Stands for "leave this as it is" where None means something."""


KEEP = Keep()


class Store(Protocol):
    """Every method may raise `StoreError`."""

    def close(self) -> None:
        """Ends its use."""

    def channels(self) -> list[Channel]:
        """All bound channels."""

    def channel(self, trial: str, centre: int) -> Channel | None:
        """The channel of one centre."""

    def at(self, kind: Kind, address: str) -> list[Channel]:
        """The centres that are reached at `address`."""

    def bind(self, trial: str, centre: int, kind: Kind, address: str) -> None:
        """Makes `address` the channel of a centre; its invitation is used up.

        Requests forget their cards when they were elsewhere, as with `unbind` and `moved`.
        """

    def unbind(self, trial: str, centre: int) -> bool:
        """Forgets the channel and the invitation of a centre; whether there was one."""

    def mark(self, kind: Kind, address: str, *, away: bool) -> int:
        """Says whether the channels at `address` work; gives how many there are."""

    def moved(self, kind: Kind, old: str, new: str) -> int:
        """What was reached at `old` is reached at `new`; gives how many centres."""

    def invite(self, trial: str, centre: int, digest: str, until: date) -> None:
        """Notes the one open invitation of a centre, by the hash of its code."""

    def invited(self, digest: str, today: date) -> tuple[str, int] | None:
        """The centre that an invitation is for, if it can be accepted today."""

    def invites(self, today: date) -> list[Invite]:
        """The invitations that can be accepted today."""

    def begin(self, row: Row) -> tuple[Row, bool]:
        """Adds a request, unless there is one with its code: what is there, and if it is new.

        One that was never known to be sent lives as long as `row` would.
        """

    def request(self, code: str) -> Row | None:
        """The request with this code."""

    def change(
        self,
        code: str,
        to: State,
        of: frozenset[State],
        *,
        due_on: Keep | date | None = KEEP,
        card: Keep | int | None = KEEP,
    ) -> bool:
        """Brings a request from one of the states `of` to the state `to`.

        True for exactly one of two callers who want the same.
        """

    def open_requests(self, trial: str, centre: int) -> list[Row]:
        """The requests to a centre that are not over."""

    def drop(self, code: str, of: frozenset[State]) -> bool:
        """Forgets a request that is in one of the states `of`."""

    def due(self, today: date) -> list[Row]:
        """The requests for which something had to happen by `today`."""

    def open_mailbox(self, address: int, public: bytes, until: date, ciphertext: bytes) -> None:
        """Adds a letter box; one that is there lives as long as this one would.

        `address` has 80 bits.
        """

    def mailbox(self, address: int) -> tuple[bytes, bytes, date] | None:
        """Public key, ciphertext and last day of a letter box."""

    def post(self, address: int, before: bytes, after: bytes) -> bool:
        """Replaces the ciphertext of a letter box, if it still is `before`."""

    def close_mailbox(self, address: int) -> None:
        """Forgets a letter box."""

    def checks(self) -> list[Check]:
        """All checks of how trials stand, the oldest first."""

    def check(self, check: Check) -> None:
        """Adds a check."""

    def campaigns(self) -> list[Campaign]:
        """All links that groups share."""

    def begin_campaign(self, campaign: Campaign) -> Campaign | None:
        """Adds a campaign under a number that none ever had; None when its slug is taken.

        Raises `StoreError` when no number is left.
        """

    def end_campaign(self, slug: str) -> bool:
        """Forgets a campaign; its figures stay under its number. Whether there was one."""

    def count(self, sums: Mapping[Key, int]) -> None:
        """Adds to the counts of weeks that are not published."""

    def publish(
        self,
        over: Callable[[str], bool],
        published: Callable[[Mapping[Key, int]], Mapping[Key, int | None]],
    ) -> None:
        """Puts what `published` makes of the counts of weeks that are `over` in their place.

        The counts are gone then. What `published` gives is never changed again: counts that come
        too late for their week, or quarter, are dropped.
        """

    def published(self) -> dict[Key, int | None]:
        """All that was published; None is hidden."""

    def announced(self) -> list[Announcement]:
        """All announcements, the oldest first."""

    def announce(self, announcement: Announcement) -> None:
        """Notes an announcement."""

    def purge(self, today: date) -> None:
        """Forgets what had its days: requests, letter boxes, invitations."""
