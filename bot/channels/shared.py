"""What she shares with somebody she trusts: sealed in her browser, closed here, kept nowhere.

The server never sees what is inside, nor the words that open it. It closes the sealed bytes once
more with the key of the day, so that every copy of a link dies with that key.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.assets import ASSETS
from bot.channels.sheets import Post, Sheets
from bot.channels.wordlist import SIX
from bot.contact.office import Office
from bot.desk import Desk
from dialogs.errors import DeadToken
from dialogs.wire.keyring import STATE_DAYS

__all__ = ["MOST", "SharedPages"]

_MAKING, _OPENING = "share.html", "shared.html"
#: Tells what is shared from all else that is enclosed under these keys.
_PLACE = b"shared"
#: Bytes that her browser may have closed here; a long page with full notes needs a third of it.
MOST = 8192
#: What follows in a link, such as the full stop of a sentence, was never part of it.
_SEALED = re.compile(r"[A-Za-z0-9_-]*")


class SharedPages:
    """Where a link is made, and where it leads."""

    def __init__(self, desk: Desk, sheets: Sheets, office: Office) -> None:
        self._desk = desk
        self._sheets = sheets
        self._office = office

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/share", self.make, methods=["POST"]),
            Route("/shared", self.ask, methods=["GET"]),
            Route("/shared", self.open, methods=["POST"]),
        ]

    async def make(self, request: Request) -> Response:
        """The link of what her browser sealed, and the last day on which it opens."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        sealed = _bytes(post.fields.get("b", ""))
        if not 0 < len(sealed) <= MOST:
            return self._draw(_MAKING, post, stage="large")
        if not self._office.limits.knock(b"share:" + post.crowd):
            return self._draw(_MAKING, post, stage="many")
        keyring = self._desk.keyring()
        closed = keyring.enclose(sealed, _PLACE)
        day = keyring.enclosed_on(closed) or keyring.today
        return self._draw(
            _MAKING, post, stage="made", last=day + timedelta(days=STATE_DAYS - 1),
            link=f"{self._office.exchange.cards.web}/shared#{closed}",
        )  # fmt: skip

    async def ask(self, request: Request) -> Response:
        """The same page for everybody: what it opens stands behind the `#`."""
        post = Post(request, {}, self._sheets.language(request, {}), b"")
        return self._draw(_OPENING, post, stage="ask")

    async def open(self, request: Request) -> Response:
        """What her browser sealed, for the words of the reader to open in his."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        found = _SEALED.match(post.fields.get("b", ""))
        closed = found[0] if found else ""
        if not closed:
            return self._draw(_OPENING, post, stage="ask")
        keyring = self._desk.keyring()
        try:
            day = keyring.enclosed_on(closed)
            if day is None:
                return self._draw(_OPENING, post, stage="ended")
            sealed = keyring.disclose(closed, _PLACE)
        except DeadToken:
            return self._draw(_OPENING, post, stage="damaged")
        return self._draw(
            _OPENING, post, stage="words", kept={"b": closed}, day=day,
            last=day + timedelta(days=STATE_DAYS - 1),
            sealed=urlsafe_b64encode(sealed).decode().rstrip("="),
        )  # fmt: skip

    def _draw(self, template: str, post: Post, **values: Any) -> Response:
        return self._sheets.draw(
            template, post.request, post.language, opener=ASSETS["shared.js"].path, six=SIX,
            **values,
        )  # fmt: skip


def _bytes(text: str) -> bytes:
    """What base64url says, or nothing."""
    found = _SEALED.fullmatch(text)
    if found is None or len(text) % 4 == 1:
        return b""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
