"""What Telegram's answers mean."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.channels.telegram.api import Api, Outcome, Passing, Refused, Sent
from bot.channels.telegram.transport import Transport
from tests.fakes.http import Answer, Request, serve

CHAT = 7_261_000_001


def edit(api: Api) -> Awaitable[object]:
    """Changes a message."""
    return api.edit(CHAT, 3, {"text": "x"})


def said(
    *answers: Answer, call: Callable[[Api], Awaitable[object]] = edit
) -> tuple[object, list[dict[str, Any]]]:
    """What comes of a call that is answered so, and the bodies that were sent."""
    bodies: list[dict[str, Any]] = []

    def handle(request: Request) -> Answer:
        bodies.append(json.loads(request.body))
        return answers[min(len(bodies), len(answers)) - 1]

    async def play() -> object:
        server = await serve(handle)
        transport = Transport(budget=0.1)
        await transport.initialize()
        api = Api(transport, f"http://127.0.0.1:{server.port}/botTOKEN")
        try:
            return await call(api)
        except (Passing, Refused) as error:
            return error
        finally:
            await transport.shutdown()
            await server.close()

    return asyncio.run(play()), bodies


def refusal(status: int, description: str, **parameters: int) -> Answer:
    """An answer as Telegram words it."""
    content = {"ok": False, "error_code": status, "description": description}
    return Answer(status, json.dumps({**content, "parameters": parameters}).encode())


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(200, b'{"ok":true,"result":{"message_id":3}}'), Outcome.DONE),
        (Answer(200, b'{"ok": true, "result": true}'), Outcome.DONE),
        (refusal(400, "Bad Request: message is not modified: specified new ..."), Outcome.DONE),
        (refusal(400, "Bad Request: message to edit not found"), Outcome.GONE),
        (refusal(400, "Bad Request: message can't be edited"), Outcome.GONE),
        (refusal(400, "Bad Request: MESSAGE_ID_INVALID"), Outcome.GONE),
        (refusal(400, "Bad Request: message can't be deleted for everyone"), Outcome.GONE),
        (refusal(400, "Bad Request: query is too old and response timeout ..."), Outcome.GONE),
        (refusal(400, "Bad Request: chat not found"), Outcome.ABSENT),
        (refusal(400, "Bad Request: not enough rights to send text messages"), Outcome.BARRED),
        (refusal(400, "Bad Request: need administrator rights in the channel"), Outcome.BARRED),
        (refusal(403, "Forbidden: bot was blocked by the user"), Outcome.BLOCKED),
        (refusal(403, "Forbidden: user is deactivated"), Outcome.BLOCKED),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), Outcome.BLOCKED),
    ],
)
def test_an_answer_has_its_meaning(answer: Answer, outcome: Outcome) -> None:
    """Done, gone for ever, or nobody there to read."""
    found, bodies = said(answer)

    assert outcome is found
    assert [{"chat_id": CHAT, "message_id": 3, "text": "x"}] == bodies


@pytest.mark.parametrize(
    "answer",
    [
        refusal(429, "Too Many Requests: retry after 9", retry_after=9),
        refusal(500, "Internal Server Error"),
        Answer(502, b"<html>Bad Gateway</html>"),
        Answer(200, b"<html>a hotel's own page</html>"),
        Answer(200, b"[1]"),
        Answer(400, b"\xff\xfe"),
        Answer(drop=True),
    ],
)
def test_what_may_pass_is_named_so(answer: Answer) -> None:
    """The update is to come again; what is no Bot API server says nothing about the message."""
    assert isinstance(said(answer)[0], Passing)


@pytest.mark.parametrize("status", [400, 401, 404, 409])
def test_a_mistake_of_ours_is_named_without_its_content(status: int) -> None:
    """The method and the number; Telegram's words may quote hers."""
    error, _ = said(refusal(status, "Bad Request: can't parse entities: canary"))

    assert isinstance(error, Refused)
    assert f"editMessageText: {status}" == str(error)


def test_a_group_is_followed_once() -> None:
    """To its new number, with the same content; one that goes on moving is left."""
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100)
    found, bodies = said(moved, Answer(200, b'{"ok":true,"result":true}'))

    assert Outcome.DONE is found
    assert [CHAT, -100] == [body["chat_id"] for body in bodies]

    found, bodies = said(moved)

    assert Outcome.MOVED is found
    assert 2 == len(bodies)


def post(api: Api, seconds: float | None = 5.0) -> Awaitable[object]:
    """Sends a message whose number is wanted."""
    return api.post(CHAT, {"text": "x"}, seconds)


SENT = Answer(200, b'{"ok":true,"result":{"message_id":42,"chat":{"id":1}}}')
MOVED = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100)


@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ([SENT], Sent(Outcome.DONE, 42)),
        ([MOVED, SENT], Sent(Outcome.DONE, 42, -100)),
        ([MOVED], Sent(Outcome.MOVED, 0, -100)),
        ([refusal(403, "Forbidden: bot was kicked from the group chat")], Sent(Outcome.BLOCKED)),
    ],
)
def test_a_message_tells_its_number(answers: list[Answer], sent: Sent) -> None:
    """And where its group is now, if that moved."""
    assert sent == said(*answers, call=post)[0]


@pytest.mark.parametrize(
    ("answer", "maybe", "after"),
    [
        (refusal(429, "Too Many Requests: retry after 9", retry_after=9), False, 9.0),
        (refusal(500, "Internal Server Error"), True, 0.0),
        (Answer(drop=True), True, 0.0),
        (Answer(200, b'{"ok":true,"result":true}'), True, 0.0),
    ],
)
def test_a_message_is_never_sent_twice(answer: Answer, maybe: bool, after: float) -> None:
    """What may have been sent is told from what certainly was not; one call, whatever it was."""
    error, bodies = said(answer, SENT, call=post)

    assert isinstance(error, Passing)
    assert (maybe, after) == (error.sent, error.after)
    assert 1 == len(bodies)


def test_a_public_channel_is_written_to_by_its_name() -> None:
    """Nobody has to find out its number."""
    found, bodies = said(SENT, call=lambda api: api.send("@essais", {"text": "x"}))

    assert Outcome.DONE is found
    assert [{"chat_id": "@essais", "text": "x"}] == bodies


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_with_no_time_left_nothing_is_sent(seconds: float) -> None:
    """It certainly did not arrive."""
    error, bodies = said(SENT, call=lambda api: post(api, seconds))

    assert isinstance(error, Passing)
    assert not error.sent
    assert [] == bodies


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (Answer(200, b'{"ok":true,"result":{"status":"creator","user":{"id":9}}}'), "creator"),
        (refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED"), ""),
        (refusal(400, "Bad Request: PARTICIPANT_ID_INVALID"), ""),
        (refusal(400, "Bad Request: user not found"), ""),
        (Answer(200, b'{"ok":true,"result":true}'), ""),
    ],
)
def test_a_standing_is_known_or_not(answer: Answer, standing: str) -> None:
    """Where members are hidden, Telegram tells a simple bot nothing."""
    found, bodies = said(answer, call=lambda api: api.standing(CHAT, 9))

    assert standing == found
    assert [{"chat_id": CHAT, "user_id": 9}] == bodies


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (Answer(200, b'{"ok":true,"result":7}'), 7),
        (refusal(400, "Bad Request: member list is inaccessible"), 0),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), 0),
    ],
)
def test_members_are_counted_or_not(answer: Answer, count: int) -> None:
    """What Telegram does not say is no error of ours."""
    assert count == said(answer, call=lambda api: api.members(CHAT))[0]
