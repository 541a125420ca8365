"""The webhook: who may deliver, how much, and what Telegram is answered."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from bot.channels.telegram.updates import Poison
from bot.channels.telegram.webhook import BODY_LIMIT
from bot.desk import Desk
from tests.fakes.telegram import FakeTelegram
from tests.telegram_fixtures import SECRET, Running
from tests.test_platform import asked, begun, tap

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def running(telegram: FakeTelegram, chat_desk: Desk) -> Iterator[Running]:
    """The service by webhook."""
    with Running(telegram, chat_desk) as service:
        yield service


def post(
    running: Running,
    body: bytes = b'{"update_id": 1}',
    secret: str | None = SECRET,
    path: str = "/hook",
    method: str = "POST",
    source: str = "",
) -> tuple[int, bytes]:
    """Status and body of what the webhook answers; `source` is who the request says it is."""
    headers = {"X-Forwarded-For": source} if source else {}
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    if secret is not None:
        headers[HEADER] = secret
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_telegram_is_told_where_and_what(telegram: FakeTelegram, running: Running) -> None:
    """The address, the secret, three kinds of update, and that nothing pending is dropped."""
    (call,) = telegram.called("setWebhook")

    assert {
        "url": f"http://127.0.0.1:{running.port}/hook",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "max_connections": 100,
        "drop_pending_updates": False,
    } == {name: call.params.get(name) for name in call.params} | {
        "drop_pending_updates": bool(call.params.get("drop_pending_updates"))
    }


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é" * 10])
def test_without_the_secret_nothing_is_done(running: Running, secret: str | None) -> None:
    """401, whatever the body says and whoever the request claims to come from."""
    before = running.service.tally.handled
    given = None if secret is None else secret.encode().decode("latin-1")

    assert (401, b"") == post(running, secret=given, source="149.154.160.1")
    assert before == running.service.tally.handled


def test_a_body_is_bounded(running: Running) -> None:
    """Just under the limit it is read (and is no update); above, it is refused."""
    assert 200 == post(running, b"x" * BODY_LIMIT)[0]
    assert 413 == post(running, b"x" * (BODY_LIMIT + 1))[0]
    assert [Poison] == [type(error) for error in running.errors]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/hook"), ("POST", "/"), ("POST", "/hook/"), ("GET", "/x")]
)
def test_other_routes_are_not_there(running: Running, method: str, path: str) -> None:
    """404 without a word."""
    assert (404, b"") == post(running, method=method, path=path)


def test_the_answer_to_a_press_rides_in_the_response(
    telegram: FakeTelegram, running: Running
) -> None:
    """So a tap costs one call: the edit."""
    person = asked(telegram)
    before = len(telegram.calls)
    tap(telegram, person, "Ailleurs, ou plusieurs")

    assert ["editMessageText", "answerCallbackQuery"] == [
        call.method for call in telegram.calls[before:]
    ]
    assert ["http", "webhook reply"] == [call.via for call in telegram.calls[before:]]


def test_the_answer_comes_after_the_work(telegram: FakeTelegram, running: Running) -> None:
    """Telegram is answered when the new screen is there, not before."""
    person = begun(telegram)
    telegram.faults.delay("editMessageText", 0.2)
    person.tap(person.last, "J’accepte, commencer")
    telegram.settle()

    assert person.last.text.startswith("Pour qui est-ce")


def test_health_and_readiness(running: Running) -> None:
    """Counts, none of which says anything of anybody."""
    status, body = post(running, method="GET", path="/health", secret=None)

    assert 200 == status
    assert {"status": "ok", "handled": 0, "poisoned": 0, "deferred": 0} == json.loads(body)
    assert (200, b"") == post(running, method="GET", path="/ready", secret=None)
    post(running, b"nonsense")
    assert 1 == json.loads(post(running, method="GET", path="/health")[1])["poisoned"]


def test_a_body_that_stops_is_let_go(running: Running) -> None:
    """A sender that goes away in the middle leaves nothing open."""
    with socket.create_connection(("127.0.0.1", running.port), 5) as raw:
        raw.sendall(
            f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
            "Content-Length: 1000\r\n\r\nhalf".encode()
        )

    assert 200 == post(running)[0]


def test_a_passing_failure_is_503(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """With word when to come again."""
    with Running(telegram, chat_desk, budget=0.1) as running:
        person = begun(telegram)
        telegram.faults.answer("sendMessage", 500, times=100)
        words = {
            "message_id": 9,
            "date": 9,
            "chat": {"id": person.id, "type": "private"},
            "text": "/aide",
        }

        assert (503, b"") == post(running, json.dumps({"update_id": 99, "message": words}).encode())
    assert [] == running.errors
