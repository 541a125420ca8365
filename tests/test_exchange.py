"""Who is reached how, one request as one thing at a time, and a centre's card afterwards."""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from threading import get_ident
from time import monotonic

import pytest
from msgspec import structs

from bot.contact.cards import Cards, code_of_handle
from bot.contact.exchange import HANDLE_DAYS, Busy, Exchange
from bot.contact.inbox import Inbox
from bot.contact.letter import Courier, Letter, Undelivered
from bot.contact.post import Post
from bot.settings import MailSettings
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from bot.store.records import Channel, Kind, Row, State
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import SENT_DAYS
from dialogs.errors import DeadToken
from dialogs.wire.handle import Deed, Handle, pack
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, WEB
from tests.mail_fixtures import Mailbox

TODAY = Clock().today
HANDLE = Handle(
    tag=33, trial=1, centre=CENTRE, attempt=0, language="en", relative=False, web=False,
    address=8, sent=TODAY.toordinal() % SENT_DAYS,
)  # fmt: skip
CODE = code_of_handle(HANDLE)
TEAM = "team@example.org"
GROUP = "-1001"
LETTER = Letter("CODE", "Title", ("Line.",))


class Group(Inbox):
    """An inbox that fails: `faults` are what the next calls meet, one each (None: nothing).

    While `gate` is closed, who delivers waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Undelivered | None] = []
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int:
        """Takes a letter, or fails."""
        await self._called()
        return await super().deliver(address, letter, seconds)

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Replaces a letter, or fails."""
        await self._called()
        await super().change(address, card, letter)

    async def _called(self) -> None:
        self.calls += 1
        await self.gate.wait()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault


def carded() -> Group:
    """A group with one card, which has the number 1."""
    group = Group()
    asyncio.run(group.deliver(GROUP, LETTER, 1.0))
    group.calls = 0
    return group


@dataclass
class Middle:
    """An exchange, and all that it rests on."""

    store: SqliteStore
    keys: LivingKeys
    catalogue: Catalogue
    clock: Clock

    def exchange(
        self,
        couriers: dict[Kind, Courier] | None = None,
        inbox: Inbox | None = None,
        endings: Endings | None = None,
    ) -> Exchange:
        """The exchange with these couriers."""
        cards = Cards(lambda: self.catalogue, WEB, "en")
        return Exchange(
            self.store, self.keys, lambda: self.catalogue, cards, couriers or {}, inbox, endings
        )

    def row(self, state: State = State.SENT, card: int | None = None) -> Row:
        """A request of today, in the store as well."""
        until = self.clock.today + timedelta(days=HANDLE_DAYS)
        row = Row(CODE, NCT, CENTRE, "en", state, until, None, card)
        self.store.begin(row)
        return row

    def say(self, phrase: str) -> str:
        """A phrase for staff."""
        return self.catalogue.speeches["en"].say(phrase)


@pytest.fixture
def middle(tmp_path: Path, catalogue: Catalogue, clock: Clock) -> Iterator[Middle]:
    """A store with nothing in it, keys of today, and the trials of a live service."""
    keys = LivingKeys(KeyFiles(tmp_path / "keys", "handle", HANDLE_DAYS), clock)
    with open_store(tmp_path / "passerelle.db") as store:
        yield Middle(store, keys, replace(catalogue, demonstration=False), clock)


# Locks


def test_a_request_is_one_thing_at_a_time(middle: Middle) -> None:
    """Who comes second waits; who comes for another request does not."""
    one = middle.exchange()
    told: list[str] = []

    async def work(name: str, code: str) -> None:
        async with one.lock(code):
            told.append(f"{name} in")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            told.append(f"{name} out")

    async def both(other: str) -> None:
        told.clear()
        await asyncio.gather(work("a", "K7"), work("b", other))

    asyncio.run(both("K7"))

    assert ["a in", "a out", "b in", "b out"] == told

    asyncio.run(both("K8"))

    assert ["a in", "b in"] == told[:2]


def test_locks_are_forgotten(middle: Middle) -> None:
    """Nothing tells later which requests something was done about."""
    one = middle.exchange()

    async def work() -> None:
        async with one.lock("K7"):
            assert 1 == len(one._locks)
            assert one.lock("K7") is one.lock("K7")

    asyncio.run(work())
    gc.collect()

    assert 0 == len(one._locks)


# Who is reached how


