"""Where study centres answer: the reply page, and the page that confirms a mail box.

GET does nothing, whatever is asked; what is done is done by a form that was confirmed.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.sheets import Once, Post, Sheets
from bot.contact import invitation
from bot.contact.exchange import Told
from bot.contact.office import Office
from bot.store.records import StoreError
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.errors import DeadToken

__all__ = ["ReplyPages"]

_PAGE, _CONFIRM = "reply.html", "confirm.html"
_DEEDS = ("reply", "take", "close")


class ReplyPages:
    """Both pages over `office`."""

    def __init__(self, sheets: Sheets, office: Office) -> None:
        self._sheets = sheets
        self._office = office
        self._once = Once()

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/reply", self.ask, methods=["GET"]),
            Route("/reply", self.act, methods=["POST"]),
            Route("/confirm", self.ask_confirm, methods=["GET"]),
            Route("/confirm", self.confirm, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The same page for everybody: it asks for the key, which stands behind the `#`."""
        language = self._sheets.language(request, {})
        return self._sheets.draw(_PAGE, request, language, stage="ask")

    async def act(self, request: Request) -> Response:
        """Shows a request, asks for a confirmation, or acts."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        key = post.pasted("k")
        token, _, note = key.partition(".")
        text, deed = post.words("text"), post.fields.get("op", "")
        if not key:
            return self._draw(post, key, stage="ask", text=text)
        try:
            opened = self._office.replies.opened(token, note, post.language)
        except DeadToken:
            return self._draw(post, key, stage="dead", text=text)
        except StoreError:
            return self._told(post, key, deed, Told.LATER, text)
        if deed not in _DEEDS or not opened.active:
            return self._draw(post, key, stage="request", opened=opened, text=text, problem=None)
        if deed == "reply" and not 0 < len(text) <= TEXT_LIMIT:
            problem = Told.LONG if text else Told.EMPTY
            return self._draw(post, key, stage="request", opened=opened, text=text, problem=problem)
        if post.fields.get("sure") != "1":
            return self._draw(post, key, stage="sure", opened=opened, text=text, deed=deed)
        told = await self._done(post, deed, key, text)
        return self._told(post, key, deed, told, text, web=opened.handle.web)

    async def _done(self, post: Post, deed: str, key: str, text: str) -> Told:
        replies = self._office.replies
        if deed == "reply":
            return await self._once.act(post, lambda: replies.reply(key, text))
        return await (replies.take if deed == "take" else replies.close)(key)

    def _told(
        self, post: Post, key: str, deed: str, told: Told, text: str, *, web: bool = False
    ) -> Response:
        """What came of a deed; a text that did not go is shown, so that it is not lost."""
        over = told in (Told.OVER, Told.DEAD) or (deed == "close" and told is not Told.LATER)
        done = told in (Told.DONE, Told.ALREADY)
        return self._draw(
            post, key, stage="told", told=told, done=done, deed=deed, active=not over, web=web,
            text="" if done and deed == "reply" else text,
        )  # fmt: skip

    def _draw(self, post: Post, key: str, **values: Any) -> Response:
        return self._sheets.draw(
            _PAGE, post.request, post.language, kept={"k": key}, limit=TEXT_LIMIT, **values
        )

    async def ask_confirm(self, request: Request) -> Response:
        """The same page for everybody."""
        language = self._sheets.language(request, {})
        return self._sheets.draw(_CONFIRM, request, language, stage="ask")

    async def confirm(self, request: Request) -> Response:
        """Shows what is to be confirmed, or confirms it."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        key = post.pasted("k")
        exchange = self._office.exchange
        find = invitation.confirm if post.fields.get("sure") == "1" else invitation.pending
        try:
            found = find(exchange.keyring(), exchange.store, key, exchange.today) if key else None
            self._office.snapshot.refresh()
            again = found is None and invitation.confirmed(exchange.keyring(), exchange.store, key)
        except StoreError:
            return self._sheets.draw(
                _CONFIRM, request, post.language, stage="later", kept={"k": key}
            )
        stage = "already" if again else "dead" if key else "ask"
        if found is not None:
            stage = "done" if find is invitation.confirm else "sure"
        name, city, address = "", "", ""
        if found is not None:
            identity, number, address = found
            for trial in exchange.catalogue().trials.values():
                centre = trial.centre(number)
                if trial.id == identity and centre is not None:
                    name, city = centre.name, centre.city
        return self._sheets.draw(
            _CONFIRM, request, post.language,
            stage=stage, kept={"k": key}, name=name, city=city, address=address,
        )  # fmt: skip
