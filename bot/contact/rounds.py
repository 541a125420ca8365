"""What happens by itself as days pass: silence is told of, and what is too old is forgotten."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from bot.contact.exchange import Exchange, Told
from bot.contact.letter import Courier, Letter, Undelivered
from bot.events import Notice
from bot.store.records import Row, State, StoreError
from dialogs.conversation.due import working_day

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
        # She was told "by" the day; it has to be over.
        for row in exchange.store.due(today - timedelta(days=1)):
            async with exchange.lock(row.code):
                fresh = exchange.store.request(row.code)
                if fresh is None or fresh.due_on != row.due_on or fresh.state is not row.state:
                    continue
                try:
                    await self._remind(fresh)
                except StoreError as error:
                    self._report(error)

    async def _remind(self, row: Row) -> None:
        exchange = self._exchange
        trials = exchange.catalogue().trials.values()
        trial = next((one for one in trials if one.id == row.trial), None)
        centre = None if trial is None else trial.centre(row.centre)
        if trial is None or centre is None:
            self._move(row, State.ESCALATED, None)
            return
        place = f"{row.trial}/{row.centre}"
        if row.state is State.SENT:
            channel = exchange.reached(trial, centre)
            courier = None if channel is None else exchange.courier(channel)
            address = "" if channel is None else channel.address
            told = await self._bring(courier, address, exchange.cards.reminder(row.code, centre))
            if told is Told.DONE:
                late = row.due_on or exchange.today
                due = working_day(late, _ESCALATION, exchange.catalogue().holidays)
                self._move(row, State.REMINDED, max(due, exchange.today))
            if told is not Told.BLOCKED:
                return
            # The channel itself is broken: the operator has to know now.
            self._notify(Notice.CENTRE_AWAY, place)
        courier, address = self.operator or (None, "")
        told = await self._bring(courier, address, exchange.cards.operator(row.code, trial, centre))
        if told is not Told.LATER:
            self._notify(Notice.CENTRE_SILENT, place)
            self._move(row, State.ESCALATED, None)

    async def _bring(self, courier: Courier | None, address: str, letter: Letter) -> Told:
        """DONE also when nobody knows; LATER: in the next round; BLOCKED: it never will."""
        if courier is None:
            return Told.BLOCKED
        try:
            async with asyncio.timeout(_UNHURRIED):
                await courier.deliver(address, letter, _UNHURRIED)
        except TimeoutError:
            return Told.DONE
        except Undelivered as failure:
            if failure.lasting:
                return Told.BLOCKED
            return Told.LATER if failure.sure else Told.DONE
        return Told.DONE

    def _move(self, row: Row, to: State, due_on: date | None) -> None:
        self._exchange.store.change(row.code, to, frozenset({row.state}), due_on=due_on)