def test_a_bound_centre_is_reached_by_its_channel(middle: Middle) -> None:
    """If this service speaks it, and it works."""
    post = Group()
    one = middle.exchange({Kind.EMAIL: post})
    trial = middle.catalogue.trials[1]
    centre = trial.centres[0]

    assert one.reached(trial, centre) is None

    middle.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)
    bound = Channel(NCT, CENTRE, Kind.EMAIL, TEAM)

    assert bound == one.reached(trial, centre) == one.channel(HANDLE)
    assert one.reached(trial, trial.centres[1]) is None
    assert post is one.courier(bound)

    middle.store.mark(Kind.EMAIL, TEAM, away=True)

    assert one.reached(trial, centre) is None


def test_a_channel_that_this_service_does_not_speak_reaches_nobody(middle: Middle) -> None:
    """A group, without a bot."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    one = middle.exchange({Kind.EMAIL: Group()})

    assert one.channel(HANDLE) is None
    assert one.courier(Channel(NCT, CENTRE, Kind.GROUP, GROUP)) is None


def test_a_demonstration_reaches_its_samples_in_its_inbox(middle: Middle) -> None:
    """A bound channel comes first; a real centre is never reached there."""
    inbox = Inbox()
    one = middle.exchange({Kind.EMAIL: Group()}, inbox)
    trial = middle.catalogue.trials[1]
    sample = trial.centres[0]
    real = structs.replace(sample, sample=False)
    channel = one.reached(trial, sample)

    assert Channel(NCT, CENTRE, Kind.INBOX, "") == channel
    assert channel is not None
    assert inbox is one.courier(channel)
    assert one.reached(trial, real) is None

    middle.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)

    assert Channel(NCT, CENTRE, Kind.EMAIL, TEAM) == one.reached(trial, sample)

    middle.store.mark(Kind.EMAIL, TEAM, away=True)

    assert channel == one.reached(trial, sample)
    assert one.reached(trial, real) is None


@pytest.mark.parametrize("gone", [{"trial": 9}, {"centre": 99}])
def test_what_is_gone_is_not_reached(middle: Middle, gone: dict[str, int]) -> None:
    """A release took the trial or the centre out."""
    one = middle.exchange(inbox=Inbox())

    assert one.channel(HANDLE) is not None
    assert one.channel(replace(HANDLE, **gone)) is None  # type: ignore[arg-type]


# Bringing letters


def test_a_letter_is_brought_by_the_courier_of_its_channel(middle: Middle) -> None:
    """The number of its card comes back."""
    group = Group()
    one = middle.exchange({Kind.GROUP: group, Kind.EMAIL: Group()})
    channel = Channel(NCT, CENTRE, Kind.GROUP, GROUP)

    assert 1 == asyncio.run(one.deliver(channel, LETTER, 1.0))
    assert (LETTER,) == group.letters


def test_a_letter_without_a_courier_is_surely_not_brought(middle: Middle) -> None:
    """The channel itself must be mended."""
    channel = Channel(NCT, CENTRE, Kind.GROUP, GROUP)
    with pytest.raises(Undelivered) as caught:
        asyncio.run(middle.exchange().deliver(channel, LETTER, 1.0))

    assert (True, True) == (caught.value.sure, caught.value.lasting)


def test_a_courier_that_takes_too_long_is_called_off(middle: Middle) -> None:
    """Whether the letter arrived nobody knows; it does not arrive later by itself."""

    async def late() -> tuple[Undelivered, Group]:
        group = Group()
        group.gate.clear()
        one = middle.exchange({Kind.GROUP: group})
        with pytest.raises(Undelivered) as caught:
            await one.deliver(Channel(NCT, CENTRE, Kind.GROUP, GROUP), LETTER, 0.01)
        group.gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return caught.value, group

    failure, group = asyncio.run(late())

    assert (False, False) == (failure.sure, failure.lasting)
    assert failure.__cause__ is None
    assert () == group.letters


def test_a_mail_server_that_takes_too_long_is_called_off(middle: Middle) -> None:
    """A real one: it is left in the middle of a letter, which it then does not have."""
    with Mailbox() as box:
        box.fault = "slow"
        mail = MailSettings("127.0.0.1", box.port, False, True, "passerelle@example.org")
        post = Post(mail, lambda: middle.catalogue.speeches["en"])
        one = middle.exchange({Kind.EMAIL: post})
        with pytest.raises(Undelivered) as caught:
            asyncio.run(one.deliver(Channel(NCT, CENTRE, Kind.EMAIL, TEAM), LETTER, 0.3))

        assert [] == box.mails

    assert not caught.value.sure


def test_what_a_courier_says_of_a_failure_is_passed_on(middle: Middle) -> None:
    """As it is."""
    failure = Undelivered(sure=True, after=30.0)
    group = Group()
    group.faults.append(failure)
    channel = Channel(NCT, CENTRE, Kind.GROUP, GROUP)
    with pytest.raises(Undelivered) as caught:
        asyncio.run(middle.exchange({Kind.GROUP: group}).deliver(channel, LETTER, 1.0))

    assert failure is caught.value


# The card, afterwards


def shown(one: Exchange, note: str = "") -> None:
    """Lets the card follow its row, and waits for it."""

    async def work() -> None:
        one.show(HANDLE, note)
        await one.close()

    asyncio.run(work())


@pytest.mark.parametrize("state", [State.TAKEN, State.ANSWERED, State.CLOSED, State.ENDED])
def test_a_card_in_a_group_follows_its_request(middle: Middle, state: State) -> None:
    """The same message is changed; none is added."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    one = middle.exchange({Kind.GROUP: group})
    middle.row(state, card=1)
    shown(one)
    (card,) = group.letters

    assert middle.say(f"staff.state.{state}") in card.lines
    assert bool(card.buttons) is (state in (State.TAKEN, State.ANSWERED))
    assert set() == one._errands


