"""HTTP/1.1 on loopback, as little of it as a Bot API and its load need: a server and a client.

No TLS, no redirects, no compression. Bodies come with a length or in chunks.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import httptools

from tests.fakes.client import Client

__all__ = ["Answer", "Client", "Request", "Server", "serve"]

_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(slots=True)
class Request:
    """What came in. `path` is as sent, with its query; header names are in lower case."""

    method: str = ""
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """What goes out, `delay` seconds later; with `drop` the connection closes without an answer."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    drop: bool = False


Handle = Callable[[Request], Answer | Awaitable[Answer]]


class Server:
    """What `serve` gives: `port` is where it listens, `close` ends it and all its connections."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.port = 0
        self.connections: set[_Incoming] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> None:
        """Start to listen; port 0 lets the system choose."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: _Incoming(self), host, port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End everything at once; answers on their way are lost."""
        if self._listener is not None:
            self._listener.close()
        for connection in tuple(self.connections):
            connection.abort()
        # a task that is cancelled before its first step would leave its answer never awaited
        await asyncio.sleep(0)
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def serve(handle: Handle, host: str = "127.0.0.1", port: int = 0) -> Server:
    """A server that answers each request with what `handle` returns.

    A plain answer is sent at once; an awaitable one is awaited in a task of its own. The answers
    of one connection leave in the order of its requests. What is not HTTP gets 400. When `handle`
    raises, the answer is 500 and the error goes to the loop's exception handler.
    """
    server = Server(handle)
    await server.listen(host, port)
    return server


class _Incoming(asyncio.Protocol):
    """One connection of a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._request = Request()
        self._body: list[bytes] = []
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._keep = True
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer has come."""
        self._transport = cast(asyncio.Transport, transport)
        self._server.connections.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """The peer has gone; what it waits for is answered to nobody."""
        self._transport = None
        self._waiting.clear()
        self._server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._keep = False
            self._send(Answer(400))

    def on_message_begin(self) -> None:
        """A request begins."""
        self._request = Request()
        self._body = []

    def on_url(self, url: bytes) -> None:
        """Its path, or a part of it."""
        self._request.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers."""
        self._request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        request = self._request
        request.method = self._parser.get_method().decode("latin-1")
        request.body = b"".join(self._body)
        self._waiting.append((request, self._parser.should_keep_alive()))
        if not self._busy:
            self._work()

    def _work(self) -> None:
        """Answer what is waiting, up to the first request whose answer takes time."""
        while self._waiting and not self._busy:
            request, self._keep = self._waiting.popleft()
            try:
                result = self._server.handle(request)
            except Exception as error:  # noqa: BLE001 - the connection must get its answer
                result = self._failed(error)
            if not isinstance(result, Answer):
                self._busy = True
                task = asyncio.ensure_future(self._wait(result))
                self._server.tasks.add(task)
                task.add_done_callback(self._server.tasks.discard)
            elif result.delay > 0:
                self._busy = True
                asyncio.get_running_loop().call_later(result.delay, self._late, result)
            else:
                self._send(result)

    async def _wait(self, result: Awaitable[Answer]) -> None:
        try:
            answer = await result
        except Exception as error:  # noqa: BLE001 - as above
            answer = self._failed(error)
        if answer.delay > 0:
            await asyncio.sleep(answer.delay)
        self._late(answer)

    def _failed(self, error: Exception) -> Answer:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a fake's handler failed", "exception": error}
        )
        return Answer(500)

    def _late(self, answer: Answer) -> None:
        self._busy = False
        self._send(answer)
        self._work()

    def _send(self, answer: Answer) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if answer.drop:
            self.abort()
            return
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Content-Length: {len(answer.body)}")
        if not self._keep:
            lines.append("Connection: close")
        self._transport.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + answer.body)
        if not self._keep:
            self._transport.close()

    def abort(self) -> None:
        """Close without another byte."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
            self._waiting.clear()
