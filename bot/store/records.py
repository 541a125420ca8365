"""What the store holds, as values: nothing here says who anybody is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

__all__ = [
    "Announcement",
    "Campaign",
    "Channel",
    "Check",
    "Event",
    "Invite",
    "Key",
    "Kind",
    "Row",
    "State",
    "StoreError",
]


class StoreError(Exception):
    """The database file cannot be used; the message says which file, why, and the mend.

    `passing`: it may work in a moment (locked), or as soon as there is room (full). Holds no
    content of any row.
    """

    quotes_nothing = True

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Kind(StrEnum):
    """How a study centre is reached."""

    GROUP = "group"  # a staff group on Telegram
    EMAIL = "email"
    INBOX = "inbox"  # the demonstration's; never in the store


class State(StrEnum):
    """How a request stands."""

    SENDING = "sending"
    SENT = "sent"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    TAKEN = "taken"
    ANSWERED = "answered"
    ENDED = "ended"  # by her
    CLOSED = "closed"  # by the centre


@dataclass(frozen=True, slots=True)
class Channel:
    """A bound channel of the centre with number `centre` of the trial with id `trial`.

    `away`: the channel itself does not work, so the centre cannot be asked through it.
    """

    trial: str
    centre: int
    kind: Kind
    address: str
    away: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation that can be accepted until the day `until`, that day excluded."""

    trial: str
    centre: int
    until: date


@dataclass(frozen=True, slots=True)
class Row:
    """A request: pseudonymous until it is forgotten on the day `until`.

    `due_on` is the working day by which something has to happen (None: nothing has to), `card` the
    number of the centre's message, where it has one.
    """

    code: str
    trial: str
    centre: int
    language: str
    state: State
    until: date
    due_on: date | None
    card: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """Somebody looked at how a trial stands; `by` are initials that patients never see."""

    trial: str
    status: Literal["recruiting", "suspended", "closed"]
    source: str
    by: str
    day: date


@dataclass(frozen=True, slots=True)
class Campaign:
    """A link that a group shares; `slug` is all that it shows.

    `number` (1 to 4095) is what tokens carry. `trial` is the study it is about, by its registry's
    number, or nothing for all; `language` that of its first screen, or nothing for the reader's
    own. `label` is the group's name, `secret_hash` the SHA-256, in hexadecimal, of what opens its
    figures.
    """

    slug: str
    number: int
    trial: str
    language: str
    label: str
    secret_hash: str


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is counted: a `step` of conversations in a `week`: `2026-W48`, or a quarter, `2026-Q4`.

    They came by the campaign with a number (0: none), are about one trial, by its registry's number
    (nothing: about all), and in one language.
    """

    week: str
    campaign: int
    trial: str
    language: str
    step: str


#: What can be told of a trial.
Event = Literal["added", "opened", "closed"]


@dataclass(frozen=True, slots=True)
class Announcement:
    """That a trial was `added`, `opened` or `closed`, told in one language on a day."""

    trial: str
    event: Event
    day: date
    language: str
