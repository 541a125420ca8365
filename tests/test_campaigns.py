"""Links, counts and announcements in a real file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.store.records import Announcement, Campaign, Key, StoreError
from bot.store.sqlite import SqliteStore, open_store

ROSE = Campaign("rose", 0, "NCT03870919", "fr", "La Rose (sample)", "ab" * 32)
OPENED = Key("2026-W10", 1, "NCT03870919", "fr", "opened")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store with nothing in it."""
    with open_store(tmp_path / "store.db") as store:
        yield store


def campaign(slug: str) -> Campaign:
    """The sample under another slug."""
    return Campaign(slug, 0, ROSE.trial, ROSE.language, ROSE.label, ROSE.secret_hash)


def until(last: str) -> Callable[[str], bool]:
    """Weeks up to this one are over."""
    return lambda week: week <= last


def as_it_is(counts: Mapping[Key, int]) -> Mapping[Key, int | None]:
    """Publishes what was counted."""
    return counts


def test_a_campaign_gets_a_number_and_keeps_it(store: SqliteStore) -> None:
    """The next one; the rest is as it was given."""
    first, second = store.begin_campaign(ROSE), store.begin_campaign(campaign("iris"))

    assert Campaign("rose", 1, ROSE.trial, "fr", ROSE.label, ROSE.secret_hash) == first
    assert second is not None
    assert 2 == second.number
    assert ["iris", "rose"] == [one.slug for one in store.campaigns()]


def test_a_slug_is_taken_once(store: SqliteStore) -> None:
    """The one that is there stays as it is."""
    first = store.begin_campaign(ROSE)

    assert store.begin_campaign(ROSE) is None
    assert [first] == store.campaigns()


def test_an_ended_campaign_leaves_its_number_to_its_figures(store: SqliteStore) -> None:
    """Another one under it would get what is not its own; nor is the slug taken any more."""
    store.begin_campaign(ROSE)
    store.count({OPENED: 3})

    assert store.end_campaign("rose")
    assert not store.end_campaign("rose")
    assert [] == store.campaigns()
    again = store.begin_campaign(ROSE)
    assert again is not None
    assert 2 == again.number
    store.publish(until("2026-W10"), as_it_is)
    third = store.begin_campaign(campaign("iris"))
    assert third is not None
    assert 3 == third.number


def test_numbers_end_where_tokens_do(store: SqliteStore) -> None:
    """The error says what to do."""
    store.count({Key("2026-W10", 4095, "", "fr", "opened"): 1})
    with pytest.raises(StoreError, match="begin a new database"):
        store.begin_campaign(ROSE)


def test_counts_add_up(store: SqliteStore) -> None:
    """Those of one key; others stay apart."""
    other = Key("2026-W10", 1, "NCT03870919", "en", "opened")
    store.count({OPENED: 3, other: 1})
    store.count({OPENED: 4})
    store.publish(until("2026-W10"), as_it_is)

    assert {OPENED: 7, other: 1} == store.published()


def test_what_is_published_takes_the_place_of_the_counts(store: SqliteStore) -> None:
    """Of weeks up to the one named; hidden ones stay hidden, later ones are still counted."""
    later = Key("2026-W11", 1, "", "fr", "opened")
    store.count({OPENED: 3, later: 20})
    store.publish(until("2026-W10"), dict.fromkeys)

    assert {OPENED: None} == store.published()
    assert [20] == [row["n"] for row in store.everything()["counts"]]


def test_what_is_published_is_never_changed(store: SqliteStore) -> None:
    """Counts that come too late for their week are dropped."""
    store.count({OPENED: 30})
    store.publish(until("2026-W10"), as_it_is)
    store.count({OPENED: 1, Key("2026-W10", 2, "", "fr", "opened"): 50})
    store.publish(until("2026-W12"), as_it_is)

    assert {OPENED: 30} == store.published()
    assert [] == store.everything()["counts"]


def test_announcements_are_noted_once(store: SqliteStore) -> None:
    """The oldest first."""
    late = Announcement("NCT03870919", "closed", date(2026, 3, 2), "fr")
    early = Announcement("NCT03870919", "opened", date(2026, 1, 2), "fr")
    for one in (late, early, late):
        store.announce(one)

    assert [early, late] == store.announced()
