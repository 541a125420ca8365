"""The shape of a trial file: facts, status history, criteria as tables over facts, centres."""

from datetime import date
from typing import Literal

from msgspec import field

from dialogs.datafile import Entry, RowEntry, Text

__all__ = [
    "CentreEntry",
    "CriterionEntry",
    "RecordEntry",
    "StatusEntry",
    "TrialFile",
    "UnclearEntry",
]


class UnclearEntry(Entry, frozen=True):
    """Answers that leave a criterion open, and why; `reading` numbers an open reading."""

    when: RowEntry
    because: Text
    reading: int | None = None


class CriterionEntry(Entry, frozen=True):
    """One criterion of a trial as tables over facts."""

    id: str
    plain: Text
    no: Text | None = None
    point: Text | None = None
    meets: list[RowEntry] = field(default_factory=list)
    fails: list[RowEntry] = field(default_factory=list)
    unclear: list[UnclearEntry] = field(default_factory=list)
    checked_by: Literal["centre"] | None = None
    definition: bool = False
    temporary: bool = False


class StatusEntry(Entry, frozen=True):
    """What a source said of a trial's status: since `day`, seen last on `checked`."""

    day: date
    status: Literal["recruiting", "suspended", "closed", "unknown"]
    checked: date
    source: str


class CentreEntry(Entry, frozen=True):
    """A study centre. `region` is the INSEE code; `sample` marks invented contact details."""

    number: int
    name: str
    city: str
    region: int
    phone: str
    email: str
    sample: bool = False


class RecordEntry(Entry, frozen=True):
    """What the registry said when somebody last wrote the criteria from it.

    `criteria` has a digest of each of its criteria by number, so that a later import can tell which
    have changed.
    """

    seen: date
    criteria: dict[str, str]


class TrialFile(Entry, frozen=True):
    """A trial file."""

    id: str
    number: int
    name: str
    sponsor: str
    registry: str
    demonstration: date
    order: list[str]
    title: Text
    about: list[Text]
    status: list[StatusEntry]
    criterion: list[CriterionEntry]
    centre: list[CentreEntry]
    record: RecordEntry | None = None
