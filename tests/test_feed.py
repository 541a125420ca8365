"""The feeds over real HTTP, checked against RFC 4287 by hand."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from bot.channels.headers import CONTENT_POLICY
from bot.store.records import Announcement, Check
from dialogs.catalogue import Operator
from dialogs.conversation.session import LANGUAGES
from tests.builders import Clock
from tests.contact_fixtures import NCT, WEB
from tests.page_fixtures import NASTY, Pages
from tests.web_fixtures import Screen

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
#: RFC 3339 with the capitals that RFC 4287 asks for.
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")
#: RFC 4151.
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(?:-\d{2}(?:-\d{2})?)?:[A-Za-z0-9/._-]+")
TODAY = Clock().today
REGISTRY = "https://clinicaltrials.gov/study/NCT03870919"


def asked(pages: Pages, path: str = "/news.en.atom", method: str = "GET") -> Screen:
    """The answer to a request."""
    return pages.served.ask(method, path)


def feed(pages: Pages, language: str = "en") -> ET.Element:
    """The feed of a language, parsed and checked."""
    sheet = asked(pages, f"/news.{language}.atom")
    root = ET.fromstring(sheet.html)  # noqa: S314 - our own

    assert 200 == sheet.status
    check(root, language)
    return root


def only(parent: ET.Element, name: str) -> str:
    """The text of the one child of this name."""
    (found,) = parent.findall(ATOM + name)

    assert found.text

    return found.text


def links(parent: ET.Element) -> dict[str, str]:
    """Its links by their relation; of each there is one."""
    found = [link.attrib for link in parent.findall(f"{ATOM}link")]

    assert len({link["rel"] for link in found}) == len(found)
    assert all(urlsplit(link["href"]).scheme == "https" for link in found)

    return {link["rel"]: link["href"] for link in found}


def check(root: ET.Element, language: str) -> None:
    """What RFC 4287 asks of a feed and of each of its entries."""
    entries = root.findall(f"{ATOM}entry")

    assert f"{ATOM}feed" == root.tag
    assert language == root.attrib["{http://www.w3.org/XML/1998/namespace}lang"]
    assert only(root, "title")
    (author,) = root.findall(f"{ATOM}author")
    assert only(author, "name")
    assert f"{WEB}/news.{language}.atom" == links(root)["self"]
    ids = [only(one, "id") for one in (root, *entries)]
    assert len(set(ids)) == len(ids)
    assert all(TAG.fullmatch(one) for one in ids)
    instants = [only(one, "updated") for one in (root, *entries)]
    assert all(INSTANT.fullmatch(one) for one in instants)
    assert instants[1:] == sorted(instants[1:], reverse=True)
    for entry in entries:
        assert only(entry, "title")
        assert {"alternate", "related"} == links(entry).keys()
        (content,) = entry.findall(f"{ATOM}content")
        assert "xhtml" == content.attrib["type"]
        assert [f"{XHTML}div"] == [child.tag for child in content]


def seen(pages: Pages, status: Any, ago: int) -> None:
    """Somebody looked at how the study stands."""
    day = TODAY - timedelta(days=ago)
    pages.do(lambda: pages.store.check(Check(NCT, status, REGISTRY, "AB", day)))
    pages.do(pages.office.snapshot.refresh)


def noted(pages: Pages, event: Any, ago: int, *languages: str) -> None:
    """It was told."""
    day = TODAY - timedelta(days=ago)
    for language in languages or LANGUAGES:
        row = Announcement(NCT, event, day, language)
        pages.do(lambda row=row: pages.store.announce(row))  # type: ignore[misc]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_feed_is_a_feed(pages: Pages, language: str) -> None:
    """As old as the newest look at a study."""
    root = feed(pages, language)

    assert [] == root.findall(f"{ATOM}entry")
    assert "2024-09-19T00:00:00Z" == only(root, "updated")
    assert pages.phrase("news.feed.title", language) == only(root, "title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_are_entries_newest_first(pages: Pages, language: str) -> None:
    """Each says which study, how it stood and when that was seen, with both links."""
    seen(pages, "recruiting", 12)
    noted(pages, "added", 11)
    seen(pages, "suspended", 4)
    noted(pages, "closed", 3)
    root = feed(pages, language)
    newer, older = root.findall(f"{ATOM}entry")
    text = "".join(newer.find(f"{ATOM}content").itertext())  # type: ignore[union-attr]
    title = pages.phrase("trial.NCT03870919.title", language)

    say = pages.desk.catalogue.speeches[language].say

    assert say("news.paused").format(name="PALATINE") == only(newer, "title")
    assert say("news.open").format(name="PALATINE") == only(older, "title")
    assert only(newer, "updated") == only(root, "updated") == "2026-03-07T00:00:00Z"
    assert title in text
    assert pages.day(date(2026, 3, 6), language) in text
    assert {
        "alternate": f"{WEB}/?t=1&lang={language}",
        "related": REGISTRY,
    } == links(newer)


def test_ids_stay(pages: Pages) -> None:
    """Whatever is told later, and whoever looks again."""
    seen(pages, "recruiting", 12)
    noted(pages, "added", 11)
    (before,) = (only(entry, "id") for entry in feed(pages).findall(f"{ATOM}entry"))
    seen(pages, "recruiting", 5)
    seen(pages, "closed", 4)
    noted(pages, "closed", 3)

    assert before == [only(entry, "id") for entry in feed(pages).findall(f"{ATOM}entry")][1]
    assert f"tag:passerelle.example.org,2026-02-27:passerelle/{NCT}/added/en" == before


def test_each_language_has_its_own_news(pages: Pages) -> None:
    """What was told in French alone is not in the English feed."""
    seen(pages, "recruiting", 1)
    noted(pages, "added", 0, "fr")

    assert 1 == len(feed(pages, "fr").findall(f"{ATOM}entry"))
    assert [] == feed(pages, "en").findall(f"{ATOM}entry")


def test_a_demonstration_has_no_news_of_its_own_day(pages: Pages) -> None:
    """The conversation shows another day; what the feed says is of real ones."""
    noted(pages, "added", 0)

    assert [] == feed(pages).findall(f"{ATOM}entry")


def test_a_feed_is_not_endless(pages: Pages) -> None:
    """The newest fifty."""
    for ago in range(60, 0, -1):
        seen(pages, "recruiting", ago)
        noted(pages, "added", ago, "fr")
    entries = feed(pages, "fr").findall(f"{ATOM}entry")

    assert 50 == len(entries)
    assert "2026-03-09T00:00:00Z" == only(entries[0], "updated")


def test_the_operator_signs_and_nothing_breaks_out(pages: Pages) -> None:
    """Its name stands there as it is."""
    assert "Passerelle" == only(feed(pages)[3], "name")

    desk = pages.desk
    desk.catalogue = replace(desk.catalogue, operator=Operator(NASTY, "x", "y"))

    assert NASTY == only(feed(pages)[3], "name")


def test_a_feed_has_the_headers_of_a_page(pages: Pages) -> None:
    """It may be kept if it is asked about again; nothing in it may run."""
    for method in ("GET", "HEAD"):
        headers = asked(pages, method=method).headers

        assert "application/atom+xml" == headers["content-type"]
        assert "no-cache" == headers["cache-control"]
        assert CONTENT_POLICY == headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert "set-cookie" not in headers
    assert "" == asked(pages, method="HEAD").html


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_feed_is_only_read(pages: Pages, method: str) -> None:
    """Anything else meets the friendly page."""
    assert 404 == asked(pages, method=method).status


@pytest.mark.parametrize("path", ["/news.de.atom", "/news.atom", "/news.fr.atom/", "/news.fr"])
def test_there_are_two_feeds(pages: Pages, path: str) -> None:
    """One for each language."""
    assert 404 == asked(pages, path).status


def test_a_locked_store_asks_to_come_again(pages: Pages) -> None:
    """A reader does so by itself."""
    with pages.locked():
        sheet = asked(pages)

    assert (503, "60") == (sheet.status, sheet.headers["retry-after"])
    assert 200 == asked(pages).status


def test_days_are_days(pages: Pages) -> None:
    """What the feed calls an instant can be read as one."""
    instant = only(feed(pages), "updated")

    assert datetime(2024, 9, 19, tzinfo=UTC) == datetime.fromisoformat(instant)
