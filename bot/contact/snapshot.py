"""What conversations see of the store: which centres can be asked, and how trials stand by hand.

A turn is pure and reads a catalogue; here the catalogues of the desks follow what staff and the
operator do, in this process or by a command beside it.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.contact.exchange import Exchange
from bot.desk import Desk
from bot.store.records import Check
from dialogs.eligibility.status import with_checks
from dialogs.trialfile import StatusEntry

__all__ = ["Snapshot", "entries"]

#: Seconds after which a change made by a command is seen.
_PAUSE = 2.0


def entries(trial: str, checks: Iterable[Check]) -> list[StatusEntry]:
    """The checks of one trial as entries of its history."""
    return [
        StatusEntry(one.day, one.status, one.day, one.source)
        for one in checks
        if one.trial == trial
    ]


class Snapshot:
    """Keeps the catalogues of `desks` as the store says."""

    def __init__(
        self, desks: Iterable[Desk], exchange: Exchange, report: Callable[[BaseException], None]
    ) -> None:
        self._desks = [(desk, desk.catalogue) for desk in desks]
        self._exchange = exchange
        self._report = report
        self._seen: object = None

    def refresh(self) -> None:
        """Looks once; cheap when nothing has changed. Raises `StoreError`."""
        store = self._exchange.store
        checks = store.checks()
        seen = (store.channels(), checks)
        if seen == self._seen:
            return
        for desk, first in self._desks:
            trials = {
                number: with_checks(trial, entries(trial.id, checks))
                for number, trial in first.trials.items()
            }
            reach = frozenset(
                (number, centre.number)
                for number, trial in trials.items()
                for centre in trial.centres
                if self._exchange.reached(trial, centre) is not None
            )
            desk.catalogue = replace(first, trials=trials, reach=reach)
        self._seen = seen

    def forget(self) -> None:
        """The next look takes nothing for known: there are other ways to reach centres now."""
        self._seen = None

    async def run(self) -> None:
        """Looks for as long as the service runs."""
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001 - conversations go on with what was seen last
                self._report(error)
