"""The load as a whole: a fake Bot API with its patients, in this process, on a core of its own."""

import asyncio
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.api import TOKEN, Api
from tests.bench.delivery import Polling, Webhook
from tests.bench.patients import Crowd
from tests.bench.people import People, Person
from tests.bench.script import Script
from tests.bench.tally import Tally
from tests.bench.words import WordsReader
from tests.fakes.http import Server, serve

__all__ = ["Load", "cores", "script_file"]


def cores() -> tuple[int, int]:
    """The core for the bot and the core for the load; the same one where there is only one."""
    usable = sorted(os.sched_getaffinity(os.getpid()))
    return usable[0], usable[-1]


class Load:
    """An asynchronous context: the API is there inside it."""

    def __init__(self, script: Script, *, webhook: bool) -> None:
        self.script = script
        self.people = People()
        self.api = Api(self.people, WordsReader(script))
        self.way: Webhook | Polling = Webhook(self.api) if webhook else Polling(self.api)
        self.crowd = Crowd(script, self.api, self.way)
        self._server: Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await serve(self.api.handle)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.way.close()
        if self._server is not None:
            await self._server.close()

    @property
    def url(self) -> str:
        """The address of the Bot API."""
        return f"http://127.0.0.1:{self._server.port if self._server else 0}"

    @property
    def token(self) -> str:
        """The token that the bot has to use."""
        return TOKEN

    def patients(self, count: int) -> list[Person]:
        """So many new people."""
        return [self.people.person() for _ in range(count)]

    def fresh(self) -> Tally:
        """Begin to count from nothing; gives the tally that is counted into from now on."""
        self.api.tally = Tally()
        return self.api.tally

    async def ready(self, seconds: float) -> bool:
        """Wait until the bot polls or has set its webhook, and one patient has been welcomed."""
        end = time.perf_counter() + seconds
        while not self.way.ready:
            if time.perf_counter() > end:
                return False
            await asyncio.sleep(0.01)
        (first,) = self.patients(1)
        self.crowd.start(first)
        return await self.crowd.rest([first], end - time.perf_counter())


def script_file(folder: Path) -> Path:
    """Where the script lies for the bots."""
    return folder / "script.json"
