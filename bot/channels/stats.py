"""The figures of one link, for the group that shares it: behind a secret that no address shows.

A secret that opens nothing gets one answer, whatever is wrong with it, and takes as long: what is
looked for is the hash of what was sent.
"""

import csv
import io
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.sheets import Post, Sheets
from bot.contact.office import Office
from bot.outreach.books import closed
from bot.outreach.charts import columns, funnel
from bot.outreach.sums import STEPS, Figures, Sum, figures
from bot.store.records import Campaign, Key, StoreError
from dialogs.catalogue import Catalogue
from dialogs.conversation.speech import Speech

__all__ = ["StatsPage", "table"]

_PAGE = "stats.html"


def table(cells: Mapping[Key, int | None], slugs: Mapping[int, str]) -> str:
    """Published cells as CSV; a number that is hidden is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["week", "campaign", "trial", "language", "step", "number"])
    for key, number in sorted(cells.items()):
        slug = slugs.get(key.campaign, key.campaign)
        row = key.week, slug, key.trial or "all", key.language, key.step
        writer.writerow([*row, "" if number is None else number])
    return out.getvalue()


class StatsPage:
    """The page over `office`."""

    def __init__(self, sheets: Sheets, office: Office) -> None:
        self._sheets = sheets
        self._office = office

    def routes(self) -> list[Route]:
        """Its address."""
        return [
            Route("/stats", self.ask, methods=["GET"]),
            Route("/stats", self.show, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The same page for everybody: the secret stands behind the `#`."""
        language = self._sheets.language(request, {})
        return self._sheets.draw(_PAGE, request, language, stage="ask")

    async def show(self, request: Request) -> Response:
        """The figures, as a page or as a file."""
        post = await self._sheets.posted(request)
        if post is None:
            return self._sheets.refuse(request)
        secret = post.pasted("k")
        try:
            campaign = self._campaign(secret)
            published = self._office.store.published()
        except StoreError:
            return self._draw(post, secret, stage="later")
        if campaign is None:
            return self._draw(post, "", stage="wrong" if secret else "ask")
        cells = {key: one for key, one in published.items() if key.campaign == campaign.number}
        if post.fields.get("op") == "csv":
            named = {"Content-Disposition": f'attachment; filename="{campaign.slug}.csv"'}
            slugs = {campaign.number: campaign.slug}
            return Response(table(cells, slugs), media_type="text/csv", headers=named)
        return self._figures(post, secret, campaign, cells)

    def _campaign(self, secret: str) -> Campaign | None:
        digest = sha256(secret.encode()).hexdigest()
        found = None
        for one in self._office.store.campaigns():
            if compare_digest(one.secret_hash, digest):
                found = one
        return found

    def _figures(
        self, post: Post, secret: str, campaign: Campaign, cells: Mapping[Key, int | None]
    ) -> Response:
        catalogue = self._office.exchange.catalogue()
        last = closed(self._office.exchange.today)
        found = figures(cells, last, catalogue.bank.questions)
        return self._draw(
            post, secret, stage="figures", campaign=campaign, found=found, steps=STEPS,
            sunday=_sunday(last), words=_words(self._sheets.speech(post.language)),
            names=_names(catalogue, found, post.language),
            week=_monday, funnel=funnel, columns=columns,
        )  # fmt: skip

    def _draw(self, post: Post, secret: str, **values: Any) -> Response:
        return self._sheets.draw(
            _PAGE, post.request, post.language, kept={"k": secret} if secret else {}, **values
        )


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def _sunday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 7)


def _words(speech: Speech) -> Any:
    """How a sum is said."""

    def said(one: Sum) -> str:
        if one.few:
            return speech.gettext("hidden")
        number = speech.number(one.number)
        if one.more:
            return speech.gettext("at least %(number)s").replace("%(number)s", number)
        return number

    return said


def _names(catalogue: Catalogue, found: Figures, language: str) -> dict[str, str]:
    """Trials, questions and criteria in words, by what the figures call them."""
    speech = catalogue.speeches[language]
    trials = {trial.id: trial for trial in catalogue.trials.values()}
    names = {identity: trial.name for identity, trial in trials.items()}
    names |= {stop.question: speech.say(f"question.{stop.question}.label") for stop in found.stops}
    for reason in found.reasons:
        trial = trials.get(reason.trial)
        phrase = None if trial is None else trial.phrase(f"{reason.criterion}.plain")
        if phrase in speech.texts(False):
            names[f"{reason.trial} {reason.criterion}"] = speech.say(str(phrase))
    return names
