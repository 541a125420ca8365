"""The patient's side: asking a centre, writing to it, ending it.

Her own button is the outbox: nothing waits to be delivered when she has been answered. The row says
*sending* before the call and *sent* after it, so at most one request exists for a code, and a card
can come twice only when the process ended between the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from time import monotonic

from bot.contact.cards import code_of_handle
from bot.contact.exchange import ACTIVE, HANDLE_DAYS, Exchange, Told
from bot.contact.letter import Undelivered
from bot.contact.letterbox import Letterbox
from bot.contact.limits import Limits
from bot.contact.mailbox import Keys
from bot.contact.notes import points_note, words_note
from bot.events import Notice
from bot.store.records import Kind, Row, State, StoreError
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.conversation.due import working_day
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import shareable
from dialogs.conversation.screens.request import WORKING_DAYS
from dialogs.conversation.session import SENT_DAYS, Session
from dialogs.eligibility.matching import assess
from dialogs.wire.code import code_of
from dialogs.wire.handle import Handle

__all__ = ["SECONDS", "Requests", "Way"]

#: Seconds that she waits for the centre's channel, at most.
SECONDS = 8.0
#: The longest note in a link; longer addresses are cut or refused on the way.
_LONGEST_NOTE = 3000


@dataclass(frozen=True, slots=True)
class Way:
    """How a centre's answer reaches her: the number of her chat, or her letter box on the web."""

    chat: int = 0
    box: Keys | None = None

    @property
    def address(self) -> int:
        """What the handle carries."""
        return self.chat if self.box is None else self.box.address


