"""Which staff groups there are, and what becomes of them."""

from collections.abc import Callable

from bot.contact.exchange import Exchange
from bot.contact.invitation import accept
from bot.events import Notice
from bot.store.records import Kind, StoreError
from dialogs.eligibility.criteria import Trial
from dialogs.trialfile import CentreEntry

__all__ = ["Bindings"]


class Bindings:
    """The groups of study centres; `changed` is called after each change, so that it is seen."""

    def __init__(
        self,
        exchange: Exchange,
        changed: Callable[[], None],
        report: Callable[[BaseException], None],
        notify: Callable[[Notice, str], None],
    ) -> None:
        self._exchange = exchange
        self._changed = changed
        self._report = report
        self._notify = notify

    def staffed(self, chat: int) -> bool:
        """Whether a group serves a centre. Raises `StoreError`."""
        return bool(self._exchange.store.at(Kind.GROUP, str(chat)))

    def bind(self, code: str, chat: int) -> tuple[Trial, CentreEntry] | None:
        """Makes a group serve the centre that `code` invites; None when it invites nobody.

        Raises `StoreError`.
        """
        exchange = self._exchange
        place = accept(exchange.store, code, Kind.GROUP, str(chat), exchange.today)
        if place is None:
            return None
        self._changed()
        identity, number = place
        for trial in exchange.catalogue().trials.values():
            centre = trial.centre(number)
            if trial.id == identity and centre is not None:
                return trial, centre
        return None

    def moved(self, old: str, new: str) -> None:
        """A group became a supergroup and got another number; its centres stay bound.

        We are in it still, whatever Telegram said of the old one meanwhile.
        """
        store = self._exchange.store
        try:
            if store.moved(Kind.GROUP, old, new):
                store.mark(Kind.GROUP, new, away=False)
                self._changed()
        except StoreError as error:
            self._report(error)

    def away(self, chat: int, *, gone: bool) -> None:
        """The bot was put out of a group, or taken in again: its centres can be asked or not."""
        store = self._exchange.store
        try:
            channels = store.at(Kind.GROUP, str(chat))
            if store.mark(Kind.GROUP, str(chat), away=gone):
                self._changed()
        except StoreError as error:
            self._report(error)
            return
        if gone:
            for channel in channels:
                self._notify(Notice.CENTRE_AWAY, f"{channel.trial}/{channel.centre}")
