"""The Telegram channel at work, against a fake Telegram: the real service on its own thread."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from re import sub
from types import TracebackType
from typing import Any, Self, TypeVar

import pytest

from bot.channels.telegram.bubble import html
from bot.channels.telegram.service import TelegramService
from bot.contact.office import Office
from bot.desk import Desk
from bot.events import Notice
from bot.server import server_of
from bot.settings import TelegramSettings, WebhookSettings
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.view import View
from tests.builders import Clock
from tests.fakes.telegram import FakeTelegram

SECRET = "sample-secret_of-the-webhook"  # noqa: S105 - a sample
WEB = "https://passerelle.example.org"
PATIENCE = 20

T = TypeVar("T")


def words(view: View, lead: str | None = None) -> str:
    """What a message that shows `view` says, as she reads it."""
    return unescape(sub(r"<[^>]+>", "", html(view, lead)))


def worded(text: str) -> str:
    """`text` with plain spaces for the narrow ones of French."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@dataclass
class Running:
    """The service over `desk`, by webhook or polling; a context manager.

    `errors` and `notices` are what it reported. `chats` are the only ones that may talk; `url` is
    the server, if it is not where `telegram` is; in the first `unread` seconds of a screen a press
    answers nothing. `opening` makes the office, where there is contact to study centres; the store
    of an office is used on the service's thread only, so it is made there.
    """

    telegram: FakeTelegram
    desk: Desk
    webhook: bool = True
    chats: frozenset[int] | None = None
    budget: float = 2.0
    unread: float = 0.0
    url: str = ""
    opening: Callable[["Running"], Office] | None = None
    errors: list[BaseException] = field(default_factory=list)
    notices: list[tuple[Notice, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        place = None
        if self.webhook:
            url = f"http://127.0.0.1:{self.port}/hook"
            place = WebhookSettings(url, "127.0.0.1", self.port, "/hook", SECRET)
        self._settings = TelegramSettings(
            self.telegram.token,
            self.url or self.telegram.url,
            place,
            self.chats,
            self.unread,
        )
        self._started = threading.Event()
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="bot")
        self._thread.start()
        if not self._started.wait(PATIENCE) or self.failure is not None:
            self.stop()
            raise RuntimeError("the service did not start") from self.failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Tells it to stop, as an operator does, and waits until it has."""
        # It may be ending by itself, and its loop be closed already.
        with suppress(RuntimeError):
            if self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(PATIENCE)
        self.listener.close()

        assert not self._thread.is_alive()

    def join(self, seconds: float) -> None:
        """Waits until it has ended by itself; `failure` is why."""
        self._thread.join(seconds)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` where the service runs, and gives what it returns or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def _notify(self, notice: Notice, name: str) -> None:
        self.notices.append((notice, name))
        if notice in (Notice.POLLING, Notice.WEBHOOK):
            self._started.set()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - the test is told
            self.failure = error
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        office = None if self.opening is None else self.opening(self)
        self.service = TelegramService(
            self._settings, self.desk, self.errors.append, self._notify, self.budget, office
        )
        serving = None
        if self.service.webhook is not None:
            server = server_of(self.service.webhook)
            serving = asyncio.create_task(server.serve(sockets=[self.listener]))
        try:
            await self.service.run(self._stopping)
        finally:
            if serving is not None:
                server.should_exit = True
                await serving
            await self.service.close()
            if office is not None:
                office.store.close()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A fake Telegram in which nothing went wrong that a real one would hide."""
    with FakeTelegram() as fake:
        yield fake

    assert [] == fake.problems


@pytest.fixture
def carried(catalogue: Catalogue) -> Catalogue:
    """The demonstration as Telegram shows it."""
    return replace(catalogue, carrier=Carrier("Telegram", WEB))


@pytest.fixture
def chat_desk(carried: Catalogue, tmp_path: Path, clock: Clock) -> Desk:
    """A desk of the demonstration for Telegram, on the day that `clock` shows."""
    return Desk(carried, KeyFiles(tmp_path / "keys"), clock)


@pytest.fixture(params=["webhook", "polling"])
def bot(
    request: pytest.FixtureRequest, telegram: FakeTelegram, chat_desk: Desk
) -> Iterator[Running]:
    """The service in both modes; a test that expects errors empties `errors`."""
    with Running(telegram, chat_desk, webhook=request.param == "webhook") as running:
        yield running

    assert [] == running.errors
