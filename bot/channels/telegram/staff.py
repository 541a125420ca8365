"""The staff group of a study centre: binding it, and what its members do with a card.

Whoever is in the bound group may act, and nobody's number is kept; whoever cannot be told from
others (an anonymous administrator, a channel) may not.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.telegram.api import TOAST, Api, Passing, Refused
from bot.channels.telegram.bubble import notice
from bot.channels.telegram.group import card
from bot.channels.telegram.parts import Bubble
from bot.channels.telegram.updates import Membership, Message, Query
from bot.contact.bindings import Bindings
from bot.contact.exchange import Told
from bot.contact.limits import Limits
from bot.contact.replies import Replies
from bot.store.records import Kind, StoreError
from dialogs.conversation.speech import Speech
from dialogs.wire.handle import Deed

__all__ = ["Staff"]

_COMMAND = "/centre"
_ADMINISTRATORS = ("creator", "administrator")
_OUT = ("left", "kicked")
#: Answers to groups that are kept until they could be sent.
_MOST = 256


class Staff:
    """Serves the groups that are bound to a centre, and binds them."""

    def __init__(
        self,
        api: Api,
        replies: Replies,
        bindings: Bindings,
        limits: Limits,
        speech: Callable[[], Speech],
        report: Callable[[BaseException], None],
    ) -> None:
        self._api = api
        self._replies = replies
        self._bindings = bindings
        self._limits = limits
        self._speech = speech
        self._report = report
        self._unsaid: dict[tuple[int, int], str] = {}

    async def query(self, query: Query) -> dict[str, Any] | None:
        """What answers a press of a card's button; None when it is no button of a card."""
        held, token = query.message, query.data or ""
        deed = self._replies.deed(token)
        if held is None or (deed is None and not self._staffed(held.chat.id)):
            return None
        at = (Kind.GROUP, str(held.chat.id))
        key = token + held.reply_markup.note()
        if deed is None:
            return self._alert(query, "staff.told.dead")
        if deed is Deed.OPEN:
            here = self._replies.letter(key, at) is not None
            return self._alert(query, "staff.group.reply" if here else "staff.group.elsewhere")
        act = self._replies.take if deed is Deed.TAKEN else self._replies.close
        told = await act(key, at)
        if told is Told.ELSEWHERE:
            return self._alert(query, "staff.group.elsewhere")
        if told in (Told.ALREADY, Told.OVER):
            await self._refresh(held, key, at)
        return self._alert(query, f"staff.told.{told.value}")

    async def _refresh(self, held: Bubble, key: str, at: tuple[Kind, str]) -> None:
        """An old look of the card is brought to what holds now."""
        letter = self._replies.letter(key, at)
        if letter is not None:
            try:
                await self._api.edit(held.chat.id, held.message_id, card(letter))
            except (Passing, Refused) as error:
                self._report(error)

    async def message(self, message: Message) -> bool:
        """Does what a message in a group asks of us; False when it asks nothing.

        When the group cannot be answered for now, raises `Passing`: the same message may come
        again, and then only the answer is repeated.
        """
        chat = message.chat.id
        if message.migrate_to_chat_id is not None:
            self._bindings.moved(str(chat), str(message.migrate_to_chat_id))
            return True
        if message.migrate_from_chat_id is not None:
            self._bindings.moved(str(message.migrate_from_chat_id), str(chat))
            return True
        _, _, rest = message.words.strip().partition(" ")
        if self.commanded(message):
            await self._answer(message, lambda: self._bound(message, rest.strip()))
            return True
        reply = message.reply_to_message
        found = [] if reply is None else reply.handles()
        token = next((one for one in found if self._replies.deed(one) is not None), None)
        if token is None:
            mine = reply is not None and reply.user is not None and reply.user.is_bot
            if not mine or not self._staffed(chat):
                return False
            # A card that is over has no buttons any more; a confirmation of ours never had any.
            phrase = "staff.told.dead" if found else "staff.group.nocard"
            await self._say(chat, self._speech().say(phrase))
            return True
        key = token + ("" if reply is None else reply.note())
        await self._answer(message, lambda: self._replied(message, key))
        return True

    async def corrected(self, message: Message) -> bool:
        """Says to whoever changed a reply that the person has the first one; False: it was none."""
        reply = message.reply_to_message
        found = [] if reply is None or not message.words else reply.handles()
        if all(self._replies.deed(one) is None for one in found):
            return False
        await self._say(message.chat.id, self._speech().say("staff.told.edited"))
        return True

    async def apologise(self, message: Message) -> None:
        """After a failure of ours nobody knows whether a reply to a card reached her."""
        reply = message.reply_to_message
        if reply is not None and any(
            self._replies.deed(one) is not None for one in reply.handles()
        ):
            await self._say(message.chat.id, self._speech().say("staff.told.unsure"))

    @staticmethod
    def commanded(message: Message) -> bool:
        """Whether a message is the command that binds a group."""
        first, _, _ = message.words.strip().partition(" ")
        return first.partition("@")[0].casefold() == _COMMAND

    async def alone(self, message: Message) -> None:
        """Says, in a private chat, where that command belongs."""
        await self._say(message.chat.id, self._speech().say("staff.group.private"))

    async def _answer(self, message: Message, work: Callable[[], Awaitable[str]]) -> None:
        """Says what came of `work`, which is done once even when it cannot be said at once."""
        place = message.chat.id, message.message_id
        text = self._unsaid.get(place)
        if text is None:
            text = self._unsaid[place] = await work()
            if len(self._unsaid) > _MOST:
                del self._unsaid[next(iter(self._unsaid))]
        await self._say(message.chat.id, text)
        self._unsaid.pop(place, None)

    async def _replied(self, message: Message, key: str) -> str:
        say = self._speech().say
        if message.sender_chat is not None:
            return say("staff.group.anonymous")
        if message.media:
            return say("staff.told.empty")
        told = await self._replies.reply(key, message.words, at=(Kind.GROUP, str(message.chat.id)))
        if told is Told.LONG:
            return say("staff.told.long.count", count=len(message.words.strip()))
        return say("staff.told.answered" if told is Told.DONE else f"staff.told.{told.value}")

    async def _bound(self, message: Message, code: str) -> str:
        """Binds the group by a one-time code; what is said to that."""
        chat, user = message.chat.id, message.user
        speech = self._speech()
        if message.sender_chat is not None or user is None:
            return speech.say("staff.group.anonymous")
        if not self._limits.knock(b"bind:%d" % chat):
            return speech.say("staff.group.slow")
        standing = await self._api.standing(chat, user.id)
        if standing not in _ADMINISTRATORS:
            return speech.say("staff.group.admin" if standing else "staff.group.hidden")
        # Before anything has changed: if Telegram is too busy now, the command comes again.
        count = await self._api.members(chat)
        try:
            found = self._bindings.bind(code, chat)
        except StoreError as error:
            self._report(error)
            return speech.say("staff.told.later")
        if found is None:
            return speech.say("staff.group.unknown")
        trial, centre = found
        return "\n\n".join(
            (
                speech.say(
                    "staff.group.bound", centre=centre.name, city=centre.city, name=trial.name
                ),
                speech.say("staff.group.members", count=count or "?"),
                speech.say("staff.group.how"),
            )
        )

    async def member(self, member: Membership) -> bool:
        """Notes that we were put out of a staff group, or are in it again; False: not ours."""
        chat = member.chat.id
        if not self._staffed(chat):
            return False
        self._bindings.away(chat, gone=member.new_chat_member.status in _OUT)
        return True

    def _staffed(self, chat: int) -> bool:
        try:
            return self._bindings.staffed(chat)
        except StoreError as error:
            self._report(error)
            return False

    async def _say(self, chat: int, text: str) -> None:
        await self._api.send(chat, notice(text), repeatable=True)

    def _alert(self, query: Query, phrase: str) -> dict[str, Any]:
        text = self._speech().say(phrase)
        return {"callback_query_id": query.id, "text": text[:TOAST], "show_alert": True}
