"""What she does with a request that goes on: writing to the team, and ending it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from time import monotonic

from bot.contact.cards import code_of_handle
from bot.contact.exchange import ACTIVE, HANDLE_DAYS, Busy, Exchange, Told, renewed
from bot.contact.letter import Undelivered
from bot.contact.limits import Limits
from bot.contact.mailbox import Keys
from bot.contact.notes import words_note
from bot.events import Notice
from bot.store.records import Channel, State, StoreError
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.conversation.due import working_day
from dialogs.conversation.effects import Settled
from dialogs.conversation.screens.request import WORKING_DAYS
from dialogs.conversation.session import SENT_DAYS, Session
from dialogs.errors import DeadToken
from dialogs.wire.handle import Handle

__all__ = ["SECONDS", "Ongoing", "Way"]

#: Seconds that she waits for the centre's channel, at most.
SECONDS = 8.0
#: The longest note in a link; longer addresses are cut or refused on the way.
_LONGEST_NOTE = 3000
#: States in which the centre is waited for no longer, until she writes again.
_ANSWERED = frozenset({State.TAKEN, State.ANSWERED})


@dataclass(frozen=True, slots=True)
class Way:
    """How a centre's answer reaches her: the number of her chat, or her letter box on the web."""

    chat: int = 0
    box: Keys | None = None

    @property
    def address(self) -> int:
        """What the handle carries."""
        return self.chat if self.box is None else self.box.address


class Ongoing:
    """Requests that were sent, by what a session or a letter box holds and nothing else."""

    def __init__(
        self,
        exchange: Exchange,
        limits: Limits,
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
    ) -> None:
        self._exchange = exchange
        self._limits = limits
        self._report = report
        self._notify = notify

    def _handle(self, session: Session, way: Way, day: date) -> Handle:
        return Handle(
            tag=session.tag, trial=session.trial, centre=session.focus, attempt=session.attempt,
            language=session.language, relative=session.relative, web=way.box is not None,
            address=way.address, sent=day.toordinal() % SENT_DAYS, campaign=session.campaign,
            matching=session.matching,
        )  # fmt: skip

    def _failed(self, channel: Channel, failure: Undelivered) -> None:
        """Whoever can mend a channel that refuses for good gets word."""
        if failure.lasting:
            self._exchange.broken(channel)
            self._notify(Notice.CENTRE_AWAY, f"{channel.trial}/{channel.centre}")

    async def end(self, code: str, handle: Handle) -> Settled:
        """Ends a request: its handle is dead from here on, and the centre's card says so.

        One that the centre closed is over already; then only the letter box is emptied.
        """
        exchange = self._exchange
        try:
            async with exchange.alone(code, SECONDS):
                row = exchange.store.request(code)
                if row is not None and row.state in ACTIVE:
                    exchange.bury(row)
                done = exchange.store.change(code, State.ENDED, ACTIVE, due_on=None)
                row = exchange.store.request(code)
                # Also at a second try: the first one may have ended before the card was changed.
                if row is not None and row.state is State.ENDED and (done or row.card is not None):
                    exchange.show(handle)
                if handle.web:
                    exchange.store.close_mailbox(handle.address)
        except Busy:
            return Settled.UNSENT
        except StoreError as error:
            self._report(error)
            return Settled.UNSENT
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
        end = monotonic() + SECONDS
        code = code_of_handle(handle)
        try:
            async with self._exchange.alone(code, SECONDS):
                return await self._write(code, handle, text, source, end)
        except (Busy, DeadToken):
            return Told.LATER
        except StoreError as error:
            self._report(error)
            return Told.LATER

    async def _write(self, code: str, handle: Handle, text: str, source: bytes, end: float) -> Told:
        exchange = self._exchange
        row = exchange.row(handle)
        if row is None or row.state not in ACTIVE:
            return Told.OVER
        channel = exchange.channel(handle)
        if channel is None or not self._limits.knock(source):
            return Told.LATER
        day = row.until - timedelta(days=HANDLE_DAYS)
        note = exchange.keyring().enclose(words_note(text), b"", day)
        if len(note) > _LONGEST_NOTE:
            return Told.DENSE
        serial = int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")
        handle = renewed(handle, row)
        letter = exchange.cards.words(handle, exchange.today, exchange.keyring(), note, serial)
        try:
            await exchange.deliver(channel, letter, end - monotonic())
        except Undelivered as failure:
            self._failed(channel, failure)
            return Told.LATER if failure.sure else Told.UNSURE
        # Who had answered is expected to answer again; a silence that is counted already goes on.
        due = working_day(exchange.today, WORKING_DAYS, exchange.catalogue().holidays)
        try:
            exchange.store.change(code, State.SENT, _ANSWERED, due_on=due)
        except StoreError as error:
            # The team has her text all the same.
            self._report(error)
        return Told.DONE
