"""The contact service put together as the settings say."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.contact.exchange import HANDLE_DAYS
from bot.contact.inbox import Inbox
from bot.contact.letter import Letter
from bot.contact.office import Office, open_office
from bot.contact.post import Post
from bot.contact.requests import Way
from bot.desk import Desk
from bot.events import Notice
from bot.settings import MailSettings, Settings
from bot.store.keyfiles import KeyFiles
from bot.store.records import Channel, Kind, Row, State, StoreError
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.eligibility.criteria import Trial
from dialogs.errors import ClockBehind
from dialogs.trialfile import CentreEntry
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, WEB
from tests.mail_fixtures import Mailbox

TEAM, OPERATOR = "team@example.org", "operator@example.org"
LETTER = Letter("CODE", "Title", ("Line.",))
MAIL = Channel(NCT, CENTRE, Kind.EMAIL, TEAM)
SESSION = Session(language="en", step=Step.SENDING, focus=CENTRE, trial=1, tag=33)


class Building:
    """What an office is opened with, and what it told."""

    def __init__(self, folder: Path, live: Catalogue, clock: Clock, store: SqliteStore) -> None:
        self.clock = clock
        self.store = store
        keys = KeyFiles(folder / "keys")
        self.desks = [Desk(live, keys, clock), Desk(live, keys, clock)]
        self.errors: list[BaseException] = []
        self.notices: list[tuple[Notice, str]] = []
        self.settings = Settings(
            live=True, web_host="127.0.0.1", web_port=8080, web_url=WEB,
            keys_dir=folder / "keys", operator=None, telegram=None,
            db_file=folder / "passerelle.db", staff_language="en",
        )  # fmt: skip

    def office(self, **changed: object) -> Office:
        """The office with these settings."""
        settings = replace(self.settings, **changed)  # type: ignore[arg-type]
        return open_office(
            settings, self.store, self.desks, self.errors.append,
            lambda *told: self.notices.append(told), self.clock,
        )  # fmt: skip

    @property
    def place(self) -> tuple[Trial, CentreEntry]:
        """The first trial, and its first centre."""
        trial = self.desks[0].catalogue.trials[1]
        return trial, trial.centres[0]


@pytest.fixture
def building(tmp_path: Path, live: Catalogue, clock: Clock) -> Iterator[Building]:
    """A live service that reaches nobody yet; nothing of it may fail."""
    with open_store(tmp_path / "passerelle.db") as store:
        building = Building(tmp_path, live, clock, store)
        yield building

    assert [] == building.errors


@pytest.fixture
def post() -> Iterator[tuple[Mailbox, MailSettings]]:
    """A mail server, and the settings for it."""
    with Mailbox() as box:
        yield box, MailSettings("127.0.0.1", box.port, False, True, "passerelle@example.org")


def test_without_a_mail_server_no_mail_is_sent(building: Building) -> None:
    """A centre that is bound to a mail box is not reached."""
    office = building.office()
    building.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)

    assert {} == office.exchange.couriers
    assert office.exchange.reached(*building.place) is None


def test_with_a_mail_server_mails_are_sent(
    building: Building, post: tuple[Mailbox, MailSettings]
) -> None:
    """By this server, from this address, in the language of the staff."""
    box, mail = post
    office = building.office(mail=mail, staff_language="fr")
    building.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)
    kind, _ = asyncio.run(office.requests.ask(SESSION, Way(chat=8), b"chat:8"))
    (got,) = box.mails

    assert Settled.DONE is kind
    assert [Kind.EMAIL] == list(office.exchange.couriers)
    assert isinstance(office.exchange.couriers[Kind.EMAIL], Post)
    assert MAIL == office.exchange.reached(*building.place)
    assert ("passerelle@example.org", (TEAM,)) == (got.sender, got.recipients)
    assert "fr" == got.message["Content-Language"]
    assert "Someone would like" not in got.text
    assert f"{WEB}/reply?lang=fr#" in got.text


def test_without_a_public_address_links_lead_to_this_computer(
    building: Building, post: tuple[Mailbox, MailSettings]
) -> None:
    """For a trial of the service; a live start asks for `WEB_URL`."""
    box, mail = post
    office = building.office(mail=mail, web_url=None)
    building.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)
    asyncio.run(office.requests.ask(SESSION, Way(chat=8), b"chat:8"))

    assert "http://127.0.0.1:8080/reply?lang=en#" in box.mails[0].text


@pytest.mark.parametrize("address", [OPERATOR, None])
def test_the_operator_hears_of_silence_by_mail_if_there_is_an_address(
    building: Building, post: tuple[Mailbox, MailSettings], address: str | None
) -> None:
    """And in any case by a line of the service."""
    box, mail = post
    building.clock.today = date(2026, 4, 23)
    office = building.office(mail=mail, operator_email=address)
    building.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)
    row = Row("K7", NCT, CENTRE, "fr", State.REMINDED, date(2026, 5, 7), date(2026, 4, 22), None)
    building.store.begin(row)
    asyncio.run(office.rounds.once())

    assert [(address,)] * (address is not None) == [got.recipients for got in box.mails]
    assert [(Notice.CENTRE_SILENT, f"{NCT}/{CENTRE}")] == building.notices


def test_an_inbox_is_the_demonstrations_alone(building: Building) -> None:
    """A live service has none, so nobody's request ends in one."""
    live = building.office()

    assert live.inbox is live.exchange.inbox is None
    assert live.exchange.reached(*building.place) is None

    demonstration = building.office(live=False)

    assert isinstance(demonstration.inbox, Inbox)
    assert demonstration.inbox is demonstration.exchange.inbox

    channel = demonstration.exchange.reached(*building.place)

    assert channel == Channel(NCT, CENTRE, Kind.INBOX, "")

    asyncio.run(demonstration.exchange.deliver(channel, LETTER, 1.0))

    assert (LETTER,) == demonstration.inbox.letters


