"""No silence: reminders to a centre, words to the operator, and the end of what had its days."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contact.office import Office, open_office
from bot.contact.requests import Way
from bot.desk import Desk
from bot.events import Notice
from bot.settings import MailSettings, Settings
from bot.store.keyfiles import KeyFileError, KeyFiles
from bot.store.records import Kind, Row, State, StoreError
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.wire.code import code_of, grouped
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, WEB, Locking
from tests.mail_fixtures import Mailbox

SESSION = Session(language="fr", step=Step.SENDING, focus=CENTRE, trial=1, tag=21)
CODE = code_of(21, 1, CENTRE, 0)
#: A Thursday; the next three working days end on Tuesday, the next five on Thursday.
THURSDAY = date(2026, 4, 23)


@dataclass
class Silent:
    """An office whose one centre is a mail box, and what it was told."""

    office: Office
    clock: Clock
    post: Mailbox
    errors: list[BaseException]
    notices: list[tuple[Notice, str]]
    folder: Path

    def ask(self) -> None:
        """Somebody asks the centre."""
        kind, _ = asyncio.run(self.office.requests.ask(SESSION, Way(chat=5), b"chat:5"))

        assert Settled.DONE is kind

    @contextmanager
    def held(self) -> Iterator[None]:
        """From the next mail on another program holds the database, so nothing is recorded."""
        path = self.folder / "passerelle.db"
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.post.mails = Locking(self.post.mails, other)
        yield
        other.rollback()
        other.close()
        self.post.mails = list(self.post.mails)

        assert {StoreError} == {type(error) for error in self.errors}

        self.errors.clear()

    def wrote(self, phrase: str, place: int = -1) -> bool:
        """Whether a mail begins as a phrase does."""
        said = self.office.exchange.cards.speech.say(
            phrase, code=grouped(CODE), centre="*", city="*", nct=NCT, phone="*"
        )
        words = " ".join(self.post.mails[place].text.split())
        return all(part in words for part in said.split("*"))

    def on(self, day: date) -> list[str]:
        """The recipients of what is sent by the rounds of a day."""
        self.clock.today = day
        before = len(self.post.mails)
        for _ in range(2):
            try:
                asyncio.run(self.office.rounds.once())
            except StoreError as error:
                self.errors.append(error)
        return [mail.recipients[0] for mail in self.post.mails[before:]]

    @property
    def row(self) -> Row | None:
        """How the request stands."""
        return self.office.store.request(CODE)

    @property
    def state(self) -> State | None:
        """Its state."""
        return None if self.row is None else self.row.state


@pytest.fixture
def silent(tmp_path: Path, catalogue: Catalogue, clock: Clock) -> Iterator[Silent]:
    """Centre and operator are reached by mail."""
    clock.today = THURSDAY
    errors: list[BaseException] = []
    notices: list[tuple[Notice, str]] = []
    live = replace(catalogue, demonstration=False)
    desk = Desk(live, KeyFiles(tmp_path / "keys"), clock)
    store = open_store(tmp_path / "passerelle.db")
    store.bind(NCT, CENTRE, Kind.EMAIL, "team@example.org")
    with Mailbox() as post:
        mail = MailSettings("127.0.0.1", post.port, False, True, "passerelle@example.org")
        settings = Settings(
            live=True, web_host="127.0.0.1", web_port=8080, web_url=WEB,
            keys_dir=tmp_path / "keys", operator=None, telegram=None, mail=mail,
            operator_email="operator@example.org", staff_language="en",
        )  # fmt: skip
        office = open_office(
            settings, store, [desk], errors.append, lambda *told: notices.append(told), clock
        )
        yield Silent(office, clock, post, errors, notices, tmp_path)
    store.close()

    assert [] == errors


def test_nothing_is_said_while_the_centre_has_its_days(silent: Silent) -> None:
    """Three working days, the last of them included; a weekend does not count."""
    silent.ask()
    for day in (24, 25, 26, 27, 28):
        assert [] == silent.on(date(2026, 4, day))
    assert State.SENT is silent.state


def test_after_three_working_days_the_centre_is_reminded_once(silent: Silent) -> None:
    """By the code alone: no patient, no key, no link."""
    silent.ask()

    assert ["team@example.org"] == silent.on(date(2026, 4, 29))
    assert [] == silent.on(date(2026, 4, 30))
    assert State.REMINDED is silent.state

    text = silent.post.mails[-1].text

    assert grouped(CODE) in text
    assert "reply" not in text
    assert "#" not in text


def test_after_five_working_days_the_operator_is_told_once(silent: Silent) -> None:
    """With the centre's telephone; 1 May is a holiday and counts for nothing."""
    silent.ask()
    silent.on(date(2026, 4, 29))

    assert ["operator@example.org"] == silent.on(date(2026, 5, 1))
    assert [] == silent.on(date(2026, 5, 2))
    assert State.ESCALATED is silent.state
    assert "+33" in silent.post.mails[-1].text
    assert [(Notice.CENTRE_SILENT, f"{NCT}/{CENTRE}")] == silent.notices


def test_a_holiday_gives_the_centre_another_day(silent: Silent) -> None:
    """Asked before 1 May, three working days end a day later."""
    silent.clock.today = date(2026, 4, 29)
    silent.ask()

    assert silent.row is not None
    assert date(2026, 5, 5) == silent.row.due_on


