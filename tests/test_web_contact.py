"""A request from the web page, over the real program: sent, shown again, ended, and its limits."""

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.contact.mailbox import new_receipt
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.wire.code import code_of, grouped
from tests.program_fixtures import Place, Program, free

SECRET = "a-sample-secret-of-web"  # noqa: S105 - a sample
PREVIEW = Session(language="en", step=Step.PREVIEW, focus=1, whom=Whom.SELF, trial=1, tag=1)


@dataclass
class Site:
    """The demonstration, and a browser without memory."""

    place: Place
    port: str

    def page(self, path: str, fields: dict[str, str] | None = None, forwarded: str = "") -> str:
        """A page, with its marks."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if forwarded:
            headers["X-Forwarded-For"] = forwarded
        method, body = ("GET", None) if fields is None else ("POST", urlencode(fields))
        connection.request(method, path, body, headers)
        html = connection.getresponse().read().decode()
        connection.close()
        return unescape(html)

    def press(self, session: Session, action: Action, forwarded: str = "") -> str:
        """The page after a press of a button."""
        token = self.place.token(b"web:" + SECRET.encode(), session, action)
        return self.page("/?lang=en", {"s": SECRET, "t": token}, forwarded)

    def letters(self) -> int:
        """How many letters the sample centre has."""
        return self.page("/demo/centre?lang=en").count("<article")


def running(folder: Path, catalogue: Catalogue, **environment: str) -> Iterator[Site]:
    """The demonstration in `folder`, with these settings."""
    port = free()
    program = Program(folder, {"WEB_PORT": port, **environment})
    try:
        program.ready(b"http://127.0.0.1")
        yield Site(Place(folder, catalogue), port)
    finally:
        program.end()

    assert b"error" not in program.output.read_bytes()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Site]:
    """One demonstration for all tests that need no limits."""
    yield from running(tmp_path_factory.mktemp("site"), catalogue)


def receipt_in(html: str) -> str | None:
    """The receipt that a page shows."""
    found = re.search(r"<blockquote>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</blockquote>", html)
    return None if found is None else found[1]


def test_a_request_gives_a_receipt(site: Site) -> None:
    """Made of the page's own secret and the code, and of nothing that is kept."""
    session = replace(PREVIEW, tag=11)
    html = site.press(session, Action.CONFIRM)
    code = code_of(11, 1, 1, 0)

    assert 'data-step="sent"' in html
    assert grouped(code) in html
    assert grouped(new_receipt(SECRET.encode(), code), 4) == receipt_in(html)


def test_the_receipt_opens_the_box(site: Site) -> None:
    """At once, before there is an answer."""
    receipt = receipt_in(site.press(replace(PREVIEW, tag=12), Action.CONFIRM))

    assert receipt is not None

    box = site.page("/receipt?lang=en", {"r": receipt})

    assert grouped(code_of(12, 1, 1, 0)) in box
    assert "No answer yet" in box


def test_reloading_shows_the_same_receipt(site: Site) -> None:
    """A phone that lost the tab asks for the screen again; nothing is sent again."""
    before = site.letters()
    html = site.press(replace(PREVIEW, tag=13), Action.CONFIRM)
    here = re.search(r'data-here="([^"]+)"', html)

    assert here is not None

    again = site.page("/?lang=en", {"s": SECRET, "t": here[1]})

    assert receipt_in(html) == receipt_in(again)
    assert before + 1 == site.letters()


def test_pressing_again_is_one_request(site: Site) -> None:
    """From the preview, from a page that failed, from one that says it is on its way."""
    before = site.letters()
    session = replace(PREVIEW, tag=14)
    receipts = {
        receipt_in(site.press(session.at(step), Action.CONFIRM))
        for step in (Step.PREVIEW, Step.PREVIEW, Step.SENDING, Step.UNSENT)
    }

    assert 1 == len(receipts)
    assert before + 1 == site.letters()


def test_another_page_has_another_receipt(site: Site) -> None:
    """Whoever copies a token has not the secret, and whoever has neither finds no box."""
    code = code_of(11, 1, 1, 0)
    other = new_receipt(b"another-secret-of-a-page", code)

    assert other != new_receipt(SECRET.encode(), code)
    assert "This receipt opens no letter box" in site.page("/receipt?lang=en", {"r": other})


def test_the_end_empties_the_box(site: Site) -> None:
    """From the conversation, by the button that confirms it."""
    session = replace(PREVIEW, tag=15)
    receipt = receipt_in(site.press(session, Action.CONFIRM))

    assert receipt is not None

    html = site.press(session.at(Step.ENDING), Action.END_NOW)

    assert 'data-step="ended"' in html
    assert "This receipt opens no letter box" in site.page("/receipt?lang=en", {"r": receipt})


def test_an_old_confirm_never_opens_an_ended_request_again(site: Site) -> None:
    """It shows that the request is over."""
    before = site.letters()
    session = replace(PREVIEW, tag=16)
    site.press(session, Action.CONFIRM)
    site.press(session.at(Step.ENDING), Action.END_NOW)

    assert 'data-step="over"' in site.press(session, Action.CONFIRM)
    assert before + 1 == site.letters()


def test_one_network_takes_a_third_of_a_centres_day(tmp_path: Path, catalogue: Catalogue) -> None:
    """Six of twenty; after that the centre's own contact is shown. No header changes that."""
    for site in running(tmp_path, catalogue):
        steps = [
            "sent" if 'data-step="sent"' in html else "full" if 'data-step="full"' in html else html
            for html in (
                site.press(replace(PREVIEW, tag=tag), Action.CONFIRM, f"203.0.113.{tag}")
                for tag in range(8)
            )
        ]

        assert ["sent"] * 6 + ["full"] * 2 == steps


def test_behind_a_trusted_proxy_networks_are_told_apart(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """By the last address that the proxy did not write itself."""
    for site in running(tmp_path, catalogue, TRUSTED_PROXY="127.0.0.1"):
        for tag in range(8):
            html = site.press(
                replace(PREVIEW, tag=tag), Action.CONFIRM, f"9.9.9.9, 203.0.113.{tag}"
            )

            assert 'data-step="sent"' in html

        steps = [
            site.press(replace(PREVIEW, tag=tag), Action.CONFIRM, f"203.0.113.{tag}, 198.51.100.7")
            for tag in range(8, 15)
        ]

        assert 'data-step="sent"' in steps[5]
        assert 'data-step="full"' in steps[6]
