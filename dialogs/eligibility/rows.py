"""Rows of tables over answers, judged with one AND.

All answers together are one number in which each slot has its own byte and each code its own bit
(`Answers.state`). A row is the number of all bits that break it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Mask", "Row", "holds", "row_of"]

#: Set of codes of one slot, as bits: bit n stands for code n.
Mask = int


@dataclass(frozen=True, slots=True)
class Row:
    """Codes of several slots that must all be there, as (slot, mask) pairs.

    `forbidden` has, in the byte of each slot, the bits of all codes that break the row.
    """

    pairs: tuple[tuple[int, Mask], ...]
    forbidden: int


def row_of(pairs: Mapping[int, Mask]) -> Row:
    """The row of `pairs` (slot to mask)."""
    forbidden = sum((0xFF & ~mask) << 8 * slot for slot, mask in pairs.items())
    return Row(tuple(sorted(pairs.items())), forbidden)


def holds(row: Row, state: int) -> bool:
    """Whether each slot of `row` has one of its codes in `state`; an empty row always holds."""
    return not state & row.forbidden
