"""What was told of studies, as an Atom feed (RFC 4287) in each language.

A feed is the same for everybody. Its entries are what `run_bot.py announce` noted; their ids follow
from the study, what was told, the day and the host of the page, so they stay as long as that does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.assets import PAGES
from bot.contact.office import Office
from bot.outreach.news import News, Post, post, told
from bot.store.records import StoreError
from dialogs.conversation.session import LANGUAGES
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import status_on

__all__ = ["FeedPage"]

#: Entries of a feed: years of news.
_MOST = 50
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_TEMPLATE = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("feed.xml")


@dataclass(frozen=True, slots=True)
class _Entry:
    """News as the template draws it."""

    id: str
    updated: str
    post: Post


class FeedPage:
    """The feeds over `office`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """One address for each language."""
        return [Route(f"/news.{one}.atom", self.show, methods=["GET"]) for one in LANGUAGES]

    async def show(self, request: Request) -> Response:
        """The feed; while the store is locked, a reader is asked to come again."""
        language = request.url.path.removesuffix(".atom").rpartition(".")[2]
        try:
            announced = self._office.store.announced()
        except StoreError:
            return PlainTextResponse("", status_code=503, headers={"Retry-After": "60"})
        trials = list(self._office.exchange.catalogue().trials.values())
        found = told(trials, announced, language)[:_MOST]
        content = self._drawn(language, found, trials)
        return Response(content, media_type="application/atom+xml", headers=_ASK_AGAIN)

    def _drawn(self, language: str, found: Sequence[News], trials: Sequence[Trial]) -> str:
        exchange = self._office.exchange
        catalogue, web = exchange.catalogue(), exchange.cards.web
        speech = catalogue.speeches[language]
        host = urlsplit(web).hostname
        newest = found[0].day if found else _looked(trials, exchange.today)
        return _TEMPLATE.render(
            language=language,
            # A tag (RFC 4151) names a day on which the host was ours: that of the news will do.
            id=f"tag:{host},2026:passerelle/news/{language}",
            title=speech.say("news.feed.title"),
            updated=_instant(newest),
            author="Passerelle" if catalogue.operator is None else catalogue.operator.name,
            here=f"{web}/news.{language}.atom",
            page=f"{web}/?lang={language}",
            entries=[
                _Entry(
                    f"tag:{host},{one.day}:passerelle/{one.trial.id}/{one.event}/{language}",
                    _instant(one.day),
                    post(one, speech, web),
                )
                for one in found
            ],
        )


def _looked(trials: Sequence[Trial], today: date) -> date:
    """The day of the newest look at a study: until then there was nothing to tell."""
    return max(status_on(trial, today).checked for trial in trials)


def _instant(day: date) -> str:
    """A day as RFC 3339 wants it."""
    return f"{day}T00:00:00Z"
