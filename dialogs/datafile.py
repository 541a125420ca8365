"""The shapes of the data files, and how a file that does not fit is named.

With `trialfile`, the only module that knows msgspec. Unknown keys are errors: a misspelt key must
never pass for a missing one.
"""

from datetime import date
from typing import Literal, TypeVar

import msgspec
from msgspec import field

from dialogs.errors import DataError

__all__ = [
    "BankFile",
    "ChoiceEntry",
    "Entry",
    "FactEntry",
    "HelpFile",
    "LinkEntry",
    "PhraseEntry",
    "QuestionEntry",
    "RegionFile",
    "ReviewFile",
    "RowEntry",
    "Text",
    "Wording",
    "decode",
    "decode_each",
]

#: A row of a table over facts: the values that each fact may have.
RowEntry = dict[str, list[str]]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all shapes: frozen, and strict about unknown keys."""


class Wording(Entry, frozen=True):
    """A sentence in English.

    Either `reader` (it speaks to whoever reads, patient or relative), or both `own` (it speaks of
    the reader as the patient; key `self` in the files) and `relative` (it speaks of somebody else).
    """

    reader: str | None = None
    own: str | None = field(default=None, name="self")
    relative: str | None = None

    def __post_init__(self) -> None:
        """Refuse a wording that is neither one form nor both."""
        forms = (self.own is not None) + (self.relative is not None)
        if forms == 1 or (forms == 2) == (self.reader is not None):
            raise ValueError("needs either `reader`, or both `self` and `relative`")


Text = str | Wording


class PhraseEntry(Entry, frozen=True):
    """One phrase of the screens. `kind` decides which plain-language gates it passes."""

    kind: Literal["heading", "notice", "result", "question", "why", "button", "label", "letter"]
    text: str | None = None
    reader: str | None = None
    own: str | None = field(default=None, name="self")
    relative: str | None = None


class FactEntry(Entry, frozen=True):
    """A fact a patient can tell, with its permanent slot and the permanent codes of its values."""

    id: str
    slot: int
    width: int
    meaning: str
    values: dict[str, int]
    prefer_not: bool = False
    ask_if: RowEntry = {}
    fragile: list[str] = []


class ChoiceEntry(Entry, frozen=True):
    """An answer button: its permanent number, the facts it sets, and how often it is expected."""

    n: int
    label: str
    prior: float
    sets: dict[str, str]


class QuestionEntry(Entry, frozen=True):
    """One screen that asks: one fact, or a checklist; `unsure` is the prior of *I don't know*."""

    id: str
    facts: list[str]
    label: str
    text: Text
    why: Text
    choice: list[ChoiceEntry]
    unsure: float
    where: Text | None = None
    items: list[Text] = []
    checklist: bool = False
    sensitive: bool = False
    care: bool = False


class RetiredEntry(Entry, frozen=True):
    """A slot whose fact is asked no more; it keeps its place in the token for ever."""

    slot: int
    width: int


class BankFile(Entry, frozen=True):
    """A file of the question bank."""

    fact: list[FactEntry] = []
    question: list[QuestionEntry] = []
    retired: list[RetiredEntry] = []


class LinkEntry(Entry, frozen=True):
    """A number to call or a page to open, with the day somebody checked it."""

    id: str
    phrase: str
    href: str
    checked: date
    source: str


class HelpFile(Entry, frozen=True):
    """Urgent numbers and doors to other studies."""

    number: list[LinkEntry]
    door: list[LinkEntry]


class RegionEntry(Entry, frozen=True):
    """A French region: its INSEE code and name."""

    code: int
    name: str


class RegionFile(Entry, frozen=True):
    """The regions."""

    region: list[RegionEntry]


class ReviewFile(Entry, frozen=True):
    """An approval: who approved what, and the digest of each approved item."""

    role: str
    day: date
    version: str
    items: dict[str, str]


T = TypeVar("T")


def decode_each(file: str, text: str, shape: type[T]) -> dict[str, T]:
    """The tables of a TOML file, each as `shape`; `DataError` names the table."""
    tables = decode(file, text, dict[str, object])
    found = {}
    for key, table in tables.items():
        try:
            found[key] = msgspec.convert(table, shape)
        except msgspec.ValidationError as error:
            raise DataError(file, key, str(error)) from error
    return found


def decode(file: str, text: str, shape: type[T]) -> T:
    """The content of a TOML file as `shape`; `DataError` names the file, the key and the reason."""
    try:
        return msgspec.toml.decode(text, type=shape)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise DataError(file, path.strip("`") or "$", reason) from error
    except msgspec.DecodeError as error:
        raise DataError(file, "$", f"not readable as TOML: {error}") from error
