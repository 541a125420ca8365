"""What conversations see of the store: centres that can be asked, and trials looked up by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contact.office import Office, open_office
from bot.contact.snapshot import entries
from bot.desk import Desk
from bot.settings import MailSettings, Settings
from bot.store.keyfiles import KeyFiles
from bot.store.records import Check, Kind
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.eligibility.status import Openness, status_on
from tests.builders import Clock

NCT = "NCT03870919"
MAIL = MailSettings("127.0.0.1", 25, False, True, "passerelle@example.org")


@contextmanager
def opened(
    live: Catalogue, folder: Path, clock: Clock, *, demo: bool
) -> Iterator[tuple[Office, Desk]]:
    """An office with mail, live or not, and its desk."""
    desk = Desk(live, KeyFiles(folder / "keys"), clock)
    settings = Settings(
        live=not demo, web_host="127.0.0.1", web_port=8080, web_url=None,
        keys_dir=folder / "keys", operator=None, telegram=None, mail=MAIL,
        db_file=folder / "passerelle.db",
    )  # fmt: skip
    with open_store(settings.db_file) as store:
        office = open_office(settings, store, [desk], _raise, lambda _notice, _name: None, clock)
        office.snapshot.refresh()
        yield office, desk


@pytest.fixture
def working(live: Catalogue, tmp_path: Path, clock: Clock) -> Iterator[tuple[Office, Desk]]:
    """A live one."""
    with opened(live, tmp_path, clock, demo=False) as office:
        yield office


@pytest.fixture
def shown(live: Catalogue, tmp_path: Path, clock: Clock) -> Iterator[tuple[Office, Desk]]:
    """That of a demonstration."""
    with opened(live, tmp_path, clock, demo=True) as office:
        yield office


def _raise(error: BaseException) -> None:
    raise error


def test_live_only_bound_centres_can_be_asked(working: tuple[Office, Desk]) -> None:
    """By a channel that works, and that this service speaks."""
    office, desk = working

    assert frozenset() == desk.catalogue.reach

    office.store.bind(NCT, 2, Kind.EMAIL, "team@example.org")
    office.store.bind(NCT, 1, Kind.GROUP, "-5")
    office.snapshot.refresh()

    assert {(1, 2)} == desk.catalogue.reach

    office.store.mark(Kind.EMAIL, "team@example.org", away=True)
    office.snapshot.refresh()

    assert frozenset() == desk.catalogue.reach


def test_in_a_demonstration_every_sample_centre_can_be_asked(shown: tuple[Office, Desk]) -> None:
    """Its letters come into the sample inbox."""
    _, desk = shown

    assert {(1, 1), (1, 2)} == desk.catalogue.reach


def test_a_command_beside_the_service_is_seen(
    working: tuple[Office, Desk], tmp_path: Path, clock: Clock
) -> None:
    """Another process binds a centre and records a check."""
    office, desk = working
    beside = open_store(tmp_path / "passerelle.db")
    beside.bind(NCT, 1, Kind.EMAIL, "team@example.org")
    beside.check(Check(NCT, "recruiting", "https://clinicaltrials.gov/x", "AB", clock.today))
    beside.close()
    office.snapshot.refresh()

    assert {(1, 1)} == desk.catalogue.reach
    assert Openness.OPEN is status_on(desk.catalogue.trials[1], clock.today).openness


def test_fifteen_days_later_the_routes_close_by_themselves(
    working: tuple[Office, Desk], clock: Clock
) -> None:
    """Nobody has to remember it."""
    office, desk = working
    day = clock.today
    office.store.check(Check(NCT, "recruiting", "https://clinicaltrials.gov/x", "AB", day))
    office.snapshot.refresh()
    trial = desk.catalogue.trials[1]

    assert status_on(trial, day + timedelta(days=14)).routes
    assert not status_on(trial, day + timedelta(days=15)).routes


def test_nothing_changes_when_nothing_changed(shown: tuple[Office, Desk]) -> None:
    """The same catalogue stays, so what is remembered of it stays too."""
    office, desk = shown
    before = desk.catalogue
    office.snapshot.refresh()

    assert before is desk.catalogue

    office.snapshot.forget()
    office.snapshot.refresh()

    assert before is not desk.catalogue


def test_checks_become_entries_of_their_own_trial() -> None:
    """Initials stay behind."""
    day = date(2026, 3, 1)
    checks = [
        Check(NCT, "closed", "https://a.b", "AB", day),
        Check("NCT1", "closed", "c", "D", day),
    ]
    (entry,) = entries(NCT, checks)

    assert (day, "closed", day, "https://a.b") == (
        entry.day,
        entry.status,
        entry.checked,
        entry.source,
    )
