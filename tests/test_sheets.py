"""What the pages beside the conversation have in common, over real HTTP and in a real browser."""

import asyncio
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from bot.channels.headers import CONTENT_POLICY
from bot.channels.sheets import Once, Post
from bot.channels.web import web_app
from bot.contact.exchange import Told
from bot.desk import Desk
from bot.store.records import State
from tests.builders import Clock
from tests.contact_fixtures import office_at
from tests.page_fixtures import LANGUAGES, NASTY, Pages
from tests.web_fixtures import serving

PATHS = ("/reply", "/receipt", "/confirm")
#: Those, and others that ask for what they open.
ASKING = (*PATHS, "/shared", "/summary")
KEYED = ("/reply", "/confirm")


def posted(**fields: str) -> Post:
    """A form with these fields."""
    return Post(Request({"type": "http"}), fields, "en", b"")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ASKING)
def test_asking_does_nothing_and_shows_everybody_the_same(
    shared: Pages, path: str, language: str
) -> None:
    """With or without a key, a receipt or a deed in the address: only a form acts."""
    asked = shared.ask(language=language)
    plain = shared.get(f"{path}?lang={language}")
    loaded = f"k={asked.key}&r={asked.receipt}&op=close&sure=1&text=Hello"
    before = shared.kept()
    others = [
        shared.get(f"{path}?lang={language}&{loaded}"),
        shared.get(f"{path}?{loaded}", Accept_Language=language),
        shared.get(f"{path}?lang=xx", Accept_Language=f"xx,{language};q=0.5", Cookie="k=1"),
    ]
    head = shared.get(f"{path}?lang={language}&{loaded}", "HEAD")

    assert (200, language) == (plain.status, plain.language)
    assert [plain.html] * 3 == [other.html for other in others]
    assert (200, "") == (head.status, head.html)
    assert str(len(plain.html.encode())) == head.headers["content-length"]
    assert before == shared.kept()


def test_pages_that_ask_are_in_french_for_want_of_another_wish(shared: Pages) -> None:
    """What the address says counts more than what the browser says."""
    assert "fr" == shared.get("/reply").language
    assert "fr" == shared.get("/reply?lang=de", Accept_Language="de,es;q=0.9").language
    assert "fr" == shared.get("/reply?lang=fr", Accept_Language="en").language
    assert "en" == shared.get("/reply", Accept_Language="en-GB,fr;q=0.9").language


@pytest.mark.parametrize("path", ASKING)
def test_no_page_is_kept_or_tells_where_somebody_came_from(shared: Pages, path: str) -> None:
    """Neither what is asked for nor what is posted; nothing is loaded from elsewhere."""
    for sheet in (
        shared.get(path),
        shared.get(path, "HEAD"),
        shared.post(path, k="x" * 64, r="0" * 16),
        shared.send(path, b"x" * 300_000),
        shared.get(path, "PUT"),
    ):
        headers = sheet.headers

        assert CONTENT_POLICY == headers["content-security-policy"]
        assert "no-store" == headers["cache-control"]
        assert "no-referrer" == headers["referrer-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert "set-cookie" not in headers
        assert not [found for _, found in sheet.tags if {"style", "onclick"} & found.keys()]
        for tag, found in sheet.tags:
            if tag in ("script", "img", "iframe"):
                assert (found["src"] or "").startswith("/static/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", KEYED)
def test_without_script_the_key_is_pasted(shared: Pages, path: str, language: str) -> None:
    """The page says so where JavaScript is off, and has the field for everybody."""
    sheet = shared.get(f"{path}?lang={language}")
    (form,) = [form for form in sheet.forms if form.identity == "key"]
    (hint,) = sheet.all("noscript")
    told = {
        "/reply": "JavaScript is off in this browser, so the link cannot open the request by "
        "itself. Copy the key from the mail and paste it below.",
        "/confirm": "JavaScript is off in this browser, so the link cannot open by itself. "
        "Copy the key from the mail and paste it below.",
    }

    assert shared.say(told[path], language) == hint
    assert (f"{path}?lang={language}", "post") == (form.action, form.method)
    assert {"k": ""} == form.fields
    assert shared.say("Key from the mail", language) in sheet.all("label")


@pytest.mark.parametrize("path", PATHS)
def test_the_other_language_is_one_press_away(shared: Pages, path: str) -> None:
    """With what the page was opened by, which stands in no address."""
    asked = shared.ask()
    sheet = shared.post(path, k=asked.key, r=asked.receipt)
    french = shared.press(sheet, "Français")
    english = shared.press(french, "English")

    assert ("en", "fr", "en") == (sheet.language, french.language, english.language)
    assert sheet.title == english.title != french.title


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*ASKING, "/demo/centre"])
def test_a_form_beyond_all_bounds_is_refused(shared: Pages, path: str, language: str) -> None:
    """It says what is wrong; the connection ends, as the rest may still be on its way."""
    address = f"{path}?lang={language}"
    fits = b"x=" + b"x" * (262_144 - 2)
    sheet = shared.send(address, fits)
    beyond = shared.send(address, fits + b"x")

    assert (200, language) == (sheet.status, sheet.language)
    assert (413, language) == (beyond.status, beyond.language)
    assert shared.say("This text is much too long", language) == beyond.title
    assert "close" == beyond.headers["connection"]
    assert [path] == [form.path for form in beyond.forms]


