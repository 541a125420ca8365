"""A fake Telegram for tests: the Bot API over real HTTP on loopback, and people who chat.

It runs on a thread and an event loop of its own; tests drive it by plain calls from theirs.

It differs from the real server on purpose:

- It is stricter: a parameter of another type than the documented one is refused, two actions in
  one button or an empty label too, and 4096 is counted in UTF-16 units. What the real server would
  pass over in silence (unknown parameters, values out of range, methods that a webhook's answer
  cannot call) is a line in `problems`.
- Text of nothing but blanks fails as *text must be non-empty*; no text at all as *message text is
  empty*. Those are the server's two sentences.
- An unknown named character in HTML (`&nbsp;`) is shown as it is written, as the server does it;
  it is a line in `problems`.
- Webhooks are plain http, and failed ones are tried again after `faults.pause` seconds.
- Of the parse modes only HTML is known.
- `faults.delay` keeps a call back before its effect, or with `after_effect` its answer only.
- A person who blocked the bot keeps it from editing, too, but not from deleting.
- `privacy_mode` is on, as for any new bot: in groups it hears commands without another bot's name,
  replies to itself, and service messages.
- `tap(forged=…)` needs no switch; with `faults.lax` off the server refuses data that no button has.
"""

import asyncio
import concurrent.futures
import importlib
import importlib.util
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from tests.fakes.chats import Chat
from tests.fakes.faults import Faults
from tests.fakes.http import Server, serve
from tests.fakes.model import Json, Room, User
from tests.fakes.people import Person
from tests.fakes.server import Call, Handler
from tests.fakes.views import Button, Message
from tests.fakes.world import Tap, World

__all__ = ["Button", "Call", "Chat", "FakeTelegram", "Message", "Person", "Tap"]

T = TypeVar("T")

_BOT_ID = 123456789
_PATIENCE = 30.0
_LOOPS = importlib.import_module("uvloop" if importlib.util.find_spec("uvloop") else "asyncio")


class FakeTelegram:
    """One bot's Telegram; a context manager.

    `problems` lists what a real server would hide; `lost` the updates that grew too old.
    """

    def __init__(self, port: int = 0) -> None:
        self.token = f"{_BOT_ID}:TEST-bcdefghijklmnopqrstuvwxyz012345"
        self.username = "passerelle_test_bot"
        self.faults = Faults()
        bot = User(_BOT_ID, "Passerelle", is_bot=True, username=self.username)
        self._world = World(bot, self.faults)
        self._handler = Handler(self._world, self.token)
        self._world.emit = self._handler.delivery.emit
        self._loop: asyncio.AbstractEventLoop = _LOOPS.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._server: Server | None = None
        self._port = port
        self._broken: list[str] = []
        self.calls: list[Call] = self._handler.calls
        self.problems: list[str] = self._world.problems
        self.lost: list[str] = self._handler.delivery.lost

    def __enter__(self) -> Self:
        self._loop.set_exception_handler(self._note_error)
        self._thread.start()
        self._server = self._wait(serve(self._handler.handle, port=self._port))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._wait(self._server.close())
        self._wait(self._handler.delivery.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._broken and kind is None:
            raise RuntimeError(f"the fake itself failed: {self._broken}")

    @property
    def url(self) -> str:
        """Where the server is; methods live at `{url}/bot{token}/{method}`."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def privacy_mode(self) -> bool:
        """Whether the bot hears in groups only what is meant for it."""
        return self._world.privacy_mode

    @privacy_mode.setter
    def privacy_mode(self, on: bool) -> None:
        self._world.privacy_mode = on

    @property
    def pending(self) -> int:
        """How many updates are neither confirmed nor too old."""
        return self._run(lambda: len(self._handler.delivery.pending))

    @property
    def texts(self) -> dict[tuple[str, str, str], Any]:
        """What the bot said of itself: by kind (*commands*, *description*, …), language, scope."""
        return self._handler.api.texts

    def called(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in tuple(self.calls) if call.method == method]

    def person(
        self,
        user_id: int = 0,
        language: str = "fr",
        first_name: str = "Anna",
        username: str = "",
        last_name: str = "",
        *,
        is_premium: bool = False,
    ) -> Person:
        """Somebody new, whom the bot does not know yet; raises `ValueError` for an id in use."""

        def work() -> Person:
            number = user_id or 700_100_000 + len(self._world.users)
            if number in self._world.users:
                raise ValueError(f"there is a user {number} already")
            user = User(
                number,
                first_name,
                last_name=last_name,
                username=username,
                language_code=language,
                is_premium=is_premium,
            )
            self._world.users[number] = user
            room = self._world.rooms[number] = Room(number, user=user)
            return Person(self._world, self._run, room)

        return self._run(work)

    def group(self, title: str, chat_id: int = 0, kind: str = "group") -> Chat:
        """A new group, supergroup or channel."""

        def work() -> Chat:
            start = -4_000_000 if kind == "group" else -1_001_000_000_000
            number = chat_id or start - len(self._world.rooms)
            room = self._world.rooms[number] = Room(number, kind, title, status="left")
            return Chat(self._world, self._run, room)

        return self._run(work)

    def channel(self, username: str, title: str = "News") -> Chat:
        """A new public channel, found as `@username`; raises `ValueError` for a name in use."""

        def work() -> Chat:
            if self._world.room(f"@{username}") is not None:
                raise ValueError(f"there is a channel @{username} already")
            number = -1_002_000_000_000 - len(self._world.rooms)
            room = Room(number, "channel", title, username, status="left")
            self._world.rooms[number] = room
            return Chat(self._world, self._run, room)

        return self._run(work)

    def raw(self, update: Json | bytes) -> None:
        """Queue any update as it is, in a queue of its own; an `update_id` is added to a dict.

        Bytes go as they are. By polling, what is not JSON is sent once, as no bot can confirm it.
        """

        def work() -> None:
            delivery = self._handler.delivery
            number = delivery.next_id
            if isinstance(update, bytes):
                body = update
            else:
                body = msgspec.json.encode({"update_id": number} | update)
            try:
                msgspec.json.decode(body)
                broken = False
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                broken = True
            delivery.put("raw", ("raw", number), body, broken=broken)

        self._run(work)

    def restart_numbers(self, number: int) -> None:
        """The next update has this number, as after a week of silence."""
        self._run(lambda: self._handler.delivery.restart(number))

    def pass_time(self, seconds: float) -> None:
        """The fake's clock goes on; what is too old by then is lost."""

        def work() -> None:
            self._world.ahead += seconds
            self._handler.delivery.expire()

        self._run(work)

    def settle(self, timeout: float = 10) -> None:
        """Wait until every update is acknowledged; raises `TimeoutError` naming what is pending."""
        future = asyncio.run_coroutine_threadsafe(
            self._handler.delivery.settle(timeout), self._loop
        )
        future.result(timeout + _PATIENCE)

    def _note_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._broken.append(f"{context.get('message')}: {context.get('exception')!r}")

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    def _run(self, work: Callable[[], T]) -> T:
        """Run `work` on the loop, where all state lives."""
        done: concurrent.futures.Future[T] = concurrent.futures.Future()

        def there() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it belongs to the caller
                done.set_exception(error)

        self._loop.call_soon_threadsafe(there)
        return done.result(_PATIENCE)
