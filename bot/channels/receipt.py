"""Her letter box on the web: what the team wrote, her words to it, and the end of the request."""

from asyncio import sleep
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.sheets import Once, Post, Sheets
from bot.contact.exchange import Busy, Told
from bot.contact.letterbox import Box
from bot.contact.office import Office
from bot.store.records import StoreError
from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.conversation.effects import Settled
from dialogs.conversation.personal import Sign, signs
from dialogs.conversation.screens import HEARD
from dialogs.wire.code import grouped

__all__ = ["ReceiptPage"]

_PAGE = "receipt.html"
#: Seconds by which a network that tried many wrong receipts is answered later, whatever it asks.
_LATER = 3.0


class ReceiptPage:
    """The page over `office`. The receipt stays in the fields of the page."""

    def __init__(self, sheets: Sheets, office: Office) -> None:
        self._sheets = sheets
        self._office = office
        self._once = Once()

    def routes(self) -> list[Route]:
        """Its address."""
        return [
            Route("/receipt", self.ask, methods=["GET"]),
            Route("/receipt", self.act, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Asks for the receipt."""
        language = self._sheets.language(request, {})
        return self._sheets.draw(_PAGE, request, language, stage="ask", problem=None)

    async def act(self, request: Request) -> Response:
        """Opens the letter box, reads a text back, sends it, or ends the request.

        A receipt that opens nothing gives one answer, whatever is wrong with it.
        """
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        receipt = post.words("r")
        if not receipt:
            return self._ask(post, None)
        source = b"receipt:" + post.crowd
        # Nobody is locked out: a whole hospital can be one network.
        if self._office.limits.worn(source):
            await sleep(_LATER)
        try:
            box = await self._office.letterbox.read(receipt, post.crowd)
        except (StoreError, Busy):
            return self._draw(post, stage="later", text=post.words("text"))
        if box is None:
            self._office.limits.knock(source)
            return self._ask(post, "wrong")
        match post.fields.get("op"):
            case "write" if box.active:
                return await self._write(post, box)
            # Also one that the team closed, or that was ended while the box could not be emptied.
            case "end":
                return await self._end(post, box)
        over = post.fields.get("op") == "write"
        return self._box(post, box, text=post.words("text"), told=Told.OVER if over else None)

    def _shown(self, day: date, box: Box) -> date:
        return self._catalogue().shown(day, box.handle.trial, self._office.exchange.today)

    def _catalogue(self) -> Catalogue:
        return self._office.exchange.catalogue()

    async def _write(self, post: Post, box: Box) -> Response:
        text = post.words("text")
        if not 0 < len(text) <= TEXT_LIMIT:
            return self._box(post, box, text=text, told=Told.LONG if text else Told.EMPTY)
        if post.fields.get("sure") != "1":
            found = [sign.value for sign in Sign if sign in signs(text)]
            # An alarm word can be part of a name: her text is answered, never held back.
            alarm = self._catalogue().alarms.heard(text)
            card = None if alarm is None else f"aside.{HEARD[alarm].value}"
            return self._draw(post, box, stage="sure", text=text, signs=found, card=card)
        told = await self._once.act(post, lambda: self._sent(box, text))
        if told is Told.ALREADY:
            return self._box(post, box, told=Told.DONE)
        if told is not Told.DONE:
            return self._box(post, box, text=text, told=told)
        try:
            again = await self._office.letterbox.read(post.words("r"), post.crowd)
        except (StoreError, Busy):
            again = None
        return self._box(post, again or box, told=told)

    async def _sent(self, box: Box, text: str) -> Told:
        source = b"box:%d" % box.handle.address
        told = await self._office.requests.write(box.handle, text, source)
        if told is Told.DONE:
            self._office.letterbox.keep(box, text)
        return told

    async def _end(self, post: Post, box: Box) -> Response:
        text = post.words("text")
        if post.fields.get("sure") != "1":
            return self._draw(post, box, stage="ending", text=text)
        done = await self._office.requests.end(box.code, box.handle)
        if done is not Settled.DONE:
            return self._box(post, box, text=text, told=Told.LATER)
        return self._draw(post, box, stage="ended", text=text)

    def _ask(self, post: Post, problem: str | None) -> Response:
        """Asks for a receipt, without what was typed for one: any wrong one gives this page."""
        text = post.words("text")
        return self._sheets.draw(
            _PAGE, post.request, post.language, stage="ask", problem=problem, text=text
        )

    def _box(self, post: Post, box: Box, text: str = "", told: Told | None = None) -> Response:
        return self._draw(post, box, stage="box", text=text, told=told)

    def _draw(self, post: Post, box: Box | None = None, **values: Any) -> Response:
        if box is not None:
            place = self._office.exchange.cards.place(box.handle)
            values |= {
                "box": box,
                "centre": None if place is None else place[1],
                "code": grouped(box.code),
                "relative": box.handle.relative,
                "shown": lambda day: self._shown(day, box),
                # On the day that its row names it does not open any more.
                "last": self._shown(box.until - timedelta(days=1), box),
            }
        kept = {} if values["stage"] == "ended" else {"r": post.words("r")}
        return self._sheets.draw(
            _PAGE, post.request, post.language, kept=kept, limit=TEXT_LIMIT, **values
        )
