"""The web page as a person meets it: a phone's browser, with and without script."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
)
from playwright.sync_api import Error as PlaywrightError

from tests.web_fixtures import END, ONWARD, Served

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")
#: Pixels: what a finger that trembles still hits.
TARGET = 44


@dataclass
class Visit:
    """One person's browser: a page, and all that it asked for and complained about."""

    served: Served
    context: BrowserContext
    page: Page
    touch: bool = False
    hosts: set[str | None] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        """Note a request."""
        self.hosts.add(urlsplit(request.url).hostname)
        if request.method == "POST":
            self.posts.append(request.url)

    def heard(self, message: ConsoleMessage) -> None:
        """Note what the browser complains about."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def step(self) -> str:
        """The step on show."""
        return self.page.get_attribute("main", "data-step") or ""

    @property
    def here(self) -> str:
        """The token of the screen on show."""
        return self.page.get_attribute("main", "data-here") or ""

    @property
    def title(self) -> str:
        """The heading on show."""
        return self.page.inner_text("h1")

    def enter(self, language: str = "en") -> None:
        """Open the page."""
        self.page.goto(f"{self.served.url}?lang={language}")
        self.page.wait_for_selector("html:not(.restoring)")

    def until(self, here: str) -> None:
        """Wait for a screen other than `here`."""
        self.page.wait_for_selector(f"main:not([data-here='{here}'])", timeout=5000)

    def until_at(self, here: str) -> None:
        """Wait for the screen `here`."""
        self.page.wait_for_selector(f"main[data-here='{here}']", timeout=5000)

    def press(self, action: str) -> None:
        """Press the first button that does `action`, and wait for the next screen.

        With the finger when the browser has a touch screen, else with the keyboard.
        """
        here = self.here
        button = self.page.locator(f"button[data-action='{action}']").first
        if self.touch:
            button.tap()
        else:
            button.press("Enter")
        self.until(here)

    def onward(self) -> None:
        """Press the button that leads on."""
        self.press(ONWARD[self.step])

    def walk(self, until: str = END) -> Iterator[str]:
        """Each step on the way to `until`, the last one included."""
        for _ in range(80):
            yield self.step
            if self.step == until:
                return
            self.onward()
        pytest.fail(f"never came to {until}")

    def go(self, until: str, times: int = 1) -> None:
        """Walk to the `times`-th screen of step `until`."""
        list(self.walk(until))
        for _ in range(times - 1):
            self.onward()

    def stored(self) -> dict[str, Any]:
        """What this tab keeps in its storage."""
        text = self.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        session, local = json.loads(text)

        assert local == {}
        assert set(session) <= {"passerelle"}

        kept: dict[str, Any] = json.loads(session.get("passerelle", "{}"))
        return kept

    def check(self) -> None:
        """The screen fits, can be touched, and nothing but tokens is kept."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0

        assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = self.page.locator("button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )

        assert boxes
        assert all(box["height"] >= TARGET for box in boxes)
        assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)

    def axe(self) -> None:
        """No accessibility rule is broken, in the light and in the dark scheme."""
        self.page.emulate_media(color_scheme="dark")
        dark = Axe().run(self.page, options={"runOnly": ["color-contrast"]})
        self.page.emulate_media(color_scheme="light")
        light = Axe().run(self.page)

        assert light.violations_count == 0, light.generate_report()
        assert dark.violations_count == 0, dark.generate_report()


@contextmanager
def visit(
    browser: Browser,
    served: Served,
    script: bool = True,
    width: int = 390,
    touch: bool = False,
) -> Iterator[Visit]:
    """A fresh browser profile; at its end it must have asked no other host and kept no cookie."""
    with browser.new_context(
        java_script_enabled=script,
        viewport={"width": width, "height": 740},
        locale="en-GB",
        color_scheme="light",
        has_touch=touch,
    ) as context:
        context.set_default_timeout(8000)
        page = context.new_page()
        one = Visit(served, context, page, touch)
        context.on("request", one.asked)
        context.on("console", one.heard)
        context.on("weberror", lambda error: one.complaints.append(str(error.error)))
        yield one

        assert context.cookies() == []
        assert one.hosts <= {"127.0.0.1"}
        assert one.complaints == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("script", [True, False])