def test_a_changed_card_keeps_what_she_added(middle: Middle) -> None:
    """Nobody but the card remembers it."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    middle.row(State.TAKEN, card=1)
    shown(middle.exchange({Kind.GROUP: group}), "sealed-note")
    (card,) = group.letters

    assert (card.handle or "").endswith(".sealed-note")
    assert middle.say("staff.points") in card.lines


def test_a_mail_gets_its_last_word_only(middle: Middle) -> None:
    """It cannot be changed: when she ends it a second one says so, and else there is silence."""
    middle.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM)
    with Mailbox() as box:
        mail = MailSettings("127.0.0.1", box.port, False, True, "passerelle@example.org")
        post = Post(mail, lambda: middle.catalogue.speeches["en"])
        one = middle.exchange({Kind.EMAIL: post})
        middle.row()
        for state in State:
            middle.store.change(CODE, state, frozenset(State))
            shown(one)
        (got,) = box.mails

    assert (TEAM,) == got.recipients
    assert middle.say("staff.state.ended") in " ".join(got.text.split())
    assert "#" not in got.text


@pytest.mark.parametrize("state", [State.TAKEN, State.ENDED])
def test_a_centre_that_is_not_reached_any_more_is_left_alone(middle: Middle, state: State) -> None:
    """Unbound, or gone: there is no card to change."""
    group = carded()
    one = middle.exchange({Kind.GROUP: group})
    middle.row(state, card=1)
    shown(one)

    async def gone() -> None:
        one.show(replace(HANDLE, trial=9))
        await one.close()

    asyncio.run(gone())

    assert 0 == group.calls


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of all pauses, none of which is waited for.

    Servers of other tests run in threads of their own, and pause too.
    """
    found: list[float] = []
    real, here = asyncio.sleep, get_ident()

    async def sleep(seconds: float) -> None:
        if get_ident() != here:
            await real(seconds)
            return
        found.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return found


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (Undelivered(sure=True, after=0.0), 2),
        (Undelivered(sure=True, lasting=True), 1),
        (Undelivered(sure=False), 1),
    ],
)
def test_a_card_that_could_not_be_changed_is_tried_once_more(
    middle: Middle, waits: list[float], fault: Undelivered, calls: int
) -> None:
    """Unless it is for good, or may have happened."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    group.faults = [fault, None]
    middle.row(State.TAKEN, card=1)
    shown(middle.exchange({Kind.GROUP: group}))

    assert calls == group.calls
    assert [1.0] * (calls - 1) == waits
    assert (group.letters != (LETTER,)) is (calls == 2)


@pytest.mark.parametrize(("asked", "waited"), [(0.2, 1.0), (7.0, 7.0), (3600.0, 60.0)])
def test_the_wait_is_what_the_channel_asks_for_within_reason(
    middle: Middle, waits: list[float], asked: float, waited: float
) -> None:
    """Two tries in all, however long the channel is away."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    group.faults = [Undelivered(sure=True, after=asked) for _ in range(5)]
    middle.row(State.TAKEN, card=1)
    shown(middle.exchange({Kind.GROUP: group}))

    assert waited == waits[0]
    assert 2 == group.calls
    assert (LETTER,) == group.letters


