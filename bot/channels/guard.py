"""The last resort of the web page: an error of ours is kind to the person and silent in the log."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.html import LAST_RESORT

__all__ = ["Guard"]


class Guard:
    """Wraps an application so that no error goes further up, where its traceback would be logged.

    The person gets `apology`; should that fail as well, a page that needs nothing at all.
    """

    def __init__(
        self,
        app: ASGIApp,
        apology: Callable[[Request], Response],
        report: Callable[[BaseException], None],
    ) -> None:
        self._app = app
        self._apology = apology
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, come what may."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must stop here
            self._report(error)
            if scope["type"] == "http" and not begun:
                await self._sorry(Request(scope))(scope, receive, send)

    def _sorry(self, request: Request) -> Response:
        try:
            return self._apology(request)
        except Exception as error:  # noqa: BLE001 - as above
            self._report(error)
            return HTMLResponse(LAST_RESORT, status_code=500)