def test_the_way_to_a_centre(browser: Browser, served: Served, language: str, script: bool) -> None:
    """On a narrow phone, in both languages, with and without script, every screen fits."""
    with visit(browser, served, script, 320, touch=script) as one:
        one.enter(language)
        for _ in one.walk():
            assert language == one.page.get_attribute("html", "lang")
            one.check()
        assert one.step == END


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen_passes_axe(browser: Browser, served: Served, language: str) -> None:
    """No accessibility rule is broken on the way, nor on the screens beside it."""
    with visit(browser, served) as one:
        one.enter(language)
        asides = {"welcome": ["urgent", "privacy", "about"], "question": ["why", "where", "stop"]}
        asides["result"] = ["summary", "next_steps", "elsewhere", "news", "erase"]
        for step in one.walk():
            one.axe()
            for aside in asides.pop(step, []):
                if one.page.locator(f"button[data-action='{aside}']").count():
                    here = one.here
                    one.press(aside)
                    one.axe()
                    one.page.go_back()
                    one.until_at(here)


def test_large_text_still_fits(browser: Browser, served: Served) -> None:
    """With text at twice the size nothing runs out of a narrow screen."""
    with visit(browser, served, width=320) as one:
        one.enter("fr")
        for _ in one.walk():
            one.page.evaluate("document.documentElement.style.fontSize = '238%'")

            assert one.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_keyboard_is_enough(browser: Browser, served: Served) -> None:
    """Tab and Enter lead to the end; after each press the focus is on the new heading."""
    with visit(browser, served) as one:
        one.enter()
        while one.step != END:
            here, wanted = one.here, ONWARD[one.step]
            for _ in range(40):
                one.page.keyboard.press("Tab")
                if wanted == one.page.evaluate("document.activeElement.dataset.action"):
                    break
            one.page.keyboard.press("Enter")
            one.until(here)

            assert one.page.evaluate("document.activeElement.id") == "title"
            assert one.page.evaluate("scrollY") == 0


def test_the_skip_link_leads_to_the_heading(browser: Browser, served: Served) -> None:
    """The first stop of the keyboard jumps over the tools and leaves the history alone."""
    with visit(browser, served) as one:
        one.enter()
        one.page.keyboard.press("Tab")
        one.page.keyboard.press("Enter")

        assert one.page.evaluate("document.activeElement.id") == "title"
        assert one.page.url == f"{served.url}?lang=en"


def test_back_and_forward_move_one_screen(browser: Browser, served: Served) -> None:
    """The browser's own buttons go through the screens, and a new answer starts a new branch."""
    with visit(browser, served) as one:
        one.enter()
        seen = [one.here for _ in one.walk("question")]
        one.onward()
        seen.append(one.here)
        for here in reversed(seen[:-1]):
            one.page.go_back()
            one.until_at(here)
        for here in seen[1:]:
            one.page.go_forward()
            one.until_at(here)

            assert one.page.evaluate("document.activeElement.id") == "title"
        one.page.go_back()
        one.until_at(seen[-2])
        one.page.locator("button[data-action='answer']").last.click()
        one.until(seen[-2])
        branch = one.here

        assert branch != seen[-1]
        one.page.go_back()
        one.until_at(seen[-2])
        one.page.go_forward()
        one.until_at(branch)


def test_a_reload_comes_back_to_the_same_screen(browser: Browser, served: Served) -> None:
    """After a reload the screen, its history and its buttons are as before."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 2)
        here, title = one.here, one.title
        one.page.reload()
        one.until_at(here)

        assert title == one.title
        one.onward()
        one.page.go_back()
        one.until_at(here)
        one.page.go_back()
        one.until(here)
        assert one.step == "question"


def test_a_reload_does_not_flash_the_welcome(browser: Browser, served: Served) -> None:
    """While the screen is fetched again, the fresh page that was loaded stays out of sight."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question")
        here = one.here
        held: list[Route] = []
        one.page.route(f"{served.url}?lang=*", lambda route: hold(route, held))
        one.page.reload()
        expect(one.page.locator("#status")).to_have_class("wait")

        assert not one.page.locator("h1").is_visible()
        held.pop().continue_()
        one.until_at(here)
        assert one.page.locator("h1").is_visible()


def hold(route: Route, held: list[Route]) -> None:
    """Keep posts back, let the rest through."""
    if route.request.method == "POST":
        held.append(route)
    else:
        route.continue_()


