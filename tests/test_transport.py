"""Calls to a Bot API server: bounded patience, and nothing that gives the token away."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.channels.telegram.connections import Lost
from bot.channels.telegram.transport import Transport
from tests.fakes.http import Answer, Request, serve

TOKEN = "123456789:sample-token_that_must_never_be_seen"  # noqa: S105 - a sample
OK = b'{"ok":true,"result":true}'


def flood(seconds: float) -> bytes:
    """The body of a 429."""
    return json.dumps({"ok": False, "parameters": {"retry_after": seconds}}).encode()


def against(
    answers: list[Answer], work: Callable[[Transport, str], Awaitable[object]], budget: float = 2.0
) -> tuple[object, list[Request]]:
    """What `work` gives against a server that answers so (the last for ever), and the calls."""
    seen: list[Request] = []

    def handle(request: Request) -> Answer:
        seen.append(request)
        return answers[min(len(seen), len(answers)) - 1]

    async def play() -> object:
        server = await serve(handle)
        transport = Transport(budget)
        await transport.initialize()
        try:
            return await work(transport, f"http://127.0.0.1:{server.port}/bot{TOKEN}/method")
        except (Lost, TelegramError) as error:
            return error
        finally:
            await transport.shutdown()
            await server.close()

    return asyncio.run(play()), seen


def test_a_body_goes_as_json() -> None:
    """And the answer comes back as it is."""
    found, seen = against([Answer(200, OK)], lambda t, url: t.send(url, b'{"a":1}'))

    assert (200, OK) == found
    assert ("POST", b'{"a":1}', "application/json") == (
        seen[0].method,
        seen[0].body,
        seen[0].headers["content-type"],
    )
    assert "Passerelle" == seen[0].headers["user-agent"]


@pytest.mark.parametrize(
    "first", [Answer(500), Answer(502), Answer(429, flood(0.05)), Answer(drop=True)]
)
def test_what_may_pass_is_tried_again(first: Answer) -> None:
    """A lost connection, 429 and 5xx, until there is an answer."""
    found, seen = against([first, first, Answer(200, OK)], lambda t, url: t.send(url, b"{}"))

    assert (200, OK) == found
    assert 3 == len(seen)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    """It would be refused again."""
    found, seen = against([Answer(status, b"{}")], lambda t, url: t.send(url, b"{}"))

    assert (status, b"{}") == found
    assert 1 == len(seen)


@pytest.mark.parametrize(
    "answer", [Answer(503, b"x"), Answer(429, flood(60)), Answer(429, b"no json")]
)
def test_patience_ends(answer: Answer) -> None:
    """When the next attempt would come after the budget, the last answer is given."""
    found, seen = against([answer], lambda t, url: t.send(url, b"{}"), budget=0.3)

    assert (answer.status, answer.body) == found
    assert 1 <= len(seen) <= 4


@pytest.mark.parametrize("budget", [0.0, -3.0])
def test_without_time_nothing_is_sent(budget: float) -> None:
    """A call that would come too late is not made at all."""
    found, seen = against([Answer(200, OK)], lambda t, url: t.send(url, b"{}", budget=budget))

    assert isinstance(found, Lost)
    assert not found.reached
    assert [] == seen


def test_a_call_has_its_own_patience() -> None:
    """A wait that the transport would take is too long for this call: the answer is given."""
    found, seen = against(
        [Answer(429, flood(1.5)), Answer(200, OK)], lambda t, url: t.send(url, b"{}", budget=0.5)
    )

    assert (429, flood(1.5)) == found
    assert 1 == len(seen)


def test_a_silent_server_is_left_in_time() -> None:
    """An answer that comes after the call's own seconds is not waited for."""
    found, seen = against(
        [Answer(200, OK, delay=30)],
        lambda t, url: t.send(url, b"{}", repeatable=False, budget=0.2),
    )

    assert isinstance(found, Lost)
    assert found.reached
    assert 1 == len(seen)


def test_a_lost_answer_is_named_lost() -> None:
    """With whether the request may have had its effect."""
    found, _ = against([Answer(drop=True)], lambda t, url: t.send(url, b"{}"), budget=0.15)

    assert isinstance(found, Lost)
    assert found.reached


def test_what_must_not_happen_twice_is_not_repeated() -> None:
    """After the connection broke in the middle."""
    found, seen = against(
        [Answer(drop=True), Answer(200, OK)],
        lambda t, url: t.send(url, b"{}", repeatable=False),
    )

    assert isinstance(found, Lost)
    assert 1 == len(seen)


def test_what_never_reached_a_server_is_repeated() -> None:
    """Nobody listens: nothing can have happened."""

    async def play() -> Lost:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        transport = Transport(0.5)
        await transport.initialize()
        with pytest.raises(Lost) as caught:
            await transport.send(f"http://127.0.0.1:{port}/bot{TOKEN}/x", b"{}", repeatable=False)
        await transport.shutdown()
        return caught.value

    assert not asyncio.run(play()).reached


def test_a_redirect_is_not_followed() -> None:
    """It would take the token elsewhere."""
    away = Answer(302, b"", (("location", "http://127.0.0.1:1/"),))
    found, seen = against([away], lambda t, url: t.send(url, b"{}"))

    assert (302, b"") == found
    assert 1 == len(seen)


def test_no_error_names_the_address() -> None:
    """Not in its words, its cause or its context: the address holds the token."""
    found, _ = against([Answer(drop=True)], lambda t, url: t.send(url, b"{}"), budget=0)
    error = found

    assert isinstance(error, BaseException)
    while error is not None:
        assert TOKEN not in f"{error!s}{error!r}{error.args}"
        assert isinstance(error, BaseException)
        error = error.__cause__ or error.__context__


def test_a_closed_transport_is_lost() -> None:
    """Before it was opened and after it was closed."""

    async def play() -> None:
        transport = Transport(0)
        with pytest.raises(Lost):
            await transport.send("http://127.0.0.1:1/x", b"{}")
        await transport.shutdown()

    asyncio.run(play())


def test_the_librarys_own_methods_use_it() -> None:
    """python-telegram-bot's typed calls go out as JSON, nested values and all."""

    async def call(transport: Transport, url: str) -> object:
        base = url.partition(TOKEN)[0]
        bot = Bot(TOKEN, base_url=base, request=transport, get_updates_request=transport)
        return await bot.set_my_commands([("start", "Begin")], language_code="en")

    found, seen = against([Answer(200, OK)], call)

    assert found is True
    assert {
        "commands": [{"command": "start", "description": "Begin"}],
        "language_code": "en",
    } == json.loads(seen[0].body)


def test_nothing_is_fetched() -> None:
    """Only POST is spoken; a file of somebody's is never asked for."""
    found, seen = against([Answer(200, OK)], lambda t, url: t.retrieve(url))

    assert isinstance(found, NetworkError)
    assert [] == seen


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), Answer(drop=True)])
def test_the_librarys_errors_say_nothing(answer: Answer) -> None:
    """Neither the address nor the content of an answer."""

    async def call(transport: Transport, url: str) -> object:
        base = url.partition(TOKEN)[0]
        bot = Bot(TOKEN, base_url=base, request=transport, get_updates_request=transport)
        return await bot.delete_webhook()

    found, _ = against([answer], call, budget=0)

    assert isinstance(found, NetworkError if answer.drop else TelegramError)
    assert TOKEN not in str(found)
    assert "html" not in str(found)
