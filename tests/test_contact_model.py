"""One patient, two coordinators, retries, the end and days that pass: whatever the order.

A model says what must hold after each step; the parts under it are the real ones (store, keys,
handles, letter boxes), and only the channel to the centre and to the patient fail at will.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

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
from bot.data import read_sources
from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from bot.store.records import Kind, State
from bot.store.sqlite import open_store
from dialogs.catalogue import read_catalogue
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
#: What a channel does with a letter: takes it, refuses it for sure, or breaks before or after.
FATES = ("taken", "refused", "lost", "kept")


class _Channel:
    """The channel to the centre."""

    def __init__(self) -> None:
        self.fate = "taken"
        self.cards: list[Letter] = []

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """Does what its fate says."""
        await asyncio.sleep(0)
        if self.fate in ("taken", "kept"):
            self.cards.append(letter)
        if self.fate != "taken":
            raise Undelivered(sure=self.fate == "refused")
        return len(self.cards)

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Changes a card."""
        self.cards[card - 1] = letter


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
        self.channel, self.chat = _Channel(), _Chat()
        self.errors: list[BaseException] = []
        place = Path(self.folder.name)
        self.store = open_store(place / "passerelle.db")
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
        self.attempt = 0
        self.sent: date | None = None
        self.keys_held: list[str] = []
        self.tried: dict[int, int] = {}
        self.over: set[int] = set()

    def teardown(self) -> None:
        """Nothing unforeseen happened."""
        if hasattr(self, "loop"):
            self.do(self.exchange.close())
            self.loop.close()
            self.store.close()
            self.folder.cleanup()

            assert [] == self.errors

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

    @rule(fate=st.sampled_from(FATES), twice=st.booleans())
    def ask(self, fate: str, twice: bool) -> None:
        """She confirms, perhaps twice at once."""
        before, cards = self.state, len(self.channel.cards)
        self.channel.fate = fate

        async def confirmed() -> list[tuple[Settled, date]]:
            times = 2 if twice else 1
            asks = [self.requests.ask(self.session, WAY, SOURCE) for _ in range(times)]
            return await asyncio.gather(*asks)

        kinds = {kind for kind, _ in self.do(confirmed())}
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
        elif fate == "taken":
            assert {Settled.DONE} == kinds
            assert 1 == new
            assert State.SENT is self.state
            assert (before is State.SENDING) == any(
                "May be a repeat" in line for line in self.channel.cards[-1].lines
            )

            self.sent = self.day if before is None else self.sent
        else:
            assert {Settled.UNSENT} == kinds or Settled.FULL in kinds
            assert (State.SENDING if fate != "refused" or before else None) is self.state

            if before is None and self.state is State.SENDING:
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
        self.keep()

    def _other(self, key: str) -> bool:
        """Whether a card is of an earlier attempt, which goes on by itself."""
        handle, _ = self.exchange.opened(key.partition(".")[0])
        return handle.attempt != self.attempt

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
        self.sent = None

        assert self.state is None

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        """Days pass; what had its days is forgotten."""
        self.day += timedelta(days=days)
        self.store.purge(self.day)
        if self.sent is not None and self.day - self.sent >= timedelta(days=HANDLE_DAYS):
            self.sent = None

            assert self.state is None
        for key in list(self.keys_held):
            if self.replies.deed(key.partition(".")[0]) is None:
                self.keys_held.remove(key)

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


Contact.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestContact = Contact.TestCase
