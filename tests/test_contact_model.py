"""One patient, two coordinators, retries, the end and days that pass: whatever the order.

A model says what must hold after each step; the parts under it are the real ones (store, keys,
handles, letter boxes, rounds), and only the channels to the centre, the operator and the patient
fail at will. The database is locked for real, by another connection.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.contact.cards import Cards
from bot.contact.exchange import ACTIVE, HANDLE_DAYS, Exchange, Told
from bot.contact.letter import Letter, Undelivered
from bot.contact.letterbox import Letterbox
from bot.contact.limits import Limits
from bot.contact.replies import Replies
from bot.contact.requests import Requests, Way
from bot.contact.rounds import Rounds
from bot.data import read_sources
from bot.store import guarded
from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from bot.store.records import Kind, State, StoreError
from bot.store.sqlite import open_store
from dialogs.catalogue import read_catalogue
from dialogs.conversation.due import working_day
from dialogs.conversation.effects import Settled
from dialogs.conversation.screens import Event
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.wire.code import code_of
from dialogs.wire.handle import Handle

T = TypeVar("T")
CATALOGUE = read_catalogue(read_sources())
START = date(2026, 11, 23)
WAY = Way(chat=4242)
SOURCE = b"chat:4242"
#: What becomes of a letter: the channel takes it, refuses it for sure, breaks before or after; it
#: takes it and then the database is locked; or the database was locked before.
FATES = ("taken", "refused", "lost", "kept", "unrecorded", "locked")
ACCEPTED = ("taken", "kept", "unrecorded")
#: Most letters arrive: what comes long after one is to be met as often as its failure.
LIKELY = st.sampled_from(("taken",) * 4 + FATES)


class _Channel:
    """The channel to the centre; `lock` locks the database."""

    def __init__(self, lock: Callable[[], None]) -> None:
        self.fate = "taken"
        self.cards: list[Letter] = []
        self._lock = lock

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """Does what its fate says."""
        await asyncio.sleep(0)
        if self.fate in ACCEPTED:
            self.cards.append(letter)
        if self.fate == "unrecorded":
            self._lock()
        elif self.fate not in ("taken", "locked"):
            raise Undelivered(sure=self.fate == "refused")
        return len(self.cards)

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Changes a card."""
        self.cards[card - 1] = letter


class _Desk:
    """The operator, who reads what comes."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """Takes it."""
        self.letters.append(letter)
        return None

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Letters to the operator are not changed."""
        raise AssertionError


class _Chat:
    """The channel to her."""

    def __init__(self) -> None:
        self.fate = Told.DONE
        self.heard: list[tuple[Event, str]] = []

    async def tell(self, handle: Handle, event: Event, text: str) -> Told:
        """She hears it unless the channel fails."""
        await asyncio.sleep(0)
        if self.fate is Told.DONE:
            self.heard.append((event, text))
        return self.fate


