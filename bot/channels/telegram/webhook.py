"""The webhook: Telegram posts one update, and is answered when it has been handled.

So Telegram keeps the order of each person's taps, and delivers again what was answered 503. The
answer to a press of a button rides in the response.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from math import ceil
from typing import Any

import msgspec

from bot.channels.telegram.dispatch import Dispatch
from bot.channels.telegram.updates import Poison, decode

__all__ = ["BODY_LIMIT", "Webhook"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Bytes; the largest updates (a reply to a message of 4,096 characters) stay below 100 kB.
BODY_LIMIT = 1 << 20
#: Seconds that a body may take to arrive.
_BODY_TIME = 10
_SECRET = b"x-telegram-bot-api-secret-token"
_JSON = [(b"content-type", b"application/json")]
#: Seconds after which Telegram is to come again, if nobody asked for more.
_AGAIN = 2
_encode = msgspec.json.Encoder().encode


class Webhook:
    """An ASGI application with three routes: the webhook's own path, `/health` and `/ready`.

    As long as it is not `accepting`, Telegram is asked to come again; `ready` is what it says of
    itself.
    """

    def __init__(self, dispatch: Dispatch, path: str, secret: str) -> None:
        self._dispatch = dispatch
        self._path = path
        self._secret = secret.encode()
        self.accepting = False
        self.ready = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if scope["method"] == "POST" and path == self._path:
            status, headers, body = await self._deliver(scope, receive)
        elif path == "/health":
            status, headers, body = 200, _JSON, self._health()
        elif path == "/ready":
            status, headers, body = (200 if self.ready else 503), [], b""
        else:
            status, headers, body = 404, [], b""
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})

    def _health(self) -> bytes:
        tally = self._dispatch.tally
        return _encode(
            {
                "status": "ok",
                "handled": tally.handled,
                "poisoned": tally.poisoned,
                "deferred": tally.deferred,
            }
        )

    async def _deliver(
        self, scope: Scope, receive: Receive
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        given = next((value for name, value in scope["headers"] if name == _SECRET), b"")
        if not hmac.compare_digest(given, self._secret):
            return 401, [], b""
        if not self.accepting:
            return 503, _again(0), b""
        try:
            async with asyncio.timeout(_BODY_TIME):
                body = await _read(receive)
        except TimeoutError:
            return 408, [(b"connection", b"close")], b""
        if body is None:
            return 413, [(b"connection", b"close")], b""
        try:
            update = decode(body)
        except Poison as poison:
            self._dispatch.poisoned(poison)
            return 200, [], b""
        delivery = await self._dispatch.run(update)
        if delivery.again:
            return 503, _again(delivery.after), b""
        if delivery.reply is None:
            return 200, [], b""
        return 200, _JSON, _encode({"method": "answerCallbackQuery", **delivery.reply})


def _again(seconds: float) -> list[tuple[bytes, bytes]]:
    return [(b"retry-after", str(max(_AGAIN, ceil(seconds))).encode())]


async def _read(receive: Receive) -> bytes | None:
    """The body; None when it is too long. Raises `TimeoutError` when the sender went away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        pieces = [body]
        length = len(body)
        while message.get("more_body") and length <= BODY_LIMIT:
            message = await receive()
            pieces.append(message.get("body", b""))
            length += len(pieces[-1])
        body = b"".join(pieces)
    if message["type"] == "http.disconnect":
        raise TimeoutError
    return None if len(body) > BODY_LIMIT else body
