"""The figures of a link as a group sees them: on a phone, in both languages, in a real browser."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize, expect

from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from tests.builders import Clock
from tests.link_fixtures import LABEL, SECRET, link, published
from tests.page_fixtures import Pages, opening

PHONE: ViewportSize = {"width": 390, "height": 844}
#: How much wider the page is than the phone.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def figures(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, hasty: None
) -> Iterator[Pages]:
    """A service with a link and some weeks of conversations."""
    folder, clock = tmp_path_factory.mktemp("figures"), Clock(date(2026, 4, 10))
    desk = Desk(catalogue, KeyFiles(folder / "keys"), clock)
    with opening(folder, desk, clock) as pages:
        pages.do(lambda: published(pages.store, catalogue, link(pages.store), 14, 80))
        yield pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_secret_link_opens_the_figures(
    browser: Browser, figures: Pages, language: str, scheme: str
) -> None:
    """Pictures and tables fit a phone and pass axe; the key leaves the address bar."""
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{figures.served.port}/stats?lang={language}#{SECRET}")
    expect(page.locator("h1")).to_have_text(LABEL)

    assert 2 == page.locator("svg.chart").count()
    assert SECRET not in page.url
    assert 0 == page.evaluate(OVERFLOW)
    found = Axe().run(page)
    assert 0 == found.violations_count, found.generate_report()
    context.close()


def test_without_javascript_the_key_is_pasted(browser: Browser, figures: Pages) -> None:
    """And the file comes as a download."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{figures.served.port}/stats?lang=en")
    page.locator("#k").fill(SECRET)
    page.locator("button.primary").click()
    expect(page.locator("h1")).to_have_text(LABEL)

    assert 0 == page.evaluate(OVERFLOW)
    context.close()


def test_the_file_is_kept_by_the_browser(browser: Browser, figures: Pages, tmp_path: Path) -> None:
    """Every cell, under the link's name; the page stays."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{figures.served.port}/stats?lang=en#{SECRET}")
    expect(page.locator("h1")).to_have_text(LABEL)
    with page.expect_download() as download:
        page.locator("[value=csv]").click()
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert "rose.csv" == download.value.suggested_filename
    assert len(figures.do(figures.store.published)) == len(rows)
    expect(page.locator("h1")).to_have_text(LABEL)
    context.close()
