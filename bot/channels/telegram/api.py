"""The calls of the Bot API that speak to a person, and what their refusals mean."""

from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import Any

import msgspec

from bot.channels.telegram.connections import Lost
from bot.channels.telegram.transport import Transport

__all__ = ["TOAST", "UNREAD", "Api", "Outcome", "Passing", "Refused", "Sent"]

#: Toasts are at most 200 characters.
TOAST = 200


class Outcome(Enum):
    """How a call ended that Telegram answered."""

    DONE = "done"
    GONE = "gone"  # the message can't be edited or deleted any more
    BLOCKED = "blocked"  # she blocked the bot, or her account is gone: nobody is there to read
    ABSENT = "absent"  # there is no such chat
    BARRED = "barred"  # the bot may not write there
    MOVED = "moved"  # the group became another one, and that one again


#: Nobody can read what was sent.
UNREAD = frozenset({Outcome.BLOCKED, Outcome.ABSENT, Outcome.BARRED})


class Refused(Exception):
    """Telegram refuses a call for a reason that is our mistake; says the method only."""

    def __init__(self, method: str, status: int) -> None:
        super().__init__(f"{method}: {status}")
        self.method = method
        self.status = status


class Passing(Exception):
    """A call failed for a reason that may pass.

    `sent`: it may have had its effect. `after`: seconds that Telegram asks us to wait.
    """

    def __init__(self, sent: bool = False, after: float = 0.0) -> None:
        super().__init__("the Bot API server cannot be reached, or refuses for now")
        self.sent = sent
        self.after = after


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent: its number (0 unless DONE), and the chat's new one if it moved."""

    outcome: Outcome
    message_id: int = 0
    moved: int | None = None


class _Parameters(msgspec.Struct):
    migrate_to_chat_id: int | None = None
    retry_after: float = 0.0


class _Answer(msgspec.Struct):
    ok: bool
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)
    result: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


class _Message(msgspec.Struct):
    message_id: int


class _Member(msgspec.Struct):
    status: str


_answer = msgspec.json.Decoder(_Answer)
_encode = msgspec.json.Encoder().encode
_message = msgspec.json.Decoder(_Message)
_member = msgspec.json.Decoder(_Member)
_count = msgspec.json.Decoder(int)
#: Beginnings of Telegram's descriptions of a 400, in lower case, and what they mean.
_MEANINGS = (
    ("bad request: message is not modified", Outcome.DONE),
    ("bad request: message to edit not found", Outcome.GONE),
    ("bad request: message can't be edited", Outcome.GONE),
    ("bad request: message_id_invalid", Outcome.GONE),
    ("bad request: message to delete not found", Outcome.DONE),
    ("bad request: message can't be deleted", Outcome.GONE),
    ("bad request: query is too old", Outcome.GONE),
    ("bad request: query id is invalid", Outcome.GONE),
    ("bad request: chat not found", Outcome.ABSENT),
    ("bad request: user not found", Outcome.BLOCKED),
    ("bad request: peer_id_invalid", Outcome.BLOCKED),
    ("bad request: not enough rights to send", Outcome.BARRED),
    ("bad request: need administrator rights", Outcome.BARRED),
    ("bad request: chat_write_forbidden", Outcome.BARRED),
)


