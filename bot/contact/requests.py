"""The patient's side: asking a centre.

Her own button is the outbox: nothing waits to be delivered when she has been answered. The row says
*sending* before the call and *sent* after it, so at most one request exists for a code. A card can
come again, marked as a possible repeat, only when nobody knows what became of the one before: the
process ended between the two, or the channel broke off.
"""

from collections.abc import Callable
from datetime import date, timedelta
from time import monotonic

from bot.contact.exchange import ACTIVE, HANDLE_DAYS, Busy, Exchange
from bot.contact.letter import Letter, Undelivered
from bot.contact.letterbox import Letterbox
from bot.contact.limits import Limits
from bot.contact.notes import points_note
from bot.contact.ongoing import SECONDS, Ongoing, Way
from bot.events import Notice
from bot.store.records import Channel, Kind, Row, State, StoreError
from dialogs.conversation.due import working_day
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import shareable
from dialogs.conversation.screens.request import WORKING_DAYS
from dialogs.conversation.session import Session
from dialogs.eligibility.matching import assess
from dialogs.errors import DeadToken
from dialogs.wire.code import code_of
from dialogs.wire.handle import Handle

__all__ = ["SECONDS", "Requests", "Way"]


class Requests(Ongoing):
    """Requests to centres, by what a session holds and nothing else."""

    def __init__(
        self,
        exchange: Exchange,
        letterbox: Letterbox,
        limits: Limits,
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
    ) -> None:
        super().__init__(exchange, limits, report, notify)
        self._letterbox = letterbox

    async def ask(
        self,
        session: Session,
        way: Way,
        source: bytes,
        crowd: bytes | None = None,
        begun: float | None = None,
    ) -> tuple[Settled, date]:
        """Sends the request of `session`, if it has not been sent; gives the day it was.

        `source` tells her from others for today's limits, `crowd` the network she comes from. The 8
        seconds count from `begun`, as `monotonic` tells it. Never raises for what a store or a
        channel does: then it is UNSENT, or UNSURE when the centre may have it.
        """
        code = code_of(session.tag, session.trial, session.focus, session.attempt)
        end = (monotonic() if begun is None else begun) + SECONDS
        try:
            async with self._exchange.alone(code, end - monotonic()):
                return await self._ask(code, session, way, (source, crowd), end)
        except Busy:
            return Settled.UNSURE, self._exchange.today
        except StoreError as error:
            self._report(error)
            return Settled.UNSENT, self._exchange.today

    async def _ask(
        self,
        code: str,
        session: Session,
        way: Way,
        who: tuple[bytes, bytes | None],
        end: float,
    ) -> tuple[Settled, date]:
        exchange, today = self._exchange, self._exchange.today
        row = exchange.store.request(code)
        if row is not None and row.until <= today:
            exchange.store.purge(today)
            row = None
        if row is not None and row.state is not State.SENDING:
            went = row.until - timedelta(days=HANDLE_DAYS)
            return (Settled.DONE if row.state in ACTIVE else Settled.OVER), went
        handle = self._handle(session, way, today)
        channel = exchange.channel(handle)
        if channel is None:
            # A try of before may have arrived, and then she needs its receipt.
            return (Settled.FULL if row is None else Settled.UNSURE), today
        if row is not None and not self._limits.knock(b"again:" + (who[1] or who[0])):
            return Settled.UNSURE, today
        try:
            letter = self._card(session, handle, channel, repeat=row is not None)
        except DeadToken:
            # Today's key could not be written (which was reported): the way back would be lost.
            return (Settled.UNSENT if row is None else Settled.UNSURE), today
        fresh = row is None
        if fresh and self._limits.ask(who[0], _place(handle), who[1]) is not None:
            return Settled.FULL, today
        try:
            self._begin(code, channel, session, way, handle)
            card = await exchange.deliver(channel, letter, end - monotonic())
        except StoreError:
            if fresh:
                self._limits.give_back(who[0], _place(handle), who[1])
            raise
        except Undelivered as failure:
            self._failed(channel, failure)
            if not (fresh and failure.sure):
                return Settled.UNSURE, today
            self._limits.give_back(who[0], _place(handle), who[1])
            self._undo(code, way)
            return Settled.UNSENT, today
        due = working_day(today, WORKING_DAYS, exchange.catalogue().holidays)
        try:
            exchange.store.change(
                code, State.SENT, frozenset({State.SENDING}), due_on=due, card=card
            )
        except StoreError as error:
            # The centre has it, and nothing here says so: she sees *sent* only after the record.
            self._report(error)
            return Settled.UNSURE, today
        return Settled.DONE, today

    def _begin(
        self, code: str, channel: Channel, session: Session, way: Way, handle: Handle
    ) -> None:
        """What must be written before the centre's channel is called."""
        until = self._exchange.until()
        self._exchange.store.begin(
            Row(code, channel.trial, channel.centre, session.language, State.SENDING, until,
                None, None)
        )  # fmt: skip
        if way.box is not None:
            self._letterbox.create(way.box, handle, until)

    def _undo(self, code: str, way: Way) -> None:
        """Forgets a request that has certainly not been sent."""
        if self._exchange.store.drop(code, frozenset({State.SENDING})) and way.box is not None:
            self._exchange.store.close_mailbox(way.box.address)

    def _card(self, session: Session, handle: Handle, channel: Channel, *, repeat: bool) -> Letter:
        exchange = self._exchange
        note = ""
        if session.details and session.answers:
            catalogue = exchange.catalogue()
            found = assess(catalogue.trials[session.trial], catalogue.bank, session.answers)
            told = points_note(found.verdict, shareable(found, catalogue))
            note = exchange.keyring().enclose(told, b"", exchange.today)
        return exchange.cards.card(
            handle, exchange.today, exchange.keyring(), note=note,
            group=channel.kind is not Kind.EMAIL, repeat=repeat,
        )  # fmt: skip


def _place(handle: Handle) -> tuple[int, int]:
    return handle.trial, handle.centre