def test_a_tab_that_was_thrown_away_comes_back(browser: Browser, served: Served) -> None:
    """A page rebuilt from the tab's history and storage shows the screen that was left."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 3)
        here, title = one.here, one.title
        one.page.goto("about:blank")
        one.page.go_back()
        one.until_at(here)

        assert title == one.title
        one.onward()
        assert here != one.here


def test_a_new_visit_in_the_same_tab_is_a_new_conversation(
    browser: Browser, served: Served
) -> None:
    """Opening the address again starts afresh; Back still leads to the screen before."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 2)
        here = one.here
        one.enter("fr")

        assert one.step == "welcome"
        one.onward()
        one.page.go_back()
        one.page.wait_for_selector("main[data-step='welcome']")
        one.page.go_back()
        one.until_at(here)


@pytest.mark.parametrize("script", [True, False])
def test_erased_is_erased(browser: Browser, served: Served, script: bool) -> None:
    """After an erasure no Back, however often, brings a screen with answers again."""
    with visit(browser, served, script) as one:
        one.enter()
        one.go("question", 3)
        before = json.dumps(one.stored()) if script else ""
        secret = one.page.input_value("[name=s]")
        one.press("erase")
        one.press("erase_now")

        assert one.step == "erased"
        assert secret not in one.page.content()
        if script:
            kept = one.stored()["pages"]

            assert len(kept) == 1
            assert all(part not in before for part in next(iter(kept.values())))
        for _ in range(6):
            try:
                one.page.go_back(timeout=3000)
            except PlaywrightError:
                assert not script  # the browser itself refuses to show the posted page again
            if script:
                one.page.wait_for_load_state()
                expect(one.page.locator("main[data-step='welcome']")).to_be_visible()
            assert one.page.locator("[data-action='answer']").count() == 0
        if not script:
            one.complaints.clear()


def test_an_erasure_reaches_earlier_pages_of_the_tab(browser: Browser, served: Served) -> None:
    """A page left behind in the same tab shows no answers after the erasure of a later one."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 3)
        one.enter("fr")
        one.press("erase")
        one.press("erase_now")
        for _ in range(3):
            one.page.go_back()
            expect(one.page.locator("main[data-step='welcome']")).to_be_visible()


def test_a_second_tab_is_its_own_conversation(browser: Browser, served: Served) -> None:
    """Two tabs share nothing."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 2)
        here = one.here
        tab = one.context.new_page()
        other = Visit(served, one.context, tab)
        other.enter()

        assert other.step == "welcome"
        other.press("start")
        one.page.reload()
        one.until_at(here)
        secrets = {entry[0] for kept in (one, other) for entry in kept.stored()["pages"].values()}
        assert len(secrets) == 2


def test_the_language_switch_keeps_the_answers(browser: Browser, served: Served) -> None:
    """A switch half-way changes the words and nothing else."""
    lengths = []
    for switches in (False, True):
        with visit(browser, served) as one:
            one.enter("fr")
            one.go("question", 3)
            if switches:
                progress = one.page.inner_text(".progress")
                one.press("language")

                assert one.page.get_attribute("html", "lang") == "en"
                assert re.findall(r"\d+", progress) == re.findall(
                    r"\d+", one.page.inner_text(".progress")
                )
            one.go("recap")
            lengths.append(one.page.locator("main dd").count())

    assert lengths[0] == lengths[1] > 0


def test_a_double_click_answers_once(browser: Browser, served: Served) -> None:
    """The second click of a double click neither repeats the answer nor answers the next screen."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question")
        here, posts = one.here, len(one.posts)
        one.page.locator("button[data-action='answer']").first.dblclick()
        one.until(here)
        one.page.wait_for_timeout(600)

        assert len(one.posts) - posts == 1
        one.page.go_back()
        one.until_at(here)


def test_a_lost_network_loses_nothing(browser: Browser, served: Served) -> None:
    """Without network the screen stays, says so kindly, and *try again* goes on."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question")
        here = one.here
        one.context.set_offline(True)
        one.page.locator("button[data-action='answer']").first.click()
        again = one.page.locator("#status.failed button")
        expect(again).to_be_visible()

        assert here == one.here
        one.axe()
        one.context.set_offline(False)
        again.click()
        one.until(here)
        assert not one.page.locator("#status p").is_visible()
        one.page.go_back()
        one.until_at(here)
        assert all("Failed to load resource" in complaint for complaint in one.complaints)
        one.complaints.clear()


