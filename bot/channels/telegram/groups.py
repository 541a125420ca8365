"""What the bot does in groups: it serves a centre's staff group, and declines everywhere else."""

from contextlib import suppress
from typing import Any

from bot.channels.telegram.api import TOAST, Api, Passing, Refused
from bot.channels.telegram.bubble import notice
from bot.channels.telegram.commands import command_of
from bot.channels.telegram.parts import Chat, User
from bot.channels.telegram.staff import Staff
from bot.channels.telegram.updates import Membership, Message, Query
from bot.desk import Desk
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.speech import Speech

__all__ = ["Groups", "language_of", "toast"]

#: Our standing in a chat after somebody added us.
_PRESENT = ("member", "administrator", "restricted")


class Groups:
    """All chats that are not private."""

    def __init__(self, desk: Desk, api: Api) -> None:
        self._desk = desk
        self._api = api
        #: Known once Telegram has said it.
        self.username = ""
        #: Serves the groups of study centres, where there is contact at all.
        self.staff: Staff | None = None

    async def query(self, query: Query) -> dict[str, Any]:
        """What answers a press of a button in a group."""
        if self.staff is not None and (said := await self.staff.query(query)) is not None:
            return said
        words = self._speech(query.user).say("chat.group.tap")
        return toast(query, words, alert=True)

    async def message(self, message: Message, *, told: bool) -> None:
        """Words in a group; `told` is false for a message that was only changed."""
        if self.staff is not None:
            # Who mends a mistyped command means the command.
            if (told or self.staff.commanded(message)) and await self.staff.message(message):
                return
            if not told and await self.staff.corrected(message):
                return
        if self._addressed(message):
            await self._decline(message.chat, message.user)

    async def apologise(self, message: Message) -> None:
        """Something of ours failed while a group was served."""
        if self.staff is not None:
            with suppress(Passing, Refused):
                await self.staff.apologise(message)

    async def member(self, member: Membership) -> None:
        """Somebody added the bot to a group: it declines once. What happens in private is hers."""
        if member.chat.type == "private":
            return
        if self.staff is not None and await self.staff.member(member):
            return
        joined = (
            member.new_chat_member.status in _PRESENT
            and member.old_chat_member.status not in _PRESENT
        )
        if joined:
            await self._decline(member.chat, member.user)

    async def _decline(self, chat: Chat, user: User | None) -> None:
        """In a group nothing is said of health; the private chat is one tap away."""
        speech = self._speech(user)
        link = f"https://t.me/{self.username}?start=group"
        words, label = speech.say("chat.group"), speech.say("chat.group.button")
        await self._api.send(chat.id, notice(words, label, link), repeatable=True)

    def _addressed(self, message: Message) -> bool:
        """Whether words in a group are for us: a command that we know, or our name."""
        words = message.words[:200]
        named = f"@{self.username}".casefold() in words.casefold()
        return named or command_of(words, self.username, bare=False) is not None

    def _speech(self, user: User | None) -> Speech:
        return self._desk.catalogue.speeches[language_of(user)]


def language_of(user: User | None) -> str:
    """The language of somebody's application, if we speak it; French otherwise."""
    code = "" if user is None else user.language_code[:2].casefold()
    return code if code in LANGUAGES else "fr"


def toast(query: Query, text: str, *, alert: bool = False) -> dict[str, Any]:
    """What answers a press with some words; `alert`: they stay until she closes them."""
    return {"callback_query_id": query.id, "text": text[:TOAST], "show_alert": alert}
