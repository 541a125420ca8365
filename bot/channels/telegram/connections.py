"""Kept HTTP/1.1 connections to one server: POST a JSON text or a form, get the answer.

As little of HTTP as a Bot API needs: no redirects, cookies, proxies or compression. Parsing is
httptools', TLS the standard library's.
"""

import asyncio
import ssl
from time import monotonic
from typing import cast
from urllib.parse import SplitResult, urlsplit

import httptools

__all__ = ["JSON", "Connections", "Lost"]

#: Seconds to reach the server, TLS included.
_CONNECT = 5.0
#: Seconds that an idle connection is kept: less than a server's own limit, so that a call seldom
#: meets a connection that is just being closed.
_IDLE = 15.0
JSON = "application/json"
#: Bytes of the longest answer: a hundred updates of full length are a tenth of it.
_LONGEST = 8 << 20


class Lost(Exception):
    """No answer came. `reached`: the request may have had its effect all the same."""

    def __init__(self, reached: bool) -> None:
        super().__init__("no answer from the Bot API server")
        self.reached = reached


class _Connection(asyncio.Protocol):
    """One connection, one exchange at a time."""

    def __init__(self) -> None:
        self.since = 0.0
        self.open = False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._body: list[bytes] = []
        self._length = 0

    async def exchange(self, message: bytes, seconds: float) -> tuple[int, bytes]:
        """The answer to `message`; `Lost` when the connection breaks or `seconds` have passed."""
        transport = self._transport
        if transport is None:
            raise Lost(reached=False)
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(seconds, self.drop)
        transport.write(message)
        try:
            return await self._waiting
        finally:
            timer.cancel()
            if self._waiting is not None:
                # Cancelled in the middle: the answer would meet somebody else's question.
                self._waiting = None
                self.drop()

    def drop(self) -> None:
        """Closes at once; whoever waits is told that it is lost."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It can be used."""
        self._transport = cast("asyncio.Transport", transport)
        self.open = True

    def connection_lost(self, _exc: Exception | None) -> None:
        """It is gone."""
        self.open = False
        self._transport = None
        self._fail()

    def data_received(self, data: bytes) -> None:
        """Some bytes of an answer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.drop()

    def on_message_begin(self) -> None:
        """An answer begins."""
        self._body = []
        self._length = 0

    def on_body(self, body: bytes) -> None:
        """A piece of its content."""
        self._body.append(body)
        self._length += len(body)
        if self._length > _LONGEST:
            self.drop()

    def on_message_complete(self) -> None:
        """The answer is there, unless it was too long."""
        if not self.open:
            return
        waiting, self._waiting = self._waiting, None
        if not self._parser.should_keep_alive() or waiting is None:
            self.drop()
        if waiting is not None and not waiting.done():
            waiting.set_result((self._parser.get_status_code(), b"".join(self._body)))

    def _fail(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(Lost(reached=True))


class Connections:
    """As many connections as there are calls at once; each is used again while it is kept."""

    def __init__(self) -> None:
        self._idle: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._heads: dict[str, bytes] = {}
        self._server: SplitResult | None = None
        self._tls: ssl.SSLContext | None = None

    async def post(
        self, url: str, body: bytes, seconds: float, kind: str = JSON
    ) -> tuple[int, bytes]:
        """Status and content of the answer to `body`, which may take `seconds`.

        `kind` is its content type. Raises `Lost`. All addresses must be of one server.
        """
        head = self._heads.get(url) if kind is JSON else None
        head = head or self._head(url, kind)
        connection = self._kept() or await self._opened()
        message = b"%b%d\r\n\r\n%b" % (head, len(body), body)
        try:
            answer = await connection.exchange(message, seconds)
        finally:
            if connection.open:
                connection.since = monotonic()
                self._idle.append(connection)
            else:
                self._all.discard(connection)
        return answer

    def close(self) -> None:
        """Closes all; calls under way are lost."""
        for connection in tuple(self._all):
            connection.drop()
        self._all.clear()
        self._idle.clear()

    def _kept(self) -> _Connection | None:
        oldest = monotonic() - _IDLE
        while self._idle:
            # The one used last, so that those not needed grow old.
            connection = self._idle.pop()
            if connection.open and connection.since > oldest:
                return connection
            connection.drop()
            self._all.discard(connection)
        return None

    def _head(self, url: str, kind: str) -> bytes:
        parts = urlsplit(url)
        if self._server is None:
            self._server = parts
            if parts.scheme == "https":
                self._tls = ssl.create_default_context()
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n"
            f"Content-Type: {kind}\r\nUser-Agent: Passerelle\r\nContent-Length: "
        ).encode("ascii")
        if kind is JSON:
            self._heads[url] = head
        return head

    async def _opened(self) -> _Connection:
        server = self._server
        if server is None or server.hostname is None:
            raise Lost(reached=False)
        port = server.port or (443 if server.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT):
                _, connection = await loop.create_connection(
                    _Connection, server.hostname, port, ssl=self._tls
                )
        except (OSError, TimeoutError):
            failure = Lost(reached=False)
        else:
            self._all.add(connection)
            return connection
        raise failure
