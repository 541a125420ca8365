"""What is shared, and what comes from a chat, over real HTTP: the half of the server."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import shake_128
from urllib.parse import urlencode

import pytest

from bot.channels.shared import MOST
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.steps import Action, Step
from tests.builders import UNSURE, Clock, Talk
from tests.contact_fixtures import WEB
from tests.page_fixtures import NASTY, Pages, Sheet
from tests.web_fixtures import Screen, Served

#: As random as what a browser seals, so that nothing can be compressed.
SEALED = shake_128(b"sample").digest(1500)


def spelled(data: bytes) -> str:
    """Bytes as the browser posts them."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def made(pages: Pages, data: bytes = SEALED, language: str = "en") -> str:
    """What stands behind the `#` of the link that the service makes."""
    sheet = pages.post("/share", b=spelled(data), lang=language)
    (link,) = [text for text in sheet.all("blockquote") if text]
    address, _, closed = link.partition("#")

    assert f"{WEB}/shared" == address

    return closed


def sealed(sheet: Sheet) -> bytes:
    """What the page hands to the reader's browser."""
    (form,) = [found for tag, found in sheet.tags if tag == "form" and found.get("id") == "open"]
    text = form["data-sealed"] or ""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_gives_back_what_was_sealed(shared: Pages, language: str) -> None:
    """With the day of its making, and the last on which it opens; both real days."""
    today = shared.desk.keyring().today
    page = shared.post("/share", b=spelled(SEALED), lang=language)
    opened = shared.post("/shared", b=made(shared), lang=language)

    assert SEALED == sealed(opened)
    assert (language, language) == (page.language, opened.language)
    assert shared.day(today, language) in opened.words
    for sheet in (page, opened):
        assert shared.day(today + timedelta(days=6), language) in sheet.words


@pytest.mark.parametrize("size", [1, 2, 3, MOST])
def test_any_length_comes_back(shared: Pages, size: int) -> None:
    """Up to the limit, whatever its base64 ends with."""
    data = shake_128(b"another").digest(size)

    assert data == sealed(shared.post("/shared", b=made(shared, data)))


@pytest.mark.parametrize("wrong", ["", "A", "é", "<b>", "A" * 5, spelled(bytes(MOST + 1))])
def test_what_is_no_sealed_page_gets_no_link(shared: Pages, wrong: str) -> None:
    """Nothing, nonsense, or more than a link can carry."""
    page = shared.post("/share", b=wrong)

    assert shared.say("No link was made") in page.all("h3")
    assert not [text for text in page.all("blockquote") if text]


def test_a_link_opens_on_seven_days(pages: Pages, clock: Clock) -> None:
    """Its own day included; then it has ended, which is not the same as damaged."""
    closed = made(pages)
    for _ in range(7):
        assert SEALED == sealed(pages.post("/shared", b=closed))
        clock.today += timedelta(days=1)

    ended = pages.post("/shared", b=closed)
    assert pages.say("This link has ended") == ended.title
    assert "Links work for 7 days" in ended.notice


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_link_is_told_apart(shared: Pages, language: str) -> None:
    """Cut, changed or never whole, while its key lives: it is not said to have ended."""
    closed = made(shared)
    broken = [
        closed[:-1],
        closed[:-128],
        closed + "A",
        closed[:700] + ("A" if closed[700] != "A" else "B") + closed[701:],
        closed[:200],
        "x",
    ]
    titles = {shared.post("/shared", b=one, lang=language).title for one in broken}

    assert {shared.say("This link is not whole", language)} == titles


@pytest.mark.parametrize("tail", [".", ")", " and more", "&utm_source=x", "\n> "])
def test_what_follows_a_link_is_no_part_of_it(shared: Pages, tail: str) -> None:
    """A full stop, or what a program adds to links."""
    assert SEALED == sealed(shared.post("/shared", b=made(shared) + tail))


def test_nothing_else_that_is_enclosed_opens_here(shared: Pages) -> None:
    """Neither the note of a chat, nor a page's own token."""
    page = shared.do(lambda: shared.desk.welcome(b"web:x", "en"))
    key = shared.do(lambda: shared.desk.carry(page, "my note"))

    for other in (key.partition(".")[2], key, page.here):
        assert shared.say("This link is not whole") == shared.post("/shared", b=other).title


def test_thirty_links_an_hour_and_network(pages: Pages) -> None:
    """Then it says so kindly; links are opened as before."""
    closed = made(pages)
    for at in range(29):
        made(pages, b"%d" % at)
    page = pages.post("/share", b=spelled(SEALED))

    assert pages.say("Not just now") in page.all("h3")
    assert SEALED == sealed(pages.post("/shared", b=closed))


def test_nothing_is_kept_of_it(shared: Pages) -> None:
    """The store is the same before and after; the page asks everybody the same."""
    before = shared.kept()
    plain = shared.get("/shared?lang=en")
    closed = made(shared)
    shared.post("/shared", b=closed)

    assert before == shared.kept()
    assert plain.html == shared.get(f"/shared?lang=en&b={closed}").html
    assert closed not in plain.html


@pytest.mark.parametrize("nothing", ["", "é" * 300, "#"])
def test_without_a_link_the_page_asks_again(shared: Pages, nothing: str) -> None:
    """Also when only the other language was chosen."""
    page = shared.post("/shared", b=nothing, lang="fr")

    assert shared.get("/shared?lang=fr").html == page.html


