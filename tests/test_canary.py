"""Marked people ask, write and are answered; then everything that was written is searched for them.

The real program with every logger at its finest, a staff group, a mail box, the web page, a link of
a group, a summary with notes. Sought are her name, her number (decimal, hexadecimal, as bytes, in
base64), a telephone number and her words: in the database and its journals (caught while they are
there), in logs, in temporary files, in the mails themselves, in feeds and figures, in the link that
leads her to the web page, and in what her PDF tells of itself. A program that leaks on purpose is
found out.
"""

import http.client
import io
import os
import re
import struct
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest

from bot.cli.main import main
from bot.outreach.books import closed
from bot.outreach.disclosure import disclosed
from bot.store.records import Announcement, Key, Kind
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import Answers
from tests import link_fixtures
from tests.fakes.telegram import Chat, FakeTelegram, Person
from tests.link_fixtures import link
from tests.mail_fixtures import Mailbox
from tests.papers import paper
from tests.program_fixtures import NCT, Place, Program, free

LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from bot.cli.main import main
for name in list(logging.root.manager.loggerDict):
    logging.getLogger(name).setLevel(logging.DEBUG)
sys.exit(main([]))
"""
#: The same program, but it writes down whom a request comes from, and what was written.
LEAKY = (
    """
import os, tempfile
from bot.contact.requests import Requests
ask, write = Requests.ask, Requests.write
async def asked(self, session, way, *rest, **named):
    with open("crash.log", "a") as log:
        log.write(f"request of {way.chat:x}\\n")
    return await ask(self, session, way, *rest, **named)
async def wrote(self, handle, text, source):
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
    return await write(self, handle, text, source)
Requests.ask, Requests.write = asked, wrote
"""
    + LOUD
)
NUMBER = 7_261_004_417_903
NAME = "Zoraïde Bird-5518"
PHONE = "06 39 98 44 17"
WORDS = "canary: my left side hurts since Tuesday"
ANSWER = "Sparrow-7719 will see you on Tuesday"
#: She has answered one question: who answered none has no points to add.
SESSION = Session(
    language="en", step=Step.CONTACT, focus=1, whom=Whom.SELF, trial=1, tag=0x99,
    answers=Answers().replaced({1: 1}),
)  # fmt: skip
SECRET = "a-sample-secret-of-web"  # noqa: S105 - a sample


def marks() -> dict[str, bytes]:
    """All spellings of what must be nowhere."""
    found = {text: text.encode() for text in ("Zoraïde", "Bird-5518", "canary", "Sparrow", PHONE)}
    found["phone without blanks"] = PHONE.replace(" ", "").encode()
    found["decimal"] = str(NUMBER).encode()
    found["hexadecimal"] = f"{NUMBER:x}".encode()
    found["capital hexadecimal"] = f"{NUMBER:X}".encode()
    for order, name in (("<", "little"), (">", "big")):
        raw = struct.pack(f"{order}Q", NUMBER)
        found[f"{name} endian"] = raw.strip(b"\0")
        found[f"{name} endian in base64"] = b64encode(raw).rstrip(b"=")[:-1]
    found["decimal in base64"] = b64encode(str(NUMBER).encode()).rstrip(b"=")[:-1]
    found["decimal in base64 of addresses"] = urlsafe_b64encode(str(NUMBER).encode())[:-3]
    return found


def found_in(content: bytes) -> set[str]:
    """The names of the marks that stand in `content`."""
    return {name for name, mark in marks().items() if mark in content}


@pytest.fixture
def post() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as mailbox:
        yield mailbox


def _asks(place: Place, telegram: FakeTelegram, person: Person, centre: int) -> None:
    """She asks a centre, points included, from an older button of hers."""
    binding = b"telegram:%d:%d" % (int(telegram.token.partition(":")[0]), person.id)
    session = replace(SESSION, focus=centre)
    person.tap(person.last, forged=place.token(binding, session, Action.ASK))
    telegram.settle()
    person.tap(person.last, "Add the result")
    telegram.settle()
    person.tap(person.last, "Send the request")
    telegram.settle(20)

    assert "The request is sent" in person.last.text


def _writes(telegram: FakeTelegram, person: Person) -> None:
    """She writes to the team, with all that could tell who she is."""
    person.tap(person.last, "Write to the team")
    telegram.settle()
    person.say(f"{WORDS}. I am {NAME}, {PHONE}", reply_to=person.last)
    telegram.settle()

    assert "Your text seems to contain a phone number" in person.last.text

    person.tap(person.last, "Send this text")
    telegram.settle(20)

    assert "The text is sent" in person.last.text


def _page(port: str, path: str, **fields: str) -> str:
    """The page that answers a form."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(fields), kind)
    html = connection.getresponse().read().decode()
    connection.close()
    return unescape(html)


