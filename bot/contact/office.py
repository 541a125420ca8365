"""The contact service put together: one object that holds its parts, for every channel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.contact.bindings import Bindings
from bot.contact.calendar import public_holidays
from bot.contact.cards import Cards
from bot.contact.exchange import HANDLE_DAYS, Exchange
from bot.contact.inbox import Inbox
from bot.contact.letter import Courier
from bot.contact.letterbox import Letterbox
from bot.contact.limits import Limits
from bot.contact.post import Post
from bot.contact.replies import Replies
from bot.contact.requests import Requests
from bot.contact.rounds import Rounds
from bot.contact.snapshot import Snapshot
from bot.desk import Desk
from bot.events import Notice
from bot.settings import Settings
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from bot.store.records import Kind
from bot.store.store import Store
from bot.tally import Tally

__all__ = ["Office", "open_office"]


@dataclass(frozen=True, slots=True)
class Office:
    """All parts; `inbox` is the demonstration's, None when live."""

    store: Store
    exchange: Exchange
    limits: Limits
    letterbox: Letterbox
    requests: Requests
    replies: Replies
    bindings: Bindings
    rounds: Rounds
    snapshot: Snapshot
    inbox: Inbox | None


def open_office(
    settings: Settings,
    store: Store,
    desks: Iterable[Desk],
    report: Callable[[BaseException], None],
    notify: Callable[[Notice, str], None],
    clock: Callable[[], date] = date.today,
) -> Office:
    """The office of `desks`, which follow it from here on.

    Raises `StoreError`, `KeyFileError` and `ClockBehind`.
    """
    desks = tuple(desks)
    # Demonstrations show days of the past; a service runs into the next year.
    known = public_holidays(range(2019, clock().year + 3))
    for desk in desks:
        desk.catalogue = replace(desk.catalogue, holidays=known)
    keys = LivingKeys(KeyFiles(settings.keys_dir, "handle", HANDLE_DAYS), clock)
    cards = Cards(lambda: desks[0].catalogue, settings.own_url, settings.staff_language)
    couriers: dict[Kind, Courier] = {}
    operator = None
    if settings.mail is not None:
        couriers[Kind.EMAIL] = Post(settings.mail, lambda: cards.speech, notify=notify)
        if settings.operator_email is not None:
            operator = couriers[Kind.EMAIL], settings.operator_email
    inbox = None if settings.live else Inbox()
    tally = Tally(clock)
    for desk in desks:
        desk.tally = tally
    exchange = Exchange(
        store, keys, lambda: desks[0].catalogue, cards, couriers, inbox,
        Endings(settings.keys_dir), tally,
    )  # fmt: skip
    revived = exchange.remember()
    if revived:
        notify(Notice.RESTORED, str(revived))
    limits = Limits(clock)
    letterbox = Letterbox(exchange, report)
    exchange.patients[True] = letterbox
    snapshot = Snapshot(desks, exchange, report)
    return Office(
        store=store,
        exchange=exchange,
        limits=limits,
        letterbox=letterbox,
        requests=Requests(exchange, letterbox, limits, report, notify),
        replies=Replies(exchange, report),
        bindings=Bindings(exchange, snapshot.refresh, report, notify),
        rounds=Rounds(exchange, operator, report, notify),
        snapshot=snapshot,
        inbox=inbox,
    )