def test_the_other_language_carries_the_link(shared: Pages) -> None:
    """In a field, and in no address."""
    english = shared.post("/shared", b=made(shared))
    french = shared.press(english, "Français")

    assert ("en", "fr") == (english.language, french.language)
    assert sealed(english) == sealed(french)
    assert shared.say("Somebody shares a page with you", "fr") == french.all("h1")[0]


def carried(pages: Pages, catalogue: Catalogue, note: str = "", language: str = "en") -> str:
    """The key that a chat gives for its summary."""
    talk = Talk(catalogue, language).result(**UNSURE).tap(Action.SUMMARY)
    token = pages.token("chat", talk.session, Action.SHOW)
    page = pages.do(lambda: pages.desk.press(b"web:chat", token))

    assert Step.SUMMARY is page.view.step

    return pages.do(lambda: pages.desk.carry(page, note))


def arrive(pages: Pages, pasted: str, language: str = "en") -> Screen:
    """The page after the form of `/summary` was sent."""
    return pages.served.ask(
        "POST", f"/summary?lang={language}", urlencode({"k": pasted}).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


def field(screen: Screen) -> str:
    """What the field of her notes holds, as it stands in the HTML."""
    return screen.html.partition('id="note"')[2].partition(">")[2].partition("</textarea>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_of_a_chat_opens_the_summary(
    shared: Pages, catalogue: Catalogue, language: str
) -> None:
    """With her note, which is text whatever it says; its buttons work as on any page."""
    key = carried(shared, catalogue, NASTY, language)
    screen = arrive(shared, key, language)
    again = arrive(shared, f"{WEB}/summary?lang={language}#{key}", language)

    assert ("summary", language) == (screen.step, screen.language)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in field(screen)
    assert field(screen) == field(again)
    assert screen.secret != again.secret
    back = shared.served.press(screen, "back")
    assert "result" == back.step
    assert 'id="note"' not in back.html


def test_the_field_is_never_sent(shared: Pages, catalogue: Catalogue) -> None:
    """It has no name, so no form carries it."""
    screen = arrive(shared, carried(shared, catalogue))
    (note,) = [found for tag, found in screen.tags if tag == "textarea"]

    assert "name" not in note
    assert "\n" == field(screen)


@pytest.mark.parametrize("wrong", ["x", "A" * 64, "A" * 64 + "." + "B" * 200, "<b>", "🙂" * 50])
def test_a_key_that_opens_nothing_starts_again(shared: Pages, wrong: str) -> None:
    """Kindly, with the page that any dead button gives."""
    screen = arrive(shared, wrong)

    assert 200 == screen.status
    assert "restart" in {button.action for button in screen.buttons}


def test_a_button_is_no_key(shared: Pages, catalogue: Catalogue) -> None:
    """Nor is a key the button of a page."""
    screen = arrive(shared, carried(shared, catalogue))

    assert "summary" != arrive(shared, screen.here).step
    assert "summary" != shared.served.post(screen, carried(shared, catalogue)).step


def test_a_key_dies_with_the_buttons(pages: Pages, catalogue: Catalogue, clock: Clock) -> None:
    """On the seventh day after."""
    key = carried(pages, catalogue, "my note")
    clock.today += timedelta(days=6)

    assert "summary" == arrive(pages, key).step
    clock.today += timedelta(days=1)
    screen = arrive(pages, key)
    assert "restart" in {button.action for button in screen.buttons}
    assert "my note" not in screen.html


def test_without_a_key_the_page_asks_for_it(shared: Pages) -> None:
    """Also when only the other language was chosen."""
    asked = shared.get("/summary?lang=en")
    french = shared.press(asked, "Français")

    assert ("en", "fr") == (asked.language, french.language)
    assert shared.say("Your conversation goes on here", "fr") == french.title
    assert {"k": ""} == asked.form("Open my summary").fields
    assert shared.say("This text is much too long") == (
        shared.send("/summary?lang=en", b"k=" + b"x" * 300_000).title
    )


def test_what_is_shared_is_text_without_buttons(shared: Pages, catalogue: Catalogue) -> None:
    """All blocks in their order, with addresses as text; no token, no secret."""
    screen = arrive(shared, carried(shared, catalogue))
    (button,) = [found for tag, found in screen.tags if "data-share" in found]
    told = json.loads(button["data-view"] or "")
    kinds = [kind for kind, _, _ in told["blocks"]]

    assert {"lang", "title", "blocks"} == set(told)
    assert ("en", screen.title) == (told["lang"], told["title"])
    assert {"text", "heading", "answer", "item", "qr"} == set(kinds)
    assert screen.secret not in str(told)
    assert not [one for one in screen.buttons if one.token in str(told)]
    assert told["blocks"][kinds.index("qr")][2].startswith("https:")


def test_no_other_screen_has_notes_or_can_be_shared(shared: Pages) -> None:
    """Only the summary is made to be shown."""
    screen = shared.served.ask(path="/?lang=en")

    assert 'id="note"' not in screen.html
    assert "data-share" not in screen.html


def test_a_service_without_an_office_shares_nothing(
    served: Served, shared: Pages, catalogue: Catalogue
) -> None:
    """Its summary has the notes, and no button that would lead nowhere."""
    screen = served.press(served.ask(path="/?lang=en"), "start")
    screen = served.press(screen, "whom")
    while screen.step != "result":
        screen = served.press(
            screen, {"question": "answer", "ruled": "go_on", "recap": "result"}[screen.step]
        )
    screen = served.press(screen, "summary")

    assert 'id="note"' in screen.html
    assert "data-share" not in screen.html
    assert 404 == served.ask("POST", "/share").status