def _on_the_web(place: Place, port: str, post: Mailbox) -> None:
    """The same on the page: request, answer, receipt, her words."""
    session = replace(SESSION, tag=0x98, step=Step.PREVIEW)
    token = place.token(b"web:" + SECRET.encode(), session, Action.CONFIRM)
    before = len(post.mails)
    sent = _page(port, "/?lang=en", s=SECRET, t=token)
    receipt = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", sent)

    assert receipt is not None

    key = post.mails[before].text.partition("#")[2].split()[0]
    _page(port, "/reply?lang=en", k=key, op="reply", text=ANSWER, sure="1")

    assert ANSWER in _page(port, "/receipt?lang=en", r=receipt[0])

    text = f"{WORDS} {PHONE}"
    _page(port, "/receipt?lang=en", r=receipt[0], op="write", text=text, sure="1")

    assert WORDS in _page(port, "/receipt?lang=en", r=receipt[0])


def _team_answers(telegram: FakeTelegram, lead: Person, group: Chat, patient: Person) -> None:
    """A coordinator replies to the card."""
    card = next(one for one in group.messages if one.from_bot and "request" in one.text)
    group.say(lead, ANSWER, reply_to=card)
    telegram.settle(20)

    assert ANSWER in patient.last.text


def _links(place: Place) -> None:
    """A group shares a link; people came by it last week, and a study was told of in public."""
    with open_store(place.folder / "passerelle.db") as store:
        link(store)
        week = closed(date.today())
        store.count({Key(week, 1, NCT, "en", step): 40 for step in ("opened", "finished")})
        store.publish(week.__eq__, disclosed)
        store.announce(Announcement(NCT, "closed", date.today(), "en"))


def _summary(place: Place, telegram: FakeTelegram, person: Person) -> None:
    """She comes by the link, notes her questions on the summary, and gets it as a file."""
    person.say("/start rose")
    telegram.settle()
    binding = b"telegram:%d:%d" % (int(telegram.token.partition(":")[0]), person.id)
    summary = replace(SESSION, step=Step.SUMMARY, campaign=1, tag=0x97)
    person.tap(person.last, forged=place.token(binding, summary, Action.SHOW))
    telegram.settle()
    person.say(f"{WORDS}. I am {NAME}, {PHONE}", reply_to=person.last)
    telegram.settle()

    assert WORDS in person.last.text

    note = person.last
    person.tap(note, "Get a PDF")
    telegram.settle()
    made = person.last.options["content"]

    assert WORDS in paper(made).words

    # What she gets holds her words; what it says of itself, to whoever has the file, must not.
    told = "\n".join(paper(made).metadata.values()).encode()
    (place.folder / "exports").mkdir(exist_ok=True)
    (place.folder / "exports" / "summary.pdf").write_bytes(made + told)
    way = note.button("Share from the web").url
    (place.folder / "exports" / "way.txt").write_text(way, encoding="utf-8")


