"""Answers to facts, as small codes in permanent slots.

A slot holds one code: 0 unanswered, 1 to 5 the values of its fact, 6 *I don't know*, 7 *I'd
rather not say*. Slots are numbered 1 to 63 for ever, like the fields of a wire format, so that a
button made by an older release still says what it said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["MAX_VALUE", "NOT_SURE", "PREFER_NOT", "SLOTS", "UNANSWERED", "Answers"]

SLOTS = 64
UNANSWERED = 0
MAX_VALUE = 5
NOT_SURE = 6
PREFER_NOT = 7

_EMPTY = bytes(SLOTS)
_ONE_HOT = bytes(1 << code if code < 8 else 0 for code in range(256))


@dataclass(frozen=True, slots=True)
class Answers:
    """The codes of all slots; immutable, so a session can be shared and compared.

    `state` is all codes as one number: in the byte of each slot, the bit of its code is set. So one
    AND tells whether a whole row of a table holds.
    """

    codes: bytes = _EMPTY
    state: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every turn asks for the state several times, and never for that of other codes.
        state = int.from_bytes(self.codes.translate(_ONE_HOT), "little")
        object.__setattr__(self, "state", state)

    def __getitem__(self, slot: int) -> int:
        """The code in `slot`."""
        return self.codes[slot]

    def __bool__(self) -> bool:
        """Whether anything was answered."""
        return self.codes != _EMPTY

    def replaced(self, changes: Mapping[int, int]) -> "Answers":
        """These answers with the codes of some slots changed."""
        codes = bytearray(self.codes)
        for slot, code in changes.items():
            codes[slot] = code
        return Answers(bytes(codes))

    def without(self, slots: Iterable[int]) -> "Answers":
        """These answers with some slots unanswered again."""
        return self.replaced(dict.fromkeys(slots, UNANSWERED))
