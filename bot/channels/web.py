"""The web page: the same conversation as plain forms at one address that never changes.

The server keeps nothing between two requests. Each page carries a random secret in a hidden field,
and its buttons are sealed to that secret; there is no cookie, and nothing of a request is logged.
"""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.assets import ASSETS
from bot.channels.forms import BODY_LIMIT, accepted, body_of, crowd_of, fields_of
from bot.channels.guard import Guard
from bot.channels.headers import ERASING, Headers
from bot.channels.html import document
from bot.channels.pages import contact_routes
from bot.channels.sheets import Sheets
from bot.contact.exchange import Busy
from bot.contact.mailbox import new_receipt
from bot.contact.office import Office
from bot.contact.requests import Way
from bot.desk import Desk, Page
from bot.door import entrance
from bot.values import Network
from dialogs.conversation.effects import Effect, Settled
from dialogs.wire.code import code_of

__all__ = ["BODY_LIMIT", "web_app"]

_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
_KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}


def web_app(
    desk: Desk,
    report: Callable[[BaseException], None],
    office: Office | None = None,
    proxies: tuple[Network, ...] = (),
) -> Starlette:
    """The web page over `desk`; with an `office` there is contact to study centres.

    An unforeseen error becomes a friendly page for the person and one call of `report`, which
    must not write the error's message down: it may quote what she sent.
    """
    door = _Door(desk, office, proxies)
    beside = [] if office is None else contact_routes(desk, office, proxies)
    app = Starlette(
        routes=[
            Route("/", door.enter, methods=["GET"]),
            Route("/", door.press, methods=["POST"]),
            Route("/summary", door.ask, methods=["GET"]),
            Route("/summary", door.arrive, methods=["POST"]),
            Route("/static/{name}", door.asset, methods=["GET"]),
            *beside,
        ],
        middleware=[Middleware(Headers), Middleware(Guard, apology=door.apologise, report=report)],
        exception_handlers={HTTPException: door.elsewhere},
    )
    # A redirect would repeat whatever host the request claims to ask.
    app.router.redirect_slashes = False
    return app


class _Door:
    """Answers requests by asking the desk."""

    def __init__(self, desk: Desk, office: Office | None, proxies: tuple[Network, ...]) -> None:
        self._desk = desk
        self._office = office
        self._proxies = proxies
        self._sheets = Sheets(desk, proxies)
        self._site = "" if office is None else office.exchange.cards.site

    async def enter(self, request: Request) -> Response:
        """A fresh conversation."""
        secret = _new_secret()
        asked = request.query_params
        by = entrance(asked.get("c") or asked.get("t", ""), self._desk.entrances)
        page = self._desk.welcome(_binding(secret), self._language(request, by.language), by)
        return self._answer(request, page, secret)

    async def press(self, request: Request) -> Response:
        """The page after a press of a button."""
        body = await body_of(request)
        if body is None:
            return self.friendly(request, status=413, headers={"Connection": "close"})
        fields = fields_of(request, body)
        secret = fields.get("s", "")
        token = fields.get("t")
        if not _SECRET.fullmatch(secret):
            return self.friendly(request)
        if token is None:
            return self.friendly(request, secret=secret)
        page = self._desk.press(_binding(secret), token, self._language(request))
        if page.errand is not None and self._office is not None:
            page = await self._errand(page, secret, crowd_of(request, self._proxies), self._office)
        if page.erased:
            # With the old one and the code of a request, its receipt could be made again.
            secret = _new_secret()
            page = self._desk.moved(_binding(secret), page)
        return self._answer(request, page, secret)

    async def _errand(self, page: Page, secret: str, crowd: bytes, office: Office) -> Page:
        """Does what `page` asks of the outside: sends a request, or ends it.

        Her letter box is made from a receipt that only this page's secret gives again.
        """
        begun = monotonic()
        session = page.session
        code = code_of(session.tag, session.trial, session.focus, session.attempt)
        sent = self._desk.sent_on(session)
        kind = Settled.UNSENT
        with suppress(Busy):
            box = await office.letterbox.stretched(new_receipt(secret.encode(), code), crowd)
            way = Way(box=box)
            if page.errand is Effect.ASK:
                who = b"tag:%d" % session.tag, b"net:" + crowd
                kind, sent = await office.requests.ask(session, way, *who, begun=begun)
            else:
                kind = await office.requests.end_of(session, way, sent)
        return self._desk.settled(_binding(secret), page, kind, sent)

    async def ask(self, request: Request) -> Response:
        """Where a conversation comes from a chat: its key stands behind the `#`."""
        return self._ask(request, self._sheets.language(request, {}))

    async def arrive(self, request: Request) -> Response:
        """The conversation that a key opens, with her note beside it."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        key = post.pasted("k")
        if not key:
            return self._ask(request, post.language)
        secret = _new_secret()
        carried = self._desk.carried(_binding(secret), key)
        if carried is None:
            return self.friendly(request)
        page, note = carried
        return self._answer(request, page, secret, note=note)

    def _ask(self, request: Request, language: str) -> Response:
        return self._sheets.draw(
            "summary.html", request, language, opener=ASSETS["passerelle.js"].path
        )

    async def asset(self, request: Request) -> Response:
        """The style sheet or the script."""
        asset = ASSETS.get(request.path_params["name"])
        if asset is None:
            return self.friendly(request, status=404)
        current = request.query_params.get("v") == asset.version
        headers = _KEEP if current else _ASK_AGAIN
        return Response(asset.content, media_type=asset.kind, headers=headers)

    async def elsewhere(self, request: Request, _error: Exception) -> Response:
        """Any other address or method."""
        return self.friendly(request, status=404)

    def apologise(self, request: Request) -> Response:
        """The page after an error of ours."""
        return self.friendly(request, status=500)

    def friendly(
        self,
        request: Request,
        status: int = 200,
        secret: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The page that says "let us start again", whatever went wrong."""
        secret = secret or _new_secret()
        page = self._desk.start_again(_binding(secret), self._language(request))
        return self._answer(request, page, secret, status, headers)

    def _answer(
        self,
        request: Request,
        page: Page,
        secret: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        note: str = "",
    ) -> Response:
        base = request.scope.get("root_path", "") + "/"
        erasing = ERASING if page.erased else {}
        return HTMLResponse(
            document(page, secret, base, self._site, note),
            status_code=status,
            headers={**erasing, **(headers or {})},
        )

    def _language(self, request: Request, linked: str = "") -> str:
        """What the address asks for, then the group's that `linked` here, then the browser's."""
        known = self._desk.languages
        for asked in (request.query_params.get("lang", ""), linked):
            if asked in known:
                return asked
        for language in accepted(request.headers.get("accept-language", "")):
            if language in known:
                return language
        return "fr"


def _new_secret() -> str:
    return secrets.token_urlsafe(16)


def _binding(secret: str) -> bytes:
    return b"web:" + secret.encode()
