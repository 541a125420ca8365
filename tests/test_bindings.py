"""Which group serves which centre, and what is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.contact.bindings import Bindings
from bot.contact.invitation import invite
from bot.contact.office import Office
from bot.desk import Desk
from bot.events import Notice
from bot.store.records import Channel, Kind, StoreError
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, office_at

GROUP = -4_000_001
GROWN = -1_000_004_000_001
PLACE = (NCT, CENTRE, Kind.GROUP)


@dataclass
class Bench:
    """Bindings over a real store, and what they told."""

    office: Office
    changes: list[int] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    notices: list[tuple[Notice, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bindings = Bindings(
            self.office.exchange,
            lambda: self.changes.append(1),
            self.errors.append,
            lambda notice, name: self.notices.append((notice, name)),
        )

    def code(self) -> str:
        """A new code for the centre."""
        return invite(self.office.store, NCT, CENTRE, self.office.exchange.today)

    @property
    def channels(self) -> list[Channel]:
        """All bound channels."""
        return self.office.store.channels()


@pytest.fixture
def bench(desk: Desk, clock: Clock, tmp_path: Path) -> Iterator[Bench]:
    """Bindings with nothing bound."""
    folder = tmp_path / "office"
    folder.mkdir(mode=0o700)
    bench = Bench(office_at(folder, desk, clock, lambda _: None, lambda *_: None))
    yield bench
    bench.office.store.close()


@pytest.fixture
def bound(bench: Bench) -> Bench:
    """The same with a bound group; what was told of it is forgotten."""
    bench.bindings.bind(bench.code(), GROUP)
    bench.changes.clear()
    return bench


def test_a_code_binds_its_centre(bench: Bench) -> None:
    """It gives whom it bound, and conversations see it at once."""
    found = bench.bindings.bind(bench.code(), GROUP)

    assert found is not None
    assert (NCT, "Gustave Roussy") == (found[0].id, found[1].name)
    assert [Channel(*PLACE, str(GROUP))] == bench.channels
    assert [1] == bench.changes
    assert bench.bindings.staffed(GROUP)
    assert not bench.bindings.staffed(GROWN)


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "no code at all"])
def test_what_invites_nobody_binds_nothing(bench: Bench, code: str) -> None:
    """And nothing has to be seen anew."""
    assert bench.bindings.bind(code, GROUP) is None
    assert ([], []) == (bench.channels, bench.changes)


def test_a_group_that_grew_stays_bound(bound: Bench) -> None:
    """Once; that it is told again, or from the other side, changes nothing."""
    bound.bindings.moved(str(GROUP), str(GROWN))
    bound.bindings.moved(str(GROUP), str(GROWN))

    assert [Channel(*PLACE, str(GROWN))] == bound.channels
    assert [1] == bound.changes


def test_a_group_that_grew_is_not_away(bound: Bench) -> None:
    """Telegram may say first that we left the old one."""
    bound.bindings.away(GROUP, gone=True)
    bound.bindings.moved(str(GROUP), str(GROWN))

    assert [False] == [one.away for one in bound.channels]


def test_put_out_of_a_group_the_operator_is_told(bound: Bench) -> None:
    """By trial and centre; the binding stays for the day on which we are back."""
    bound.bindings.away(GROUP, gone=True)

    assert [(Notice.CENTRE_AWAY, f"{NCT}/{CENTRE}")] == bound.notices
    assert [Channel(*PLACE, str(GROUP), away=True)] == bound.channels

    bound.bindings.away(GROUP, gone=False)

    assert 1 == len(bound.notices)
    assert [Channel(*PLACE, str(GROUP))] == bound.channels
    assert [1, 1] == bound.changes


def test_other_groups_are_nobodys_business(bound: Bench) -> None:
    """Put out of a group that serves no centre, nobody is told."""
    bound.bindings.away(GROWN, gone=True)
    bound.bindings.moved(str(GROWN), "-1")

    assert ([], [], []) == (bound.notices, bound.changes, bound.errors)


def test_a_store_that_fails_is_reported(bound: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Telegram told is lost, and the operator hears of it."""

    def fail(*_: object, **__: object) -> int:
        raise StoreError("the disk is full", passing=True)

    monkeypatch.setattr(bound.office.store, "moved", fail)
    monkeypatch.setattr(bound.office.store, "mark", fail)
    bound.bindings.moved(str(GROUP), str(GROWN))
    bound.bindings.away(GROUP, gone=True)

    assert ["the disk is full"] * 2 == [str(error) for error in bound.errors]
    assert ([], []) == (bound.changes, bound.notices)
