"""Kept connections to one server, which may behave in any way."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.channels.telegram import connections as module
from bot.channels.telegram.connections import Connections, Lost

Writer = asyncio.StreamWriter
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head + await reader.readexactly(length)


def against(
    answers: list[bytes | None],
    work: Callable[[Connections, str], Awaitable[object]],
    *,
    tls: ssl.SSLContext | None = None,
) -> tuple[object, list[bytes], int]:
    """What `work` gives, the requests that came, and over how many connections.

    Each request gets the next answer as it is; None closes the connection instead.
    """
    seen: list[bytes] = []
    opened = [0]

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        opened[0] += 1
        try:
            while True:
                seen.append(await _request(reader))
                answer = answers[min(len(seen), len(answers)) - 1]
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def play() -> object:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        pool = Connections()
        scheme = "https" if tls else "http"
        try:
            return await work(pool, f"{scheme}://127.0.0.1:{port}/bot/x")
        except Lost as lost:
            return lost
        finally:
            pool.close()
            server.close()
            await asyncio.sleep(0)

    return asyncio.run(play()), seen, opened[0]


async def _twice(pool: Connections, url: str) -> object:
    return [await pool.post(url, b"{}", 5), await pool.post(url, b"[]", 5)]


def test_a_connection_is_used_again() -> None:
    """Two calls, one connection."""
    found, seen, opened = against([OK], _twice)

    assert [(200, b"ok"), (200, b"ok")] == found
    assert 1 == opened
    assert seen[0].startswith(b"POST /bot/x HTTP/1.1\r\nHost: 127.0.0.1:")
    assert seen[1].endswith(b"Content-Length: 2\r\n\r\n[]")


def test_calls_at_once_have_connections_of_their_own() -> None:
    """Ten at once, ten connections; ten more use the same."""

    async def work(pool: Connections, url: str) -> None:
        for _ in range(2):
            await asyncio.gather(*(pool.post(url, b"{}", 5) for _ in range(10)))

    assert 10 == against([OK], work)[2]


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
            b"abcd",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\nX-Long: " + b"y" * 5000 + b"\r\n\r\nz",
            b"z",
        ),
    ],
)
def test_answers_come_in_all_shapes(answer: bytes, content: bytes) -> None:
    """With a length, in chunks, empty, with long headers."""
    found, _, opened = against([answer], _twice)

    assert isinstance(found, list)
    assert [content, content] == [body for _, body in found]
    assert 1 == opened


def test_a_server_that_closes_gets_a_new_connection() -> None:
    """When it says so."""
    found, _, opened = against([OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")], _twice)

    assert [(200, b"ok"), (200, b"ok")] == found
    assert 2 == opened


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n",
    ],
)
def test_no_whole_answer_is_a_loss(answer: bytes | None) -> None:
    """And may have had its effect."""

    async def work(pool: Connections, url: str) -> object:
        return await pool.post(url, b"{}", 0.3)

    found, _, _ = against([answer], work)

    assert isinstance(found, Lost)
    assert found.reached


def test_an_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never stops is left."""
    monkeypatch.setattr(module, "_LONGEST", 10_000)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99_999
    found, _, _ = against([answer], lambda pool, url: pool.post(url, b"{}", 5))

    assert isinstance(found, Lost)


def test_a_connection_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was idle for too long is not used again."""
    monkeypatch.setattr(module, "_IDLE", 0.0)
    found, _, opened = against([OK], _twice)

    assert [(200, b"ok"), (200, b"ok")] == found
    assert 2 == opened


def test_a_cancelled_call_leaves_no_answer_behind() -> None:
    """The next call gets its own answer, over another connection."""

    async def work(pool: Connections, url: str) -> object:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.post(url, b"slow", 5), 0.1)
        return await pool.post(url, b"{}", 5)

    half = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nno"
    found, _, opened = against([half, OK], work)

    assert (200, b"ok") == found
    assert 2 == opened


def test_nobody_there_was_not_reached() -> None:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def play() -> None:
        await Connections().post(f"http://127.0.0.1:{port}/x", b"{}", 1)

    with pytest.raises(Lost) as caught:
        asyncio.run(play())

    assert not caught.value.reached
    assert str(port) not in f"{caught.value}{caught.value.__context__}"


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS with a certificate that it signed itself, and that certificate."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(cert),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    return tls, cert


def test_a_foreign_certificate_is_refused(tmp_path: Path) -> None:
    """Over TLS the server must be who it says; one that signs for itself is not."""
    tls, _ = certified(tmp_path)
    found, seen, _ = against([OK], lambda pool, url: pool.post(url, b"{}", 5), tls=tls)

    assert isinstance(found, Lost)
    assert not found.reached
    assert [] == seen


def test_a_known_certificate_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that the system knows."""
    tls, cert = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    found, _, opened = against([OK], _twice, tls=tls)

    assert [(200, b"ok"), (200, b"ok")] == found
    assert 1 == opened
