"""A request as people meet it: the patient's phone, the team's mail, and the pages that both open.

The real program, a real mail server and a real browser. With `--pictures` the walk also takes the
pictures of docs/coordinators.*.md anew; that needs pngquant (Debian's), which makes them small.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.data import ROOT
from bot.store.records import Kind
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from tests.contact_fixtures import WEB
from tests.mail_fixtures import Mail, Mailbox
from tests.program_fixtures import NCT, Place, Program, free
from tests.test_browser import TARGET, Visit, visit
from tests.web_fixtures import Served

TEAM = "study-team@example.org"
#: Centres: confirms its mail box on the walk, and is a sample without one until then; has one.
FRESH, BOUND = 1, 2
INVITES = f"""
import sys
from bot.cli.main import main
sys.exit(main(["centre", "email", "{NCT}", "{FRESH}", "{TEAM}"]))
"""
ANSWER = {
    "en": "Thank you for asking. New patients can still join here, and the first visits are on "
    "Tuesdays.\n\nYou can reach our team on 01 99 00 12 34, from 9 to 12.",
    "fr": "Merci de votre demande. L’étude reste ouverte chez nous, et les premières visites ont "
    "lieu le mardi.\n\nVous pouvez joindre l’équipe au 01 99 00 12 34, de 9 h à 12 h.",
}
QUESTION = {
    "en": "Could the first visit be in the afternoon?",
    "fr": "La première visite peut-elle avoir lieu l’après-midi ?",
}
DESPAIR = {"en": "I want to die", "fr": "je veux mourir"}
PHONE = " 06 39 98 12 34"

PICTURES = ROOT / "docs" / "coordinators"
#: Bytes of a picture, and the pages that coordinators are shown.
HEAVIEST = 60_000
PICTURED = {"confirm", "mail", "request", "sure"}
#: What a finger or a thumb presses, besides buttons.
PRESSED = "a.choice, .links a, input[type=text], textarea"


@dataclass
class Site:
    """The demonstration, with a mail server for the teams of its centres."""

    place: Place
    served: Served
    box: Mailbox

    def sends(self, secret: str, tag: int, centre: int = BOUND) -> str:
        """The button that sends a request, on the page with this secret."""
        session = Session(
            language="en", step=Step.PREVIEW, focus=centre, whom=Whom.SELF, trial=1, tag=tag
        )
        return self.place.token(b"web:" + secret.encode(), session, Action.CONFIRM)

    def ask(self, tag: int, centre: int = BOUND) -> tuple[str, str]:
        """A request without a browser: its receipt, and the link in the newest mail."""
        secret = "a-sample-secret-of-web"  # noqa: S105 - a sample
        body = urlencode({"s": secret, "t": self.sends(secret, tag, centre)}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # Each from a network of its own: one of them asks a centre six times a day at most.
            "X-Forwarded-For": f"203.0.113.{tag}",
        }
        html = self.served.ask("POST", "/?lang=en", body, headers).html
        found = re.search(r"<blockquote>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</blockquote>", html)

        assert found is not None

        return found[1], link_in(self.box.mails[-1])


def link_in(mail: Mail) -> str:
    """The link of a mail, as its HTML has it."""
    found = re.search(r'href="([^"]+#[^"]+)"', mail.part("html"))

    assert found is not None

    return found[1]


@pytest.fixture(scope="module")
def sites(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue
) -> Iterator[dict[str, Site]]:
    """Two demonstrations, whose teams read English and French; one mail went to each of them."""
    with ExitStack() as stack:
        found, begun = {}, []
        for language in LANGUAGES:
            folder = tmp_path_factory.mktemp(language)
            box = stack.enter_context(Mailbox())
            environment = {
                "WEB_PORT": free(),
                "SMTP_URL": box.url,
                "SMTP_FROM": "passerelle@example.org",
                "STAFF_LANGUAGE": language,
                "TRUSTED_PROXY": "127.0.0.1",
            }
            site = Site(Place(folder, catalogue), Served(int(environment["WEB_PORT"]), []), box)
            site.place.bind(Kind.EMAIL, TEAM, BOUND)
            found[language] = site
            begun.append((folder, environment, Program(folder, environment, INVITES)))
        for _, _, invitation in begun:
            assert 0 == invitation.process.wait(30)
        programs = [Program(folder, environment) for folder, environment, _ in begun]
        for program in programs:
            stack.callback(program.end)
        for program in programs:
            program.ready(b"http://127.0.0.1")
        yield found
    for program in programs:
        assert b"error" not in program.output.read_bytes()


@dataclass
class Walk:
    """Both sides of one request, in one browser that is looked at."""

    one: Visit
    site: Site
    language: str
    pictures: bool = False
    receipt: str = ""

    @property
    def page(self) -> Page:
        """The page on show."""
        return self.one.page

    def at(self, path: str) -> None:
        """Opens a page in the language of the walk."""
        self.page.goto(f"{self.site.served.url}{path}?lang={self.language}")

    def follow(self, link: str) -> None:
        """Opens the link of a mail, and waits for what the key behind its `#` opens."""
        self.page.goto(link)
        self.page.wait_for_selector("dl, .notice")

    def press(self, deed: str = "") -> None:
        """Presses the button of the form that does `deed`; without one, the button that leads on.

        With the keyboard: for the first moments a page takes no finger.
        """
        button = f"button[name=op][value={deed}]" if deed else ".choice.primary"
        with self.page.expect_navigation():
            self.page.locator(button).press("Enter")

    def press_receipt(self, receipt: str) -> None:
        """Opens a letter box on the page that asks for its receipt."""
        self.page.fill("#r", receipt)
        self.press()

    def write(self, text: str, deed: str) -> None:
        """Types a text, and goes on to where it is read once more."""
        self.page.fill("#text", text)
        self.press(deed)

    def look(self, name: str = "", *, axe: bool = True) -> None:
        """The page is in the language of the walk, fits, can be touched, and is accessible."""
        assert self.language == self.page.get_attribute("html", "lang")

        if name:
            self.picture(self.page, name)
        self.one.check()
        assert all(
            TARGET <= height
            for height in self.page.locator(PRESSED).evaluate_all(
                "all => all.map(one => one.getBoundingClientRect().height)"
            )
        )
        # Colours are the same in all languages, and French words are the longer ones.
        if self.language == "en":
            if axe:
                self.one.axe()
            return
        if axe:
            found = Axe().run(self.page)

            assert 0 == found.violations_count, found.generate_report()

        self.page.set_viewport_size({"width": 320, "height": 740})
        self.page.evaluate("document.documentElement.style.fontSize = '238%'")

        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320

        self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size({"width": 390, "height": 740})

    def mail(self, name: str) -> str:
        """Reads the newest mail as a mail program on a phone shows it; gives its link."""
        mail = self.site.box.mails[-1]
        page = self.one.context.new_page()
        page.set_viewport_size({"width": 390, "height": 100})
        # A team's mail has the service's public address in it.
        own = self.site.served.url.rstrip("/")
        page.set_content(mail.part("html").replace(own, WEB))

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert self.language == page.get_attribute("html", "lang")

        self.picture(page, name)
        page.close()
        return link_in(mail)

    def picture(self, page: Page, name: str) -> None:
        """Keeps a picture for the coordinators, if pictures are wanted."""
        if self.pictures and name in PICTURED:
            path = PICTURES / f"{name}.{self.language}.png"
            # The keyboard pressed the button, so a ring would stand around the title.
            page.evaluate("document.activeElement.blur()")
            page.screenshot(path=path, full_page=True)
            subprocess.run(
                ["pngquant", "--force", "--nofs", "--output", path, "64", path], check=True
            )

            assert path.stat().st_size <= HEAVIEST

    def bind(self) -> None:
        """The team confirms its mail box; until then its letters are on the sample's page."""
        self.site.ask(10, FRESH)
        self.at("demo/centre")
        self.look()
        self.at("confirm")
        self.look()
        link = self.mail("invitation")
        self.follow(link)
        self.look("confirm")

        assert TEAM in self.page.inner_text("main")

        self.press()
        self.look()
        confirmed = self.one.title
        self.follow(link)
        expect(self.page.locator(".notice")).to_be_visible()

        assert confirmed == self.one.title

        self.look()

    def ask(self) -> None:
        """The patient asks; the mail server is not there at first."""
        one = self.one
        one.enter(self.language)
        one.go("contact")
        one.press("ask")
        self.look()
        one.press("details")
        self.look(axe=False)
        self.site.box.fault = "full"
        one.press("confirm")
        self.site.box.fault = None

        assert "unsent" == one.step

        self.look(axe=False)
        one.press("confirm")

        assert "sent" == one.step

        self.look()
        self.receipt = self.page.inner_text(".receipt blockquote")

    def answer(self, link: str) -> None:
        """The team opens the mail's link, and answers."""
        self.at("reply")
        self.look()
        self.follow(link)

        assert self.site.box.mails[-1].message["Subject"].endswith(self.one.title.split()[-1])

        self.look("request")
        self.write(" ", "reply")

        assert self.page.locator("[role=alert]").is_visible()

        self.write(ANSWER[self.language], "reply")
        self.look("sure")

        assert ANSWER[self.language] == self.page.inner_text(".words")

        self.press("reply")
        self.look()

    def unlock(self) -> None:
        """The patient opens her letter box."""
        self.at("receipt")
        self.page.fill("#r", self.receipt.replace("-", " ").lower())
        self.press()

    def read(self) -> None:
        """The patient reads the answer, and writes once more."""
        self.at("receipt")
        self.look()
        self.page.fill("#r", "0000-0000-0000-0000")
        self.press()

        assert self.page.locator("[role=alert]").is_visible()

        self.unlock()
        self.look()

        assert [ANSWER[self.language]] == self.page.locator(".words").all_inner_texts()

        self.write(DESPAIR[self.language], "write")

        assert "3114" in self.page.inner_text("[role=alert]")

        self.look(axe=False)
        self.press("open")

        assert DESPAIR[self.language] == self.page.input_value("#text")

        self.write(QUESTION[self.language] + PHONE, "write")

        assert 2 == self.page.locator(".note").count()

        self.press("open")
        self.write(QUESTION[self.language], "write")
        self.look()
        self.press("write")
        self.look()

        assert [ANSWER[self.language], QUESTION[self.language]] == (
            self.page.locator(".words").all_inner_texts()
        )

    def end(self, first: str, second: str) -> None:
        """The team reads her words and takes the request; she ends it, and it is over for them."""
        self.follow(second)

        assert QUESTION[self.language] == self.page.inner_text(".words")

        self.press("take")
        self.look(axe=False)
        self.press("take")
        self.press("open")
        self.press("close")
        self.look(axe=False)
        self.press("open")
        self.unlock()
        self.press("end")
        self.look(axe=False)
        self.press("end")
        self.look(axe=False)
        self.follow(first)

        assert 0 == self.page.locator("#text").count()

        self.look(axe=False)
        address, _, key = first.partition("#")
        self.follow(f"{address}#{key[5:]}")

        assert self.page.locator("#k").is_visible()

        self.look()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_an_operators_mail_to_an_ended_request(
    browser: Browser, sites: dict[str, Site], language: str, request: pytest.FixtureRequest
) -> None:
    """Each page on the way of both sides is looked at, on a phone."""
    with visit(browser, sites[language].served) as one:
        walk = Walk(one, sites[language], language, request.config.getoption("--pictures"))
        walk.bind()
        walk.ask()
        link = walk.mail("mail")
        walk.answer(link)
        walk.read()
        walk.end(link, walk.mail("words"))


