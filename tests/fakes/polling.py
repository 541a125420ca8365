"""Updates by `getUpdates`: kept until a higher offset confirms them."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from tests.fakes.params import Refused

if TYPE_CHECKING:
    from tests.fakes.delivery import Delivery

__all__ = ["Polling", "Update"]

_TAKEN_OVER = (
    "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running"
)
_HOOKED = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True, eq=False)
class Update:
    """An update on its way, as the bytes that the bot will get."""

    id: int
    kind: str
    key: Hashable
    body: bytes
    expires: float
    tries: int = 0
    fails: int = 0
    delivered: int = 0
    error: str = ""
    broken: bool = False

    def __str__(self) -> str:
        tries = f", {self.tries} tries" if self.tries else ""
        error = f", {self.error}" if self.error else ""
        return f"{self.kind} {self.id}{tries}{error}"


class Polling:
    """At most one call waits; a second one ends it."""

    def __init__(self, delivery: "Delivery") -> None:
        self._delivery = delivery
        self._waiting: asyncio.Future[list[msgspec.Raw]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._limit = 100

    def get(self, offset: int, limit: int, seconds: float) -> "asyncio.Future[list[msgspec.Raw]]":
        """The updates from `offset` on, at once or when there are some; raises `Refused`."""
        if self._delivery.hook is not None:
            raise Refused(409, _HOOKED)
        self.end(_TAKEN_OVER)
        self._confirm(offset)
        answer: asyncio.Future[list[msgspec.Raw]] = asyncio.get_running_loop().create_future()
        if self._delivery.pending or seconds <= 0:
            answer.set_result(self._batch(limit))
            return answer
        self._waiting, self._limit = answer, limit
        self._timer = asyncio.get_running_loop().call_later(seconds, self._finish)
        return answer

    def end(self, reason: str) -> None:
        """End the call that waits with a conflict."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Refused(409, reason))
        self.close()

    def close(self) -> None:
        """Let go of the call that waits."""
        if self._timer is not None:
            self._timer.cancel()
        self._waiting = self._timer = None

    def wake(self) -> None:
        """Something has come: answer the call that waits, with all that comes in this moment."""
        if self._waiting is not None:
            asyncio.get_running_loop().call_soon(self._finish)

    def _finish(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(self._batch(self._limit))
        self.close()

    def _confirm(self, offset: int) -> None:
        self._delivery.expire()
        pending = tuple(self._delivery.pending.values())
        if offset < 0:
            done = pending[:offset]
        elif offset > self._delivery.next_id:
            # the real server takes an offset from the future for a mistake
            done = ()
        else:
            done = tuple(update for update in pending if update.id < offset)
        for update in done:
            self._delivery.forget(update)

    def _batch(self, limit: int) -> list[msgspec.Raw]:
        updates = list(self._delivery.pending.values())[:limit]
        faults = self._delivery.world.faults
        if faults.duplicates:
            updates = [update for update in updates for _ in range(2)]
        if faults.shuffle:
            faults.random.shuffle(updates)
        for update in updates:
            update.tries += 1
            if update.broken:
                # no client can confirm what it cannot read, and it would come back for ever
                self._delivery.forget(update)
        return [msgspec.Raw(update.body) for update in updates]