class Requests:
    """Requests to centres, by what a session holds and nothing else."""

    def __init__(
        self,
        exchange: Exchange,
        letterbox: Letterbox,
        limits: Limits,
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
    ) -> None:
        self._exchange = exchange
        self._letterbox = letterbox
        self._limits = limits
        self._report = report
        self._notify = notify

    def _handle(self, session: Session, way: Way, day: date) -> Handle:
        return Handle(
            tag=session.tag, trial=session.trial, centre=session.focus, attempt=session.attempt,
            language=session.language, relative=session.relative, web=way.box is not None,
            address=way.address, sent=day.toordinal() % SENT_DAYS,
        )  # fmt: skip

    async def ask(
        self, session: Session, way: Way, source: bytes, crowd: bytes | None = None
    ) -> tuple[Settled, date]:
        """Sends the request of `session`, if it has not been sent; gives the day it was.

        `source` tells her from others for today's limits, `crowd` the network she comes from.
        Never raises for what a store or a channel does: then it is UNSENT.
        """
        code = code_of(session.tag, session.trial, session.focus, session.attempt)
        begun = monotonic()
        async with self._exchange.lock(code):
            try:
                return await self._ask(code, session, way, (source, crowd), begun)
            except StoreError as error:
                self._report(error)
                return Settled.UNSENT, self._exchange.today

    async def _ask(
        self,
        code: str,
        session: Session,
        way: Way,
        who: tuple[bytes, bytes | None],
        begun: float,
    ) -> tuple[Settled, date]:
        exchange, today = self._exchange, self._exchange.today
        row = exchange.store.request(code)
        if row is not None and row.until <= today:
            exchange.store.purge(today)
            row = None
        if row is not None and row.state is not State.SENDING:
            went = row.until - timedelta(days=HANDLE_DAYS)
            return (Settled.DONE if row.state in ACTIVE else Settled.OVER), went
        day = today if row is None else row.until - timedelta(days=HANDLE_DAYS)
        handle = self._handle(session, way, day)
        channel = exchange.channel(handle)
        if channel is None:
            return Settled.FULL, today
        place = (session.trial, session.focus)
        fresh = row is None
        if row is None:
            if self._limits.ask(who[0], place, who[1]) is not None:
                return Settled.FULL, today
            row, _ = exchange.store.begin(
                Row(code, channel.trial, channel.centre, session.language, State.SENDING,
                    exchange.until(), None, None)
            )  # fmt: skip
        if way.box is not None:
            self._letterbox.create(way.box, handle, row.until)
        note = self._points(session, day) if session.details else ""
        letter = exchange.cards.card(
            handle, today, exchange.keyring(), note=note,
            group=channel.kind is not Kind.EMAIL, repeat=not fresh,
        )  # fmt: skip
        try:
            card = await exchange.deliver(channel, letter, SECONDS - (monotonic() - begun))
        except Undelivered as failure:
            if fresh and failure.sure:
                exchange.store.drop(code, frozenset({State.SENDING}))
                self._limits.give_back(who[0], place, who[1])
            if failure.lasting:
                self._notify(Notice.CENTRE_AWAY, f"{channel.trial}/{channel.centre}")
            return Settled.UNSENT, today
        due = working_day(today, WORKING_DAYS, exchange.catalogue().holidays)
        exchange.store.change(code, State.SENT, frozenset({State.SENDING}), due_on=due, card=card)
        return Settled.DONE, day

    def _points(self, session: Session, day: date) -> str:
        catalogue = self._exchange.catalogue()
        trial = catalogue.trials[session.trial]
        found = assess(trial, catalogue.bank, session.answers)
        note = points_note(found.verdict, shareable(found, catalogue))
        return self._exchange.keyring().enclose(note, b"", day)

    async def end(self, code: str, handle: Handle) -> Settled:
        """Ends a request: its handle is dead from here on, and the centre's card says so."""
        exchange = self._exchange
        async with exchange.lock(code):
            try:
                row = exchange.store.request(code)
                done = exchange.store.change(code, State.ENDED, ACTIVE, due_on=None)
                if handle.web:
                    exchange.store.close_mailbox(handle.address)
            except StoreError as error:
                self._report(error)
                return Settled.UNSENT
        if done and row is not None:
            ended = Row(
                row.code,
                row.trial,
                row.centre,
                row.language,
                State.ENDED,
                row.until,
                None,
                row.card,
            )
            exchange.show(handle, ended)
        return Settled.DONE

    async def end_of(self, session: Session, way: Way, day: date) -> Settled:
        """The same for the request of `session`, which was sent on `day`."""
        handle = self._handle(session, way, day)
        return await self.end(code_of_handle(handle), handle)

    async def write_of(
        self, session: Session, way: Way, day: date, text: str, source: bytes
    ) -> Told:
        """Brings her text to the centre of the request of `session`."""
        return await self.write(self._handle(session, way, day), text, source)

    async def write(self, handle: Handle, text: str, source: bytes) -> Told:
        """Brings her text to the centre of `handle`, sealed in a link; nothing keeps it."""
        text = text.strip()
        if not text:
            return Told.EMPTY
        if len(text) > TEXT_LIMIT:
            return Told.LONG
        exchange = self._exchange
        code = code_of_handle(handle)
        async with exchange.lock(code):
            try:
                row = exchange.row(handle)
                channel = exchange.channel(handle)
                if row is None or row.state not in ACTIVE or channel is None:
                    return Told.OVER
                if not self._limits.knock(source):
                    return Told.LATER
                day = row.until - timedelta(days=HANDLE_DAYS)
                note = exchange.keyring().enclose(words_note(text), b"", day)
                if len(note) > _LONGEST_NOTE:
                    return Told.DENSE
                serial = int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")
                letter = exchange.cards.words(
                    handle, exchange.today, exchange.keyring(), note, serial
                )
                await exchange.deliver(channel, letter, SECONDS)
                # The centre is expected to answer her again.
                due = working_day(exchange.today, WORKING_DAYS, exchange.catalogue().holidays)
                exchange.store.change(code, State.SENT, ACTIVE, due_on=due)
            except Undelivered as failure:
                return Told.LATER if failure.sure else Told.UNSURE
            except StoreError as error:
                self._report(error)
                return Told.LATER
        return Told.DONE
