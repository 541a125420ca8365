"""Facts that a patient can tell: a small closed set of values in a permanent slot."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.datafile import FactEntry
from dialogs.eligibility.answers import MAX_VALUE, NOT_SURE, PREFER_NOT, SLOTS, UNANSWERED
from dialogs.eligibility.rows import Mask, Row, row_of
from dialogs.errors import DataError

__all__ = ["Fact", "read_fact", "row"]

_SPECIAL = {"unanswered": UNANSWERED, "not_sure": NOT_SURE, "prefer_not": PREFER_NOT}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its permanent slot and width in bits, and the codes of its values by name."""

    id: str
    slot: int
    width: int
    meaning: str
    values: dict[str, int]
    prefer_not: bool
    ask_if: Row
    fragile: Mask

    def code(self, name: str) -> int | None:
        """The code of a value, or of `unanswered`, `not_sure`, `prefer_not`; None if unknown."""
        return self.values.get(name, _SPECIAL.get(name))

    def name(self, code: int) -> str:
        """The name of a code; `KeyError` for one that no answer has."""
        return {code: name for name, code in (self.values | _SPECIAL).items()}[code]


def row(facts: Mapping[str, Fact], table: Mapping[str, list[str]], file: str, key: str) -> Row:
    """A table row compiled to slots and masks; `DataError` for an unknown fact or value."""
    pairs = {}
    for identity, names in table.items():
        fact = facts.get(identity)
        if fact is None:
            raise DataError(file, key, f"there is no fact called {identity!r} in the question bank")
        mask = 0
        for name in names:
            code = fact.code(name)
            if code is None:
                allowed = ", ".join([*fact.values, *_SPECIAL])
                raise DataError(file, key, f"{identity} has no value {name!r}; it has {allowed}")
            mask |= 1 << code
        pairs[fact.slot] = mask
    return row_of(pairs)


def read_fact(
    file: str, entry: FactEntry, known: Mapping[str, Fact], taken: Mapping[int, str]
) -> Fact:
    """The fact of an entry; `known` are those before it, `taken` tells who has a slot already.

    Raises `DataError` for a name or slot used twice, impossible values or width, or a gate over a
    fact that does not stand before it.
    """
    key = f"fact {entry.id}"
    if entry.id in known:
        raise DataError(file, key, "is there twice")
    if entry.slot in taken:
        raise DataError(file, key, f"slot {entry.slot} belongs to {taken[entry.slot]} already")
    if not 1 <= entry.slot < SLOTS:
        raise DataError(file, key, f"slot {entry.slot} is outside 1 to {SLOTS - 1}")
    codes = list(entry.values.values())
    if (
        not codes
        or len(set(codes)) != len(codes)
        or not all(1 <= code <= MAX_VALUE for code in codes)
    ):
        raise DataError(file, key, f"values need different numbers from 1 to {MAX_VALUE}")
    if entry.width not in (2, 3) or (entry.width == 2 and (max(codes) > 2 or entry.prefer_not)):
        raise DataError(file, key, "width is 3, or 2 for at most two values without prefer_not")
    fragile = 0
    for name in entry.fragile:
        if name not in entry.values:
            raise DataError(file, key, f"fragile: there is no value {name!r}")
        fragile |= 1 << entry.values[name]
    return Fact(
        entry.id, entry.slot, entry.width, entry.meaning, entry.values, entry.prefer_not,
        row(known, entry.ask_if, file, f"{key}: ask_if"), fragile,
    )  # fmt: skip