def _exports(place: Place, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that others may ask the service for."""
    exports = place.folder / "exports"
    monkeypatch.setenv("DB_FILE", str(place.folder / "passerelle.db"))
    for form in ("--csv", "--json"):
        out = io.StringIO()
        with redirect_stdout(out):
            assert 0 == main(["stats", form])
        (exports / f"stats{form}").write_text(out.getvalue(), encoding="utf-8")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    for name in ("news.en.atom", "news.fr.atom"):
        connection.request("GET", f"/{name}")
        (exports / name).write_bytes(connection.getresponse().read())
    connection.close()
    for name, more in (("figures.html", {}), ("figures.csv", {"op": "csv"})):
        page = _page(port, "/stats?lang=en", k=link_fixtures.SECRET, **more)
        (exports / name).write_text(page, encoding="utf-8")

        assert "40" in page


class _Journals(Thread):
    """Keeps each journal of a database: a second name outlives the removal of the first."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._journal = folder / "passerelle.db-journal"
        self._kept = folder / "journals"
        self._over = False

    def run(self) -> None:
        """Looks until it is over."""
        self._kept.mkdir()
        while not self._over:
            with suppress(OSError):
                number = self._journal.stat().st_ino
                os.link(self._journal, self._kept / str(number))

    def end(self) -> None:
        """It is over."""
        self._over = True
        self.join()


@pytest.fixture
def everything(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    catalogue: Catalogue,
    telegram: FakeTelegram,
    post: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Place, Program, Mailbox]]:
    """After a whole run of a program; it is still there."""
    telegram.faults.lax = True
    place = Place(tmp_path / "place", catalogue)
    place.folder.mkdir()
    lead = telegram.person(language="en")
    patient = telegram.person(NUMBER, first_name="Zoraïde", last_name="Bird-5518", language="en")
    group = telegram.group("Study team")
    group.add_bot(lead)
    place.bind(Kind.EMAIL, "team@example.org", 1)
    place.bind(Kind.GROUP, str(group.id), 2)
    _links(place)
    port = free()
    environment = {
        "BOT_TOKEN": telegram.token,
        "BOT_API_URL": telegram.url,
        "DEMO": "1",
        "DEMO_CHATS": "*",
        "DOUBLE_TAP_SECONDS": "0",
        "WEB_PORT": port,
        "WEB_URL": "https://passerelle.example.org",
        "SMTP_URL": post.url,
        "SMTP_FROM": "passerelle@example.org",
    }
    journals = _Journals(place.folder)
    journals.start()
    program = Program(place.folder, environment, getattr(request, "param", LOUD))
    try:
        _run(telegram, (lead, patient, group), program, place, port, post)
        _exports(place, port, monkeypatch)
        journals.end()
        yield place, program, post
    finally:
        journals.end()
        program.end()


def _run(
    telegram: FakeTelegram,
    people: tuple[Person, Person, Chat],
    program: Program,
    place: Place,
    port: str,
    post: Mailbox,
) -> None:
    """Everything that people can do."""
    lead, patient, group = people
    program.ready(b"https://t.me/")
    patient.say(f"/start {WORDS}")
    telegram.settle()
    _asks(place, telegram, patient, 2)
    _team_answers(telegram, lead, group, patient)
    patient.tap(patient.last, "Answer")
    telegram.settle()
    patient.say(f"{WORDS}. I am {NAME}, {PHONE}", reply_to=patient.last)
    telegram.settle()
    patient.tap(patient.last, "Send this text")
    telegram.settle(20)
    _asks(place, telegram, patient, 1)
    _writes(telegram, patient)
    _on_the_web(place, port, post)
    _summary(place, telegram, patient)


def test_nothing_that_tells_who_she_is_is_written(
    everything: tuple[Place, Program, Mailbox],
) -> None:
    """Neither while the program runs nor after its end, in no file and no mail."""
    place, program, post = everything

    def files() -> dict[str, set[str]]:
        return {
            str(path.relative_to(place.folder)): found_in(path.read_bytes())
            for path in place.folder.rglob("*")
            if path.is_file()
        }

    running = files()
    mails = [found_in(mail.raw + mail.text.encode()) for mail in post.mails]
    program.end()
    ended = files()

    assert "passerelle.db" in running
    assert [name for name in running if name.startswith("journals/")]
    assert 8 == len([name for name in running if name.startswith("exports/")])
    assert set() == set().union(*running.values(), *ended.values())
    assert len(mails) >= 4
    assert set() == set().union(*mails)


@pytest.mark.parametrize("everything", [LEAKY], indirect=True, ids=["leaky"])
def test_a_program_that_leaks_is_found_out(everything: tuple[Place, Program, Mailbox]) -> None:
    """In the file that it forgot, and in the one that it believed to be gone."""
    place, _, _ = everything
    found = {
        name
        for path in place.folder.rglob("*")
        if path.is_file()
        for name in found_in(path.read_bytes())
    }

    assert {"hexadecimal", "canary", PHONE} <= found


def test_the_search_finds_what_it_seeks(tmp_path: Path) -> None:
    """Each mark, in each spelling, is found where it does stand."""
    for name, mark in marks().items():
        assert name in found_in(b"\x01\xff" + mark + b"\n"), name
    assert "little endian" in found_in(struct.pack("<QQ", 5, NUMBER))
    assert "decimal in base64" in found_in(b64encode(f"{NUMBER}".encode()))
    assert set() == found_in(b"nothing of that")
