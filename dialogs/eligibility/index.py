"""All trials at once: which fail, which are open, and which facts each still waits for.

A set of trials is one number in which bit n stands for the n-th trial, in the order of their
permanent numbers. Criteria of one shape (the same facts in the same kinds of rows) lie in layers of
at most one criterion a trial, and a layer has, for each row, fact and code, the set of trials whose
row allows that code. So one AND judges a row of all trials.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from dialogs.eligibility.answers import UNANSWERED, Answers
from dialogs.eligibility.criteria import Criterion, Trial
from dialogs.eligibility.questions import Bank
from dialogs.eligibility.rows import Row

__all__ = ["Index", "Plane", "Survey", "Trials"]

#: A set of trials, as bits.
Trials = int
#: A row of many trials: for each slot, by the code of its answer, the trials that allow it.
Plane = tuple[tuple[int, tuple[Trials, ...]], ...]
_CODES = 8
_Shape = tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], bool]


@dataclass(frozen=True, slots=True)
class Layer:
    """Criteria of one shape, at most one of a trial; `here` are the trials that have one."""

    here: Trials
    fails: tuple[Plane, ...]
    meets: tuple[Plane, ...]
    slots: tuple[int, ...]
    centre: bool


class Survey(NamedTuple):
    """What answers mean for all trials: the sets of those with a verdict, and what is missing.

    `fails` do not seem to fit; of the others, `open` have points to check. `due` has, by slot, the
    trials that still wait for it, and `later` those that may come to wait for it, as it is behind a
    gate that is not decided yet.
    """

    fails: Trials
    open: Trials
    due: Mapping[int, Trials]
    later: Mapping[int, Trials]


def holding(plane: Plane, codes: bytes) -> Trials:
    """The trials whose row holds."""
    found = -1
    for slot, allowed in plane:
        found &= allowed[codes[slot]]
    return found


def _shape(criterion: Criterion) -> _Shape:
    def slots(rows: tuple[Row, ...]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(slot for slot, _ in row.pairs) for row in rows)

    return slots(criterion.fails), slots(criterion.meets), criterion.centre


def _planes(rows_of: Mapping[int, tuple[Row, ...]]) -> tuple[Plane, ...]:
    """The planes of rows of one shape, given the rows of each trial's bit."""
    bits: list[list[tuple[int, list[int]]]] = []
    for place, rows in rows_of.items():
        if not bits:
            bits = [[(slot, [0] * _CODES) for slot, _ in row.pairs] for row in rows]
        for row, plane in zip(rows, bits, strict=True):
            for (_, mask), (_, allowed) in zip(row.pairs, plane, strict=True):
                for code in range(_CODES):
                    if mask >> code & 1:
                        allowed[code] |= 1 << place
    return tuple(tuple((slot, tuple(allowed)) for slot, allowed in plane) for plane in bits)


class Index:
    """The criteria of all `trials` over one `bank`. `numbers` has the number of each bit."""

    def __init__(self, bank: Bank, trials: Iterable[Trial]) -> None:
        found = sorted(trials, key=lambda trial: trial.number)
        self.bank = bank
        self._gates = {fact.slot: fact.ask_if.pairs for fact in bank.gated}
        self.numbers = tuple(trial.number for trial in found)
        self.everything: Trials = (1 << len(found)) - 1
        self._place = {number: place for place, number in enumerate(self.numbers)}
        criteria: dict[tuple[_Shape, int], dict[int, Criterion]] = {}
        orders: dict[str, Trials] = dict.fromkeys(bank.questions, 0)
        for place, trial in enumerate(found):
            seen: dict[_Shape, int] = {}
            for criterion in trial.criteria:
                if not criterion.slots:
                    continue
                shape = _shape(criterion)
                layer = seen[shape] = seen.get(shape, -1) + 1
                criteria.setdefault((shape, layer), {})[place] = criterion
            for question in trial.order:
                orders[question.id] |= 1 << place
        #: By question, the trials in whose order it stands.
        self.orders: Mapping[str, Trials] = orders
        self.layers = tuple(
            Layer(
                sum(1 << place for place in members),
                _planes({place: one.fails for place, one in members.items()}),
                _planes({place: one.meets for place, one in members.items()}),
                tuple(sorted(next(iter(members.values())).slots)),
                shape[2],
            )
            for (shape, _), members in criteria.items()
        )

    @cached_property
    def failing(self) -> Mapping[str, tuple[Plane, ...]]:
        """By question, the planes of failing rows that name a fact of it."""
        planes = [plane for layer in self.layers for plane in layer.fails]
        return {
            question.id: tuple(
                plane for plane in planes if any(slot in question.slots for slot, _ in plane)
            )
            for question in self.bank.questions.values()
        }

    def of(self, numbers: Iterable[int]) -> Trials:
        """The set of the trials with these numbers; `KeyError` for an unknown one."""
        return sum(1 << self._place[number] for number in set(numbers))

    def numbers_in(self, trials: Trials) -> Iterator[int]:
        """The numbers of a set of trials, in their order."""
        while trials:
            lowest = trials & -trials
            yield self.numbers[lowest.bit_length() - 1]
            trials ^= lowest

    def survey(self, answers: Answers) -> Survey:
        """What `answers` mean for all trials; those whose `ask_if` does not hold do not count."""
        answers = self.bank.counted(answers)
        codes = answers.codes
        fails = open_ = 0
        due: dict[int, Trials] = {}
        for layer in self.layers:
            failing = met = 0
            for plane in layer.fails:
                failing |= holding(plane, codes)
            for plane in layer.meets:
                met |= holding(plane, codes)
            fails |= failing
            left = layer.here & ~(failing | met)
            if not left:
                continue
            if not layer.centre:
                open_ |= left
            for slot in layer.slots:
                if codes[slot] == UNANSWERED:
                    due[slot] = due.get(slot, 0) | left
        closed = self.bank.closed(answers.state)
        later = {slot: due.pop(slot) for slot in list(due) if closed >> 8 * slot & 1}
        undecided = {slot: trials for slot, trials in later.items() if self._may_open(slot, codes)}
        return Survey(fails, open_ & ~fails, due, undecided)

    def _may_open(self, slot: int, codes: bytes) -> bool:
        """Whether answers that are still missing can open the gate of `slot`."""
        for gate, mask in self._gates.get(slot, ()):
            if codes[gate] == UNANSWERED:
                if not self._may_open(gate, codes):
                    return False
            elif not mask >> codes[gate] & 1:
                return False
        return True
