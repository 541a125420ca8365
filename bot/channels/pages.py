"""The addresses beside the conversation."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.feed import FeedPage
from bot.channels.receipt import ReceiptPage
from bot.channels.reply import ReplyPages
from bot.channels.shared import SharedPages
from bot.channels.sheets import Sheets
from bot.channels.stats import StatsPage
from bot.contact.inbox import Inbox
from bot.contact.office import Office
from bot.desk import Desk
from bot.values import Network

__all__ = ["contact_routes"]

_SAMPLE = "/demo/centre"


class _InboxPage:
    """The demonstration's study centre, for anybody to look at."""

    def __init__(self, sheets: Sheets, inbox: Inbox, staff: str) -> None:
        """`staff` is the language of the letters."""
        self._sheets = sheets
        self._staff = staff
        self._inbox = inbox

    async def show(self, request: Request) -> Response:
        """The newest letters; a form that is posted only chooses the language."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        return self._sheets.draw(
            "centre.html", request, post.language,
            place=_SAMPLE.lstrip("/"), letters=self._inbox.letters, staff=self._staff,
        )  # fmt: skip


def contact_routes(desk: Desk, office: Office, proxies: tuple[Network, ...]) -> list[Route]:
    """The pages of centres, letter boxes, figures, news, sharing; in a demonstration its inbox."""
    sheets = Sheets(desk, proxies)
    pages = (
        ReplyPages(sheets, office),
        ReceiptPage(sheets, office),
        StatsPage(sheets, office),
        SharedPages(desk, sheets, office),
        FeedPage(office),
    )
    routes = [route for page in pages for route in page.routes()]
    if office.inbox is not None:
        page = _InboxPage(sheets, office.inbox, office.exchange.cards.speech.language)
        routes.append(Route(_SAMPLE, page.show, methods=["GET", "POST"]))
    return routes