def test_a_foreign_answer_counts_as_no_answer(browser: Browser, served: Served) -> None:
    """The log-in page of a hotel's network does not replace the screen."""
    with visit(browser, served) as one:
        one.enter()
        here = one.here
        one.page.route(f"{served.url}?lang=*", lambda route: route.fulfill(body="<h1>Log in</h1>"))
        one.page.locator("button[data-action='start']").click()
        expect(one.page.locator("#status.failed")).to_be_visible()

        assert here == one.here
        one.page.unroute_all()
        one.page.locator("#status.failed button").click()
        one.until(here)


def test_a_slow_answer_says_one_moment(browser: Browser, served: Served) -> None:
    """A wait is explained, and ends with the screen."""
    with visit(browser, served) as one:
        one.enter()
        here = one.here
        held: list[Route] = []
        one.page.route(f"{served.url}?lang=*", lambda route: hold(route, held))
        one.page.locator("button[data-action='start']").click()
        expect(one.page.locator("#status")).to_have_class("wait")

        assert one.page.inner_text("#status")
        held.pop().continue_()
        one.until(here)
        assert one.page.inner_text("#status") == ""


def test_a_dead_button_starts_again(browser: Browser, served: Served) -> None:
    """When the keys are gone, the friendly page comes and the conversation goes on from it."""
    with visit(browser, served) as one:
        one.enter()
        button = one.page.locator("button[data-action='start']")
        button.evaluate("button => { button.value = 'A'.repeat(64); }")
        here = one.here
        button.click()
        one.until(here)
        one.press("restart")

        assert one.step == "welcome"
        one.onward()


def test_storage_holds_only_tokens(browser: Browser, served: Served) -> None:
    """At the end of the way, the tab keeps an index, secrets and sealed tokens."""
    with visit(browser, served) as one:
        one.enter()
        one.go(END)
        kept = one.stored()

        assert {"now", "pages"} == set(kept)
        assert isinstance(kept["now"], int)
        for index, entry in kept["pages"].items():
            assert index.isdigit()
            assert len(entry) == 2
            assert all(TOKEN.fullmatch(part) for part in entry)
        assert kept["now"] == one.page.evaluate("history.state")
        assert one.page.url == f"{served.url}?lang=en"


def test_paper_shows_no_buttons(browser: Browser, served: Served) -> None:
    """In print there is the text and the warning of the demonstration, and nothing to press."""
    with visit(browser, served) as one:
        one.enter()
        one.go(END)
        one.page.emulate_media(media="print")

        assert one.page.locator("button:visible").count() == 0
        assert one.page.locator("h1").is_visible()
        assert one.page.locator(".banner").is_visible()


def test_copying_is_one_press(browser: Browser, served: Served) -> None:
    """The *Copy* button puts the text on the clipboard and says so."""
    with visit(browser, served) as one:
        one.context.grant_permissions(["clipboard-read", "clipboard-write"])
        one.enter()
        one.go(END)
        button = one.page.locator("[data-copy]").first
        label = button.inner_text()
        button.click()
        expect(button).not_to_have_text(label)


def test_a_page_kept_whole_by_the_browser_is_checked(browser: Browser, served: Served) -> None:
    """A page that the browser revives from memory is redrawn when its tab has been emptied."""
    with visit(browser, served) as one:
        one.enter()
        one.go("question", 2)
        here = one.here
        revive = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
        one.page.evaluate(revive)
        one.page.wait_for_timeout(300)

        assert here == one.here
        one.page.evaluate("sessionStorage.clear()")
        one.page.evaluate(revive)
        expect(one.page.locator("main[data-step='welcome']")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_lists_of_studies_fit_and_pass_axe(
    browser: Browser, studies: Served, language: str
) -> None:
    """Questions without a bar, results, what does not fit, all studies; *Back* leads through."""
    with visit(browser, studies) as one:
        one.enter(language)
        one.press("start")
        one.press("whom")
        one.axe()

        assert 0 == one.page.locator("progress").count()

        while one.step == "question":
            one.check()
            here = one.here
            # The last answer but the ways on is *I don't know*, or *rather not say*.
            one.page.locator("button[data-action='answer']").last.press("Enter")
            one.until(here)
        one.press("change")  # one study less: HER2, or what was asked first
        one.press("answer")
        while one.step == "question":
            one.press("answer")
        one.press("result")
        for action in ("unfit", "studies", "pick", "news"):
            here = one.here
            one.axe()
            one.check()
            one.press(action)
            one.axe()
            one.check()
            one.page.go_back()
            one.until_at(here)

        assert "matches" == one.step