class Contact(RuleBasedStateMachine):
    """The service between one patient and one centre."""

    @initialize()
    def begin(self) -> None:
        """An installation with one bound centre."""
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.day = START
        self.channel, self.chat, self.operator = _Channel(self.lock), _Chat(), _Desk()
        self.errors: list[BaseException] = []
        place = Path(self.folder.name)
        self.store = open_store(place / "passerelle.db")
        self.beside = sqlite3.connect(place / "passerelle.db", isolation_level=None)
        self.store.bind("NCT03870919", 1, Kind.GROUP, "-100")
        keys = LivingKeys(KeyFiles(place / "keys", "handle", HANDLE_DAYS), lambda: self.day)
        cards = Cards(lambda: CATALOGUE, "https://passerelle.example.org", "en")
        exchange = Exchange(self.store, keys, lambda: CATALOGUE, cards, {Kind.GROUP: self.channel})
        exchange.patients[False] = self.chat
        self.exchange = exchange
        box = Letterbox(exchange, self.errors.append)
        limits = Limits(lambda: self.day)
        note = self.errors.append
        self.requests = Requests(exchange, box, limits, note, lambda _notice, _name: None)
        self.replies = Replies(exchange, note)
        self.rounds = Rounds(exchange, (self.operator, "operator"), note, lambda *_: None)
        self.attempt = 0
        self.sent: date | None = None
        self.keys_held: list[str] = []
        self.tried: dict[int, int] = {}
        self.over: set[int] = set()
        #: Since when the centre owes an answer; None while it owes none.
        self.owes: date | None = None

    def teardown(self) -> None:
        """Nothing unforeseen happened."""
        if hasattr(self, "loop"):
            self.do(self.exchange.close())
            self.loop.close()
            self.store.close()
            self.beside.close()
            self.folder.cleanup()

            assert all(isinstance(error, StoreError) for error in self.errors)

    def lock(self) -> None:
        """Another program is about to write, and takes its time."""
        if not self.beside.in_transaction:
            self.beside.execute("BEGIN IMMEDIATE")

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` to its end, and all that it left to be done."""

        async def both() -> T:
            done = await work
            await self.exchange.close()
            return done

        return self.loop.run_until_complete(both())

    @property
    def session(self) -> Session:
        """Her conversation."""
        return Session(
            language="en", step=Step.SENDING, focus=1, trial=1, tag=7, attempt=self.attempt
        )

    @property
    def state(self) -> State | None:
        """How her present request stands."""
        row = self.store.request(code_of(7, 1, 1, self.attempt))
        return None if row is None or row.until <= self.day else row.state

    @rule(fate=LIKELY, twice=st.booleans())
    def ask(self, fate: str, twice: bool) -> None:
        """She confirms, perhaps twice at once."""
        before, cards = self.state, len(self.channel.cards)
        self.channel.fate = fate
        if fate == "locked":
            self.lock()

        async def confirmed() -> list[tuple[Settled, date]]:
            times = 2 if twice else 1
            asks = [self.requests.ask(self.session, WAY, SOURCE) for _ in range(times)]
            return await asyncio.gather(*asks)

        kinds = {kind for kind, _ in self.do(confirmed())}
        self.beside.rollback()
        new = len(self.channel.cards) - cards

        if before in (State.ENDED, State.CLOSED):
            assert {Settled.OVER} == kinds
            assert 0 == new
        elif before not in (None, State.SENDING):
            assert {Settled.DONE} == kinds
            assert 0 == new
        elif kinds == {Settled.FULL}:
            assert before is None
            assert 0 == new
        elif fate == "locked":
            assert {Settled.UNSENT} == kinds
            assert before is self.state
            assert 0 == new
        elif fate == "taken":
            assert {Settled.DONE} == kinds
            assert 1 == new
            assert State.SENT is self.state
            assert (before is State.SENDING) == any(
                "May be a repeat" in line for line in self.channel.cards[-1].lines
            )

            self.sent = self.owes = self.day
        elif fate == "refused" and before is None:
            assert kinds <= {Settled.UNSENT, Settled.FULL}
            assert self.state is None
        else:
            assert Settled.UNSURE in kinds
            assert State.SENDING is self.state
            # Locked since the first of two letters, nothing can be written for the second.
            assert kinds <= {Settled.UNSURE, Settled.UNSENT}
            assert (Settled.UNSENT in kinds) <= (fate == "unrecorded")

            self.sent = self.day
        self.keep()

    def keep(self) -> None:
        """Coordinators hold every card that ever came."""
        for letter in self.channel.cards:
            if letter.handle and letter.handle not in self.keys_held:
                self.keys_held.append(letter.handle)

    @precondition(lambda self: self.keys_held)
    @rule(
        data=st.data(),
        deeds=st.lists(st.sampled_from(["take", "close", "reply"]), min_size=1, max_size=3),
        fate=st.sampled_from([Told.DONE, Told.DONE, Told.LATER, Told.BLOCKED]),
    )
    def act(self, data: st.DataObject, deeds: list[str], fate: Told) -> None:
        """Coordinators act on a card they hold, up to three at once."""
        key = data.draw(st.sampled_from(self.keys_held))
        before, heard = self.state, len(self.chat.heard)
        self.chat.fate, self.channel.fate = fate, "taken"

        async def acted() -> list[Told]:
            works = {
                "take": lambda: self.replies.take(key, (Kind.GROUP, "-100")),
                "close": lambda: self.replies.close(key, (Kind.GROUP, "-100")),
                "reply": lambda: self.replies.reply(key, "Hello", (Kind.GROUP, "-100")),
            }
            return await asyncio.gather(*(works[deed]() for deed in deeds))

        told = self.do(acted())
        news = [event for event, _ in self.chat.heard[heard:]]
        done = [deed for deed, one in zip(deeds, told, strict=True) if one is Told.DONE]

        assert news.count(Event.TAKEN) == done.count("take") <= 1
        assert news.count(Event.CLOSED) == done.count("close") <= 1
        assert news.count(Event.ANSWER) == done.count("reply")
        if news:
            assert before in ACTIVE or self._other(key)
        if fate is Told.LATER:
            assert before is self.state
        if before is not self.state:
            self.owes = None
        self.keep()

    def _other(self, key: str) -> bool:
        """Whether a card is of an earlier attempt, which goes on by itself."""
        handle, _ = self.exchange.opened(key.partition(".")[0])
        return handle.attempt != self.attempt

    @precondition(lambda self: self.state in ACTIVE - {State.SENDING})
    @rule(fate=LIKELY)
    def write(self, fate: str) -> None:
        """She writes to the team; a silence that is counted already goes on."""
        if self.sent is None:
            return
        before, cards = self.state, len(self.channel.cards)
        self.channel.fate = fate
        if fate == "locked":
            self.lock()
        told = self.do(self.requests.write_of(self.session, WAY, self.sent, "Hello", SOURCE))
        self.beside.rollback()

        # A lock keeps nobody from reading the row, so her text goes and only the record waits.
        assert told in {
            "refused": {Told.LATER}, "lost": {Told.UNSURE, Told.LATER},
            "kept": {Told.UNSURE, Told.LATER},
        }.get(fate, {Told.DONE, Told.LATER})  # fmt: skip
        if fate in ACCEPTED and told is not Told.LATER:
            assert cards + 1 == len(self.channel.cards)
        if told is Told.DONE and fate == "taken" and before in (State.TAKEN, State.ANSWERED):
            assert State.SENT is self.state

            self.owes = self.day
        else:
            assert before is self.state
        del self.channel.cards[cards:]

    @rule()
    def end(self) -> None:
        """She ends it; from here on nothing of it reaches her."""
        before = self.state
        self.channel.fate = "taken"
        if before is None or self.sent is None:
            return
        kind = self.do(self.requests.end_of(self.session, WAY, self.sent))

        assert Settled.DONE is kind
        assert self.state in (State.ENDED, State.CLOSED)

        self.owes = None

        heard = len(self.chat.heard)
        self.chat.fate = Told.DONE
        for key in self.keys_held:
            told = self.do(self.replies.reply(key, "too late"))

            assert told is not Told.DONE or self._other(key)
        if self.attempt == 0:
            assert heard == len(self.chat.heard)

    @precondition(lambda self: self.state in (State.ENDED, State.CLOSED) and self.attempt < 3)
    @rule()
    def again(self) -> None:
        """She asks anew: another request, whose handle is another."""
        self.attempt += 1
        self.sent = self.owes = None

        assert self.state is None

    @rule(days=st.integers(1, 9), fate=st.sampled_from(("taken", "refused", "lost")))
    def wait(self, days: int, fate: str) -> None:
        """Days pass, each with its rounds; what had its days is forgotten."""
        self.channel.fate = fate
        cards = len(self.channel.cards)
        for _ in range(days):
            self.day += timedelta(days=1)
            self.do(self.rounds.once())
        # Reminders are no cards.
        del self.channel.cards[cards:]
        if self.sent is not None and self.day - self.sent >= timedelta(days=HANDLE_DAYS):
            self.sent = self.owes = None

            assert self.state is None
        for key in list(self.keys_held):
            if self.replies.deed(key.partition(".")[0]) is None:
                self.keys_held.remove(key)

    @invariant()
    def no_silence_lasts(self) -> None:
        """Five working days after an answer was owed, the operator has been told."""
        if hasattr(self, "store") and self.owes is not None:
            last = working_day(self.owes, 5, frozenset())

            assert self.day <= last or self.state is State.ESCALATED
            assert (self.state is State.ESCALATED) <= bool(self.operator.letters)

    @invariant()
    def every_row_has_its_days(self) -> None:
        """One row for each request, none of them older than its key."""
        if not hasattr(self, "store"):
            return
        rows = self.store.everything()["requests"]

        assert len(rows) == len({row["code"] for row in rows})
        assert all(
            self.day.isoformat() < row["until"] <= (self.day + timedelta(HANDLE_DAYS)).isoformat()
            for row in rows
        )


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is locked stays locked here, so nobody need wait for it."""
    monkeypatch.setattr(guarded, "_PATIENCE", 0.0)


Contact.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestContact = Contact.TestCase
