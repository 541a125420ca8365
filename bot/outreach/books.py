"""Sums go from memory into the store each minute; a week that is over is published, for good.

What is published takes the place of the counts, which are gone from then on: no later export can be
set against an earlier one, and nobody can be made to hand over what is no longer there.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from bot.outreach.disclosure import disclosed
from bot.store.store import Store
from bot.tally import Tally, week_of

__all__ = ["Books", "closed", "over", "publish"]

#: Seconds between two looks.
_PAUSE = 60.0
#: A week is published on the Tuesday after it, when no sum of it is on its way any more.
_LATER = timedelta(days=8)


def closed(today: date) -> str:
    """The last week that is published on `today`."""
    return week_of(today - _LATER)


def over(week: str, today: date) -> bool:
    """Whether a week, or a quarter, is published on `today`."""
    year, _, part = week.partition("-")
    if not part.startswith("Q"):
        return week <= closed(today)
    # The 28th of December is always in the last week of its year.
    last = date(int(year), 12, 28).isocalendar().week if part == "Q4" else 13 * int(part[1:])
    return f"{year}-W{last:02}" <= closed(today)


def publish(store: Store, today: date) -> None:
    """Publishes what is due; does nothing more when it was done. Raises `StoreError`."""
    store.publish(lambda week: over(week, today), disclosed)


class Books:
    """Writes down what `tally` holds."""

    def __init__(
        self,
        store: Store,
        tally: Tally,
        report: Callable[[BaseException], None],
        clock: Callable[[], date] = date.today,
    ) -> None:
        self._store = store
        self._tally = tally
        self._report = report
        self._clock = clock
        self._published = ""

    def once(self) -> None:
        """Writes the sums, then publishes; what the store does not take now waits in memory."""
        try:
            self._tally.flush(self._store.count)
            week = closed(self._clock())
            if week != self._published:
                publish(self._store, self._clock())
                self._published = week
        except Exception as error:  # noqa: BLE001 - conversations go on, and so do the next sums
            self._report(error)

    async def run(self) -> None:
        """For as long as the service runs; to be followed by `once` at its end."""
        while True:
            await asyncio.sleep(_PAUSE)
            self.once()
