"""How updates reach a bot: webhook, one in flight per person, or getUpdates with offsets."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable
from urllib.parse import urlsplit

from tests.bench.api import Api
from tests.bench.calls import CALLS, Call
from tests.bench.people import Person
from tests.fakes.http import Answer, Client

__all__ = ["Polling", "Webhook"]

_JSON = (("Content-Type", "application/json"),)
#: Seconds after which a tap or message that nobody took is dropped.
_LIVES = 150.0
#: Seconds until the first redelivery, doubled each time up to the second figure.
_PAUSE, _LONGEST_PAUSE = 1.0, 16.0
#: Methods that a webhook's answer cannot call.
_NOT_IN_REPLIES = {"setwebhook", "deletewebhook", "close", "logout"}


class Webhook:
    """Posts updates to the address that the bot has set.

    One update in flight per person, no more than `max_connections` in all. Anything but 2xx, a lost
    line or 30 s without an answer brings the same update again, after growing pauses. A 2xx answer
    may carry one call.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._client = Client()
        self._host, self._port, self._path = "", 0, "/"
        self._headers = {"Content-Type": "application/json"}
        self._free = 0
        self._waiting: deque[Person] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.ready = False
        api.hook = self.set

    def set(self, call: Call) -> None:
        """Take the address of a setWebhook; an empty one ends the deliveries."""
        place = urlsplit(call.url)
        self._host, self._port = place.hostname or "", place.port or 80
        self._path = place.path or "/"
        self._headers = {"Content-Type": "application/json"}
        if call.secret_token:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = call.secret_token
        self._free = int(call.max_connections)
        self.ready = bool(call.url)

    def put(self, person: Person, update: bytes) -> None:
        """Deliver an update after those that she has made before."""
        person.queue.append((time.monotonic() + _LIVES, update))
        if not person.sending:
            person.sending = True
            self._waiting.append(person)
            self._next()

    def _next(self) -> None:
        while self._free and self._waiting and not self._closed:
            self._free -= 1
            task = asyncio.ensure_future(self._send(self._waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, person: Person) -> None:
        expires, update = person.queue[0]
        try:
            delivered = await self._delivered(update)
        finally:
            self._free += 1
        if delivered or time.monotonic() > expires:
            self._api.tally.expired += not delivered
            person.pause = 0.0
            person.queue.popleft()
            person.sending = bool(person.queue)
            if person.queue:
                self._waiting.append(person)
        else:
            person.pause = min(max(_PAUSE, 2 * person.pause), _LONGEST_PAUSE)
            asyncio.get_running_loop().call_later(person.pause, self._again, person)
        self._next()

    def _again(self, person: Person) -> None:
        self._api.tally.redelivered += 1
        self._waiting.append(person)
        self._next()

    async def _delivered(self, update: bytes) -> bool:
        try:
            status, _, body = await self._client.post(
                self._host, self._port, self._path, update, self._headers
            )
        except OSError:
            return False
        if not 200 <= status < 300:
            return False
        if body[:1] == b"{":
            call = CALLS.decode(body)
            method = call.method.lower()
            if method and not method.startswith("get") and method not in _NOT_IN_REPLIES:
                self._api.tally.replies += 1
                self._api.execute(method, call)
        return True

    async def close(self) -> None:
        """End all deliveries."""
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()


class Polling:
    """Hands updates to getUpdates; they stay until a higher offset confirms them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._pending: deque[tuple[int, bytes]] = deque()
        self._more: asyncio.Future[None] | None = None
        self.ready = False
        api.poll = self.poll

    def put(self, person: Person, update: bytes) -> None:
        """Keep an update for the next poll."""
        del person
        number = int(update[13 : update.index(b",")])
        self._pending.append((number, update))
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def poll(self, call: Call) -> Answer | Awaitable[Answer]:
        """The pending updates from an offset on; at once when there are any."""
        self.ready = True
        offset = int(call.offset)
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()
        if self._pending or not float(call.timeout):
            return self._batch(call)
        return self._wait(call)

    async def _wait(self, call: Call) -> Answer:
        if self._more is not None and not self._more.done():
            # A second poll ends the first one, as on the real server.
            self._api.tally.problems["two polls at once"] += 1
            self._more.set_result(None)
        self._more = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more, min(float(call.timeout), 50))
        return self._batch(call)

    def _batch(self, call: Call) -> Answer:
        limit = max(1, min(int(call.limit), 100))
        updates = [update for _, update in list(self._pending)[:limit]]
        body = b'{"ok":true,"result":[%b]}' % b",".join(updates)
        return Answer(200, body, _JSON, delay=self._api.delay)

    async def close(self) -> None:
        """Leave nobody waiting."""
        if self._more is not None and not self._more.done():
            self._more.set_result(None)
