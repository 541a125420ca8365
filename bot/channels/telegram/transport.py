"""HTTP to the Bot API: python-telegram-bot's request interface, on aiohttp.

Connections are kept; each phase has its own time-out; what fails for a passing reason (a lost
connection, 429, 5xx) is tried again within a budget of seconds. Nothing is logged here, and no
error carries an address: addresses hold the bot token.
"""

import asyncio
import json
from time import monotonic
from typing import Any

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

__all__ = ["BUDGET", "Lost", "Transport"]

#: Seconds in which a call is tried again; Telegram gives a webhook about 30.
BUDGET = 20.0
#: Seconds of the first pause after a loss or a 5xx; the pause doubles up to the longest.
_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
#: Connections at once; Telegram delivers at most 100 updates at once, polling has no such bound.
_CONNECTIONS = 256
#: Seconds; shorter than a server's own, so that a call seldom meets a connection being closed.
_KEEPALIVE = 15.0
_CONNECT = 5.0
_READ = 10.0
_JSON = {"Content-Type": "application/json"}
_TOO_MANY = 429


class Lost(Exception):
    """No answer came. `reached`: the request may have had its effect all the same."""

    def __init__(self, reached: bool) -> None:
        super().__init__("no answer from the Bot API server")
        self.reached = reached


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
        except msgspec.MsgspecError:
            pass
    return min(_PAUSE * 2.0**attempt, _LONGEST_PAUSE)


class Transport(BaseRequest):
    """One pool of connections to a Bot API server."""

    def __init__(self, budget: float = BUDGET) -> None:
        self._budget = budget
        self._session: aiohttp.ClientSession | None = None
        self._addresses: dict[str, URL] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds between two pieces of an answer."""
        return _READ

    async def initialize(self) -> None:
        """Opens the pool; does nothing when it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_CONNECTIONS, keepalive_timeout=_KEEPALIVE, ttl_dns_cache=300
                ),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_READ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_JSON,
                skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept"),
                auto_decompress=False,
            )

    async def shutdown(self) -> None:
        """Closes the pool."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def send(
        self, url: str, body: bytes, *, repeatable: bool = True, read: float | None = None
    ) -> tuple[int, bytes]:
        """Status and content of the answer to a JSON `body`, after as many attempts as it takes.

        The last answer is given even if it is 429 or 5xx. Raises `Lost` when the last attempt had
        no answer, and at once when the request may have had its effect and is not `repeatable`.
        """
        end = monotonic() + self._budget
        attempt = 0
        while True:
            try:
                status, payload = await self._once(url, body, read)
            except Lost as lost:
                wait = _pause(0, b"", attempt)
                if monotonic() + wait > end or (lost.reached and not repeatable):
                    raise
            else:
                if status < 500 and status != _TOO_MANY:
                    return status, payload
                wait = _pause(status, payload, attempt)
                if monotonic() + wait > end:
                    return status, payload
            attempt += 1
            await asyncio.sleep(wait)

    async def _once(self, url: str, body: bytes, read: float | None) -> tuple[int, bytes]:
        if self._session is None:
            raise Lost(reached=False)
        address = self._addresses.get(url)
        if address is None:
            address = self._addresses[url] = URL(url, encoded=True)
        options: dict[str, Any] = {}
        if read is not None:
            options["timeout"] = aiohttp.ClientTimeout(
                total=None, sock_connect=_CONNECT, sock_read=read
            )
        try:
            async with self._session.post(
                address, data=body, allow_redirects=False, **options
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            failure = Lost(reached=False)
        except (aiohttp.ClientError, TimeoutError, OSError):
            failure = Lost(reached=True)
        # Outside the handlers: the errors of aiohttp name the address, and with it the token.
        raise failure

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the interface is the library's
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One call of python-telegram-bot's own methods, as JSON; our time-outs hold, not theirs.

        Raises `NetworkError` when there is no answer.
        """
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
        except msgspec.MsgspecError:
            failure = TelegramError("the answer is no JSON")
        else:
            return content
        raise failure
