"""The client half of `tests.fakes.http`."""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

__all__ = ["Client"]

Reply = tuple[int, dict[str, str], bytes]


class Client:
    """Posts over connections that are kept alive and used again, as many as there are posts."""

    def __init__(self, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._idle: dict[tuple[str, int], list[_Outgoing]] = {}
        self._all: set[_Outgoing] = set()

    async def post(
        self, host: str, port: int, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """The status, headers (names in lower case) and body of the answer.

        Nothing is sent twice. Raises `TimeoutError` when there is no whole answer in time and
        another `OSError` when the connection fails or closes.
        """
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        message = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode("latin-1") + body
        place = (host, port)
        async with asyncio.timeout(self._timeout):
            idle = self._idle.setdefault(place, [])
            connection = idle.pop() if idle else await self._connect(place)
            try:
                answer = await connection.exchange(message)
            except BaseException:
                connection.abort()
                raise
        if connection.open:
            idle.append(connection)
        return answer

    async def close(self) -> None:
        """Close every connection; posts under way fail."""
        for connection in tuple(self._all):
            connection.abort()
        await asyncio.sleep(0)

    async def _connect(self, place: tuple[str, int]) -> "_Outgoing":
        _, connection = await asyncio.get_running_loop().create_connection(_Outgoing, *place)
        self._all.add(connection)
        connection.gone = lambda: self._forget(place, connection)
        return connection

    def _forget(self, place: tuple[str, int], connection: "_Outgoing") -> None:
        self._all.discard(connection)
        if connection in self._idle[place]:
            self._idle[place].remove(connection)


class _Outgoing(asyncio.Protocol):
    """One connection of a client; one exchange at a time."""

    def __init__(self) -> None:
        self.open = True
        self.gone: Callable[[], None] = lambda: None
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Reply] | None = None
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._to_the_end = False

    async def exchange(self, message: bytes) -> Reply:
        """Send `message` and wait for the answer."""
        if self._transport is None:
            raise ConnectionResetError("the connection closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return await self._answer

    def abort(self) -> None:
        """Close without another byte."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server has accepted."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Either side has closed; an answer without a length ends here."""
        self._transport = None
        self.open = False
        self.gone()
        if self._to_the_end:
            self.on_message_complete()
        self._fail(exc or ConnectionResetError("the connection closed before the answer"))

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(ConnectionError("the answer is not HTTP"))
            self.abort()

    def on_message_begin(self) -> None:
        """An answer begins."""
        self._headers = {}
        self._body = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The body may follow."""
        self._to_the_end = not self._headers.keys() & {"content-length", "transfer-encoding"}

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        self._to_the_end = False
        if not self._parser.should_keep_alive():
            self.abort()
        if self._answer is None or self._answer.done():
            self.abort()
        else:
            status = self._parser.get_status_code()
            self._answer.set_result((status, self._headers, b"".join(self._body)))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
