"""Sums reach the store, and weeks are published when they are over."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.outreach.books import Books, closed, over
from bot.store.records import Key, StoreError
from bot.store.sqlite import SqliteStore, open_store
from bot.tally import Tally, quarter_of
from dialogs.catalogue import Catalogue
from dialogs.conversation.milestones import Mark
from dialogs.conversation.session import Session
from tests.builders import Clock

WEDNESDAY, MONDAY, TUESDAY = date(2026, 3, 4), date(2026, 3, 9), date(2026, 3, 10)
OPENED = Key("2026-W10", 0, "", "fr", "opened")


@dataclass
class Kept:
    """Books over a real file."""

    path: Path
    store: SqliteStore
    tally: Tally
    clock: Clock
    errors: list[BaseException]
    books: Books

    def opens(self, catalogue: Catalogue, many: int) -> None:
        """So many conversations begin."""
        for tag in range(many):
            session = Session("fr", tag=self.clock.today.toordinal() * 1000 + tag)
            self.tally.note(session, [Mark(0, "opened")], catalogue.trials)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Books with nothing in them, on a Wednesday."""
    path, clock = tmp_path / "store.db", Clock(WEDNESDAY)
    with open_store(path) as store:
        tally, errors = Tally(clock), list[BaseException]()
        yield Kept(path, store, tally, clock, errors, Books(store, tally, errors.append, clock))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 8), "2026-W09"), (MONDAY, "2026-W09"), (TUESDAY, "2026-W10"),
        (date(2026, 3, 16), "2026-W10"), (date(2026, 3, 17), "2026-W11"),
        (date(2027, 1, 5), "2026-W53"),
    ],
)  # fmt: skip
def test_a_week_is_published_from_the_tuesday_after_it(day: date, week: str) -> None:
    """Also where a year ends."""
    assert week == closed(day)


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        ("2026-Q1", date(2026, 3, 31)), ("2026-Q2", date(2026, 6, 30)),
        ("2026-Q3", date(2026, 9, 29)), ("2026-Q4", date(2027, 1, 5)),
        ("2027-Q4", date(2028, 1, 4)),
    ],
)  # fmt: skip
def test_a_quarter_is_published_with_its_last_week(quarter: str, day: date) -> None:
    """Not a day before; its last week may be the 52nd or the 53rd."""
    assert over(quarter, day)
    assert not over(quarter, day - timedelta(days=1))
    assert quarter_of(day - timedelta(days=2)) == quarter
    assert quarter_of(day) != quarter


def test_sums_are_written_and_a_week_that_goes_on_is_not_published(
    kept: Kept, catalogue: Catalogue
) -> None:
    """The next look writes what came since."""
    kept.opens(catalogue, 12)
    kept.books.once()
    kept.clock.today = MONDAY
    kept.books.once()

    assert [12] == [row["n"] for row in kept.store.everything()["counts"]]
    assert {} == kept.store.published()
    assert [] == kept.errors


def test_a_week_that_is_over_is_published_by_itself(kept: Kept, catalogue: Catalogue) -> None:
    """The exact counts are gone then, from the file as well after its next rewriting."""
    kept.opens(catalogue, 12)
    kept.books.once()
    kept.clock.today = TUESDAY
    kept.books.once()

    assert {OPENED: 10} == kept.store.published()
    assert [] == kept.store.everything()["counts"]


def test_what_cannot_be_written_waits(kept: Kept, catalogue: Catalogue) -> None:
    """Another program holds the file; conversations go on, and nothing is lost."""
    kept.opens(catalogue, 12)
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept.books.once()
    other.rollback()
    other.close()

    assert [StoreError] == [type(error) for error in kept.errors]
    kept.books.once()
    assert [12] == [row["n"] for row in kept.store.everything()["counts"]]


def test_a_store_that_is_away_on_tuesday_is_published_later(
    kept: Kept, catalogue: Catalogue
) -> None:
    """The next look does it."""
    kept.opens(catalogue, 12)
    kept.books.once()
    kept.clock.today = TUESDAY
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept.books.once()
    other.rollback()
    other.close()
    kept.books.once()

    assert {OPENED: 10} == kept.store.published()