@pytest.mark.parametrize("character", ["x", "é", "🙂", "%"])
def test_a_pasted_book_comes_back_to_be_shortened(shared: Pages, character: str) -> None:
    """On both sides, with all of it in its field."""
    asked = shared.ask()
    book = character * 20_000
    for path, op in (("/reply", "reply"), ("/receipt", "write")):
        sheet = shared.post(path, k=asked.key, r=asked.receipt, op=op, text=book, sure="1")

        assert "longer than 1,000 characters" in sheet.notice
        assert book == sheet.form("Read it once more").fields["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_loses_what_was_typed(shared: Pages, language: str) -> None:
    """Not the other language, nor one that does something else, there and back."""
    asked = shared.ask()
    other = {"en": "Français", "fr": "English"}[language]
    team = shared.post("/reply", k=asked.key, lang=language)
    hers = shared.post("/receipt", r=asked.receipt, lang=language)
    for sheet, deeds in ((team, ("take", "close", "reply")), (hers, ("end", "write"))):
        buttons = {form.fields.get("op"): form.label for form in sheet.forms}
        moved = shared.press(sheet, other, text=NASTY)

        assert language != moved.language
        assert NASTY == moved.forms[-1].fields["text"]
        for deed in deeds:
            asking = shared.press(sheet, buttons[deed], text=NASTY)
            turned = shared.press(asking, other)
            back = shared.press(turned, turned.forms[-1].label)

            assert asking.title != turned.title
            assert "once" in turned.forms[-2].fields
            assert NASTY == back.forms[-1].fields["text"]
    assert State.SENT is shared.state(asked)


def test_what_was_typed_outlives_the_deed_beside_it(shared: Pages) -> None:
    """A request is taken, closed or ended; the text that did not go can still be copied."""
    asked = shared.ask()
    sheet = shared.post("/reply", k=asked.key)
    taken = shared.press(shared.press(sheet, "We are handling it", text=NASTY), "Yes, take it")

    assert NASTY == shared.press(taken, "Back to the request").forms[-1].fields["text"]

    closing = shared.press(sheet, "Close the request", text=NASTY)

    assert [NASTY] == shared.press(closing, "Yes, close it").all("blockquote")

    again = shared.ask()
    hers = shared.post("/receipt", r=again.receipt)
    ending = shared.press(hers, shared.phrase("sent.end"), text=NASTY)

    assert [NASTY] == shared.press(ending, "Yes, end it").all("blockquote")


@pytest.mark.parametrize("path", PATHS)
def test_junk_gets_the_page_that_asks(shared: Pages, path: str) -> None:
    """Nothing of it is an error of ours."""
    title = shared.get(path).title
    for body in (
        b"",
        b"k=&r=",
        b"k=%ED%A0%80&r=%ED%A0%80&text=%ED%A0%80",
        b"k=%00&r=%00&op=%00&sure=1",
        b"k=http%3A%2F%2F%5B&r=http%3A%2F%2F%5B",
        b"k=https%3A%2F%2Fa%E2%84%80b%2Freply&r=x",
        b'{"k": "\\ud800", "r": ["x"]}',
        b"k=%23%23%23&r=%23&op=reply&sure=1&text=x&once=x&lang=%00",
        b"k=.&r=.",
        b"k=%F0%9F%99%82&r=%C9&op=close",
        b"\xff\xfe" * 200,
    ):
        sheet = shared.send(path, body)

        assert (200, title) == (sheet.status, sheet.title), body


def test_words_are_kept_as_they_were_typed() -> None:
    """Spaces of every kind, joined emoji and letters; line ends become one kind."""
    text = (
        "Chère Madame\u202f!\tÀ\u00a0demain, 10\u202f000 m\u00adots.\n\n"
        "👩\u200d⚕️ می\u200cخواهم \U0001fae8"
    )

    assert text == posted(text=f"  {text}\r\n ").words("text")
    assert "a\nb\nc\nd\ne" == posted(text="a\r\nb\rc\u2028d\u0085e").words("text")
    assert "" == posted().words("text") == posted(text=" \r\n\u00a0").words("text")


def test_what_cannot_be_seen_is_left_out() -> None:
    """Control characters, marks that turn the direction of a text, halves of characters."""
    assert "abcd" == posted(text="a\0b\x1b\u202ec\ud800\u200bd\ufeff").words("text")


@pytest.mark.parametrize("told", [Told.DONE, Told.UNSURE, Told.LATER])
def test_presses_of_a_form_that_acts_are_one(told: Told) -> None:
    """Each gets what comes of the first; one that did nothing for sure can be pressed later."""
    once, calls = Once(), []

    async def work() -> Told:
        calls.append(told)
        await asyncio.sleep(0)
        return told

    async def presses(number: str) -> list[Told]:
        form = posted(once=number * 22)
        return list(await asyncio.gather(*(once.act(form, work) for _ in range(3))))

    assert [told] * 3 == asyncio.run(presses("a"))
    assert 1 == len(calls)

    again = Told.ALREADY if told is Told.DONE else told

    assert [again] * 3 == asyncio.run(presses("a"))
    assert [told] * 3 == asyncio.run(presses("b"))
    assert (2 if told is Told.DONE else 3) == len(calls)
    assert not once._acting


def test_a_form_whose_work_fails_can_be_sent_again() -> None:
    """Each press that waited gets the failure, and none hangs."""
    once = Once()
    form = posted(once="c" * 22)

    async def fails() -> Told:
        await asyncio.sleep(0)
        raise OSError

    async def works() -> Told:
        return Told.DONE

    async def presses() -> list[Told | BaseException]:
        both = once.act(form, fails), once.act(form, fails)
        return list(await asyncio.gather(*both, return_exceptions=True))

    assert [OSError] * 2 == [type(one) for one in asyncio.run(presses())]
    assert Told.DONE is asyncio.run(once.act(form, works))


def test_a_press_that_is_called_off_leaves_the_work_alone() -> None:
    """Its page is gone; what it began goes on, and the next press hears of it."""
    once, ended = Once(), []
    form = posted(once="d" * 22)

    async def work() -> Told:
        await asyncio.sleep(0.01)
        ended.append(True)
        return Told.DONE

    async def presses() -> Told:
        first = asyncio.create_task(once.act(form, work))
        await asyncio.sleep(0)
        first.cancel()
        return await once.act(form, work)

    assert Told.DONE is asyncio.run(presses())
    assert [True] == ended


def test_a_form_without_its_number_acts_each_time() -> None:
    """Nothing tells two of them apart."""
    once = Once()

    async def work() -> Told:
        return Told.DONE

    for number in ("", "x", "a" * 23, "é" * 22):
        for _ in range(2):
            assert Told.DONE is asyncio.run(once.act(posted(once=number), work))


def test_all_that_somebody_wrote_is_shown_as_written(shared: Pages) -> None:
    """On every page that has a text, and in each field that carries it on."""
    asked = shared.ask()
    team = [shared.post("/reply", k=asked.key, op="reply", text=NASTY)]
    team.append(shared.press(team[0], "Back, nothing is sent"))
    team.append(shared.post("/reply", k=asked.key, op="reply", text=NASTY + "x" * 1000))
    shared.press(team[0], "Send")
    hers = [shared.post("/receipt", r=asked.receipt, op="write", text=NASTY)]
    hers.append(shared.press(hers[0], "Change the text"))
    hers.append(shared.press(hers[0], shared.phrase("draft.send")))
    team.append(shared.post("/reply", k=shared.key()))
    with shared.locked():
        team.append(shared.post("/reply", k=asked.key, op="reply", text=NASTY, sure="1"))
        hers.append(shared.post("/receipt", r=asked.receipt, op="write", text=NASTY))
    others = [
        shared.post(path, k=NASTY, r=NASTY, lang=NASTY, op=NASTY, once=NASTY) for path in PATHS
    ]

    assert ["StoreError", "StoreError"] == shared.reported()
    for sheet in (*team, *hers):
        assert NASTY in sheet.words
        assert all(NASTY in form.fields["text"] for form in sheet.forms if form.fields.get("text"))
    for sheet in (*team, *hers, *others):
        assert "<script>alert" not in sheet.html
        assert 1 == len([tag for tag, _ in sheet.tags if tag == "script"])


def test_the_pages_can_stand_below_another_path(tmp_path: Path, desk: Desk, clock: Clock) -> None:
    """Behind a proxy that serves them under a path, forms and files follow."""
    errors: list[BaseException] = []
    office = office_at(tmp_path, desk, clock, errors.append, lambda _notice, _name: None)
    inner = web_app(desk, errors.append, office)
    with serving(Starlette(routes=[Mount("/chat", inner)]), errors) as service:
        for path in (*PATHS, "/demo/centre"):
            screen = service.ask(path=f"/chat{path}")
            forms = {found["action"] for tag, found in screen.tags if tag == "form"}
            script = next(found["src"] for tag, found in screen.tags if tag == "script") or ""

            assert {f"/chat{path}?lang=fr"} == forms
            assert 200 == service.ask(path=script).status
    office.store.close()
    assert [] == errors


def test_the_link_of_a_mail_opens_the_request(browser: Browser, shared: Pages) -> None:
    """The key leaves the address bar at once; a second link in the same tab opens the second.

    What is typed is counted as the service counts it, an emoji as one.
    """
    first, second = shared.ask(), shared.ask()
    context = browser.new_context(locale="fr")
    page = context.new_page()
    address = f"{shared.served.url}reply"
    codes = [f"{one.code[:3]}-{one.code[3:6]}-{one.code[6:]}" for one in (first, second)]
    page.goto(f"{address}?lang=en#{first.key}")
    expect(page.locator("h1")).to_contain_text(codes[0])

    assert "en" == page.get_attribute("html", "lang")

    page.fill("#text", " é🙂\n" + "x" * 997)

    assert "1,000 / 1,000" == page.inner_text("#count")
    assert "over" not in (page.get_attribute("#count", "class") or "")

    page.fill("#text", "é🙂\n" + "x" * 998)

    assert "1,001 / 1,000" == page.inner_text("#count")
    assert "over" in (page.get_attribute("#count", "class") or "")

    page.goto(f"{address}#{second.key}")
    expect(page.locator("h1")).to_contain_text(codes[1])

    assert address == page.url
    assert [State.SENT] * 2 == [shared.state(one) for one in (first, second)]

    context.close()


def test_the_skip_link_is_no_key(browser: Browser, shared: Pages) -> None:
    """A reload after it shows the page that asks, not one that says the key is dead."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{shared.served.url}confirm#title")

    assert 0 == page.locator(".notice").count()

    page.goto(f"{shared.served.url}reply#no-key")
    expect(page.locator(".notice")).to_contain_text("This key opens no request")
    context.close()
