"""Notes, a page shared with somebody she trusts, and the way from a chat: in a real browser."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from unicodedata import normalize
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from bot.channels.assets import PAGES
from bot.channels.wordlist import wordlist
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.steps import Action
from tests.builders import UNSURE, Clock, Talk
from tests.contact_fixtures import WEB
from tests.page_fixtures import NASTY, Pages
from tests.test_browser import Visit, visit

NOTES = {
    "en": "Could my sister come with me?\n\n" + NASTY,
    "fr": "Ma sœur peut-elle venir avec moi ?\n\n" + NASTY,
}
#: Password, salt, N, r and p.
Asked = tuple[str, str, int, int, int]
#: Section 12 of RFC 7914; its last vector needs a gigabyte.
VECTORS = [
    (
        ("", "", 16, 1, 1),
        (
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
    ),
    (
        ("password", "NaCl", 1024, 8, 16),
        (
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
    ),
    (
        ("pleaseletmein", "SodiumChloride", 16384, 8, 1),
        (
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ),
]


@dataclass
class Link:
    """What a browser made, and all that it sent on the way."""

    address: str
    words: str
    sent: list[str] = field(default_factory=list)

    def at(self, pages: Pages, language: str = "en") -> str:
        """The link as it leads to the service of these tests."""
        assert self.address.startswith(f"{WEB}/shared#")

        return self.address.replace(f"{WEB}/shared", f"{pages.served.url}shared?lang={language}")


def script(*names: str) -> str:
    """The text of some scripts."""
    return "\n".join((PAGES / name).read_text(encoding="utf-8") for name in names)


def chat(pages: Pages, catalogue: Catalogue, language: str = "en", note: str = "") -> str:
    """The link that a chat gives for its summary: all points open, and a note."""
    talk = Talk(catalogue, language).result(**UNSURE).tap(Action.SUMMARY)
    token = pages.token("chat", talk.session, Action.SHOW)
    page = pages.do(lambda: pages.desk.press(b"web:chat", token))
    key = pages.do(lambda: pages.desk.carry(page, note))
    return f"{pages.served.url}summary?lang={language}#{key}"


@contextmanager
def summary(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str = "en", note: str = ""
) -> Iterator[Visit]:
    """A browser on her summary."""
    with visit(browser, pages.served) as one:
        one.page.goto(chat(pages, catalogue, language, note))
        one.page.wait_for_selector("main[data-step=summary]")
        yield one


@contextmanager
def reading(browser: Browser, pages: Pages, address: str, language: str = "en") -> Iterator[Visit]:
    """The browser of somebody else, with the page that asks for the words."""
    with visit(browser, pages.served) as other:
        other.page.goto(address)
        other.page.wait_for_selector("#words")
        yield other


def bodies(one: Visit) -> list[str]:
    """All that the browser sends from here on, decoded."""
    found: list[str] = []

    def note(request: Request) -> None:
        found.append(unquote_plus(f"{request.url} {request.post_data or ''}"))

    one.context.on("request", note)
    return found


def make(one: Visit) -> Link:
    """Presses the button, and reads the link and the words from the page."""
    sent = bodies(one)
    one.page.locator("[data-share]").press("Enter")
    one.page.wait_for_selector(".six span")
    address = one.page.locator(".address blockquote").text_content() or ""
    words = one.page.locator(".six").text_content() or ""
    return Link(address, words, sent)


def unlock(page: Page, words: str) -> None:
    """Types the words, and presses the button."""
    page.fill("#words", words)
    page.locator("#open button").press("Enter")


def told(page: Page, words: str = "") -> str:
    """What the page says to these words."""
    unlock(page, words)
    return page.locator("#told .notice").inner_text()


def fits(one: Visit, language: str) -> None:
    """The page on show fits, can be touched and passes axe in both schemes."""
    assert language == one.page.get_attribute("html", "lang")

    one.check()
    one.axe()


def leaked(words: str, text: str) -> list[str]:
    """Two of the six words that stand together in `text`; one alone may be there by chance."""
    six = words.split()
    return [pair for pair in map(" ".join, pairwise(six)) if pair in text]


def kept(page: Page) -> str:
    """All that this tab keeps of what was shown: storage, state and address."""
    return str(
        page.evaluate(
            "JSON.stringify([{...sessionStorage}, {...localStorage}, history.state, location.href])"
        )
    )


@pytest.mark.parametrize(("asked", "expected"), VECTORS)
def test_scrypt_gives_what_the_rfc_says(
    browser: Browser, pages: Pages, asked: Asked, expected: str
) -> None:
    """The three vectors of RFC 7914 that fit a phone."""
    assert expected == scrypted(browser, pages, asked, 64)


@pytest.mark.parametrize(
    ("n", "r", "p", "size"), [(2, 1, 1, 1), (64, 3, 2, 33), (1 << 15, 8, 1, 32)]
)
def test_scrypt_gives_what_hashlib_gives(
    browser: Browser, pages: Pages, n: int, r: int, p: int, size: int
) -> None:
    """Also with the cost that links have, and with letters beyond ASCII."""
    password, salt = "caporal habitude durcir chaton jeudi gambader œ", "seize octets ici"
    other = hashlib.scrypt(
        password.encode(), salt=salt.encode(), n=n, r=r, p=p, dklen=size, maxmem=1 << 27
    )

    assert other.hex() == scrypted(browser, pages, (password, salt, n, r, p), size)


def scrypted(browser: Browser, pages: Pages, asked: Asked, size: int) -> str:
    """What the script makes of them in Chromium, in hexadecimal."""
    with visit(browser, pages.served) as one:
        one.enter()
        found = one.page.evaluate(
            f"""async ([password, salt, n, r, p, size]) => {{
                {script("scrypt.js")}
                const bytes = (text) => new TextEncoder().encode(text);
                const made = await scrypt(bytes(password), bytes(salt), n, r, p, size, () => {{}});
                return Array.from(made);
            }}""",
            [*asked, size],
        )
        return bytes(found).hex()


def test_each_word_is_as_likely_as_any_other(browser: Browser, pages: Pages) -> None:
    """A number beyond the last whole round of the list is drawn again."""
    with visit(browser, pages.served) as one:
        one.enter()
        drawn = one.page.evaluate(
            f"""() => {{
                const numbers = [65535, 65534, 65533, 3, 65532, 7];
                const crypto = {{ getRandomValues: (one) => {{ one[0] = numbers.shift(); }} }};
                {script("seal.js")}
                return seal.draw(["a", "b", "c", "d", "e", "f", "g"], 3);
            }}"""
        )

    # 9,362 rounds of seven words are 65,534 numbers: from 0 to 65,533.
    assert ["g", "d", "f"] == drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_shared(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """Somebody else opens it in another browser, and reads summary and notes, and nothing more."""
    with summary(browser, pages, catalogue, language) as one:
        one.page.fill("#note", NOTES[language])
        fits(one, language)
        mine = one.page.locator("dd").all_inner_texts()
        points = one.page.locator(".items li").all_inner_texts()
        link = make(one)
        fits(one, language)

        assert 6 == len(link.words.split())
        assert set(link.words.split()) <= set(wordlist(language))
        assert pages.day(pages.desk.keyring().today + timedelta(days=6), language) in (
            one.page.inner_text("#shares")
        )
        assert "#" not in kept(one.page)
        assert [] == leaked(link.words, kept(one.page))
        assert 5 == len(leaked(link.words, one.page.inner_text("body").replace("\n", " ")))
    with reading(browser, pages, link.at(pages, language), language) as other:
        fits(other, language)
        sent = bodies(other)
        unlock(other.page, link.words)
        other.page.wait_for_selector("#view")
        fits(other, language)

        assert NOTES[language] == other.page.locator("#own").text_content()
        assert mine == other.page.locator("dd").all_inner_texts()
        assert points == other.page.locator(".items li").all_inner_texts()
        assert pages.day(pages.desk.keyring().today, language) in other.page.inner_text("main")
        assert 0 == other.page.locator("main a, main [name=t]").count()
        assert other.page.url.endswith(f"shared?lang={language}")
    # Neither her browser nor the reader's sent a word of it, nor one of the six.
    everything = "\n".join(link.sent + sent)
    assert "b=" in everything
    assert [] == leaked(link.words, everything)
    assert not [
        part for part in (*NOTES[language].split("\n"), *points) if part and part in everything
    ]


def test_the_words_open_however_they_are_typed(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """Capitals, accents, numbers, hyphens and ends of lines do not matter; their order does."""
    with summary(browser, pages, catalogue) as one:
        link = make(one)
    first, *rest = link.words.split()
    accented = normalize("NFC", re.sub("([aeiou])", "\\1\u0301", first, count=1)).title()
    with reading(browser, pages, link.at(pages)) as other:
        for wrong in (" ".join([*rest, first]), "a b c d e f"):
            assert pages.say(
                "These words do not open the page. Nothing is lost: look at each word and at their "
                "order, and try again."
            ) == told(other.page, wrong)
        assert "Six words are needed. You typed: 5. Nothing is lost, look again." == told(
            other.page, " ".join(rest)
        )
        other.axe()
        unlock(other.page, "\n".join(f"{n}. {word}" for n, word in enumerate([accented, *rest], 1)))
        other.page.wait_for_selector("#view")

        assert 0 == other.page.locator("#owned:visible").count()


def test_a_reload_finds_the_link_again(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """Before the words are right, and after; then the words are asked for once more."""
    with summary(browser, pages, catalogue) as one:
        link = make(one)
    with reading(browser, pages, link.at(pages)) as other:
        other.page.reload()
        unlock(other.page, link.words)
        other.page.wait_for_selector("#view")
        state = kept(other.page)

        assert "#" not in other.page.url
        assert [] == leaked(link.words, state)
        other.page.reload()
        unlock(other.page, link.words)
        other.page.wait_for_selector("#view")
        other.page.locator("button[name=lang]").press("Enter")
        other.page.wait_for_selector("html[lang=fr]")
        assert other.page.locator("#view").is_visible()
        assert "en" == other.page.get_attribute("#view", "lang")


def changed(address: str, at: int) -> str:
    """The link with another character `at` that place of its sealed part."""
    page, _, sealed = address.partition("#")
    other = "A" if sealed[at] != "A" else "B"
    return f"{page}#{sealed[:at]}{other}{sealed[at + 1 :]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_is_not_whole_says_so(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """Tampered with, cut, or without its end."""
    with summary(browser, pages, catalogue, language) as one:
        link = make(one).at(pages, language)
    with visit(browser, pages.served) as other:
        for broken in (
            changed(link, 5),
            changed(link, 900),
            changed(link, -2),
            link[:-1],
            link[:90],
        ):
            other.page.goto("about:blank")
            other.page.goto(broken)
            expect(other.page.locator("h1")).to_have_text(
                pages.say("This link is not whole", language)
            )
        fits(other, language)
        other.page.goto("about:blank")
        other.page.goto(f"{link}.")
        other.page.wait_for_selector("#words")
        other.page.goto(link.partition("#")[0])
        expect(other.page.locator("#told")).to_contain_text("#")
        fits(other, language)
        other.page.locator("button[name=lang]").press("Enter")
        other.page.wait_for_selector(f"html:not([lang={language}])")
        expect(other.page.locator("#told")).to_contain_text("#")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_ends_after_seven_days(
    browser: Browser, pages: Pages, catalogue: Catalogue, clock: Clock, language: str
) -> None:
    """On the last day that was named it opens; the day after its key is gone, and that is said."""
    with summary(browser, pages, catalogue, language) as one:
        link = make(one)
        last = one.page.inner_text("#shares")
    clock.today += timedelta(days=6)

    assert pages.day(clock.today, language) in last
    with reading(browser, pages, link.at(pages, language), language) as other:
        unlock(other.page, link.words)
        other.page.wait_for_selector("#view")
    clock.today += timedelta(days=1)
    with visit(browser, pages.served) as other:
        other.page.goto(link.at(pages, language))
        expect(other.page.locator("h1")).to_have_text(pages.say("This link has ended", language))
        fits(other, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_both_pages_say_what_is_needed(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """The field for notes is there all the same, is not sent, and prints whole."""
    address, _, key = chat(pages, catalogue, language).partition("#")
    with visit(browser, pages.served, script=False) as one:
        one.page.goto(f"{pages.served.url}shared?lang={language}#x")

        assert one.page.locator("noscript").is_visible()
        one.page.goto(address)
        one.page.fill("#k", f"{address}#{key}")
        one.page.locator("#key button").press("Enter")
        one.page.wait_for_selector("main[data-step=summary]")
        one.page.fill("#note", "my words\n" * 60)
        one.check()
        assert one.page.locator(".share .no-js").is_visible()
        assert 0 == one.page.locator("[data-share]:visible").count()
        one.page.emulate_media(media="print")
        field = one.page.locator("#note")
        box = field.bounding_box()
        assert box is not None
        assert box["height"] >= field.evaluate("one => one.scrollHeight")
        one.page.emulate_media(media="screen")
        sent = bodies(one)
        one.page.locator("[data-action=language]").press("Enter")
        one.page.wait_for_selector(f"html:not([lang={language}])")
        assert "my words" not in "".join(sent)


@pytest.mark.parametrize("missing", ["CompressionStream", "crypto.subtle"])
def test_an_old_browser_is_told_so(
    browser: Browser, pages: Pages, catalogue: Catalogue, missing: str
) -> None:
    """Where a link would be made, and where it would be opened."""
    gone = {
        "CompressionStream": "delete window.CompressionStream; "
        "delete Element.prototype.replaceChildren",
        "crypto.subtle": "Object.defineProperty(crypto, 'subtle', { value: undefined })",
    }
    with summary(browser, pages, catalogue) as one:
        one.page.evaluate(gone[missing])
        one.page.locator("[data-share]").press("Enter")
        expect(one.page.locator("#told")).to_contain_text("This browser is too old")
        one.axe()
        one.context.add_init_script(gone[missing])
        one.page.goto(f"{pages.served.url}shared#x")
        expect(one.page.locator("#told")).to_contain_text("This browser is too old")


def test_notes_stay_with_her(browser: Browser, pages: Pages, catalogue: Catalogue) -> None:
    """They survive Back, Forward and the other language; they are never sent, and never stored."""
    with summary(browser, pages, catalogue) as one:
        sent = bodies(one)
        one.page.fill("#note", "what only I know")
        here = one.here
        one.press("back")
        one.page.go_back()
        one.until_at(here)

        assert "what only I know" == one.page.input_value("#note")
        one.press("language")
        assert "fr" == one.page.get_attribute("html", "lang")
        assert "what only I know" == one.page.input_value("#note")
        one.page.go_back()
        one.until_at(here)
        one.page.go_forward()
        one.until(here)
        assert "what only I know" == one.page.input_value("#note")
        one.stored()
        assert "only I know" not in kept(one.page) + "".join(sent)
        here = one.here
        one.press("erase")
        one.press("erase_now")
        one.page.evaluate("history.back()")
        one.page.wait_for_selector("main[data-step=welcome]")
        one.page.goto(chat(pages, catalogue))
        one.page.wait_for_selector("main[data-step=summary]")
        assert "" == one.page.input_value("#note")


def test_erasing_empties_the_notes_in_memory(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """A summary that comes after it, without a page load, has an empty field."""
    with summary(browser, pages, catalogue) as one:
        one.page.fill("#note", "what only I know")
        link = make(one)
        one.press("erase")
        one.press("erase_now")

        assert "" == one.page.evaluate("notes.text()")
        assert [] == leaked(link.words, one.page.content())
        assert link.address not in one.page.content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_notes_are_told_and_not_cut(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """1,000 characters count as people count them; what is beyond is shown, and not shared."""
    with summary(browser, pages, catalogue, language) as one:
        one.page.fill("#note", "🙂" * 1000)

        assert not one.page.locator("#long").is_visible()
        one.page.fill("#note", "🙂" * 1001)
        assert one.page.locator("#long").is_visible()
        fits(one, language)
        one.page.locator("[data-share]").press("Enter")
        expect(one.page.locator("#note")).to_be_focused()
        assert 0 == one.page.locator("#shares *, #told *").count()
        assert "🙂" * 1001 == one.page.input_value("#note")
        one.page.fill("#note", "🙂" * 1000)
        assert make(one).address


def test_paper_shows_the_whole_note(browser: Browser, pages: Pages, catalogue: Catalogue) -> None:
    """As text; and nothing of it, or of sharing, when there is none."""
    with summary(browser, pages, catalogue) as one:
        one.page.emulate_media(media="print")

        assert not one.page.locator(".own").is_visible()
        one.page.emulate_media(media="screen")
        one.page.fill("#note", "a line\n" * 80)
        make(one)
        one.page.emulate_media(media="print")
        paper = one.page.locator("#paper")
        assert "a line\n" * 80 == paper.text_content()
        box = paper.bounding_box()
        assert box is not None
        assert box["height"] > 80 * 15
        assert not one.page.locator("#note").is_visible()
        assert not one.page.locator(".share").is_visible()


def test_the_page_does_not_stand_still(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """On a phone six times slower it is drawn again and again, and the bar moves."""
    with summary(browser, pages, catalogue) as one:
        one.page.evaluate(
            """() => {
                window.seen = new Set();
                const tick = () => {
                    const bar = document.querySelector("#told progress");
                    if (bar) { window.seen.add(bar.value); }
                    requestAnimationFrame(tick);
                };
                requestAnimationFrame(tick);
            }"""
        )
        phone = one.context.new_cdp_session(one.page)
        phone.send("Emulation.setCPUThrottlingRate", {"rate": 6})
        make(one)

        assert one.page.evaluate("window.seen.size") > 4


def test_a_lost_network_loses_no_link(browser: Browser, pages: Pages, catalogue: Catalogue) -> None:
    """*Try again* goes on, whether the words or the link did not come."""
    with summary(browser, pages, catalogue) as one:
        again = one.page.locator("#status.failed button")
        for lost in ("**/words.*", "**/share?*", "**/share.js*"):
            one.page.reload()
            one.page.wait_for_selector("html:not(.restoring)")
            one.page.route(lost, lambda route: route.abort())
            one.page.locator("[data-share]").press("Enter")
            expect(again).to_be_visible()
            one.page.unroute_all()
            again.press("Enter")
            one.page.wait_for_selector(".six span")
        assert all("Failed to load resource" in complaint for complaint in one.complaints)
        one.complaints.clear()


def test_link_and_words_are_copied_and_sent(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """Each by a button of its own; the system's sheet gets the link alone."""
    with summary(browser, pages, catalogue) as one:
        one.page.evaluate(
            """() => {
                navigator.share = (what) => { window.gone = what; return Promise.resolve(); };
                Object.defineProperty(navigator, "clipboard", { value: {
                    writeText: (text) => { window.copied = text; return Promise.resolve(); },
                } });
            }"""
        )
        link = make(one)
        for place, expected in ((".address", link.address), (".copy:has(.six)", link.words)):
            one.page.locator(f"#shares {place} [data-copy]").click()

            assert expected == one.page.evaluate("window.copied")
        one.page.locator("[data-send]").click()
        assert {"url": link.address} == one.page.evaluate("window.gone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_comes_from_a_chat(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """At her summary, with her note; the key leaves the address, and all works from there."""
    address = chat(pages, catalogue, language, NOTES[language])
    key = address.partition("#")[2]
    with visit(browser, pages.served) as one:
        one.page.goto(address)
        one.page.wait_for_selector("main[data-step=summary]")
        fits(one, language)

        assert f"{pages.served.url}?lang={language}" == one.page.url
        assert key not in kept(one.page)
        assert NOTES[language] == one.page.input_value("#note")
        here, title = one.here, one.title
        one.press("back")
        assert "result" == one.step
        one.page.go_back()
        one.until_at(here)
        assert NOTES[language] == one.page.input_value("#note")
        one.page.reload()
        one.until_at(here)
        assert title == one.title
        one.press("back")
        one.page.go_back()
        one.until_at(here)
        one.press("erase")
        one.press("erase_now")
        one.page.evaluate("history.back()")
        one.page.wait_for_selector("main[data-step=welcome]")


def test_a_second_conversation_from_a_chat_has_its_own_place(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """In a tab where one is under way already, Back still leads to it."""
    with visit(browser, pages.served) as one:
        one.enter()
        one.go("question")
        here = one.here
        one.page.goto(chat(pages, catalogue, "en", "my note"))
        one.page.wait_for_selector("main[data-step=summary]")
        summary_here = one.here
        one.page.go_back()
        one.until_at(here)
        one.page.go_forward()
        one.until_at(summary_here)


def test_a_key_that_opens_nothing_starts_again(
    browser: Browser, pages: Pages, catalogue: Catalogue, clock: Clock
) -> None:
    """Kindly, and the conversation goes on from there; without a network nothing is lost."""
    address = chat(pages, catalogue)
    with visit(browser, pages.served) as one:
        one.page.route(
            "**/summary?*",
            lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
        )
        one.page.goto(address)
        again = one.page.locator("#status.failed button")
        expect(again).to_be_visible()

        assert address == one.page.url
        one.page.unroute_all()
        clock.today += timedelta(days=7)
        again.press("Enter")
        one.page.wait_for_selector("button[data-action=restart]")
        assert "#" not in one.page.url
        one.press("restart")
        assert "welcome" == one.step
        one.complaints.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_of_a_chat_can_be_pasted(
    browser: Browser, pages: Pages, catalogue: Catalogue, language: str
) -> None:
    """With script too, on the page that asks for it; it is never in the address."""
    address = chat(pages, catalogue, language, "a note")
    with visit(browser, pages.served) as one:
        one.page.goto(address.partition("#")[0])
        fits(one, language)
        one.page.fill("#k", address)
        one.page.locator("#key button").press("Enter")
        one.page.wait_for_selector("main[data-step=summary]")

        assert "a note" == one.page.input_value("#note")
        assert f"{pages.served.url}?lang={language}" == one.page.url


def test_a_link_has_a_length_that_messages_carry(
    browser: Browser, pages: Pages, catalogue: Catalogue
) -> None:
    """A long summary with 1,000 characters of notes; and short notes leave the length alone."""
    with summary(browser, pages, catalogue, "fr") as one:
        lengths = []
        for note in ("", "oui", varied(1000)):
            one.page.fill("#note", note)
            lengths.append(len(make(one).address))

        assert lengths[0] == lengths[1]
        assert lengths[2] < 4000


def varied(length: int) -> str:
    """French words that do not repeat themselves as a refrain does."""
    words = wordlist("fr")
    return " ".join(words[at * 389 % len(words)] for at in range(length))[:length]