def test_every_desk_knows_the_holidays(building: Building) -> None:
    """Of the years that demonstrations show, and of those that a service may run into."""
    assert all(not desk.catalogue.holidays for desk in building.desks)

    building.office()
    known = building.desks[0].catalogue.holidays

    assert {date(2022, 11, 1), date(2026, 5, 1), date(2027, 1, 1), date(2028, 12, 25)} <= known
    assert date(2026, 5, 4) not in known
    assert [known, known] == [desk.catalogue.holidays for desk in building.desks]


def test_a_desk_that_follows_the_office_still_knows_the_holidays(building: Building) -> None:
    """Also when staff and operator change what it shows."""
    office = building.office(live=False)
    office.snapshot.refresh()

    assert {(1, 1), (1, 2)} == building.desks[1].catalogue.reach
    assert date(2026, 5, 1) in building.desks[1].catalogue.holidays


def test_cards_show_what_the_desk_shows(building: Building) -> None:
    """A trial that a check changes is changed for both sides."""
    office = building.office(live=False)
    office.snapshot.refresh()

    assert building.desks[0].catalogue is office.exchange.catalogue()
    assert "en" == office.exchange.cards.speech.language


def test_all_parts_work_on_one_store_and_one_exchange(building: Building) -> None:
    """What one of them does the others see."""
    office = building.office(live=False)

    assert building.store is office.store is office.exchange.store

    way, source = Way(chat=8), b"chat:8"
    asyncio.run(office.requests.ask(SESSION, way, source))

    assert office.inbox is not None

    key = office.inbox.letters[0].handle or ""

    assert State.SENT is office.replies.opened(key, "", "en").state


def test_a_patient_on_the_web_is_reached_in_her_letter_box(building: Building) -> None:
    """One in a chat is not, until there is a channel for chats."""
    office = building.office()

    assert {True: office.letterbox} == office.exchange.patients


def test_keys_of_handles_live_as_long_as_requests(building: Building, tmp_path: Path) -> None:
    """Beside those of conversations, in the same folder; they follow the clock."""
    office = building.office()
    files = KeyFiles(tmp_path / "keys", "handle", HANDLE_DAYS)
    day = building.clock.today

    assert [day] == files.days()

    building.clock.today = date(2026, 3, 24)

    assert date(2026, 3, 24) == office.exchange.today
    assert [date(2026, 3, 24)] == files.days()


def test_a_clock_that_is_behind_opens_no_office(building: Building) -> None:
    """Keys could outlive their promise."""
    building.office()
    building.clock.today = date(2026, 2, 1)
    with pytest.raises(ClockBehind):
        building.office()


def test_limits_of_a_day_follow_the_clock(building: Building) -> None:
    """Three requests today, and three more tomorrow."""
    office = building.office(live=False)

    def asked(tag: int) -> Settled:
        session = replace(SESSION, tag=tag)
        return asyncio.run(office.requests.ask(session, Way(chat=8), b"chat:8"))[0]

    today = [asked(tag) for tag in range(4)]
    building.clock.today = date(2026, 3, 11)

    assert [*[Settled.DONE] * 3, Settled.FULL] == today
    assert Settled.DONE is asked(9)


def test_what_a_store_fails_is_reported_where_the_office_was_told(
    tmp_path: Path, live: Catalogue, clock: Clock
) -> None:
    """She is told that nothing was sent."""
    with closing(open_store(tmp_path / "passerelle.db")) as store:
        building = Building(tmp_path, live, clock, store)
        office = building.office(live=False)
    kind, _ = asyncio.run(office.requests.ask(SESSION, Way(chat=8), b"chat:8"))

    assert Settled.UNSENT is kind
    assert [StoreError] == [type(error) for error in building.errors]
