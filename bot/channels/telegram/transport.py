"""Calls to the Bot API: python-telegram-bot's request interface, on kept connections.

What fails for a passing reason (a lost connection, 429, 5xx) is tried again within a budget of
seconds. Nothing is logged here, and no error carries an address: addresses hold the bot token.
"""

import asyncio
import json
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any

import msgspec
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.connections import JSON, Connections, Lost

__all__ = ["BUDGET", "Transport"]

#: Seconds in which a call is tried again; Telegram gives a webhook about 30.
BUDGET = 20.0
#: Seconds of the first pause after a loss or a 5xx; the pause doubles up to the longest.
_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
#: Seconds that an answer may take.
_READ = 10.0
_TOO_MANY = 429


class _Parameters(msgspec.Struct):
    retry_after: float = 0.0


class _Flood(msgspec.Struct):
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


_flood = msgspec.json.Decoder(_Flood)


def _pause(status: int, payload: bytes, attempt: int) -> float:
    """Seconds to wait before the next attempt."""
    if status == _TOO_MANY:
        try:
            return max(_flood.decode(payload).parameters.retry_after, _PAUSE)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
    return min(_PAUSE * 2.0**attempt, _LONGEST_PAUSE)


class Transport(BaseRequest):
    """One pool of connections to a Bot API server."""

    def __init__(self, budget: float = BUDGET) -> None:
        self._budget = budget
        self._connections = Connections()
        self._hurried = asyncio.Event()

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return _READ

    async def initialize(self) -> None:
        """Nothing to do: connections open when they are needed."""

    async def shutdown(self) -> None:
        """Closes all connections."""
        self._connections.close()

    async def send(
        self,
        url: str,
        body: bytes,
        *,
        repeatable: bool = True,
        read: float = _READ,
        budget: float | None = None,
        kind: str = JSON,
    ) -> tuple[int, bytes]:
        """Status and content of the answer to `body`, after as many attempts as it takes.

        They take `budget` seconds at most, where one is given; with none left nothing is sent.

        The last answer is given even if it is 429 or 5xx. Raises `Lost` when the last attempt had
        no answer, and at once when the request may have had its effect (the connection broke, or
        a 5xx came) and is not `repeatable`.
        """
        last = inf if budget is None else monotonic() + budget
        end = min(monotonic() + self._budget, last)
        attempt = 0
        while True:
            read = min(read, last - monotonic())
            if read <= 0:
                raise Lost(reached=False)
            try:
                status, payload = await self._connections.post(url, body, read, kind)
            except Lost as lost:
                wait = _pause(0, b"", attempt)
                if self._gives_up(wait, end) or (lost.reached and not repeatable):
                    raise
            else:
                if status < 500 and status != _TOO_MANY:
                    return status, payload
                if status >= 500 and not repeatable:
                    raise Lost(reached=True)
                wait = _pause(status, payload, attempt)
                if self._gives_up(wait, end):
                    return status, payload
            attempt += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurried.wait(), wait)

    def _gives_up(self, wait: float, end: float) -> bool:
        return self._hurried.is_set() or monotonic() + wait > end

    def hurry(self) -> None:
        """From now on nothing is tried again: the service stops."""
        self._hurried.set()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: object,
        **_named_timeouts: object,
    ) -> tuple[int, bytes]:
        """One call of python-telegram-bot's own methods, as JSON; our time-outs hold, not theirs.

        Raises `NetworkError` when there is no answer, or for another method than POST.
        """
        if method != "POST":
            raise NetworkError("only POST is spoken here")
        body = json.dumps(request_data.parameters if request_data is not None else {}).encode()
        try:
            return await self.send(url, body)
        except Lost as lost:
            failure = NetworkError(str(lost))
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The content of an answer; `TelegramError`, which never quotes it, if it is no JSON."""
        try:
            content = msgspec.json.decode(payload, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            failure = TelegramError("the answer is no JSON")
        else:
            return content
        raise failure
