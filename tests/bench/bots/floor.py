"""The floor: the least work that plays the script; no library between it and the wire.

uvloop and httptools by hand. Her answers ride in the buttons as a short string, one character an
answer, without any seal. On a webhook the edit is awaited, and the press is answered in the reply.
It neither retries nor checks anything, so it is a measure, not a model.
"""

import asyncio
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

import httptools
import msgspec
import uvloop

from tests.bench.bots.place import Place, place

__all__: list[str] = []

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_ANSWER = b'{"method":"answerCallbackQuery","callback_query_id":"%b"}'

Done = Callable[[bytes], None]


class _Chat(msgspec.Struct):
    id: int


class _Message(msgspec.Struct):
    message_id: int
    chat: _Chat


class _Query(msgspec.Struct):
    id: str
    message: _Message
    data: str


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    callback_query: _Query | None = None


class _Batch(msgspec.Struct):
    result: list[_Update] = []


_UPDATE = msgspec.json.Decoder(_Update)
_BATCH = msgspec.json.Decoder(_Batch)


class _Out(asyncio.Protocol):
    """A kept connection to the API; one call at a time."""

    def __init__(self, idle: list["_Out"]) -> None:
        self._idle = idle
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self.done: Done | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._idle.append(self)
        self._finish(self._body)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self in self._idle:
            self._idle.remove(self)
        self._finish(b"")

    def _finish(self, body: bytes) -> None:
        done, self.done = self.done, None
        if done is not None:
            done(body)


class _Floor:
    """The bot: screens made ready as bytes, with a gap where the state goes."""

    def __init__(self, here: Place) -> None:
        self.here = here
        api = urlsplit(here.api)
        self._api = api.hostname or "", api.port or 80
        self._idle: list[_Out] = []
        self._screens = [self._ready(number) for number in range(len(here.script.screens))]

    def _ready(self, number: int) -> bytes:
        screen = self.here.script.screens[number]
        digits = iter(_DIGITS)
        rows = [
            [{"text": label, "callback_data": f"@@{next(digits)}"} for label in row]
            for row in screen.rows
        ]
        body = msgspec.json.encode({"text": screen.text, "reply_markup": {"inline_keyboard": rows}})
        return body.replace(b"@@", b"\0")[1:]

    def call(self, method: bytes, body: bytes, done: Done) -> None:
        """Post a call; `done` gets the body of the answer, empty when the line was lost."""
        message = (
            b"POST /bot%b/%b HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b"
        ) % (self.here.token.encode(), method, len(body), body)
        if self._idle:
            out = self._idle.pop()
            out.done = done
            out.transport.write(message)
        else:
            task = asyncio.ensure_future(self._connect(message, done))
            task.add_done_callback(asyncio.Task.result)

    async def _connect(self, message: bytes, done: Done) -> None:
        loop = asyncio.get_running_loop()
        _, out = await loop.create_connection(lambda: _Out(self._idle), *self._api)
        out.done = done
        out.transport.write(message)

    async def ask(self, method: bytes, body: bytes) -> bytes:
        """The body of the answer to a call."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.call(method, body, answer.set_result)
        return await answer

    def take(self, update: _Update, done: Done) -> bytes:
        """Act on an update; gives the id of the press that waits to be answered, if any."""
        query = update.callback_query
        if query is None:
            if update.message is not None:
                self._show(b"sendMessage", update.message, 0, b"", done)
            return b""
        state = query.data
        screen, answers, button = int(state[:2]), state[2:-1], state[-1]
        after = self.here.script.after(screen, _DIGITS.index(button))
        if after > screen:
            answers += button
        elif after < screen:
            answers = answers[:-1]
        self._show(b"editMessageText", query.message, after, answers.encode(), done)
        return query.id.encode()

    def _show(
        self, method: bytes, message: _Message, screen: int, answers: bytes, done: Done
    ) -> None:
        body = b'{"chat_id":%d,"message_id":%d,%b' % (
            message.chat.id,
            message.message_id,
            self._screens[screen].replace(b"\0", b"%02d%b" % (screen, answers)),
        )
        self.call(method, body, done)


class _Hook(asyncio.Protocol):
    """A connection of the webhook."""

    def __init__(self, floor: _Floor) -> None:
        self._floor = floor
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""
        self._secret = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name == b"X-Telegram-Bot-Api-Secret-Token":
            self._secret = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._secret != self._floor.here.secret.encode():
            self._transport.close()
            return
        query = b""

        def done(_body: bytes) -> None:
            answer = _ANSWER % query
            self._transport.write(_REPLY % (len(answer), answer) if query else _OK)

        query = self._floor.take(_UPDATE.decode(self._body), done)


async def _poll(floor: _Floor) -> None:
    offset = 0
    while True:
        asking = b'{"offset":%d,"timeout":30,"limit":100}' % offset
        body = await floor.ask(b"getUpdates", asking)
        for update in _BATCH.decode(body or b"{}").result:
            offset = update.update_id + 1
            query = floor.take(update, lambda _body: None)
            if query:
                answer = b'{"callback_query_id":"%b"}' % query
                floor.call(b"answerCallbackQuery", answer, lambda _body: None)


async def _main() -> None:
    here = place()
    floor = _Floor(here)
    if not here.webhook_url:
        await _poll(floor)
        return
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Hook(floor), here.host, here.port)
    hook = {"url": here.webhook_url, "secret_token": here.secret, "max_connections": 100}
    await floor.ask(b"setWebhook", msgspec.json.encode(hook))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main())
