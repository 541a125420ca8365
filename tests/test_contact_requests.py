"""Asking a centre, writing to it and ending it, over a store, a mail server and a letter box."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contact.exchange import Told
from bot.contact.mailbox import Keys, new_receipt, stretched
from bot.contact.office import Office, open_office
from bot.contact.requests import Way
from bot.desk import Desk
from bot.events import Notice
from bot.settings import MailSettings, Settings
from bot.store.keyfiles import KeyFiles
from bot.store.records import Kind, State, StoreError
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.session import Session
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Step
from dialogs.wire.code import code_of
from tests.builders import UNSURE, Clock, Talk
from tests.contact_fixtures import CENTRE, NCT, WEB, Locking
from tests.mail_fixtures import Mailbox

SESSION = Session(language="en", step=Step.SENDING, focus=CENTRE, trial=1, tag=33)
CODE = code_of(33, 1, CENTRE, 0)
CHAT = b"chat:8"


@dataclass
class Asked:
    """An office whose first centre is a mail box."""

    office: Office
    post: Mailbox
    clock: Clock
    errors: list[BaseException]
    folder: Path
    settings: Settings
    notices: list[tuple[Notice, str]]

    def ask(self, session: Session = SESSION, way: Way | None = None) -> Settled:
        """She asks."""
        asking = self.office.requests.ask(session, way or Way(chat=8), CHAT)
        kind, _ = asyncio.run(asking)
        return kind

    def write(self, text: str) -> Told:
        """She writes to the team."""
        requests, today = self.office.requests, self.clock.today
        return asyncio.run(requests.write_of(SESSION, Way(chat=8), today, text, CHAT))

    @property
    def said(self) -> Speech:
        """How the team is spoken to."""
        return self.office.exchange.cards.speech

    def key(self, place: int = -1) -> str:
        """The key that stands in a mail."""
        return self.post.mails[place].text.partition("#")[2].split()[0]

    def state(self) -> State | None:
        """How her request stands."""
        row = self.office.store.request(CODE)
        return None if row is None else row.state


@pytest.fixture
def asked(tmp_path: Path, catalogue: Catalogue, clock: Clock) -> Iterator[Asked]:
    """A live office."""
    errors: list[BaseException] = []
    notices: list[tuple[Notice, str]] = []
    desk = Desk(replace(catalogue, demonstration=False), KeyFiles(tmp_path / "keys"), clock)
    store = open_store(tmp_path / "passerelle.db")
    store.bind(NCT, CENTRE, Kind.EMAIL, "team@example.org")
    with Mailbox() as post:
        mail = MailSettings("127.0.0.1", post.port, False, True, "passerelle@example.org")
        settings = Settings(
            live=True, web_host="127.0.0.1", web_port=8080, web_url=WEB,
            keys_dir=tmp_path / "keys", operator=None, telegram=None, mail=mail,
            staff_language="en",
        )  # fmt: skip
        office = open_office(
            settings, store, [desk], errors.append, lambda *told: notices.append(told), clock
        )
        yield Asked(office, post, clock, errors, tmp_path, settings, notices)
    store.close()

    assert [] == errors


def test_the_mail_holds_no_answer_and_no_number(asked: Asked, catalogue: Catalogue) -> None:
    """Study, centre, day, language, a key: that is all, and the subject is neutral."""
    talk = Talk(catalogue).result()
    session = replace(
        talk.session.at(Step.SENDING, CENTRE), details=True, tag=33, trial=1, language="en"
    )

    assert Settled.DONE is asked.ask(session, Way(chat=987654321))

    mail = asked.post.mails[0]

    assert "PALATINE" not in str(mail.message["Subject"])
    assert "cancer" not in str(mail.message["Subject"]).lower()
    assert "987654321" not in mail.text
    assert "HER2" not in mail.text
    assert "Worth" not in mail.text


def test_the_points_ride_behind_the_sign_of_the_link(asked: Asked, catalogue: Catalogue) -> None:
    """Only the reply page opens them, and never a point that touches something private."""
    talk = Talk(catalogue).result(**UNSURE)
    session = replace(
        talk.session.at(Step.SENDING, CENTRE), details=True, tag=33, trial=1, language="en"
    )
    asked.ask(session)
    token, _, note = asked.key().partition(".")
    opened = asked.office.replies.opened(token, note, "en")

    assert opened.result
    assert any("HER2" in point for point in opened.points)
    assert not any("pregnan" in point.lower() for point in opened.points)


def test_without_her_consent_nothing_is_added(asked: Asked) -> None:
    """The link carries the handle alone."""
    asked.ask()

    assert 64 == len(asked.key())


@pytest.mark.parametrize("fault", ["greylist", "full"])
def test_a_refusal_leaves_nothing_behind(asked: Asked, fault: str) -> None:
    """No row, no count towards the limits: she can try as often as it takes."""
    asked.post.fault = fault
    for _ in range(5):
        assert Settled.UNSENT is asked.ask()
        assert asked.state() is None

    asked.post.fault = None

    assert Settled.DONE is asked.ask()
    assert not any("May be a repeat" in mail.text for mail in asked.post.mails)


def test_on_the_web_a_refusal_leaves_no_letter_box(asked: Asked, box: Keys) -> None:
    """It is made before the call, as the answer may be quick."""
    asked.post.fault = "greylist"

    assert Settled.UNSENT is asked.ask(way=Way(box=box))
    assert asked.office.store.mailbox(box.address) is None


def test_a_refusal_for_good_is_told_to_the_operator(asked: Asked) -> None:
    """The mail box does not exist: nobody is offered it until somebody has looked."""
    asked.post.fault = "refuse"
    asked.ask()

    assert [(Notice.CENTRE_AWAY, f"{NCT}/{CENTRE}")] == asked.notices
    assert Settled.FULL is asked.ask()

    asked.post.fault = None
    asked.office.store.mark(Kind.EMAIL, "team@example.org", away=False)

    assert Settled.DONE is asked.ask()


@pytest.fixture
def other(asked: Asked) -> Iterator[sqlite3.Connection]:
    """Another program that holds the database whenever it likes."""
    path = asked.folder / "passerelle.db"
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def test_a_locked_database_costs_her_nothing(asked: Asked, other: sqlite3.Connection) -> None:
    """Neither of her three requests a day, nor a mark on the one that is sent in the end."""
    other.execute("BEGIN IMMEDIATE")
    for _ in range(4):
        assert Settled.UNSENT is asked.ask()
    other.rollback()

    assert Settled.DONE is asked.ask()
    assert "May be a repeat" not in asked.post.mails[0].text
    assert {StoreError} == {type(error) for error in asked.errors}

    asked.errors.clear()


def test_what_is_accepted_and_not_recorded_may_have_arrived(
    asked: Asked, other: sqlite3.Connection
) -> None:
    """She is told so; her next tap stays one request, and says that it may be a repeat."""
    asked.post.mails = Locking([], other)

    assert Settled.UNSURE is asked.ask()

    other.rollback()

    assert State.SENDING is asked.state()

    asked.post.mails = list(asked.post.mails)

    assert Settled.DONE is asked.ask()
    assert [False, True] == ["May be a repeat" in mail.text for mail in asked.post.mails]

    asked.errors.clear()


def test_words_that_arrived_are_sent_whatever_the_record(
    asked: Asked, other: sqlite3.Connection
) -> None:
    """Else she would send them again and again."""
    asked.ask()
    asked.office.store.change(CODE, State.ANSWERED, frozenset({State.SENT}), due_on=None)
    asked.post.mails = Locking([], other)

    assert Told.DONE is asked.write("When can I come?")

    other.rollback()

    assert 1 == len(asked.post.mails)
    assert [StoreError] == [type(error) for error in asked.errors]

    asked.errors.clear()


def test_a_day_without_a_key_sends_nothing(asked: Asked) -> None:
    """A key that is in memory alone dies with the process, and with it the way back to her."""
    folder = asked.folder / "keys"
    asked.office.exchange.keyring()
    asked.clock.today += timedelta(days=1)
    folder.chmod(0o777)

    assert Settled.UNSENT is asked.ask()
    assert asked.state() is None
    assert [] == asked.post.mails

    folder.chmod(0o700)

    assert Settled.DONE is asked.ask()
    assert "May be a repeat" not in asked.post.mails[0].text


def test_a_request_counts_from_the_day_it_was_accepted(asked: Asked, box: Keys) -> None:
    """Six days after a try that broke off: its days, its letter box and what the team reads."""
    asked.post.fault = "drop"
    way = Way(box=box)

    assert Settled.UNSURE is asked.ask(way=way)

    asked.post.fault = None
    asked.clock.today += timedelta(days=6)
    asking = asked.office.requests.ask(SESSION, way, CHAT)
    kind, day = asyncio.run(asking)
    row, held = asked.office.store.request(CODE), asked.office.store.mailbox(box.address)

    assert (Settled.DONE, asked.clock.today) == (kind, day)
    assert row is not None
    assert held is not None
    assert {asked.clock.today + timedelta(days=14)} == {row.until, held[2]}
    assert row.due_on is not None
    assert asked.said.date(row.due_on) in asked.post.mails[-1].text


def test_her_words_go_for_as_long_as_her_request(asked: Asked, box: Keys) -> None:
    """Also when its first try broke off days before, whose key dies sooner."""
    way, first = Way(box=box), asked.clock.today
    asked.post.fault = "drop"
    asked.ask(way=way)
    asked.post.fault = None
    asked.clock.today += timedelta(days=6)

    assert Settled.DONE is asked.ask(way=way)

    asked.clock.today = first + timedelta(days=19)
    work = asked.office.requests.write_of(SESSION, way, first, "Hello", CHAT)

    assert Told.DONE is asyncio.run(work)

    token, _, note = asked.key().partition(".")

    assert "Hello" == asked.office.replies.opened(token, note, "en").text


def test_what_may_have_arrived_is_not_sent_without_end(asked: Asked) -> None:
    """Thirty times in an hour; nothing more reaches the centre then, and nothing else is said."""
    asked.post.fault = "late drop"
    kinds = {asked.ask() for _ in range(35)}

    assert {Settled.UNSURE} == kinds
    assert 31 == len(asked.post.mails)


def test_what_may_have_arrived_keeps_its_receipt(asked: Asked) -> None:
    """The channel went away after a try that broke off: the centre may have that one."""
    asked.post.fault = "late drop"
    asked.ask()
    asked.office.store.mark(Kind.EMAIL, "team@example.org", away=True)

    assert Settled.UNSURE is asked.ask()


def test_an_end_survives_a_backup(asked: Asked) -> None:
    """The database of before comes back: nothing is revived, and the operator is told."""
    asked.ask()
    file, backup = asked.folder / "passerelle.db", asked.folder / "backup.db"
    shutil.copy(file, backup)
    asyncio.run(asked.office.requests.end_of(SESSION, Way(chat=8), asked.clock.today))
    asked.office.store.close()
    shutil.copy(backup, file)
    told: list[tuple[Notice, str]] = []
    desk = Desk(asked.office.exchange.catalogue(), KeyFiles(asked.folder / "keys"), asked.clock)
    with open_store(file) as store:
        office = open_office(
            asked.settings, store, [desk], asked.errors.append, lambda *one: told.append(one),
            asked.clock,
        )  # fmt: skip

        assert [(Notice.RESTORED, "1")] == told
        assert Told.OVER is asyncio.run(office.replies.reply(asked.key(0), "Hello"))
        assert (Settled.OVER, asked.clock.today) == asyncio.run(
            office.requests.ask(SESSION, Way(chat=8), CHAT)
        )


def test_her_words_wait_while_the_team_cannot_be_reached(asked: Asked) -> None:
    """The request is not over for that."""
    asked.ask()
    asked.office.store.mark(Kind.EMAIL, "team@example.org", away=True)

    assert Told.LATER is asked.write("Hello")
    assert State.SENT is asked.state()


def test_her_words_do_not_end_a_silence(asked: Asked) -> None:
    """Only who had answered is given days again."""
    asked.ask()
    before = asked.office.store.request(CODE)
    asked.clock.today += timedelta(days=1)
    asked.write("Have you seen it?")

    assert before == asked.office.store.request(CODE)

    asked.office.store.change(CODE, State.ANSWERED, frozenset({State.SENT}), due_on=None)
    asked.write("And on Friday?")
    after = asked.office.store.request(CODE)

    assert after is not None
    assert State.SENT is after.state
    assert after.due_on is not None


@pytest.mark.parametrize(("fault", "arrived"), [("drop", 0), ("late drop", 1)])
def test_a_broken_connection_is_not_sent_yet(asked: Asked, fault: str, arrived: int) -> None:
    """Nobody knows whether it arrived: the next one may be a repeat and says so."""
    asked.post.fault = fault

    assert Settled.UNSURE is asked.ask()
    assert State.SENDING is asked.state()
    assert arrived == len(asked.post.mails)

    asked.post.fault = None

    assert Settled.DONE is asked.ask()
    assert State.SENT is asked.state()
    assert "May be a repeat" in asked.post.mails[-1].text
    assert 1 == len({mail.message["Message-ID"] for mail in asked.post.mails})


def test_a_centre_that_cannot_be_reached_any_more_shows_its_own_contact(asked: Asked) -> None:
    """It was unbound while she read the preview."""
    asked.office.store.unbind(NCT, CENTRE)

    assert Settled.FULL is asked.ask()
    assert asked.state() is None


def test_a_request_of_old_is_begun_anew(asked: Asked) -> None:
    """After its fourteen days the same button asks again, even before the rounds came by."""
    asked.ask()
    asked.clock.today = date(2026, 3, 24)

    assert Settled.DONE is asked.ask()
    assert 2 == len(asked.post.mails)


def test_her_words_are_in_no_mail(asked: Asked) -> None:
    """They ride sealed behind the sign of the link, which the reply page opens."""
    asked.ask()

    assert Told.DONE is asked.write("When can I come? Ω 🙂")

    token, _, note = asked.key().partition(".")
    mail = asked.post.mails[-1]

    assert "When can I come" not in mail.raw.decode()
    assert "When can I come" not in mail.text
    assert "When can I come? Ω 🙂" == asked.office.replies.opened(token, note, "en").text


@pytest.mark.parametrize(
    ("text", "told"),
    [("", Told.EMPTY), (" \n ", Told.EMPTY), ("a" * 1000, Told.DONE), ("a" * 1001, Told.LONG)],
)
def test_how_long_her_words_may_be(asked: Asked, text: str, told: Told) -> None:
    """One to a thousand characters."""
    asked.ask()

    assert told is asked.write(text)


@pytest.mark.parametrize(
    ("fault", "told"),
    [("greylist", Told.LATER), ("refuse", Told.LATER), ("late drop", Told.UNSURE)],
)
def test_what_became_of_her_words_is_said(asked: Asked, fault: str, told: Told) -> None:
    """Certainly not there, or nobody knows."""
    asked.ask()
    asked.post.fault = fault

    assert told is asked.write("Hello")


def test_her_words_go_nowhere_once_it_is_over(asked: Asked) -> None:
    """Nor before there is a request at all."""
    assert Told.OVER is asked.write("Hello")

    asked.ask()
    asyncio.run(asked.office.requests.end_of(SESSION, Way(chat=8), asked.clock.today))

    assert Told.OVER is asked.write("Hello")


def test_who_writes_without_end_is_asked_to_wait(asked: Asked) -> None:
    """Thirty texts in an hour."""
    asked.ask()
    told = [asked.write(f"text {number}") for number in range(31)]

    assert [Told.DONE] * 30 + [Told.LATER] == told


@pytest.fixture
def box() -> Keys:
    """A letter box of the web page."""
    return stretched(new_receipt(b"secret", CODE))


def test_on_the_web_a_letter_box_comes_with_the_request(asked: Asked, box: Keys) -> None:
    """It is sealed; trying again changes nothing in it, and with the end it goes."""
    way = Way(box=box)
    asked.ask(way=way)
    held = asked.office.store.mailbox(box.address)

    assert held is not None
    assert box.public == held[0]

    asked.ask(way=way)

    assert held == asked.office.store.mailbox(box.address)

    asyncio.run(asked.office.requests.end_of(SESSION, way, asked.clock.today))

    assert asked.office.store.mailbox(box.address) is None


def test_the_end_is_mailed_to_the_team(asked: Asked) -> None:
    """A mail cannot be changed, so the last word is a mail of its own, without a key."""

    async def ended() -> Settled:
        done = await asked.office.requests.end_of(SESSION, Way(chat=8), asked.clock.today)
        await asked.office.exchange.close()
        return done

    asked.ask()

    assert Settled.DONE is asyncio.run(ended())
    assert 2 == len(asked.post.mails)
    assert "#" not in asked.post.mails[-1].text
    assert State.ENDED is asked.state()
