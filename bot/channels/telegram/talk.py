"""What the bot does with an update: taps, typed words, groups.

It keeps nothing about anybody; her chat's own buttons carry the conversation. Edits may be
repeated; a message is sent once for each update while the process lives.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.channels.telegram.api import Api, Outcome, Passing, Refused
from bot.channels.telegram.bubble import bubble, notice
from bot.channels.telegram.groups import Groups, language_of, toast
from bot.channels.telegram.papers import Papers, notes_along
from bot.channels.telegram.parts import Bubble, Chat, User
from bot.channels.telegram.relay import Relay
from bot.channels.telegram.ring import Recent, Ring
from bot.channels.telegram.staff import Staff
from bot.channels.telegram.updates import Message, Query, Update
from bot.channels.telegram.words import Words
from bot.contact.requests import Requests
from bot.desk import Desk, Page
from dialogs.conversation.effects import Effect
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action

__all__ = ["Talk"]

#: Seconds in which a second press of the same button under the same message is a double tap.
_DOUBLE = 10
#: What a press answers or agrees to: not before the screen can have been read.
_ANSWERS = frozenset(
    {
        Action.ANSWER,
        Action.WHOM,
        Action.AGREED,
        Action.START,
        Action.ERASE_NOW,
        Action.CONFIRM,
        Action.SEND,
        Action.END_NOW,
    }
)


class Talk:
    """The conversation over Telegram for the bot with the number `bot`.

    `chats` are the only private chats that are answered; None means all. A press that answers is
    taken for the second half of a double tap in the first `unread` seconds of a screen.
    """

    def __init__(
        self, desk: Desk, api: Api, bot: int, chats: frozenset[int] | None, unread: float
    ) -> None:
        self._desk = desk
        self._api = api
        self._place = b"telegram:%d:" % bot
        self.groups = Groups(desk, api)
        self._chats = chats
        self._updates = Ring()
        self._taps = Ring(seconds=_DOUBLE)
        self._fresh = Recent(seconds=unread)
        self._words = Words(desk)
        self._papers = Papers(api)
        self._relay: Relay | None = None

    def join(
        self, requests: Requests, staff: Staff, report: Callable[[BaseException], None]
    ) -> Relay:
        """From now on patients can ask centres, and `staff` serves groups; gives her side."""
        self.groups.staff = staff
        self._relay = Relay(self._desk, self._api, self._place, requests, report)
        return self._relay

    async def handle(self, update: Update) -> dict[str, Any] | None:
        """Does all that follows from an update; gives what answers a press of a button.

        Raises `Passing` when it should be delivered again.
        """
        if update.callback_query is not None:
            return await self._tap(update.callback_query)
        message = update.message or update.edited_message or update.channel_post
        if message is not None:
            told = update.message is not None
            await self._updates.once(update.update_id, lambda: self._message(message, told))
        elif update.my_chat_member is not None:
            member = update.my_chat_member
            await self._updates.once(update.update_id, lambda: self.groups.member(member))
        return None

    async def apologise(self, update: Update) -> dict[str, Any] | None:
        """What is said when something of ours failed; a cry for help is answered all the same.

        It needs no key and no session. Gives what answers a press of a button.
        """
        query, message = update.callback_query, update.message
        if query is not None:
            return toast(query, self._speech(query.user).say("chat.trouble"), alert=True)
        if message is not None and message.chat.type != "private":
            await self.groups.apologise(message)
        elif message is not None and message.words:
            say = self._speech(message.user).say
            card = self._words.cry(message)
            text = say("chat.trouble")
            if card is not None:
                text = f"{say(f'aside.{card.value}')}\n\n{say('urgent.abroad')}"
            with suppress(Passing, Refused):
                await self._api.send(message.chat.id, notice(text), repeatable=True)
        return None

    async def _tap(self, query: Query) -> dict[str, Any]:
        held = query.message
        answer = {"callback_query_id": query.id}
        if held is None:
            return answer
        chat = held.chat
        if chat.type != "private":
            return await self.groups.query(query)
        if self._closed(chat):
            words = self._speech(query.user).say("chat.closed.tap")
            return toast(query, words, alert=True)
        data = query.data or ""
        page = self._desk.press(self._binding(chat), data, language_of(query.user))
        place = (chat.id, held.message_id)
        if page.tapped in _ANSWERS and self._fresh.holds(place, data):
            return toast(query, page.speech.say("chat.early"))
        if page.erased:
            await self._erase(chat, held.message_id, page)
            return toast(query, page.speech.say("chat.erased"), alert=True)
        if page.errand is Effect.PAPER:
            return await self._papers.answer(query, held, page)
        if page.errand is not None and self._relay is not None:
            return await self._errand(query, held, page, self._relay)
        page, stays = notes_along(self._desk, self._binding(chat), held, page)
        if held.date and not page.many and not page.kept and not stays:
            changed = await self._api.edit(chat.id, held.message_id, bubble(page))
            if changed is not Outcome.GONE:
                self._fresh.note(place, data)
                return answer
        try:
            await self._taps.once((*place, data), lambda: self._send(chat, page))
        except Passing as passing:
            if not passing.sent:
                raise
            # Sending it again could show it twice; if it is not there, she taps again.
            return toast(query, page.speech.say("chat.unsure"), alert=True)
        return answer

    async def _errand(self, query: Query, held: Bubble, page: Page, relay: Relay) -> dict[str, Any]:
        """Does what a press asks of the outside; only the request itself shows that it waits."""
        chat, number = held.chat, held.message_id
        if page.errand is Effect.ASK:
            number = await self._show(held, page)
        said = await relay.run(page, chat.id, held, query.data or "")
        if said.page is None:
            return toast(query, said.words or "", alert=True)
        if await self._api.edit(chat.id, number, bubble(said.page)) is Outcome.GONE:
            await self._send(chat, said.page, repeatable=True)
        self._fresh.note((chat.id, number), query.data or "")
        return {"callback_query_id": query.id}

    async def _show(self, held: Bubble, page: Page) -> int:
        """Shows `page` where the button was, or as a new message; gives the message's number."""
        chat, number = held.chat.id, held.message_id
        stays = not held.date or page.many or page.kept
        if not stays and await self._api.edit(chat, number, bubble(page)) is not Outcome.GONE:
            return number
        lead = None if page.view.discreet else page.speech.say("chat.lead")
        sent = await self._api.post(chat, bubble(page, lead))
        return sent.message_id

    async def _message(self, message: Message, told: bool) -> None:
        """Answers words or media; `told` is false for a message that was only changed."""
        chat = message.chat
        if chat.type != "private":
            await self.groups.message(message, told=told)
            return
        words = message.words
        if not words.strip() and not (message.media and told):
            return  # a note of Telegram's own, or a place that moves
        if self._closed(chat) and self._words.cry(message) is None:
            text = self._speech(message.user).say("chat.closed", chat=chat.id)
            await self._say(chat, notice(text))
            return
        staff = self.groups.staff
        if staff is not None and staff.commanded(message):
            await staff.alone(message)
            return
        page, changes = self._words.answer(
            message, self._binding(chat), language_of(message.user), self.groups.username, told=told
        )
        reply = message.reply_to_message
        if page.erased and reply is not None:
            await self._erase(chat, reply.message_id, page)
            await self._say(chat, notice(page.speech.say("chat.erased")))
        elif changes is None or (
            await self._api.edit(chat.id, changes, bubble(page)) is Outcome.GONE
        ):
            await self._send(chat, page, repeatable=True)

    async def _send(self, chat: Chat, page: Page, *, repeatable: bool = False) -> None:
        """Sends `page` as a new message; one that answers words is `repeatable`.

        To words there is no other sign: an answer that comes twice is better than none.
        """
        lead = None if page.view.discreet else page.speech.say("chat.lead")
        await self._api.send(chat.id, bubble(page, lead), repeatable=repeatable)

    async def _say(self, chat: Chat, content: dict[str, Any]) -> None:
        await self._api.send(chat.id, content, repeatable=True)

    async def _erase(self, chat: Chat, message: int, page: Page) -> None:
        """Deletes the message that was erased.

        What Telegram deletes no more, because it is 48 hours old, becomes a neutral line.
        """
        if await self._api.delete(chat.id, message) is not Outcome.GONE:
            return
        if await self._api.edit(chat.id, message, _neutral(page)) is Outcome.GONE:
            await self._say(chat, _neutral(page))

    def _closed(self, chat: Chat) -> bool:
        return self._chats is not None and chat.id not in self._chats

    def _binding(self, chat: Chat) -> bytes:
        return self._place + str(chat.id).encode()

    def _speech(self, user: User | None) -> Speech:
        return self._desk.catalogue.speeches[language_of(user)]


def _neutral(page: Page) -> dict[str, Any]:
    """The page after erasing, without the banner, which speaks of doctors."""
    return bubble(replace(page, view=replace(page.view, banner=None)))
