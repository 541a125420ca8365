"""Rows of many trials as bits, so that a few operations judge all of them.

A plane has one bit a trial, in the order of their numbers, and planes lie one after another in one
number. A trial's failing rows fill planes from the first on. Each of its criteria has a plane of
its own, and there its first meeting row; criteria with more rows come first, so that their second
rows fill the first planes of the next block, and so on. For each slot and code, the bits of all
rows that this code breaks are one number: one OR a fact tells which rows are broken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogs.eligibility.answers import SLOTS
from dialogs.eligibility.criteria import Criterion, Trial
from dialogs.eligibility.rows import Row

__all__ = ["Planes", "Trials", "folded", "planes_of"]

#: A set of trials, as bits.
Trials = int
CODES = 8
#: For each slot, for each code: the bits of the rows that it breaks.
Broken = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Planes:
    """Rows of one kind: all that there are, and what breaks them; `starts` are those of blocks."""

    width: int
    planes: int
    rows: int
    broken: Broken
    starts: tuple[tuple[int, int], ...] = ()

    def broken_by(self, codes: bytes, slots: Iterable[int]) -> int:
        """The rows that the codes of these slots break."""
        found = 0
        for slot in slots:
            found |= self.broken[slot][codes[slot]]
        return found


def folded(bits: int, planes: int, width: int) -> Trials:
    """The trials that have a bit in any of the planes."""
    while planes > 1:
        half = (planes + 1) // 2
        bits = (bits | bits >> half * width) & (1 << half * width) - 1
        planes = half
    return bits


class _Making:
    """Bits while they are set, one by one."""

    def __init__(self, width: int, planes: int) -> None:
        self.width, self.size = width, (width * planes + 7) // 8
        self.rows = bytearray(self.size)
        self.broken: dict[tuple[int, int], bytearray] = {}

    def put(self, row: Row, plane: int, place: int) -> None:
        """The row of one trial into a plane."""
        byte, bit = divmod(plane * self.width + place, 8)
        self.rows[byte] |= 1 << bit
        for slot, mask in row.pairs:
            for code in range(CODES):
                if not mask >> code & 1:
                    key = slot, code
                    if key not in self.broken:
                        self.broken[key] = bytearray(self.size)
                    self.broken[key][byte] |= 1 << bit

    def done(self, planes: int, starts: tuple[tuple[int, int], ...] = ()) -> Planes:
        """What was made."""
        broken = [[0] * CODES for _ in range(SLOTS)]
        for (slot, code), bits in self.broken.items():
            broken[slot][code] = int.from_bytes(bits, "little")
        rows = int.from_bytes(self.rows, "little")
        return Planes(self.width, planes, rows, tuple(map(tuple, broken)), starts)


def planes_of(trials: Sequence[Trial]) -> tuple[Planes, Planes, list[list[Criterion]]]:
    """Failing and meeting rows of `trials`, and the criteria of each in the order of planes."""
    width = len(trials)
    sorted_ = [
        sorted((c for c in trial.criteria if c.slots), key=lambda c: -len(c.meets))
        for trial in trials
    ]
    fails = _Making(width, max((sum(len(c.fails) for c in found) for found in sorted_), default=0))
    for place, found in enumerate(sorted_):
        for plane, row in enumerate(row for criterion in found for row in criterion.fails):
            fails.put(row, plane, place)
    most = max((len(c.meets) for found in sorted_ for c in found), default=0)
    starts, end = [], 0
    for level in range(max(most, 1)):
        # Also criteria without a meeting row have a plane in the first block.
        size = max((sum(len(c.meets) > level or level == 0 for c in f) for f in sorted_), default=0)
        starts.append((end, size))
        end += size
    meets = _Making(width, end)
    for place, found in enumerate(sorted_):
        for plane, criterion in enumerate(found):
            for level, row in enumerate(criterion.meets):
                meets.put(row, starts[level][0] + plane, place)
    planes = fails.size * 8 // width if width else 0
    return fails.done(planes), meets.done(end, tuple(starts)), sorted_