def test_the_key_leaves_the_address_and_the_history(
    browser: Browser, sites: dict[str, Site]
) -> None:
    """Also that of another mail, whose link is opened in the same tab."""
    site = sites["en"]
    with visit(browser, site.served) as one:
        links = [site.ask(tag)[1] for tag in (21, 22)]
        for link in links:
            title = "" if one.page.url == "about:blank" else one.title
            one.page.goto(link)
            expect(one.page.locator("h1")).not_to_have_text(title)
            expect(one.page.locator("dl")).to_be_visible()

            assert link.partition("#")[0] == one.page.url
        tab = one.context.new_cdp_session(one.page)
        entries = tab.send("Page.getNavigationHistory")["entries"]

        assert len(entries) > 1
        assert all("#" not in entry["url"] for entry in entries)


def test_without_script_the_key_is_pasted(browser: Browser, sites: dict[str, Site]) -> None:
    """The page says so; the key may be broken into lines, or be the whole link."""
    site = sites["en"]
    _, link = site.ask(23)
    key = link.partition("#")[2]
    with visit(browser, site.served, script=False) as one:
        for pasted in (key, f"{key[:30]}\r\n{key[30:]}", f" <{link}>"):
            one.page.goto("about:blank")
            one.page.goto(link)

            assert "JavaScript is off" in one.page.inner_text("main")

            one.check()
            one.page.fill("#k", pasted)
            Walk(one, site, "en").press()

            assert one.page.locator("#text").is_visible()

            one.check()
        one.page.goto(f"{site.served.url}confirm#{key}")

        assert "JavaScript is off" in one.page.inner_text("main")


