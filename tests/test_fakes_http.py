"""The HTTP layer of the fakes: every byte of a request arrives, every answer belongs to one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from tests.fakes.http import Answer, Client, Request, Server, serve

HOST = "127.0.0.1"


def run(
    handle: Callable[[Request], Answer | Awaitable[Answer]],
    work: Callable[[Server, Client], Coroutine[Any, Any, Any]],
    seconds: float = 10.0,
) -> Any:
    """What `work` gives with a server of `handle` and a client."""

    async def main() -> Any:
        server, client = await serve(handle), Client(seconds)
        try:
            return await work(server, client)
        finally:
            await client.close()
            await server.close()

    return asyncio.run(main())


def echo(request: Request) -> Answer:
    """Says what came in."""
    line = f"{request.method} {request.path} {request.headers.get('x-mark')} "
    return Answer(201, line.encode() + request.body, (("X-Kind", "echo"),))


async def raw(server: Server, data: bytes, *parts: bytes) -> bytes:
    """Everything that comes back for some bytes, sent in parts, until the server closes."""
    reader, writer = await asyncio.open_connection(HOST, server.port)
    try:
        for part in (data, *parts):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        return await reader.read()
    finally:
        writer.close()


def test_a_request_arrives_whole() -> None:
    """Method, path with query, headers and a body of many packets."""
    body = bytes(range(256)) * 4000

    async def work(server: Server, client: Client) -> Any:
        return await client.post(HOST, server.port, "/a?b=1", body, {"X-Mark": "m"})

    status, headers, answer = run(echo, work)
    assert 201 == status
    assert "echo" == headers["x-kind"]
    assert b"POST /a?b=1 m " + body == answer


def test_a_connection_is_used_again() -> None:
    """One after the other needs one connection, three at once need three."""

    async def slow() -> Answer:
        await asyncio.sleep(0.01)
        return Answer()

    async def work(server: Server, client: Client) -> tuple[int, int]:
        for _ in range(3):
            await client.post(HOST, server.port, "/", b"", {})
        one = len(server.connections)
        await asyncio.gather(*(client.post(HOST, server.port, "/", b"", {}) for _ in range(3)))
        return one, len(server.connections)

    assert (1, 3) == run(lambda _request: slow(), work)


def test_chunks_are_one_body_and_answers_keep_their_order() -> None:
    """A slow first answer is not overtaken by a quick second one of the same connection."""

    async def slow(request: Request) -> Answer:
        await asyncio.sleep(0.01)
        return Answer(body=request.body)

    def handle(request: Request) -> Answer | Awaitable[Answer]:
        if request.path == "/slow":
            return slow(request)
        if request.path == "/late":
            return Answer(body=b"late", delay=0.01)
        return Answer(body=b"quick")

    head = b"POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    late = b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    async def work(server: Server, _client: Client) -> bytes:
        return await raw(server, head + b"2\r\nab\r\n", b"3\r\ncde\r\n0\r\n\r\n" + late + last)

    answer = run(handle, work)
    assert 3 == answer.count(b"HTTP/1.1 200 OK")
    assert answer.index(b"abcde") < answer.index(b"late") < answer.index(b"quick")


def test_what_is_not_http_gets_400() -> None:
    """And the connection closes."""

    async def work(server: Server, _client: Client) -> bytes:
        return await raw(server, b"NONSENSE\r\n\r\n")

    assert run(echo, work).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("delay", [0.0, 0.01])
def test_a_dropped_connection_is_an_error_of_the_client(delay: float) -> None:
    """No answer is made up, and the next post finds a fresh connection."""
    calls: list[str] = []

    def handle(request: Request) -> Answer:
        calls.append(request.path)
        return Answer(drop=len(calls) == 1, delay=delay)

    async def work(server: Server, client: Client) -> int:
        with pytest.raises(ConnectionResetError):
            await client.post(HOST, server.port, "/1", b"", {})
        return (await client.post(HOST, server.port, "/2", b"", {}))[0]

    assert 200 == run(handle, work)
    assert ["/1", "/2"] == calls


def test_an_answer_that_does_not_come_is_a_timeout() -> None:
    """`TimeoutError`, and the connection is not used again for the answer that may still come."""

    async def work(server: Server, client: Client) -> bytes:
        with pytest.raises(TimeoutError):
            await client.post(HOST, server.port, "/never", b"", {})
        return (await client.post(HOST, server.port, "/", b"", {}))[2]

    def handle(request: Request) -> Answer:
        return Answer(body=b"late", delay=5) if request.path == "/never" else Answer(body=b"now")

    assert b"now" == run(handle, work, seconds=0.05)


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    """As old servers do it."""

    async def main() -> bytes:
        async def old(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.0 200 OK\r\n\r\nwhole")
            writer.close()

        server = await asyncio.start_server(old, HOST, 0)
        client = Client()
        try:
            port = server.sockets[0].getsockname()[1]
            return (await client.post(HOST, port, "/", b"", {}))[2]
        finally:
            await client.close()
            server.close()

    assert b"whole" == asyncio.run(main())


def test_an_answer_that_is_not_http_is_an_error() -> None:
    """Nothing is read out of noise."""

    async def main() -> None:
        async def noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"noise\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(noise, HOST, 0)
        client = Client()
        try:
            with pytest.raises(ConnectionError, match="not HTTP"):
                await client.post(HOST, server.sockets[0].getsockname()[1], "/", b"", {})
        finally:
            await client.close()
            server.close()

    asyncio.run(main())


def test_a_handler_that_fails_answers_500_and_tells_the_loop() -> None:
    """Plain or awaited, the error is not lost."""
    seen: list[Any] = []

    async def fails() -> Answer:
        raise ValueError("awaited")

    def handle(request: Request) -> Answer | Awaitable[Answer]:
        if request.path == "/awaited":
            return fails()
        raise ValueError("plain")

    async def work(server: Server, client: Client) -> list[int]:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: seen.append(str(context["exception"])))
        return [
            (await client.post(HOST, server.port, path, b"", {}))[0] for path in ("/", "/awaited")
        ]

    assert [500, 500] == run(handle, work)
    assert ["plain", "awaited"] == seen


def test_close_ends_what_is_under_way() -> None:
    """A post that waits for its answer learns of it."""
    arrived = asyncio.Event()

    async def never() -> Answer:
        await asyncio.Event().wait()
        return Answer()

    def handle(_request: Request) -> Awaitable[Answer]:
        arrived.set()
        return never()

    async def work(server: Server, client: Client) -> Any:
        post = asyncio.ensure_future(client.post(HOST, server.port, "/", b"", {}))
        await arrived.wait()
        await server.close()
        with pytest.raises(ConnectionError):
            await post

    run(handle, work)
