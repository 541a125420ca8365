"""Polling, for a bot without a public address: in order for each person, together for all.

An update is confirmed only when it has been handled, so whatever was not is delivered again after
a crash; what comes twice is known by its number.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from time import monotonic

import msgspec

from bot.channels.telegram.api import Api, Passing, Refused
from bot.channels.telegram.connections import Lost
from bot.channels.telegram.dispatch import Dispatch
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.updates import ALLOWED, Poison, Update, decode_batch
from bot.events import Notice

__all__ = ["Poller"]

#: Seconds that Telegram holds a request when nothing happens.
_HOLD = 25
#: Seconds that a batch may take before the next is asked for, with the unfinished ones in it: so
#: that one slow person holds up nobody; longer when nothing new comes.
_BATCH = 0.05
_LONGEST_BATCH = 1.0
#: Seconds after which an update that keeps failing is given up: Telegram's own for a press; for
#: words it is a day, and nobody waits that long for a screen.
_PATIENCE = {"press": 150.0}
_LONGEST_PATIENCE = 3600.0
#: Updates in one batch, at most; Telegram's own bound.
_MOST = 100
_LONGEST_PAUSE = 15.0
_CONFLICT = 409


class Poller:
    """Asks for updates until it is told to stop."""

    def __init__(
        self,
        transport: Transport,
        base: str,
        api: Api,
        dispatch: Dispatch,
        notify: Callable[[Notice, str], None],
        free: Callable[[], Awaitable[object]],
    ) -> None:
        """`free` takes the bot's webhook away, should there be one."""
        self._transport = transport
        self._url = f"{base}/getUpdates"
        self._api = api
        self._dispatch = dispatch
        self._notify = notify
        self._free = free
        self._next = 0
        self._asked = 0
        self._running: dict[int, asyncio.Task[None]] = {}
        self._finished: set[int] = set()
        self._left: set[int] = set()
        self._held: set[int] = set()
        self._last: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._answers: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Polls until `stopping`; then finishes what runs and confirms what was handled.

        Whatever ends the asking before that is raised: a bot that is silently deaf helps nobody.
        """
        asking = asyncio.create_task(self._ask())
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        stopped.cancel()
        if asking.done():
            await asking
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._updates(hold=0, limit=1)

    async def _ask(self) -> None:
        pause, batch = 0.5, _BATCH
        told: Notice | None = None
        while True:
            answer = await self._updates(hold=0 if self._running else _HOLD, limit=_MOST)
            if isinstance(answer, Notice):
                if answer is not told:
                    self._notify(answer, "")
                told = answer
                if answer is Notice.CONFLICT:
                    await self._free()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if told is not None:
                self._notify(Notice.TELEGRAM_BACK, "")
            told, pause = None, 0.5
            try:
                fresh = self._take(answer)
            except Poison as poison:
                self._dispatch.poisoned(poison)
                await asyncio.sleep(pause)
            else:
                batch = _BATCH if fresh else min(batch * 2, _LONGEST_BATCH)
            if self._running:
                await asyncio.wait(self._running.values(), timeout=batch)

    async def _updates(self, hold: int, limit: int) -> bytes | Notice:
        """The answer to getUpdates, or why there is none for now."""
        offset = min((*(self._running.keys() - self._held), *self._left), default=self._next)
        self._asked = offset
        self._finished = {number for number in self._finished if number >= offset}
        fields = {
            "offset": offset,
            "limit": limit,
            "timeout": hold,
            "allowed_updates": ALLOWED,
        }
        try:
            status, payload = await self._transport.send(
                self._url, msgspec.json.encode(fields), read=hold + 10.0
            )
        except Lost:
            return Notice.TELEGRAM_AWAY
        if status == _CONFLICT:
            return Notice.CONFLICT
        return payload if status == 200 else Notice.TELEGRAM_AWAY

    def _take(self, answer: bytes) -> bool:
        """Begins the work on each update that is new; false when none is."""
        batch = list(decode_batch(answer))
        numbers = [update.update_id for update in batch if update.update_id is not None]
        if numbers and max(numbers) < self._asked:
            # After a week of silence Telegram may begin its numbers anew.
            self._next = min(numbers)
            self._finished.clear()
        before = self._next
        for update in batch:
            if isinstance(update, Poison):
                self._dispatch.poisoned(update)
                if update.update_id is not None:
                    self._next = max(self._next, update.update_id + 1)
                continue
            number = update.update_id
            if number in self._running or number in self._finished:
                continue
            self._next = max(self._next, number + 1)
            person = update.person()
            task = asyncio.create_task(self._work(update, self._last.get(person)))
            self._running[number] = self._last[person] = task
            task.add_done_callback(partial(self._done, number, person))
        if len(batch) >= _MOST and self._next == before:
            # Those that fail fill the batch: they are tried on from memory, and others get through.
            self._held.update(self._running)
        return self._next > before

    def _done(self, number: int, person: tuple[str, int], task: asyncio.Task[None]) -> None:
        del self._running[number]
        self._held.discard(number)
        self._finished.add(number)
        if self._last.get(person) is task:
            del self._last[person]

    async def _work(self, update: Update, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        end = monotonic() + _PATIENCE.get(update.person()[0], _LONGEST_PATIENCE)
        pause = 1.0
        while (delivery := await self._dispatch.run(update)).again:
            if monotonic() > end:
                break
            if self._stopping.is_set():
                # Not confirmed, so that the next start finds it.
                self._left.add(update.update_id)
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), max(pause, delivery.after))
            pause = min(pause * 2, _LONGEST_PAUSE)
        if delivery.reply is not None:
            answer = asyncio.create_task(self._reply(delivery.reply))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)

    async def _reply(self, reply: dict[str, object]) -> None:
        """Answers a press; nobody misses an answer that fails, the screen has changed already."""
        try:
            await self._api.answer(reply)
        except Passing:
            pass
        except Refused as refused:
            self._dispatch.poisoned(refused)
