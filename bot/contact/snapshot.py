"""What conversations see of the store: centres to ask, checks of trials, links of groups.

A turn is pure and reads a catalogue; here the catalogues of the desks follow what staff and the
operator do, in this process or by a command beside it.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.contact.exchange import Exchange
from bot.desk import Desk
from bot.door import Entrance
from bot.store.records import Campaign, Check
from dialogs.catalogue import Catalogue
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


def _entrances(campaigns: Iterable[Campaign], catalogue: Catalogue) -> dict[str, Entrance]:
    """How people come in by the links of groups; about all trials where one is not known."""
    numbers = {trial.id: number for number, trial in catalogue.trials.items()}
    return {
        one.slug: Entrance(numbers.get(one.trial, 0), one.number, one.language) for one in campaigns
    }


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
        campaigns = store.campaigns()
        seen = (store.channels(), checks, campaigns)
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
            desk.entrances = _entrances(campaigns, first)
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
