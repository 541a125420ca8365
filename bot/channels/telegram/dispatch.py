"""From the text of an update to the end of its handling, through python-telegram-bot's dispatch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram.ext import Application, TypeHandler

from bot.channels.telegram.api import Passing
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Update

__all__ = ["Delivery", "Dispatch", "Tally"]

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(slots=True)
class Delivery:
    """One update on its way.

    `reply` answers a press of a button; `again`: deliver it once more, `after` so many seconds.
    """

    update: Update
    reply: dict[str, Any] | None = None
    again: bool = False
    after: float = 0.0


@dataclass(slots=True)
class Tally:
    """Counts since the start, of no use to recognise anybody."""

    handled: int = 0
    poisoned: int = 0
    deferred: int = 0


class Dispatch:
    """Runs deliveries through `application`, whose one handler is `talk`."""

    def __init__(
        self, application: AnyApplication, talk: Talk, report: Callable[[BaseException], None]
    ) -> None:
        self._application = application
        self._talk = talk
        self._report = report
        self.tally = Tally()
        application.add_handler(TypeHandler(Delivery, self._handle, strict=True))

    async def run(self, update: Update) -> Delivery:
        """Handles one update; whatever fails, it does not raise."""
        delivery = Delivery(update)
        await self._application.process_update(delivery)
        return delivery

    def poisoned(self, error: BaseException) -> None:
        """Counts an update that could not be handled, and reports where, not what."""
        self.tally.poisoned += 1
        self._report(error)

    async def _handle(self, delivery: Delivery, _context: object) -> None:
        try:
            delivery.reply = await self._talk.handle(delivery.update)
        except Passing as passing:
            self.tally.deferred += 1
            delivery.again, delivery.after = True, passing.after
        except Exception as error:  # noqa: BLE001 - one bad update must not stop her next one
            self.poisoned(error)
            delivery.reply = await self._talk.apologise(delivery.update)
        else:
            self.tally.handled += 1
