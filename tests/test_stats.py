"""The figures of a link on the web: what the group sees, and what nobody else does."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.desk import Desk
from bot.outreach.disclosure import FEW
from bot.store.keyfiles import KeyFiles
from bot.store.records import Key, State
from dialogs.catalogue import Catalogue
from dialogs.conversation.milestones import Milestone
from dialogs.conversation.screens import Aside
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT
from tests.link_fixtures import LABEL, SECRET, link, published
from tests.page_fixtures import Pages, Sheet, opening

#: A Friday: the last week that is told ended five days ago, and a quarter with the week before.
FRIDAY = date(2026, 4, 10)
WEEKS = 14


@pytest.fixture(scope="module")
def figures(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, hasty: None
) -> Iterator[Pages]:
    """A service with a link and some weeks of conversations."""
    folder, clock = tmp_path_factory.mktemp("figures"), Clock(FRIDAY)
    desk = Desk(catalogue, KeyFiles(folder / "keys"), clock)
    with opening(folder, desk, clock) as pages:
        pages.do(lambda: published(pages.store, catalogue, link(pages.store), WEEKS, 80))
        yield pages


def alike(sheet: Sheet) -> str:
    """A page without the random number of its forms."""
    return re.sub(r'name="once" value="[^"]+"', "", sheet.html)


def cells(sheet: Sheet) -> list[int]:
    """All numbers that a page tells."""
    found = re.findall(r"<td>(?:at least |au moins )?([\d,\u202f]+)</td>", sheet.html)
    return [int(re.sub(r"\D", "", one)) for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_group_sees_its_figures(figures: Pages, language: str) -> None:
    """Funnel and weeks as pictures, and a table; in both languages."""
    page = figures.post("/stats", k=SECRET, lang=language)

    assert LABEL == page.title
    assert figures.day(date(2026, 4, 5), language) in page.words
    for english in ("How far they came", "Week by week", "Results", "Where people stop"):
        assert figures.say(english, language) in page.all("h2")
    weeks = page.html.partition("<tbody>")[2].partition("</tbody>")[0]

    assert 2 == page.html.count('<svg class="chart"')
    assert WEEKS == weeks.count("<tr>")


def test_no_number_is_small_or_exact(figures: Pages) -> None:
    """Every number on the page is 0, or a multiple of 5 from 10 on."""
    found = cells(figures.post("/stats", k=SECRET))

    assert len(found) > 40
    assert all(number == 0 or (number >= 10 and number % 5 == 0) for number in found)
    assert figures.say("hidden") in figures.post("/stats", k=SECRET).all("td")


def test_the_link_may_be_pasted_whole(figures: Pages) -> None:
    """As the group got it."""
    page = figures.post("/stats", k=f" https://passerelle.example.org/stats#{SECRET}\n")

    assert LABEL == page.title


def test_asking_tells_nothing(figures: Pages) -> None:
    """The page is the same for everybody; the secret is never in an address."""
    asked = figures.get(f"/stats?k={SECRET}", accept_language="en")

    assert LABEL not in asked.html
    assert SECRET not in asked.html
    assert 404 == figures.get(f"/stats/{SECRET}").status


@pytest.mark.parametrize(
    "wrong", [SECRET[:-1], SECRET + "A", SECRET.upper(), "rose", "x", "A" * 32, "é" * 300, "1"]
)
def test_a_wrong_secret_has_one_answer(figures: Pages, wrong: str) -> None:
    """That of one which never was: nothing tells how near it came."""
    page = figures.post("/stats", k=wrong)

    assert alike(figures.post("/stats", k="never-was-a-secret-of-this-kind")) == alike(page)
    assert 200 == page.status


def test_an_ended_link_opens_nothing(pages: Pages, catalogue: Catalogue) -> None:
    """With the answer of one that never was."""
    pages.do(lambda: published(pages.store, catalogue, link(pages.store), 1, 30))

    assert LABEL == pages.post("/stats", k=SECRET).title
    pages.do(lambda: pages.store.end_campaign("rose"))
    gone = pages.post("/stats", k=SECRET)
    assert alike(pages.post("/stats", k="never-was")) == alike(gone)


def test_without_a_week_that_is_over_it_says_when(pages: Pages) -> None:
    """Rather than an empty picture."""
    pages.do(lambda: link(pages.store))
    page = pages.post("/stats", k=SECRET)

    assert "Figures come on the Tuesday after each week." in page.words
    assert "<svg" not in page.html.partition("<main")[2]


def test_a_locked_store_loses_nothing(figures: Pages) -> None:
    """The key stays in the form."""
    with figures.locked():
        page = figures.post("/stats", k=SECRET)

    assert SECRET == page.form("Try again").fields["k"]
    assert LABEL == figures.press(page, "Try again").title


def test_the_file_has_every_published_cell(figures: Pages) -> None:
    """And no other; hidden ones are empty."""
    page = figures.post("/stats", k=SECRET, op="csv")
    rows = list(csv.DictReader(io.StringIO(page.html)))
    cells = figures.do(figures.store.published)

    assert "text/csv" in page.headers["content-type"]
    assert 'filename="rose.csv"' in page.headers["content-disposition"]
    assert len(rows) == len(cells)
    for row in rows:
        key = Key(row["week"], 1, row["trial"], row["language"], row["step"])
        assert row["number"] == ("" if cells[key] is None else str(cells[key]))
        assert row["number"] == "" or int(row["number"]) >= FEW - 1


def test_other_links_are_not_among_them(figures: Pages) -> None:
    """Each group sees its own."""
    before = cells(figures.post("/stats", k=SECRET))
    other = Key("2026-W08", 2, "NCT03870919", "fr", "opened")
    figures.do(lambda: figures.store._write(
        "INSERT INTO published VALUES (?, ?, ?, ?, ?, ?)", *("2026-W08", 2, other.trial, "fr",
        "opened"), 500,
    ))  # fmt: skip

    assert before == cells(figures.post("/stats", k=SECRET))


def counted(pages: Pages) -> dict[tuple[int, str, str], int]:
    """What was counted since the last look, by link, study and step."""
    found: dict[Key, int] = {}
    pages.do(lambda: pages.office.exchange.tally.flush(found.update))
    return {(key.campaign, key.trial, key.step): number for key, number in found.items()}


def test_a_request_that_is_sent_counts_for_its_link(pages: Pages) -> None:
    """Once, however often the button is pressed."""
    secret = "a-sample-secret-of-web"  # noqa: S105 - a sample
    session = Session(
        "en", Step.PREVIEW, focus=CENTRE, whom=Whom.SELF, trial=1, campaign=5, tag=9,
        furthest=Milestone.CONTACT,
    )  # fmt: skip
    token = pages.token(secret, session, Action.CONFIRM)
    for _ in range(2):
        assert "The request is sent" in pages.post("/", s=secret, t=token).words

    assert {(5, NCT, "request"): 1} == counted(pages)


@pytest.mark.parametrize(("matching", "trial"), [(False, NCT), (True, "")])
def test_the_first_answer_of_a_centre_counts_for_its_link(
    pages: Pages, matching: bool, trial: str
) -> None:
    """Under what the conversation was about; a second answer is not counted, nor *taken*."""
    asked = pages.ask(campaign=5, matching=matching)
    counted(pages)
    pages.post("/reply", k=asked.key, op="take", sure="1")

    assert {} == counted(pages)
    for text in ("Please call us.", "Or write.", "Or come."):
        pages.post("/reply", k=asked.key, op="reply", text=text, sure="1")
        # Her words make the request wait for an answer again.
        pages.post("/receipt", r=asked.receipt, op="write", text=f"{text} When?", sure="1")
        assert State.SENT is pages.state(asked)
    assert {(5, trial, "answered"): 1} == counted(pages)


def test_a_conversation_that_begins_with_words_is_opened(figures: Pages) -> None:
    """What is said to them shows no screen, and still it has begun."""
    desk = figures.desk
    counted(figures)
    card = figures.do(lambda: desk.aside(b"here", Aside.UNCLEAR, None, "fr"))
    figures.do(lambda: desk.press(b"here", card.here))

    assert {(0, NCT, "opened"): 1} == counted(figures)