def stops(page: Page) -> list[str]:
    """Where the Tab key stops on its way through a page; each stop can be seen."""
    found: list[str] = []
    for _ in range(20):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const one = document.activeElement, box = one.getBoundingClientRect();
                const style = getComputedStyle(one), bar = document.querySelector(".top");
                const under = one.closest(".top, .skip") ? 0 : bar.getBoundingClientRect().bottom;
                return {
                    name: one === document.body ? "" : one.innerText || one.id,
                    ring: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) > 2,
                    free: box.top >= under && box.bottom <= innerHeight,
                };
            }"""
        )
        if not stop["name"]:
            return found

        assert stop["ring"], stop
        assert stop["free"], stop

        found.append(stop["name"])
    pytest.fail(f"never came out of {found}")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until that stop."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if name == page.evaluate("document.activeElement.innerText || document.activeElement.id"):
            return
    pytest.fail(f"never came to {name}")


def test_the_keyboard_answers_and_reads(browser: Browser, sites: dict[str, Site]) -> None:
    """The stops stand in the order of the page; both sides need nothing but keys."""
    site = sites["en"]
    receipt, link = site.ask(24)
    with visit(browser, site.served) as one:
        walk, page = Walk(one, site, "en"), one.page
        walk.follow(link)
        above = ["Skip to the content", "Français"]

        assert "title" == page.evaluate("document.activeElement.id")
        assert ["text", "Read it once more", "We are handling it",
                "Close the request"] == stops(page)  # fmt: skip

        page.focus("#title")
        for stop in above[::-1]:
            page.keyboard.press("Shift+Tab")

            assert stop == page.evaluate("document.activeElement.innerText")

        tab_to(page, "text")
        page.keyboard.type("Yes, on Tuesdays.")
        tab_to(page, "Read it once more")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        assert ["Send", "Back, nothing is sent"] == stops(page)

        tab_to(page, "Send")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        assert page.inner_text(".notice").startswith("Done")

        walk.at("receipt")

        assert [*above, "r", "Open the letter box"] == stops(page)

        tab_to(page, "r")
        page.keyboard.type(receipt)
        with page.expect_navigation():
            page.keyboard.press("Enter")

        assert "Yes, on Tuesdays." == page.inner_text(".words")

        # Telephone and address of the centre, then what she can write and do.
        assert ["text", "Read it once more", "End this request"] == [
            stop for stop in stops(page) if not stop.startswith(("Call", "Write to"))
        ]


def test_a_receipt_is_copied_and_printed(browser: Browser, sites: dict[str, Site]) -> None:
    """By its button, by one touch, on one line; on paper it stands without any button."""
    site = sites["en"]
    with visit(browser, site.served) as one:
        one.context.grant_permissions(["clipboard-read", "clipboard-write"])
        one.enter()
        page, secret = one.page, one.page.input_value("[name=s]")
        start = page.locator("button[data-action=start]")
        start.evaluate("(button, token) => { button.value = token; }", site.sends(secret, 25))
        one.press("start")
        shown = page.locator(".receipt blockquote")
        receipt = shown.inner_text()
        lines = "one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"

        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 740})

            for text in ("WWWW-MMMM-WWWW-MMMM", receipt):
                shown.evaluate("(one, text) => { one.textContent = text; }", text)

                assert 2.5 > shown.evaluate(lines)
        page.set_viewport_size({"width": 390, "height": 740})
        shown.click()

        assert receipt == page.evaluate("getSelection().toString()")

        page.locator(".receipt [data-copy]").press("Enter")
        expect(page.locator(".receipt [data-copy]")).to_have_text("Copied")

        page.emulate_media(media="print")

        assert shown.is_visible()
        assert 0 == page.locator("button:visible").count()

        page.emulate_media(media="screen")
        walk = Walk(one, site, "en")
        walk.at("receipt")
        page.locator("#r").press("Control+v")

        assert receipt == page.input_value("#r")

        walk.press()
        page.emulate_media(media="print")

        assert page.locator("text=No answer yet").is_visible()
        assert 0 == page.locator("button:visible, textarea:visible, label:visible").count()
        assert ["Call or write to the centre"] == page.locator("h2:visible").all_inner_texts()


@pytest.mark.parametrize("side", ["team", "patient"])
def test_back_and_forward_move_one_page_and_lose_no_text(
    browser: Browser, sites: dict[str, Site], side: str
) -> None:
    """What was typed stands in its field again; nothing of it is in history, address or storage."""
    site = sites["en"]
    receipt, link = site.ask(26 if side == "team" else 27)
    text = "A text that took long to type."
    with visit(browser, site.served) as one:
        walk, page = Walk(one, site, "en"), one.page
        one.enter()
        before = one.stored()
        if side == "team":
            walk.follow(link)
        else:
            walk.at("receipt")
            walk.press_receipt(receipt)
        first = page.url
        walk.write(text, "reply" if side == "team" else "write")

        assert text == page.inner_text(".words")

        page.go_back()
        expect(page.locator("#text")).to_have_value(text)

        assert "title" == page.evaluate("document.activeElement.id")

        page.fill("#text", f"{text} And more.")
        page.go_forward()
        expect(page.locator(".words")).to_have_text(text)
        page.go_back()
        expect(page.locator("#text")).to_have_value(f"{text} And more.")

        assert first == page.url
        assert before == one.stored()
        assert isinstance(page.evaluate("history.state"), int)

        entries = one.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]

        assert not [entry for entry in entries if "#" in entry["url"] or receipt in entry["url"]]

        page.go_back()
        if side == "patient":
            expect(page.locator("#r")).to_have_value(receipt)
            page.go_back()
        expect(page.locator("main[data-step=welcome]")).to_be_visible()


def test_a_reload_asks_anew_and_back_asks_too(browser: Browser, sites: dict[str, Site]) -> None:
    """What the tab remembered is gone with it; no browser error stands in the way."""
    site = sites["en"]
    receipt, _ = site.ask(28)
    with visit(browser, site.served) as one:
        walk, page = Walk(one, site, "en"), one.page
        walk.at("receipt")
        walk.press_receipt(receipt)
        page.reload()
        expect(page.locator("#r")).to_have_value("")
        page.go_back()
        expect(page.locator("#r")).to_have_value("")
        walk.press_receipt(receipt)

        assert page.locator("#text").is_visible()


def test_an_ended_request_leaves_no_page_behind(browser: Browser, sites: dict[str, Site]) -> None:
    """Back shows the page that asks for a receipt, and none of what the letter box held."""
    site = sites["en"]
    receipt, _ = site.ask(29)
    with visit(browser, site.served) as one:
        walk, page = Walk(one, site, "en"), one.page
        walk.at("receipt")
        walk.press_receipt(receipt)
        walk.press("end")
        walk.press("end")
        for _ in range(3):
            page.go_back()
            expect(page.locator("#r")).to_have_value("")


def test_a_request_that_fails_on_its_way_keeps_everything(
    browser: Browser, sites: dict[str, Site]
) -> None:
    """No network, or an answer that is not ours: it says so, and trying again does it once."""
    site = sites["en"]
    _, link = site.ask(30)
    with visit(browser, site.served) as one:
        walk, page = Walk(one, site, "en"), one.page
        walk.follow(link)
        walk.write(QUESTION["en"], "reply")
        send = page.locator("button[name=op][value=reply]")
        failed = page.locator("#status.failed")
        one.context.set_offline(True)
        send.press("Enter")
        expect(failed).to_contain_text("Nothing is lost.")
        one.context.set_offline(False)
        page.route("**/reply*", lambda route: route.fulfill(body="<p>Please log in</p>"))
        page.locator("[data-retry]").click()
        expect(failed).to_contain_text("Nothing is lost.")

        assert QUESTION["en"] == page.inner_text(".words")

        one.axe()
        page.unroute("**/reply*")
        page.locator("[data-retry]").click()
        expect(page.locator(".notice")).to_contain_text("Done")
        one.complaints.clear()
        page.go_back()
        walk.press("reply")

        expect(page.locator(".notice")).to_contain_text("already")