class Api:
    """Calls in JSON at `base`, which is the address of the server with the bot's token."""

    def __init__(self, transport: Transport, base: str) -> None:
        self._transport = transport
        self._urls = {
            method: f"{base}/{method}"
            for method in (
                "answerCallbackQuery",
                "deleteMessage",
                "editMessageText",
                "getChatMember",
                "getChatMemberCount",
                "sendMessage",
            )
        }

    async def edit(self, chat: int, message: int, content: dict[str, Any]) -> Outcome:
        """Changes a message of ours; an equal content is DONE."""
        return await self._call(
            "editMessageText", {"chat_id": chat, "message_id": message, **content}
        )

    async def send(
        self, chat: int | str, content: dict[str, Any], *, repeatable: bool = False
    ) -> Outcome:
        """Sends a new message, to a chat or to a public channel by its `@name`.

        A group that became another one is written to under its new number. Unless `repeatable`,
        raises `Passing` with `sent` when Telegram may have sent it: it is not sent again.
        """
        return await self._call("sendMessage", {"chat_id": chat, **content}, repeatable=repeatable)

    async def post(self, chat: int, content: dict[str, Any], seconds: float | None = None) -> Sent:
        """Sends a new message and tells its number; gives up after `seconds`.

        Raises `Passing`, with `sent` when Telegram may have sent it.
        """
        fields = {"chat_id": chat, **content}
        outcome, result, moved = await self._ask("sendMessage", fields, False, seconds)
        if outcome is not Outcome.DONE:
            return Sent(outcome, moved=moved)
        try:
            return Sent(outcome, _message.decode(result).message_id, moved)
        except msgspec.MsgspecError:
            raise Passing(sent=True) from None

    async def standing(self, chat: int, user: int) -> str:
        """What `user` is in the group `chat`: creator, administrator, member and so on.

        Empty when Telegram does not say: it tells who is in a group with hidden members to its
        administrators only.
        """
        try:
            _, result, _ = await self._ask("getChatMember", {"chat_id": chat, "user_id": user})
            return _member.decode(result).status
        except (msgspec.MsgspecError, Refused):
            return ""

    async def members(self, chat: int) -> int:
        """How many members the group `chat` has; 0 when Telegram does not say."""
        try:
            _, result, _ = await self._ask("getChatMemberCount", {"chat_id": chat})
            return _count.decode(result)
        except (msgspec.MsgspecError, Refused):
            return 0

    async def delete(self, chat: int, message: int) -> Outcome:
        """Deletes a message."""
        return await self._call("deleteMessage", {"chat_id": chat, "message_id": message})

    async def answer(self, query: dict[str, Any]) -> Outcome:
        """Answers a press of a button; the fields of answerCallbackQuery."""
        return await self._call("answerCallbackQuery", query)

    async def _call(
        self, method: str, fields: dict[str, Any], *, repeatable: bool = True
    ) -> Outcome:
        return (await self._ask(method, fields, repeatable))[0]

    async def _ask(
        self,
        method: str,
        fields: dict[str, Any],
        repeatable: bool = True,
        seconds: float | None = None,
    ) -> tuple[Outcome, msgspec.Raw, int | None]:
        """What came of a call, its result, and where a group has moved."""
        end = None if seconds is None else monotonic() + seconds
        try:
            status, payload = await self._transport.send(
                self._urls[method], _encode(fields), repeatable=repeatable, budget=seconds
            )
            outcome, result, moved = _meaning(method, status, payload)
            if outcome is Outcome.MOVED:
                there = _encode({**fields, "chat_id": moved})
                left = None if end is None else end - monotonic()
                status, payload = await self._transport.send(
                    self._urls[method], there, repeatable=repeatable, budget=left
                )
                outcome, result, _ = _meaning(method, status, payload)
        except Lost as lost:
            raise Passing(sent=lost.reached) from None
        return outcome, result, moved


def _meaning(method: str, status: int, payload: bytes) -> tuple[Outcome, msgspec.Raw, int | None]:
    """What an answer means, its result, and where a group has moved.

    Raises `Passing` for 429, 5xx and what is no answer of a Bot API server, `Refused` otherwise.
    """
    try:
        answer = _answer.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        answer = None
    if answer is None or status == 429 or status >= 500:
        raise Passing(after=answer.parameters.retry_after if answer else 0.0) from None
    if answer.ok:
        return Outcome.DONE, answer.result, None
    if answer.parameters.migrate_to_chat_id is not None:
        return Outcome.MOVED, answer.result, answer.parameters.migrate_to_chat_id
    if status == 403:
        return Outcome.BLOCKED, answer.result, None
    said = answer.description.lower()
    for beginning, outcome in _MEANINGS:
        if said.startswith(beginning):
            return outcome, answer.result, None
    raise Refused(method, status)
