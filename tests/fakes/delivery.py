"""The way of updates to the bot: kept until they are confirmed or too old.

By webhook, updates of one queue go one at a time, different queues side by side; by polling, all in
the order of their ids. The updates are the same, so changing from one to the other loses none.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from tests.fakes.http import Client
from tests.fakes.model import Json
from tests.fakes.params import Refused, decode
from tests.fakes.polling import Polling, Update
from tests.fakes.world import DAY, World

__all__ = ["Delivery", "Hook"]

#: Methods that Telegram does not run out of a webhook's answer, beside all that get something.
_NOT_BY_REPLY = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
#: Kinds that come only when they are asked for by name.
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Execute = Callable[[str, Json], Awaitable[None]]


@dataclass(slots=True)
class Hook:
    """A webhook as it was set."""

    url: str
    secret: str = ""
    max_connections: int = 40
    error_date: int = 0
    error: str = ""
    host: str = field(init=False)
    port: int = field(init=False)
    path: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class Delivery:
    """The queues of one bot."""

    def __init__(self, world: World, execute: Execute) -> None:
        self._world = world
        self._execute = execute
        self._client = Client()
        self._tasks: set[asyncio.Task[None]] = set()
        self._queues: dict[Hashable, list[Update]] = {}
        self._busy: set[Hashable] = set()
        self._paused: dict[Hashable, asyncio.TimerHandle] = {}
        self._ready: dict[Hashable, None] = {}
        self._next_id = 700_000_001
        self._changed = asyncio.Event()
        self.pending: dict[int, Update] = {}
        self.lost: list[str] = []
        self.allowed: list[str] = []
        self.hook: Hook | None = None
        self.polling = Polling(self)

    @property
    def world(self) -> World:
        """Whose updates these are."""
        return self._world

    def emit(self, kind: str, key: Hashable, content: Json, lifetime: float = DAY) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if kind not in self.allowed if self.allowed else kind in _NOT_BY_DEFAULT:
            return
        body = msgspec.json.encode({"update_id": self._next_id, kind: content})
        self.put(kind, key, body, lifetime)

    def put(
        self,
        kind: str,
        key: Hashable,
        body: bytes,
        lifetime: float = DAY,
        *,
        broken: bool = False,
    ) -> None:
        """Queue an update whose bytes are ready; what is not JSON at all is `broken`."""
        expires = self._world.now() + lifetime
        update = Update(self._next_id, kind, key, body, expires, broken=broken)
        self._next_id += 1
        self.pending[update.id] = update
        self._queues.setdefault(key, []).append(update)
        self._make_ready(key)
        self.polling.wake()

    def restart(self, number: int) -> None:
        """The numbers go on from here, as after a week without updates."""
        self._next_id = number

    @property
    def next_id(self) -> int:
        """The id of the next update."""
        return self._next_id

    def set_hook(self, hook: Hook | None) -> None:
        """Send to another place from now on, or keep for polling; what is under way ends as is."""
        self.hook = hook
        for timer in self._paused.values():
            timer.cancel()
        self._paused.clear()
        for key in tuple(self._queues):
            self._make_ready(key)

    def forget(self, update: Update) -> None:
        """The update is done with: confirmed, or too old."""
        if self.pending.pop(update.id, None) is None:
            return
        queue = self._queues[update.key]
        queue.remove(update)
        if not queue:
            del self._queues[update.key]
        self._changed.set()

    def expire(self) -> None:
        """Forget what is too old by the fake's clock; what is under way may still arrive."""
        now = self._world.now()
        for update in [update for update in self.pending.values() if update.expires <= now]:
            self._lose(update)

    def _lose(self, update: Update) -> None:
        self.lost.append(str(update))
        self.forget(update)

    async def settle(self, timeout: float) -> None:  # noqa: ASYNC109 - the error names what is left
        """Wait until nothing is pending; raises `TimeoutError` naming what is."""
        try:
            async with asyncio.timeout(timeout):
                while self.pending or self._busy:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            names = ", ".join(map(str, self.pending.values())) or "answers under way"
            way = f"webhook {self.hook.url}" if self.hook else "polling"
            raise TimeoutError(f"not acknowledged by {way}: {names}") from None

    async def close(self) -> None:
        """End all that is under way."""
        self.set_hook(None)
        self.polling.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    def _make_ready(self, key: Hashable) -> None:
        if key in self._queues and key not in self._busy and key not in self._paused:
            self._ready[key] = None
            self._pump()

    def _pump(self) -> None:
        while self.hook and self._ready and len(self._busy) < self.hook.max_connections:
            key = next(iter(self._ready))
            del self._ready[key]
            if key not in self._queues:
                continue
            update = self._queues[key][0]
            if update.expires <= self._world.now():
                self._lose(update)
                self._make_ready(key)
                continue
            self._busy.add(key)
            task = asyncio.get_running_loop().create_task(self._deliver(update, self.hook))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, update: Update, hook: Hook) -> None:
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        update.tries += 1
        faults = self._world.faults
        try:
            async with asyncio.timeout(faults.webhook_timeout):
                status, answered, body = await self._client.post(
                    hook.host, hook.port, hook.path, update.body, headers
                )
        except OSError as error:
            self._failed(update, hook, f"{type(error).__name__}: {error}", "")
        else:
            if 200 <= status <= 299:
                update.delivered += 1
                if update.delivered > faults.redeliveries:
                    self.forget(update)
                await self._reply(answered.get("content-type", ""), body)
            else:
                reason = f"Wrong response from the webhook: {status}"
                self._failed(update, hook, reason, answered.get("retry-after", ""))
        self._busy.discard(update.key)
        self._changed.set()
        self._make_ready(update.key)
        self._pump()

    def _failed(self, update: Update, hook: Hook, reason: str, retry_after: str) -> None:
        faults = self._world.faults
        hook.error, hook.error_date = reason, int(self._world.now())
        update.error = reason
        update.fails += 1
        if retry_after.isdecimal():
            pause = min(int(retry_after), 3600) * faults.retry_after_scale
        else:
            pause = min(faults.pause * 2 ** min(update.fails - 1, 20), faults.pause_cap)
        if update.id not in self.pending:
            return
        if self._world.now() + pause > update.expires:
            self._lose(update)
            return
        if self.hook is hook:
            loop = asyncio.get_running_loop()
            self._paused[update.key] = loop.call_later(pause, self._resume, update.key)

    def _resume(self, key: Hashable) -> None:
        del self._paused[key]
        self._make_ready(key)

    async def _reply(self, content_type: str, body: bytes) -> None:
        try:
            values = decode(content_type, body)
        except Refused as error:
            self._world.problems.append(f"webhook reply: {error.description}")
            return
        method = values.pop("method", None)
        if not isinstance(method, str):
            if b'"method"' in body:
                kind = content_type or "none"
                self._world.problems.append(f"webhook reply: not read, content type {kind}")
        elif method.lower() in _NOT_BY_REPLY or method.lower().startswith("get"):
            self._world.problems.append(f"webhook reply: {method} is not run")
        else:
            await self._execute(method, values)
