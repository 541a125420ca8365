"""What happens by itself as days pass: silence is told of, and what is too old is forgotten."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from bot.contact.exchange import Exchange, Told
from bot.contact.letter import Courier, Letter, Undelivered
from bot.events import Notice
from bot.store.keyfiles import KeyFileError
from bot.store.records import Channel, Row, State, StoreError
from dialogs.conversation.due import working_day
from dialogs.eligibility.criteria import Trial
from dialogs.trialfile import CentreEntry

__all__ = ["Operator", "Rounds"]

#: Seconds between two rounds.
_PAUSE = 600.0
#: Seconds for one letter of a round.
_UNHURRIED = 20.0
#: Working days between the reminder to a centre and the word to the operator.
_ESCALATION = 2

#: How the operator is reached: who brings it, and where.
Operator = tuple[Courier, str]


class Rounds:
    """Reminders, words to the operator, and the end of what has had its days."""

    def __init__(
        self,
        exchange: Exchange,
        operator: Operator | None,
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
    ) -> None:
        self._exchange = exchange
        self.operator = operator
        self._report = report
        self._notify = notify
        #: What was brought and could not be recorded: it must not be brought in each round.
        self._brought: set[tuple[str, State, date | None]] = set()
        #: Channels that do not work, of which the operator has been told.
        self._known: set[Channel] = set()

    async def run(self) -> None:
        """Goes round for as long as the service runs."""
        while True:
            try:
                await self.once()
            except Exception as error:  # noqa: BLE001 - the rounds outlive any failure of one
                self._report(error)
            await asyncio.sleep(_PAUSE)

    async def once(self) -> None:
        """One round; what cannot be delivered now is tried again in the next one."""
        exchange = self._exchange
        today = exchange.today
        exchange.store.purge(today)
        try:
            exchange.remember()
        except KeyFileError as error:
            # Silence is told of all the same.
            self._report(error)
        # She was told "by" the day; it has to be over.
        for row in exchange.store.due(today - timedelta(days=1)):
            async with exchange.lock(row.code):
                fresh = exchange.store.request(row.code)
                if fresh is None or fresh.due_on != row.due_on or fresh.state is not row.state:
                    continue
                try:
                    await self._silent(fresh)
                except StoreError as error:
                    self._report(error)
        await self._tell_of_broken()

    def _place(self, trial: str, number: int) -> tuple[Trial, CentreEntry] | None:
        for one in self._exchange.catalogue().trials.values():
            centre = one.centre(number)
            if one.id == trial and centre is not None:
                return one, centre
        return None

    async def _silent(self, row: Row) -> None:
        """Something had to happen, and did not: first the centre hears of it, then the operator."""
        cards, place = self._exchange.cards, self._place(row.trial, row.centre)
        if place is None:
            await self._escalate(row, cards.gone(row.code, row.trial, row.centre))
            return
        if row.state is State.SENT:
            told = await self._remind(row, *place)
            late = working_day(
                row.due_on or row.until, _ESCALATION, self._exchange.catalogue().holidays
            )
            if told in (Told.DONE, Told.LATER) and self._exchange.today <= late:
                return
            # A reminder that came so late does not put off the word to the operator.
            row = self._exchange.store.request(row.code) or row
        reached = row.state is not State.SENT
        await self._escalate(row, cards.operator(row.code, *place, reminded=reached))

    async def _remind(self, row: Row, trial: Trial, centre: CentreEntry) -> Told:
        """DONE, LATER, or BLOCKED when the channel is broken: the operator has to know now."""
        exchange = self._exchange
        channel = exchange.reached(trial, centre)
        told = Told.BLOCKED
        if channel is not None:
            letter = exchange.cards.reminder(row.code, centre)
            told = await self._bring(row, (exchange.courier(channel), channel.address), letter)
        if told is Told.BLOCKED:
            if channel is not None:
                exchange.broken(channel)
            self._notify(Notice.CENTRE_AWAY, f"{row.trial}/{row.centre}")
        if told in (Told.LATER, Told.BLOCKED):
            return told
        # When nobody knows whether it came, the word to the operator follows all the same.
        due = working_day(row.due_on or exchange.today, _ESCALATION, exchange.catalogue().holidays)
        self._move(row, State.REMINDED, max(due, exchange.today))
        return Told.DONE

    async def _escalate(self, row: Row, letter: Letter) -> None:
        told = await self._bring(row, self.operator or (None, ""), letter)
        if told is Told.LATER:
            return
        if told is Told.UNSURE:
            # A second word does no harm, and none at all would: once more tomorrow.
            self._move(row, row.state, self._exchange.today)
            return
        self._notify(Notice.CENTRE_SILENT, f"{row.trial}/{row.centre}")
        self._move(row, State.ESCALATED, None)

    async def _tell_of_broken(self) -> None:
        """The operator hears once of each channel that does not work, and again after a restart."""
        away = {one for one in self._exchange.store.channels() if one.away}
        self._known &= away
        for channel in away - self._known:
            place = self._place(channel.trial, channel.centre)
            if place is not None and self.operator is not None:
                letter = self._exchange.cards.away(*place, self._exchange.today)
                if await self._delivered(*self.operator, letter) is Told.LATER:
                    continue
            self._known.add(channel)

    async def _bring(self, row: Row, where: tuple[Courier | None, str], letter: Letter) -> Told:
        """Brings a letter about a request; DONE also when an earlier round has done it."""
        key = row.code, row.state, row.due_on
        if key in self._brought:
            return Told.DONE
        courier, address = where
        told = Told.BLOCKED if courier is None else await self._delivered(courier, address, letter)
        if told is Told.DONE:
            self._brought.add(key)
        return told

    async def _delivered(self, courier: Courier, address: str, letter: Letter) -> Told:
        """LATER: certainly not there; BLOCKED: it never will be; UNSURE: nobody knows."""
        try:
            async with asyncio.timeout(_UNHURRIED):
                await courier.deliver(address, letter, _UNHURRIED)
        except TimeoutError:
            return Told.UNSURE
        except Undelivered as failure:
            if failure.lasting:
                return Told.BLOCKED
            return Told.LATER if failure.sure else Told.UNSURE
        return Told.DONE

    def _move(self, row: Row, to: State, due_on: date | None) -> None:
        self._exchange.store.change(row.code, to, frozenset({row.state}), due_on=due_on)
        self._brought.discard((row.code, row.state, row.due_on))
