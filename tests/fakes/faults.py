"""What can be made to go wrong: by count, or at random from a seed, never by chance."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass

__all__ = ["Fault", "Faults"]

_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure; with `after_effect` the call does its work before it fails."""

    status: int = 500
    description: str = ""
    retry_after: int | None = None
    drop: bool = False
    after_effect: bool = False


class Faults:
    """The switches. They may be turned at any time and count for the calls that follow.

    Where a method is named, None means every method.
    """

    def __init__(self) -> None:
        #: Seconds of the fake's clock after which a tapped message is inaccessible; None is never.
        self.inaccessible_seconds: float | None = None
        #: Whether the server lets through taps whose data no button of the message has.
        self.lax = True
        #: Whether a replied-to message comes without its keyboard.
        self.no_markup_in_reply = False
        #: Whether a bot that is no administrator is not told who is in a chat.
        self.hidden_members = False
        #: Whether a batch of `getUpdates` comes out of order, or holds each update twice.
        self.shuffle = False
        self.duplicates = False
        #: Whether Telegram's usual limits of sending hold: 30 a second in all, 20 a minute to a
        #: group, 3 in three seconds to a private chat; by the fake's clock.
        self.limits = False
        #: Seconds before a failed webhook update is sent again, doubled each time up to the cap.
        self.pause = 0.05
        self.pause_cap = 2.0
        #: Real seconds for each second of a webhook's `Retry-After`.
        self.retry_after_scale = 0.05
        #: Real seconds that a webhook may take to answer.
        self.webhook_timeout = 30.0
        self.redeliveries = 0
        self.random = random.Random(0)
        self._planned: defaultdict[str | None, deque[Fault]] = defaultdict(deque)
        self._delays: dict[tuple[str | None, bool], float] = {}
        self._unknown: set[str] = set()
        self._shares: tuple[float, float, float] = (0, 0, 0)
        self._rate_retry_after = 1

    def answer(
        self,
        method: str | None,
        status: int,
        description: str = "",
        times: int = 1,
        retry_after: int | None = None,
        after_effect: bool = False,
    ) -> None:
        """The next `times` calls of `method` fail; a 429 without `retry_after` says 1 second."""
        if status == 429 and retry_after is None:
            retry_after = 1
        if not description:
            waits = f"Too Many Requests: retry after {retry_after}"
            description = waits if status == 429 else _REASONS.get(status, "Error")
        fault = Fault(status, description, retry_after, after_effect=after_effect)
        self._planned[method].extend([fault] * times)

    def flood(self, method: str | None = None, times: int = 1, retry_after: int = 1) -> None:
        """The next `times` calls are too many."""
        self.answer(method, 429, times=times, retry_after=retry_after)

    def clear(self) -> None:
        """Planned failures, shares and delays end."""
        self._planned.clear()
        self._delays.clear()
        self._shares = (0, 0, 0)

    def drop(self, method: str | None, times: int = 1, after_effect: bool = False) -> None:
        """The connection of the next `times` calls closes without an answer."""
        self._planned[method].extend([Fault(drop=True, after_effect=after_effect)] * times)

    def rate(
        self,
        seed: int,
        share_429: float = 0.0,
        share_500: float = 0.0,
        share_drop: float = 0.0,
        retry_after: int = 1,
    ) -> None:
        """These shares of all calls fail from now on; half of the drops come after the effect."""
        self.random = random.Random(seed)
        self._shares = (share_429, share_500, share_drop)
        self._rate_retry_after = retry_after

    def delay(self, method: str | None, seconds: float, after_effect: bool = False) -> None:
        """Calls take this long from now on, before or after their effect; 0 ends it."""
        self._delays[method, after_effect] = seconds

    def unknown(self, method: str) -> None:
        """The server does not know this method any more."""
        self._unknown.add(method.lower())

    def redeliver(self, times: int) -> None:
        """Every webhook update comes `times` more although it was answered well."""
        self.redeliveries = times

    def inaccessible_after(self, seconds: float | None) -> None:
        """Taps on messages older than this find them inaccessible."""
        self.inaccessible_seconds = seconds

    def drawn(self, method: str) -> Fault | None:
        """The failure of the call that is being made, if it is to fail."""
        for name in (method, None):
            if self._planned[name]:
                return self._planned[name].popleft()
        if not any(self._shares):
            return None
        share = self.random.random()
        for kind, part in zip((429, 500, 0), self._shares, strict=True):
            if share < part:
                return self._random_fault(kind)
            share -= part
        return None

    def _random_fault(self, kind: int) -> Fault:
        if kind == 429:
            wait = self._rate_retry_after
            return Fault(429, f"Too Many Requests: retry after {wait}", wait)
        if kind == 500:
            return Fault(500, _REASONS[500])
        return Fault(drop=True, after_effect=self.random.random() < 0.5)

    def late(self, method: str, *, after_effect: bool) -> float:
        """Seconds that the call takes before or after its effect."""
        usual = self._delays.get((None, after_effect), 0.0)
        return self._delays.get((method, after_effect), usual)

    def knows(self, method: str) -> bool:
        """Whether the server still knows `method`."""
        return method.lower() not in self._unknown
