"""What was done lately, so that it is not done twice: numbers only, in memory only, bounded."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from math import inf
from time import monotonic

__all__ = ["Recent", "Ring"]


class Ring:
    """Runs a piece of work once for each key.

    A key is forgotten after `seconds` (None: never), and when `size` others came after it.
    """

    def __init__(
        self,
        size: int = 4096,
        seconds: float | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._size = size
        self._seconds = seconds
        self._clock = clock
        self._done: OrderedDict[int, float] = OrderedDict()
        self._running: dict[int, asyncio.Future[None]] = {}

    async def once(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work` unless it ran for this `key`; if it runs just now, waits for its end.

        A work that fails raises for each that waits for it, and may run again.
        """
        # A number says nothing to somebody who reads memory; the key could hold a chat.
        number = hash(key)
        when = self._done.get(number)
        if when is not None and (self._seconds is None or self._clock() - when < self._seconds):
            return
        running = self._running.get(number)
        if running is not None:
            await asyncio.shield(running)
            return
        future = asyncio.get_running_loop().create_future()
        self._running[number] = future
        try:
            await work()
        except Exception as error:
            future.set_exception(error)
            future.exception()  # heard, even when nobody waits
            raise
        except BaseException:
            future.cancel()
            raise
        else:
            future.set_result(None)
            self._done[number] = self._clock()
            self._done.move_to_end(number)
            if len(self._done) > self._size:
                self._done.popitem(last=False)
        finally:
            del self._running[number]


class Recent:
    """Which messages changed within the last `seconds`, and by which button; 0 seconds: none."""

    def __init__(
        self, seconds: float, size: int = 1024, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._changed: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def note(self, place: Hashable, button: str) -> None:
        """The message at `place` has just changed because of `button`."""
        if not self._seconds:
            return
        number = hash(place)
        self._changed[number] = self._clock(), hash(button)
        self._changed.move_to_end(number)
        if len(self._changed) > self._size:
            self._changed.popitem(last=False)

    def holds(self, place: Hashable, button: str) -> bool:
        """Whether `place` has just changed, by another button than this."""
        when, which = self._changed.get(hash(place), (-inf, 0))
        return self._clock() - when < self._seconds and which != hash(button)
