"""The calls of the Bot API that speak to a person, and what their refusals mean."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import msgspec

from bot.channels.telegram.connections import Lost
from bot.channels.telegram.form import Form
from bot.channels.telegram.outcome import UNREAD, Outcome, Passing, Refused, meaning
from bot.channels.telegram.transport import Transport

__all__ = ["TOAST", "UNREAD", "Api", "Outcome", "Passing", "Refused", "Sent"]

#: Toasts are at most 200 characters.
TOAST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent: its number (0 unless DONE), and the chat's new one if it moved."""

    outcome: Outcome
    message_id: int = 0
    moved: int | None = None


class _Message(msgspec.Struct):
    message_id: int


class _Member(msgspec.Struct):
    status: str


class _User(msgspec.Struct):
    username: str


_encode = msgspec.json.Encoder().encode
_message = msgspec.json.Decoder(_Message)
_member = msgspec.json.Decoder(_Member)
_user = msgspec.json.Decoder(_User)
_count = msgspec.json.Decoder(int)


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
                "getMe",
                "sendDocument",
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

    async def document(
        self, chat: int, name: str, kind: str, content: bytes, caption: str
    ) -> Outcome:
        """Sends a file from memory. Raises `Passing`, with `sent` when it may have arrived."""
        form = Form({"chat_id": str(chat), "caption": caption})
        body = form.with_file("document", name, kind, content)
        try:
            status, payload = await self._transport.send(
                self._urls["sendDocument"], body, repeatable=False, kind=form.kind
            )
        except Lost as lost:
            raise Passing(sent=lost.reached) from None
        return meaning("sendDocument", status, payload)[0]

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

    async def name(self) -> str:
        """The bot's own name, without an @; empty when Telegram does not say."""
        try:
            _, result, _ = await self._ask("getMe", {})
            return _user.decode(result).username
        except (msgspec.MsgspecError, Refused):
            return ""

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
            outcome, result, moved = meaning(method, status, payload)
            if outcome is Outcome.MOVED:
                there = _encode({**fields, "chat_id": moved})
                left = None if end is None else end - monotonic()
                status, payload = await self._transport.send(
                    self._urls[method], there, repeatable=repeatable, budget=left
                )
                outcome, result, _ = meaning(method, status, payload)
        except Lost as lost:
            raise Passing(sent=lost.reached) from None
        return outcome, result, moved
