"""The pages beside the conversation over real HTTP, read and pressed as a browser does it."""

import asyncio
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web import web_app
from bot.contact import mailbox
from bot.contact.mailbox import new_receipt, stretched
from bot.contact.office import Office
from bot.contact.requests import Way
from bot.desk import Desk
from bot.events import Notice
from bot.store import guarded, sqlite
from bot.store.keyfiles import KeyFiles
from bot.store.records import State
from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action, Step
from dialogs.wire.code import code_of
from dialogs.wire.pack import Tap
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, office_at
from tests.web_fixtures import Served, serving

__all__ = [
    "LANGUAGES",
    "NASTY",
    "Asked",
    "Form",
    "Pages",
    "Sheet",
    "hasty",
    "opening",
    "pages",
    "shared",
    "stalled",
]

LANGUAGES = ("en", "fr")
#: A text that would do something, were it taken for anything but a text.
NASTY = "<script>alert(1)</script>&\"' {{ 7 * 7 }} %(name)s &amp;"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PATIENCE = 20

T = TypeVar("T")


@dataclass
class Form:
    """A form of a page as one of its buttons sends it: where to, what it holds, and the label."""

    action: str
    method: str
    identity: str
    fields: dict[str, str] = field(default_factory=dict)
    label: str = ""

    @property
    def path(self) -> str:
        """Where it posts to, without what is asked for there."""
        return self.action.partition("?")[0]