def test_a_card_that_waits_shows_what_holds_by_then(
    middle: Middle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken while the group is too busy, then ended: the last word is the end."""
    real = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _seconds: real(0.05))
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    group.faults = [Undelivered(sure=True, after=5.0)]
    one = middle.exchange({Kind.GROUP: group})
    middle.row(State.TAKEN, card=1)

    async def work() -> None:
        one.show(HANDLE, "sealed-note")
        await real(0.01)
        middle.store.change(CODE, State.ENDED, frozenset(State))
        one.show(HANDLE)
        await one.close()

    asyncio.run(work())
    (card,) = group.letters

    assert middle.say("staff.state.ended") in card.lines
    assert () == card.buttons
    assert 3 == group.calls


def test_a_request_that_is_forgotten_changes_no_card(middle: Middle) -> None:
    """Nothing says any more what the card was about."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    group = carded()
    shown(middle.exchange({Kind.GROUP: group}))

    assert 0 == group.calls


def test_who_waits_for_a_request_waits_for_so_long(middle: Middle) -> None:
    """Then it is somebody else's for a while longer."""
    one = middle.exchange()

    async def work() -> None:
        async with one.alone("K7", 1.0):
            with pytest.raises(Busy):
                async with one.alone("K7", 0.01):
                    pytest.fail("two at once")
            async with one.alone("K8", 0.01):
                pass
        async with one.alone("K7", 0.01):
            pass

    asyncio.run(work())


def test_a_channel_that_refuses_for_good_is_offered_no_more(middle: Middle) -> None:
    """Until a test, or a new binding, says that it works."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    one = middle.exchange({Kind.GROUP: Group()})
    channel = one.channel(HANDLE)

    assert channel is not None

    one.broken(channel)

    assert one.channel(HANDLE) is None


# The end of the service


def test_closing_waits_for_what_is_under_way(middle: Middle) -> None:
    """A card that is being changed is changed."""
    group = carded()

    async def work() -> None:
        middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
        group.gate.clear()
        one = middle.exchange({Kind.GROUP: group})
        middle.row(State.TAKEN, card=1)
        one.show(HANDLE)
        asyncio.get_running_loop().call_later(0.05, group.gate.set)
        await one.close()

    asyncio.run(work())

    assert middle.say("staff.state.taken") in group.letters[0].lines


def test_closing_does_not_wait_for_ever(middle: Middle, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not end is called off, and nothing is changed afterwards."""
    real = asyncio.timeout
    monkeypatch.setattr(asyncio, "timeout", lambda seconds: real(0.01 if seconds == 5 else seconds))

    group = carded()

    async def work() -> Exchange:
        middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
        group.gate.clear()
        one = middle.exchange({Kind.GROUP: group})
        middle.row(State.TAKEN, card=1)
        one.show(HANDLE)
        await one.close()
        group.gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return one

    begun = monotonic()

    assert set() == asyncio.run(work())._errands
    assert monotonic() - begun < 5
    assert (1, (LETTER,)) == (group.calls, group.letters)


def test_closing_survives_what_failed(middle: Middle) -> None:
    """The store was gone before the card was looked for."""
    middle.store.bind(NCT, CENTRE, Kind.GROUP, GROUP)
    one = middle.exchange({Kind.GROUP: Group()})
    middle.row(State.TAKEN, card=1)
    middle.store.close()
    shown(one)

    assert set() == one._errands


def test_closing_with_nothing_under_way_is_at_once(middle: Middle) -> None:
    """As at most ends."""
    asyncio.run(middle.exchange().close())


# Days


def test_a_request_lives_as_long_as_its_key(middle: Middle) -> None:
    """Its row is dead on the day `until`, whether or not it was forgotten by then."""
    one = middle.exchange()

    assert one.row(HANDLE) is None

    row = middle.row()

    assert TODAY + timedelta(days=HANDLE_DAYS) == one.until() == row.until
    assert row == one.row(HANDLE)
    assert one.row(replace(HANDLE, attempt=1)) is None

    token = one.keyring().seal(pack(HANDLE, Deed.OPEN), b"")
    middle.clock.today = TODAY + timedelta(days=HANDLE_DAYS - 1)

    assert row == one.row(HANDLE)
    assert (HANDLE, Deed.OPEN) == one.opened(token)

    middle.clock.today += timedelta(days=1)

    assert one.row(HANDLE) is None
    assert row == middle.store.request(CODE)
    with pytest.raises(DeadToken):
        one.opened(token)


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "é", "A" * 5000])
def test_a_key_that_is_none_opens_nothing(middle: Middle, token: str) -> None:
    """Whatever is wrong with it, it is the same."""
    with pytest.raises(DeadToken):
        middle.exchange().opened(token)


def test_today_is_the_day_of_the_keys(middle: Middle) -> None:
    """It follows the clock while the service runs."""
    one = middle.exchange()
    middle.clock.today = date(2026, 4, 1)

    assert (date(2026, 4, 1), date(2026, 4, 15)) == (one.today, one.until())