@pytest.mark.parametrize("deed", ["take", "close"])
def test_taken_or_closed_there_is_no_reminder(silent: Silent, deed: str) -> None:
    """Somebody of the team has looked at it."""
    silent.ask()
    silent.office.store.change(
        CODE, State.TAKEN if deed == "take" else State.CLOSED, frozenset({State.SENT}), due_on=None
    )

    assert [] == silent.on(date(2026, 5, 4))


def test_a_reminder_that_could_not_go_is_tried_again(silent: Silent) -> None:
    """The mail server puts it off; the next round brings it."""
    silent.ask()
    silent.post.fault = "greylist"

    assert [] == silent.on(date(2026, 4, 29))
    assert State.SENT is silent.state

    silent.post.fault = None

    assert ["team@example.org"] == silent.on(date(2026, 4, 29))


def test_a_broken_channel_is_told_to_the_operator_at_once(silent: Silent) -> None:
    """Nobody would see a second reminder there."""
    silent.ask()
    silent.office.store.unbind(NCT, CENTRE)

    assert ["operator@example.org"] == silent.on(date(2026, 4, 29))
    assert State.ESCALATED is silent.state
    assert (Notice.CENTRE_AWAY, f"{NCT}/{CENTRE}") in silent.notices


def test_what_had_its_days_is_forgotten(silent: Silent) -> None:
    """On the day on which the key of its handle dies."""
    silent.ask()
    silent.on(date(2026, 5, 6))

    assert silent.row is not None

    silent.on(date(2026, 5, 7))

    assert silent.row is None


def test_a_trial_that_is_gone_reminds_nobody(silent: Silent) -> None:
    """A release may have taken it out while a request was open."""
    row = Row("X" * 9, "NCT00000000", 1, "fr", State.SENT, date(2026, 5, 7), THURSDAY, None)
    silent.office.store.begin(row)

    assert ["operator@example.org"] == silent.on(date(2026, 4, 29))
    assert row.trial in silent.post.mails[-1].text

    after = silent.office.store.request("X" * 9)

    assert after is not None
    assert State.ESCALATED is after.state


def test_a_centre_that_puts_everything_off_is_told_to_the_operator(silent: Silent) -> None:
    """After two working days of trying, although nobody was reminded; and it says so."""
    silent.ask()
    silent.post.fault, silent.post.faulty = "greylist", "team@example.org"
    for day in (29, 30):
        assert [] == silent.on(date(2026, 4, day))
    assert ["operator@example.org"] == silent.on(date(2026, 5, 1))
    assert State.ESCALATED is silent.state
    assert silent.wrote("staff.operator.unreached")


def test_a_reminder_that_comes_too_late_puts_off_nothing(silent: Silent) -> None:
    """The centre hears of it after all, and the operator on the same day."""
    silent.ask()
    silent.post.fault, silent.post.faulty = "greylist", "team@example.org"
    for day in (29, 30):
        assert [] == silent.on(date(2026, 4, day))
    silent.post.fault = None

    assert ["team@example.org", "operator@example.org"] == silent.on(date(2026, 5, 1))
    assert State.ESCALATED is silent.state
    assert silent.wrote("staff.operator")


def test_a_word_to_the_operator_that_may_be_lost_is_said_again(silent: Silent) -> None:
    """On the next day, and not in each round of this one."""
    silent.ask()
    silent.on(date(2026, 4, 29))
    silent.post.fault = "late drop"

    assert 1 == len(silent.on(date(2026, 5, 1)))

    before = silent.state
    silent.post.fault = None

    assert [] == silent.on(date(2026, 5, 1))
    assert ["operator@example.org"] == silent.on(date(2026, 5, 2))
    assert [State.REMINDED, State.ESCALATED] == [before, silent.state]


def test_what_cannot_be_recorded_is_not_said_in_each_round(silent: Silent) -> None:
    """Another program holds the database: one reminder, and one word to the operator."""
    silent.ask()
    states = []
    for day, who in ((date(2026, 4, 29), "team"), (date(2026, 5, 1), "operator")):
        later = day + timedelta(days=1)
        with silent.held():
            assert [f"{who}@example.org"] == silent.on(day)
            assert [] == silent.on(later)
        assert [] == silent.on(later)
        states.append(silent.state)

    assert [State.REMINDED, State.ESCALATED] == states


def test_a_reminder_that_is_refused_for_good_ends_the_channel(silent: Silent) -> None:
    """The operator hears of the request and of the channel, each once."""
    silent.ask()
    silent.post.fault, silent.post.faulty = "refuse", "team@example.org"

    assert 2 * ["operator@example.org"] == silent.on(date(2026, 4, 29))
    assert silent.wrote("staff.operator.unreached", -2)
    assert silent.wrote("staff.operator.away")
    assert [] == silent.on(date(2026, 4, 30))
    assert silent.office.store.channels()[0].away


def test_a_broken_folder_of_keys_stops_no_reminder(silent: Silent) -> None:
    """The operator hears of the folder, and the team of the request."""
    silent.ask()
    broken = silent.folder / "keys" / f"ended-{THURSDAY}.txt"
    broken.mkdir()

    assert ["team@example.org"] == silent.on(date(2026, 4, 29))
    assert {KeyFileError} == {type(error) for error in silent.errors}

    silent.errors.clear()
    broken.rmdir()


def test_a_channel_that_works_again_can_fail_again(silent: Silent) -> None:
    """Then the operator is told anew."""
    store = silent.office.store
    for _ in range(2):
        store.mark(Kind.EMAIL, "team@example.org", away=True)

        assert ["operator@example.org"] == silent.on(THURSDAY)

        store.mark(Kind.EMAIL, "team@example.org", away=False)

        assert [] == silent.on(THURSDAY)