@dataclass
class Sheet(HTMLParser):
    """One page as a plain reader finds it; elements are noted with the text in them."""

    status: int
    headers: dict[str, str]
    html: str
    language: str = ""
    forms: list[Form] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    _found: list[Form] = field(default_factory=list)
    _buttons: list[tuple[dict[str, str | None], int, str]] = field(default_factory=list)
    _open: list[tuple[str, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)
        for button, within, label in self._buttons:
            owner = button.get("form")
            named = [form for form in self._found if owner and form.identity == owner]
            form = named[0] if named else self._found[within]
            pressed = {button.get("name") or "": button.get("value") or ""}
            pressed.pop("", None)
            self.forms.append(replace(form, fields=form.fields | pressed, label=label))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a form begins, or gets a field or a button."""
        found = dict(attrs)
        self.tags.append((tag, found))
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "html":
            self.language = found.get("lang") or ""
        elif tag == "form":
            method = found.get("method") or "get"
            self._found.append(Form(found.get("action") or "", method, found.get("id") or ""))
        elif tag in ("input", "textarea") and name:
            self._found[-1].fields[name] = value
        elif tag == "button" and found.get("type") != "button":
            self._buttons.append((found, len(self._found) - 1, ""))
        if tag not in ("input", "meta", "link", "br", "path"):
            self._open.append((found.get("class") or tag if tag == "p" else tag, []))
        if tag == "textarea":
            self._open[-1] = (f"textarea {name}", [])

    def handle_data(self, data: str) -> None:
        """Words are in all elements that are open."""
        for _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """An element is whole."""
        if tag == "path":
            return
        name, words = self._open.pop()
        text = "".join(words)
        self.texts.append((name, text))
        if tag == "button" and self._buttons and not self._buttons[-1][2]:
            self._buttons[-1] = (*self._buttons[-1][:2], text.strip())
        elif tag == "textarea":
            self._found[-1].fields[name.partition(" ")[2]] = text

    def all(self, name: str) -> list[str]:
        """The texts of all elements called `name`: a tag, or the class of a paragraph."""
        return [text for found, text in self.texts if found == name]

    @property
    def title(self) -> str:
        """The heading."""
        (title,) = self.all("h1")
        return title

    @property
    def notice(self) -> str:
        """What came of the last press; empty when nothing did."""
        return "".join(self.all("notice"))

    @property
    def words(self) -> str:
        """All that the page shows."""
        return self.all("body")[0]

    @property
    def labels(self) -> list[str]:
        """The words of all buttons."""
        return [form.label for form in self.forms]

    def form(self, label: str) -> Form:
        """The form whose button says `label`."""
        found = [form for form in self.forms if form.label == label]

        assert 1 == len(found), f"{label!r} is not one of {self.labels}"

        return found[0]


@dataclass(frozen=True)
class Asked:
    """A request as its two sides hold it: the key of the centre's letter, and her receipt."""

    code: str
    key: str
    receipt: str


class _Late:
    """An application that is made where it is served: a store is used by one thread only."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._app is None:
            self.loop = asyncio.get_running_loop()
            self._app = self._make()
        await self._app(scope, receive, send)


@dataclass
class Pages:
    """The demonstration's pages, and the office behind them."""

    folder: Path
    desk: Desk
    served: Served
    office: Office
    loop: asyncio.AbstractEventLoop
    errors: list[BaseException]
    _count: int = 0

    @property
    def store(self) -> sqlite.SqliteStore:
        """The office's."""
        return cast(sqlite.SqliteStore, self.office.store)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` where the office is, and gives what it returns or raises."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_PATIENCE)

    def do(self, work: Callable[[], T]) -> T:
        """The same for a plain function."""

        async def done() -> T:
            return work()

        return self.run(done())

    def get(self, path: str, method: str = "GET", **headers: str) -> Sheet:
        """A page that was asked for."""
        return self._sheet(method, path, None, headers)

    def send(self, path: str, body: bytes, **headers: str) -> Sheet:
        """A page that follows `body` as it is."""
        return self._sheet("POST", path, body, {**_FORM, **headers})

    def post(self, path: str, **fields: str) -> Sheet:
        """A page that follows a form with these fields; in English unless `lang` is among them."""
        return self.send(path, urlencode({"lang": "en", **fields}).encode())

    def press(self, sheet: Sheet, label: str, **typed: str) -> Sheet:
        """The page after a press of a button, with `typed` in fields of the form it sends.

        A form holds what a browser would send: its hidden fields and what is typed into others.
        """
        form = sheet.form(label)

        assert "post" == form.method
        assert typed.keys() <= form.fields.keys()

        # A browser sends line ends as CR and LF.
        fields = {name: re.sub("\r?\n", "\r\n", value) for name, value in form.fields.items()}
        return self.send(form.action, urlencode({**fields, **typed}).encode())

    def _sheet(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Sheet:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        screen = self.served.ask(method, path, body, named)
        return Sheet(screen.status, screen.headers, screen.html)

    def say(self, english: str, language: str = "en") -> str:
        """A text of the templates."""
        return self.desk.catalogue.speeches[language].gettext(english)

    def day(self, day: date, language: str = "en") -> str:
        """A day written out."""
        return self.desk.catalogue.speeches[language].date(day)

    def phrase(self, name: str, language: str = "en", **values: Any) -> str:
        """A text of the dialogs."""
        return self.desk.catalogue.speeches[language].say(name, **values)

    def ask(self, receipt: str = "", **session: Any) -> Asked:
        """Somebody asks a sample centre on the web page; each time another person."""
        self._count += 1
        tag = self._count
        asks = Session(
            **{"language": "en", "step": Step.SENDING, "focus": CENTRE, "trial": 1, **session},
            tag=tag,
        )
        code = code_of(tag, 1, CENTRE, 0)
        receipt = receipt or new_receipt(b"her page's secret", code)
        way = Way(box=stretched(receipt))
        kind, _ = self.run(self.office.requests.ask(asks, way, b"tag:%d" % tag))

        assert Settled.DONE is kind

        # Limits are of no interest here, and a file asks more in a day than they have room for.
        self.do(self.office.limits._asked.clear)
        return Asked(code, self.key(), receipt)

    def key(self) -> str:
        """The key of the newest letter."""
        assert self.office.inbox is not None

        return (self.office.inbox.letters[0].link or "").partition("#")[2]

    def state(self, asked: Asked) -> State | None:
        """How a request stands."""
        row = self.do(lambda: self.office.store.request(asked.code))
        return None if row is None else row.state

    def kept(self) -> dict[str, Any]:
        """All that the store holds, and the letters that the sample centres have."""
        assert self.office.inbox is not None

        return {**self.do(self.store.everything), "letters": self.office.inbox.letters}

    def lines(self, asked: Asked) -> list[str]:
        """What waits in her letter box: texts, or what the centre did."""
        box = self.run(self.office.letterbox.read(asked.receipt, b"test"))

        assert box is not None

        return [line.text or ("" if line.event is None else line.event.value) for line in box.lines]

    def token(self, secret: str, session: Session, action: Action) -> str:
        """A button on the page with this secret."""
        layout = self.desk.catalogue.layout
        payload = layout.with_tap(layout.pack(session), Tap(action))
        return self.do(lambda: self.desk.keyring().seal(payload, b"web:" + secret.encode()))

    def crowded(self, count: int) -> None:
        """Waits until so many receipts are stretched or wait for it."""
        limit = time.monotonic() + _PATIENCE
        while self.do(lambda: sum(self.office.letterbox._waiting.values())) < count:
            if time.monotonic() > limit:
                raise TimeoutError
            time.sleep(0.01)

    @contextmanager
    def locked(self, *, reading: bool = False) -> Iterator[None]:
        """Another program holds the database; with `reading` it can still be read."""
        held = sqlite3.connect(self.folder / "passerelle.db", isolation_level=None)
        held.execute("BEGIN IMMEDIATE" if reading else "BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            held.execute("ROLLBACK")
            held.close()

    def reported(self) -> list[str]:
        """The kinds of the errors that were reported so far; they are forgiven."""
        kinds = [type(error).__name__ for error in self.errors]
        self.errors.clear()
        return kinds


@contextmanager
def opening(folder: Path, desk: Desk, clock: Clock) -> Iterator[Pages]:
    """The service over what `folder` holds, until it stops; no error may be left."""
    errors: list[BaseException] = []
    offices: list[Office] = []

    def make() -> ASGIApp:
        office = office_at(folder, desk, clock, errors.append, _unheard)
        office.snapshot.refresh()
        offices.append(office)
        return web_app(desk, errors.append, office)

    late = _Late(make)
    with serving(late, errors) as served:
        assert 200 == served.ask(path="/static/key.js").status
        assert late.loop is not None

        pages = Pages(folder, desk, served, offices[0], late.loop, errors)
        yield pages
        pages.run(offices[0].exchange.close())
        pages.do(pages.store.close)

    assert [] == errors


@contextmanager
def stalled() -> Iterator[None]:
    """Until it is left no receipt is stretched to its end."""
    go, real = threading.Event(), mailbox.stretched

    def held(receipt: str) -> mailbox.Keys:
        go.wait(_PATIENCE)
        return real(receipt)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailbox, "stretched", held)
        try:
            yield
        finally:
            go.set()


def _unheard(_notice: Notice, _name: str) -> None:
    """The operator is not of interest here."""


@pytest.fixture(scope="module")
def hasty() -> Iterator[None]:
    """A lock is waited for, and a receipt stretched, as long as a test can."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guarded, "_PATIENCE", 0.02)
        patch.setitem(mailbox._COST, "n", 1 << 8)
        yield


@pytest.fixture
def pages(tmp_path: Path, desk: Desk, clock: Clock, hasty: None) -> Iterator[Pages]:
    """A demonstration of its own, on the days of `clock`."""
    with opening(tmp_path, desk, clock) as found:
        yield found


@pytest.fixture(scope="module")
def shared(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, hasty: None
) -> Iterator[Pages]:
    """One demonstration for the tests of a file: each asks for its own requests."""
    folder, clock = tmp_path_factory.mktemp("shared"), Clock()
    with opening(folder, Desk(catalogue, KeyFiles(folder / "keys"), clock), clock) as found:
        yield found
