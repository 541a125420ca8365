"""The process is killed (SIGKILL) at every await between *confirm* and *sent*.

Each row of a table is a moment: what she sees after it, what the centre has, what the row says; and
the same after the program has come back and she (or Telegram, or her browser) has tried again. At
no moment is anything lost, and only between acceptance and record can a second card appear, marked
as a possible repeat.
"""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.store.records import Kind, State
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.wire.code import code_of
from tests.fakes.telegram import Chat, FakeTelegram, Person
from tests.mail_fixtures import Mail, Mailbox
from tests.program_fixtures import Place, Program, free
from tests.telegram_fixtures import worded

SESSION = Session(
    language="en", step=Step.PREVIEW, focus=1, whom=Whom.SELF, trial=1, tag=0x77, attempt=0
)
CODE = code_of(0x77, 1, 1, 0)
SECRET = "a-sample-secret-of-web"  # noqa: S105 - a sample

#: The program, which ends itself without a word at the moment MOMENT.
KILLED = """
import os, signal, sys
from bot.channels.telegram.api import Api
from bot.cli.main import main
from bot.contact.exchange import Exchange
from bot.contact.requests import Requests
from bot.store.records import State
from bot.store.sqlite import SqliteStore
import aiosmtplib

MOMENT = {moment!r}

def die(moment):
    if moment == MOMENT:
        os.kill(os.getpid(), signal.SIGKILL)

def around(owner, name, before, after, when=lambda arguments: True):
    work = getattr(owner, name)
    def sync(*arguments, **named):
        if when(arguments):
            die(before)
        done = work(*arguments, **named)
        if when(arguments):
            die(after)
        return done
    setattr(owner, name, sync)

def around_async(owner, name, before, after, when=lambda arguments: True):
    work = getattr(owner, name)
    async def later(*arguments, **named):
        if when(arguments):
            die(before)
        done = await work(*arguments, **named)
        if when(arguments):
            die(after)
        return done
    setattr(owner, name, later)

def says(word):
    return lambda arguments: word in str(arguments[-1])

around_async(Requests, "ask", "asked", "answered")
around(SqliteStore, "begin", "before begin", "after begin")
around_async(Exchange, "deliver", "before delivery", "accepted")
around(SqliteStore, "change", "before record", "recorded", lambda a: a[2] is State.SENT)
around_async(aiosmtplib.SMTP, "data", "before data", "after data")
around_async(Api, "edit", "before a screen", "after a screen")
sys.exit(main([]))
"""


@pytest.fixture
def place(tmp_path: Path, catalogue: Catalogue) -> Place:
    """A fresh installation."""
    return Place(tmp_path, catalogue)


def _cards(group: Chat) -> tuple[int, int]:
    """How many cards a staff group has, and how many of them are marked as a possible repeat."""
    cards = [one.text for one in group.messages if one.from_bot and "request" in one.text]
    return len(cards), sum("May be a repeat" in card for card in cards)


def _screen(person: Person) -> str:
    return worded(person.last.text).partition("\n")[0]


#: moment: her screen, the row and the cards when it is killed; cards and repeats in the end.
TELEGRAM = {
    "before a screen": (None, None, 0, (1, 0)),
    "asked": ("One moment…", None, 0, (1, 0)),
    "after begin": ("One moment…", State.SENDING, 0, (1, 1)),
    "accepted": ("One moment…", State.SENDING, 1, (2, 1)),
    "recorded": ("One moment…", State.SENT, 1, (1, 0)),
}


@pytest.fixture
def lax(telegram: FakeTelegram) -> FakeTelegram:
    """A server that lets an older button of hers through."""
    telegram.faults.lax = True
    return telegram


@pytest.mark.parametrize("moment", TELEGRAM)
def test_in_a_chat_nothing_is_lost(place: Place, lax: FakeTelegram, moment: str) -> None:
    """A staff group: Telegram delivers her tap again, and it ends with *sent*, always."""
    screen, row, cards, end = TELEGRAM[moment]
    environment = {
        "BOT_TOKEN": lax.token,
        "BOT_API_URL": lax.url,
        "DEMO": "1",
        "DEMO_CHATS": "*",
        "WEB_PORT": free(),
        "WEB_URL": "https://passerelle.example.org",
    }
    lead, patient = lax.person(language="en"), lax.person(language="en")
    group = lax.group("Study team")
    group.add_bot(lead)
    place.bind(Kind.GROUP, str(group.id))
    program = Program(place.folder, environment, KILLED.format(moment=moment))
    try:
        program.ready(b"https://t.me/")
        patient.say("/start")
        lax.settle()
        bot = int(lax.token.partition(":")[0])
        binding = b"telegram:%d:%d" % (bot, patient.id)
        patient.tap(patient.last, forged=place.token(binding, SESSION, Action.CONFIRM))

        assert program.died()
        assert screen in (None, _screen(patient))
        assert row is place.state(CODE)
        assert (cards, 0) == _cards(group)
    finally:
        program.end()

    again = Program(place.folder, environment)
    try:
        again.ready(b"https://t.me/")
        lax.settle(20)

        assert "The request is sent" == _screen(patient)
        assert State.SENT is place.state(CODE)
        assert end == _cards(group)
    finally:
        again.end()


#: moment: the row and the mails when it is killed; mails, different Message-IDs and repeats in the
#: end.
WEB = {
    "asked": (None, 0, (1, 1, 0)),
    "after begin": (State.SENDING, 0, (1, 1, 1)),
    "before data": (State.SENDING, 0, (1, 1, 1)),
    "after data": (State.SENDING, 1, (2, 1, 1)),
    "recorded": (State.SENT, 1, (1, 1, 0)),
}


@pytest.fixture
def post() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as mailbox:
        yield mailbox


def _press(port: str, token: str) -> str:
    """The title of the page after a press; an error when the server dies."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    try:
        connection.request(
            "POST", "/?lang=en", urlencode({"s": SECRET, "t": token}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        html = connection.getresponse().read().decode()
    finally:
        connection.close()
    return html.partition('tabindex="-1"')[2].partition(">")[2].partition("<")[0]


def _mails(found: list[Mail]) -> tuple[int, int, int]:
    """How many mails, how many different ones, how many marked as a possible repeat."""
    repeats = sum("May be a repeat" in mail.text for mail in found)
    return len(found), len({mail.message["Message-ID"] for mail in found}), repeats


@pytest.mark.parametrize("moment", WEB)
def test_on_the_web_nothing_is_lost(place: Place, post: Mailbox, moment: str) -> None:
    """A mail box: her browser shows that it failed; pressing again ends with *sent*, always."""
    row, mails, end = WEB[moment]
    port = free()
    environment = {
        "WEB_PORT": port,
        "SMTP_URL": post.url,
        "SMTP_FROM": "passerelle@example.org",
    }
    place.bind(Kind.EMAIL, "team@example.org")
    program = Program(place.folder, environment, KILLED.format(moment=moment))
    try:
        program.ready(b"http://127.0.0.1")
        token = place.token(b"web:" + SECRET.encode(), SESSION, Action.CONFIRM)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            _press(port, token)

        assert program.died()
        assert row is place.state(CODE)
        assert mails == len(post.mails)
    finally:
        program.end()

    again = Program(place.folder, environment)
    try:
        again.ready(b"http://127.0.0.1")

        assert "The request is sent" == _press(port, token)
        assert "The request is sent" == _press(port, token)
        assert State.SENT is place.state(CODE)
        assert end == _mails(post.mails)
    finally:
        again.end()
