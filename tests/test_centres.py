"""Centres and invitations, and how many requests a centre has."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.store.records import Kind, Row, State
from bot.store.sqlite import SqliteStore, open_store
from bot.store.store import OPEN, OVER

UNTIL = date(2026, 3, 15)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Requests in every state, to two centres."""
    with open_store(tmp_path / "store.db") as store:
        store.bind("NCT1", 1, Kind.GROUP, "-1")
        for centre in (1, 2):
            for state in State:
                code = f"{state}{centre}"
                store.begin(Row(code, "NCT1", centre, "fr", state, UNTIL, UNTIL, 7))
        yield store


def test_open_and_over_are_all_states() -> None:
    """Each state is one of them."""
    assert set(State) == OPEN | OVER
    assert not OPEN & OVER


def test_only_open_requests_of_a_centre_are_found(store: SqliteStore) -> None:
    """One that was ended or closed is no request any more."""
    assert OPEN == {row.state for row in store.open_requests("NCT1", 1)}
    assert {1} == {row.centre for row in store.open_requests("NCT1", 1)}
    assert [] == store.open_requests("NCT1", 3)
