"""The demonstration's study centre: real letters in memory, for everybody to look at."""

import asyncio

import pytest

from bot.contact.inbox import Inbox
from bot.contact.letter import Letter
from dialogs.wire.code import grouped
from tests.contact_fixtures import WEB
from tests.page_fixtures import LANGUAGES, NASTY, Pages


def letter(number: int, line: str = "") -> Letter:
    """A sample."""
    return Letter(f"{number}", f"Request {number}", (line or f"Line {number}",))


def test_the_newest_letter_comes_first() -> None:
    """Twenty are kept; each has a number of its own."""
    inbox = Inbox()
    numbers = [asyncio.run(inbox.deliver("", letter(n), 1.0)) for n in range(25)]

    assert 25 == len(set(numbers))
    assert tuple(letter(n) for n in range(24, 4, -1)) == inbox.letters


def test_a_letter_is_replaced_where_it_is() -> None:
    """One that is no longer there is not missed, and no other is changed for it."""
    inbox = Inbox()
    numbers = [asyncio.run(inbox.deliver("", letter(n), 1.0)) for n in range(21)]
    asyncio.run(inbox.change("", numbers[5], letter(5, "changed")))
    asyncio.run(inbox.change("", numbers[0], letter(0, "gone")))

    found = {one.code: one.lines for one in inbox.letters}

    assert 20 == len(found)
    assert ("changed",) == found["5"]
    assert all(lines == (f"Line {code}",) for code, lines in found.items() if code != "5")


def test_an_inbox_is_empty_at_first() -> None:
    """As after a restart."""
    assert () == Inbox().letters


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_centre_gets_is_shown_to_everybody(pages: Pages, language: str) -> None:
    """Nothing at first; then the letter itself, whose link opens the request."""
    path = f"/demo/centre?lang={language}"
    empty = pages.get(path)
    asked = pages.ask()
    sheet = pages.get(path)
    links = [
        found["href"] or "" for tag, found in sheet.tags if tag == "a" and "choice" in str(found)
    ]

    assert (200, language) == (empty.status, empty.language)
    assert pages.say(
        "Nothing yet. Ask a sample centre in the conversation, and look here again.", language
    ) in empty.all("note")
    assert pages.say("What a study centre gets", language) == sheet.title
    assert [pages.phrase("staff.title", code=grouped(asked.code))] == sheet.all("h2")
    assert pages.phrase("staff.sample") in sheet.all("p")
    assert [f"{WEB}/reply?lang=en#{asked.key}"] == links

    opened = pages.post("/reply", k=links[0], lang=language)

    assert grouped(asked.code) in opened.title


def test_a_letter_follows_its_request(pages: Pages) -> None:
    """Taken, then ended: the same letter says so, and then leads nowhere."""
    asked = pages.ask()
    pages.post("/reply", k=asked.key, op="take", sure="1")
    pages.run(pages.office.exchange.close())
    taken = pages.get("/demo/centre?lang=en")
    pages.post("/receipt", r=asked.receipt, op="end", sure="1")
    pages.run(pages.office.exchange.close())
    ended = pages.get("/demo/centre?lang=en")

    assert [1, 1] == [len(sheet.all("article")) for sheet in (taken, ended)]
    assert pages.phrase("staff.state.taken") in taken.words
    assert pages.phrase("staff.state.ended") in ended.words
    assert "#" in taken.html.partition("<article")[2]
    assert "/reply#" not in ended.html


def test_her_words_are_in_no_letter(pages: Pages) -> None:
    """Only behind the link of a second one."""
    asked = pages.ask()
    pages.post("/receipt", r=asked.receipt, op="write", text="Sparrow", sure="1")
    sheet = pages.get("/demo/centre")

    assert 2 == len(sheet.all("article"))
    assert "Sparrow" not in sheet.html
    assert "Sparrow" in pages.post("/reply", k=pages.key()).words


def test_a_letter_is_shown_as_written(pages: Pages) -> None:
    """Whatever its texts hold."""
    inbox = pages.office.inbox

    assert inbox is not None

    spoilt = Letter(NASTY, NASTY, (NASTY,), link=f"{WEB}/reply#{NASTY}", label=NASTY)
    pages.run(inbox.deliver("", spoilt, 1.0))
    sheet = pages.get("/demo/centre")

    assert [NASTY] == sheet.all("h2")
    assert NASTY in sheet.all("a")
    assert "<script>alert" not in sheet.html
