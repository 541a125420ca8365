"""The middle of all contact: who may be reached how, and that one request is one thing at a time.

Patients' and centres' sides both work through it. It keeps nothing but what the store keeps.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from weakref import WeakValueDictionary

from bot.contact.cards import Cards, code_of_handle
from bot.contact.letter import Courier, Letter, Undelivered
from bot.contact.told import Busy, Patients, Told
from bot.events import report
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFileError
from bot.store.living import LivingKeys
from bot.store.records import Channel, Kind, Row, State, StoreError
from bot.store.store import OPEN, Store
from bot.tally import Tally
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import SENT_DAYS
from dialogs.eligibility.criteria import Trial
from dialogs.errors import DeadToken
from dialogs.trialfile import CentreEntry
from dialogs.wire.handle import Deed, Handle, unpack

__all__ = ["ACTIVE", "HANDLE_DAYS", "Busy", "Exchange", "Patients", "Told", "renewed"]

#: How many days a centre can answer a request: the life of the handles' keys, and of the rows.
HANDLE_DAYS = 14
#: States in which a request goes on. *Sending* is one: the card may be there already.
ACTIVE = OPEN
#: Seconds for a letter that nobody waits for.
_UNHURRIED = 20.0


def renewed(handle: Handle, row: Row) -> Handle:
    """`handle` on the day of its request, which can be later than that of a try that broke off."""
    day = row.until - timedelta(days=HANDLE_DAYS)
    return replace(handle, sent=day.toordinal() % SENT_DAYS)


class Exchange:
    """Store, keys, words and couriers of all requests.

    `couriers` bring letters by kind of channel; with `inbox` a centre without a channel is reached
    there (the demonstration). `patients` are the ways to reach a patient: by True on the web page,
    by False in a chat.
    """

    def __init__(
        self,
        store: Store,
        keys: LivingKeys,
        catalogue: Callable[[], Catalogue],
        cards: Cards,
        couriers: Mapping[Kind, Courier],
        inbox: Courier | None = None,
        endings: Endings | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.store = store
        self.keyring = keys.keyring
        self.catalogue = catalogue
        self.cards = cards
        self.couriers = dict(couriers)
        self.inbox = inbox
        self._endings = endings
        self.tally = tally or Tally()
        self.patients: dict[bool, Patients] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def today(self) -> date:
        """The real day."""
        return self.keyring().today

    def lock(self, code: str) -> asyncio.Lock:
        """Held while something is done about one request, so that it is done once."""
        lock = self._locks.get(code)
        if lock is None:
            lock = self._locks[code] = asyncio.Lock()
        return lock

    @asynccontextmanager
    async def alone(self, code: str, seconds: float) -> AsyncIterator[None]:
        """Holds the lock of a request; `Busy` when it is not to be had within `seconds`."""
        lock = self.lock(code)
        try:
            async with asyncio.timeout(seconds):
                await lock.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            yield
        finally:
            lock.release()

    def opened(self, token: str) -> tuple[Handle, Deed]:
        """The handle in a card's button or link; `DeadToken` whatever the cause."""
        return unpack(self.keyring().open(token, b""))

    def channel(self, handle: Handle) -> Channel | None:
        """How the centre of a handle is reached; None when it is not."""
        place = self.cards.place(handle)
        return None if place is None else self.reached(*place)

    def reached(self, trial: Trial, centre: CentreEntry) -> Channel | None:
        """How a centre is reached; None when it is not. Raises `StoreError`."""
        bound = self.store.channel(trial.id, centre.number)
        if bound is not None and not bound.away and bound.kind in self.couriers:
            return bound
        if self.inbox is not None and centre.sample:
            return Channel(trial.id, centre.number, Kind.INBOX, "")
        return None

    def courier(self, channel: Channel) -> Courier | None:
        """Who brings letters there."""
        return self.inbox if channel.kind is Kind.INBOX else self.couriers.get(channel.kind)

    async def deliver(self, channel: Channel, letter: Letter, seconds: float) -> int | None:
        """Brings a letter to a centre; gives the number of its card. Raises `Undelivered`.

        Whatever the courier does, it is called off after `seconds`.
        """
        courier = self.courier(channel)
        if courier is None:
            raise Undelivered(sure=True, lasting=True)
        try:
            async with asyncio.timeout(seconds):
                return await courier.deliver(channel.address, letter, seconds)
        except TimeoutError:
            raise Undelivered(sure=False) from None

    def until(self) -> date:
        """The day on which a request of today is forgotten."""
        return self.today + timedelta(days=HANDLE_DAYS)

    def broken(self, channel: Channel) -> None:
        """A channel refused for good: nobody is offered it any more, until it works again."""
        try:
            self.store.mark(channel.kind, channel.address, away=True)
        except StoreError as error:
            report(error)

    def show(self, handle: Handle, note: str = "") -> None:
        """Makes the centre's card say how the request stands, soon; a mail gets its last word only.

        `note` is what she added to her request, which nobody but the card itself remembers.
        """
        task = asyncio.get_running_loop().create_task(self._show(handle, note))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _show(self, handle: Handle, note: str) -> None:
        # One after the other, and each by the row as it is then: the last word stays.
        async with self.lock(f"card {code_of_handle(handle)}"):
            for _ in range(2):
                try:
                    await self._draw(handle, note)
                except Undelivered as failure:
                    if failure.lasting or not failure.sure:
                        return
                    await asyncio.sleep(min(max(failure.after, 1.0), 60.0))
                except (TimeoutError, DeadToken):
                    return
                except StoreError as error:
                    report(error)
                    return
                else:
                    return

    async def _draw(self, handle: Handle, note: str) -> None:
        row = self.store.request(code_of_handle(handle))
        handle = handle if row is None else renewed(handle, row)
        channel = self.channel(handle)
        courier = self.courier(channel) if channel is not None else None
        if row is None or channel is None or courier is None:
            return
        if row.card is None and row.state is not State.ENDED:
            return
        letter = self.cards.card(
            handle,
            self.today,
            self.keyring(),
            note=note,
            state=row.state,
            group=channel.kind is not Kind.EMAIL,
        )
        if row.card is None:
            await self.deliver(channel, letter, _UNHURRIED)
            return
        async with asyncio.timeout(_UNHURRIED):
            await courier.change(channel.address, row.card, letter)

    async def close(self) -> None:
        """Lets what is under way end, when the service stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.gather(*self._errands, return_exceptions=True)
        for task in tuple(self._errands):
            task.cancel()

    def bury(self, row: Row) -> None:
        """Notes beside the keys that a request is over, before its row says so.

        A failure is reported; the request ends all the same.
        """
        if self._endings is not None:
            try:
                day = row.until - timedelta(days=HANDLE_DAYS)
                self._endings.note(self.keyring(), row.code, day)
            except KeyFileError as error:
                report(error)

    def remember(self) -> int:
        """Ends what the store has as open and is over: a backup was put back. Gives how many.

        Ends whose keys are gone are forgotten. Raises `StoreError` and `KeyFileError`.
        """
        if self._endings is None:
            return 0
        keyring = self.keyring()
        self._endings.purge(keyring.days)
        return sum(
            self.store.change(code, State.ENDED, OPEN, due_on=None)
            for code in self._endings.codes(keyring)
        )

    def row(self, handle: Handle) -> Row | None:
        """The row of the request of a handle; without one the handle is dead."""
        row = self.store.request(code_of_handle(handle))
        if row is None or row.until <= self.today:
            return None
        return row
