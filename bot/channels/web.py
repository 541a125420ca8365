"""The web page: the same conversation as plain forms at one address that never changes.

The server keeps nothing between two requests. Each page carries a random secret in a hidden field,
and its buttons are sealed to that secret; there is no cookie, and nothing of a request is logged.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.assets import ASSETS
from bot.channels.guard import Guard
from bot.channels.headers import ERASING, Headers
from bot.channels.html import document
from bot.desk import Desk, Page

__all__ = ["BODY_LIMIT", "web_app"]

#: Bytes; a press of a button needs about 130.
BODY_LIMIT = 8192
#: Seconds that a body may take to arrive, so that a dripping sender holds nothing open.
_BODY_TIME = 10
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
_KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}


def web_app(desk: Desk, report: Callable[[BaseException], None]) -> Starlette:
    """The web page over `desk`.

    An unforeseen error becomes a friendly page for the person and one call of `report`, which
    must not write the error's message down: it may quote what she sent.
    """
    door = _Door(desk)
    app = Starlette(
        routes=[
            Route("/", door.enter, methods=["GET"]),
            Route("/", door.press, methods=["POST"]),
            Route("/static/{name}", door.asset, methods=["GET"]),
        ],
        middleware=[Middleware(Headers), Middleware(Guard, apology=door.apologise, report=report)],
        exception_handlers={HTTPException: door.elsewhere},
    )
    # A redirect would repeat whatever host the request claims to ask.
    app.router.redirect_slashes = False
    return app


class _Door:
    """Answers requests by asking the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def enter(self, request: Request) -> Response:
        """A fresh conversation."""
        secret = _new_secret()
        page = self._desk.welcome(_binding(secret), self._language(request))
        return _answer(request, page, secret)

    async def press(self, request: Request) -> Response:
        """The page after a press of a button."""
        body = await _body(request)
        if body is None:
            return self.friendly(request, status=413, headers={"Connection": "close"})
        fields = _fields(request, body)
        secret = fields.get("s", "")
        token = fields.get("t")
        if not _SECRET.fullmatch(secret):
            return self.friendly(request)
        if token is None:
            return self.friendly(request, secret=secret)
        page = self._desk.press(_binding(secret), token, self._language(request))
        return _answer(request, page, secret)

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
        return _answer(request, page, secret, status, headers)

    def _language(self, request: Request) -> str:
        known = self._desk.languages
        asked = request.query_params.get("lang", "")
        if asked in known:
            return asked
        for accepted in _accepted(request.headers.get("accept-language", "")):
            if accepted in known:
                return accepted
        return "fr"


def _new_secret() -> str:
    return secrets.token_urlsafe(16)


def _binding(secret: str) -> bytes:
    return b"web:" + secret.encode()


def _answer(
    request: Request,
    page: Page,
    secret: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    base = request.scope.get("root_path", "") + "/"
    erasing = ERASING if page.erased else {}
    return HTMLResponse(
        document(page, secret, base), status_code=status, headers={**erasing, **(headers or {})}
    )


async def _body(request: Request) -> bytes | None:
    """The body; nothing when it does not come, None as soon as it is known to be too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > BODY_LIMIT:
        return None
    body = b""
    try:
        async with asyncio.timeout(_BODY_TIME):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    return None
    except (TimeoutError, ClientDisconnect):
        return b""
    return body


def _fields(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a posted form; none when it is not such a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=8))
    except ValueError:
        return {}


def _accepted(header: str) -> list[str]:
    """The main languages of an Accept-Language header, the preferred one first."""
    weighed = []
    for part in header[:200].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    return [name for weight, name in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]
