"""Her side of a request in a private chat: asking, writing to the team, and what the team says.

Nothing is held in between: what she wrote is read back from the bot's own message, and a centre's
words go into her chat and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.telegram.api import UNREAD, Api, Passing, Refused
from bot.channels.telegram.bubble import bubble
from bot.channels.telegram.parts import Bubble
from bot.channels.telegram.ring import Ring
from bot.contact.exchange import Told
from bot.contact.requests import SECONDS, Requests, Way
from bot.desk import Desk, Page
from dialogs.conversation.effects import Effect, Settled
from dialogs.conversation.screens import Event
from dialogs.wire.handle import Handle

__all__ = ["Relay", "Said"]

#: Seconds in which the same text is not sent twice by the same button.
_ONCE = 600
_WORDS = {
    Told.EMPTY: "notice.unreadable",
    Told.LONG: "notice.unreadable",
    Told.DENSE: "notice.dense",
    Told.UNSURE: "notice.unsure",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What came of an errand: the screen it leads to, or words for a screen that stays."""

    page: Page | None = None
    words: str | None = None


class _Stays(Exception):
    """Her text was not, or not surely, brought to the team."""

    def __init__(self, told: Told) -> None:
        super().__init__("not brought")
        self.told = told


class Relay:
    """Errands of private chats; `place` is what the sealed buttons of this bot are bound to."""

    def __init__(
        self,
        desk: Desk,
        api: Api,
        place: bytes,
        requests: Requests,
        report: Callable[[BaseException], None],
    ) -> None:
        self._desk = desk
        self._report = report
        self._api = api
        self._place = place
        self._requests = requests
        self._written = Ring(seconds=_ONCE)

    def _binding(self, chat: int) -> bytes:
        return self._place + b"%d" % chat

    async def run(self, page: Page, chat: int, held: Bubble, button: str) -> Said:
        """Does what `page` asks for; `button` is the token that was pressed under `held`."""
        way, source = Way(chat=chat), b"chat:%d" % chat
        sent = self._desk.sent_on(page.session)
        match page.errand:
            case Effect.ASK:
                kind, sent = await self._requests.ask(page.session, way, source)
            case Effect.END:
                kind = await self._requests.end_of(page.session, way, sent)
            case _:
                try:
                    await self._written.once(
                        (chat, held.message_id, button), lambda: self._write(page, way, held)
                    )
                except _Stays as stays:
                    if stays.told is not Told.OVER:
                        words = _WORDS.get(stays.told, "notice.unsent")
                        return Said(words=page.speech.say(words, page.session.relative))
                    kind = Settled.OVER
                else:
                    kind = Settled.DONE
        return Said(self._desk.settled(self._binding(chat), page, kind, sent))

    async def _write(self, page: Page, way: Way, held: Bubble) -> None:
        text = held.quoted() or ""
        day = self._desk.sent_on(page.session)
        source = b"chat:%d" % way.chat
        told = await self._requests.write_of(page.session, way, day, text, source)
        if told is not Told.DONE:
            raise _Stays(told)

    async def tell(self, handle: Handle, event: Event, text: str) -> Told:
        """Brings her what the centre said or did, as a new message in her chat."""
        page = self._desk.message(self._binding(handle.address), handle, event, text)
        lead = None if page.view.discreet else page.speech.say("chat.lead")
        try:
            sent = await self._api.post(handle.address, bubble(page, lead), seconds=SECONDS)
        except Passing as passing:
            return Told.UNSURE if passing.sent else Told.LATER
        except Refused as refused:
            # Of our making, so the team hears that it did not go, and the log says what was wrong.
            self._report(refused)
            return Told.LATER
        return Told.BLOCKED if sent.outcome in UNREAD else Told.DONE
