"""All trials at once: which fail, which are open, and which facts each still waits for.

A set of trials is one number in which bit n stands for the n-th trial, in the order of their
permanent numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dialogs.eligibility.answers import UNANSWERED, Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.planes import Trials, folded, planes_of
from dialogs.eligibility.questions import Bank, Question

__all__ = ["Index", "Survey", "Trials"]


class Survey(NamedTuple):
    """What answers mean for all trials: the sets of those with a verdict, and what is missing.

    `fails` do not seem to fit; of the others, `open` have points to check. `due` has, by slot, the
    trials that do not fail and still wait for it; `later` those that may come to wait for it, as it
    is behind a gate that is not decided yet.
    """

    fails: Trials
    open: Trials
    due: Mapping[int, Trials]
    later: Mapping[int, Trials]


class Index:
    """The criteria of all `trials` over one `bank`. `numbers` has the number of each bit."""

    def __init__(self, bank: Bank, trials: Iterable[Trial]) -> None:
        found = sorted(trials, key=lambda trial: trial.number)
        self.bank = bank
        self.numbers = tuple(trial.number for trial in found)
        self.everything: Trials = (1 << len(found)) - 1
        self._width = len(found)
        self._place = {number: place for place, number in enumerate(self.numbers)}
        self._gates = {fact.slot: fact.ask_if.pairs for fact in bank.gated}
        self._slots = tuple(fact.slot for fact in bank.facts.values())
        #: By question, the trials in whose order it stands.
        self.orders: Mapping[str, Trials] = self._orders(found)
        self._fails, self._meets, criteria = planes_of(found)
        named: dict[int, bytearray] = {}
        counted = bytearray((self._width * self._meets.starts[0][1] + 7) // 8)
        there = bytearray(counted)
        for place, rules in enumerate(criteria):
            for plane, criterion in enumerate(rules):
                byte, bit = divmod(plane * self._width + place, 8)
                there[byte] |= 1 << bit
                if not criterion.centre:
                    counted[byte] |= 1 << bit
                for slot in criterion.slots:
                    named.setdefault(slot, bytearray(len(there)))[byte] |= 1 << bit
        self._there = int.from_bytes(there, "little")
        self._counted = int.from_bytes(counted, "little")
        self._named = {slot: int.from_bytes(bits, "little") for slot, bits in named.items()}

    def _orders(self, trials: list[Trial]) -> dict[str, Trials]:
        places: dict[str, bytearray] = {
            identity: bytearray(self._width // 8 + 1) for identity in self.bank.questions
        }
        for place, trial in enumerate(trials):
            for question in trial.order:
                places[question.id][place // 8] |= 1 << place % 8
        return {identity: int.from_bytes(bits, "little") for identity, bits in places.items()}

    def of(self, numbers: Iterable[int]) -> Trials:
        """The set of the trials with these numbers; `KeyError` for an unknown one."""
        places = bytearray(self._width // 8 + 1)
        for number in numbers:
            place = self._place[number]
            places[place // 8] |= 1 << place % 8
        return int.from_bytes(places, "little")

    def numbers_in(self, trials: Trials) -> Iterator[int]:
        """The numbers of a set of trials, in their order."""
        for place, bit in enumerate(reversed(f"{trials:b}")):
            if bit == "1":
                yield self.numbers[place]

    def fails(self, answers: Answers) -> Trials:
        """The trials that do not seem to fit; answers whose `ask_if` does not hold do not count."""
        codes = self.bank.counted(answers).codes
        hold = self._fails.rows & ~self._fails.broken_by(codes, self._slots)
        return folded(hold, self._fails.planes, self._width)

    def survey(self, answers: Answers) -> Survey:
        """What `answers` mean for all trials; those whose `ask_if` does not hold do not count."""
        answers = self.bank.counted(answers)
        codes, width, fails = answers.codes, self._width, self.fails(answers)
        hold = self._meets.rows & ~self._meets.broken_by(codes, self._slots)
        met = 0
        for start, size in self._meets.starts:
            met |= hold >> start * width & (1 << size * width) - 1
        left = self._there & ~met
        planes = self._meets.starts[0][1]
        open_ = folded(left & self._counted, planes, width) & ~fails
        closed = self.bank.closed(answers.state)
        due, later = {}, {}
        for slot, named in self._named.items():
            if codes[slot] != UNANSWERED:
                continue
            waiting = folded(left & named, planes, width) & ~fails
            if not waiting:
                continue
            if not closed >> 8 * slot & 1:
                due[slot] = waiting
            elif self._may_open(slot, codes):
                later[slot] = waiting
        return Survey(fails, open_, due, later)

    def _may_open(self, slot: int, codes: bytes) -> bool:
        """Whether answers that are still missing can open the gate of `slot`."""
        for gate, mask in self._gates.get(slot, ()):
            if codes[gate] == UNANSWERED:
                if not self._may_open(gate, codes):
                    return False
            elif not mask >> codes[gate] & 1:
                return False
        return True

    def prospects(
        self, answers: Answers, questions: Iterable[Question]
    ) -> Iterator[tuple[Question, dict[int, Trials]]]:
        """For each question, by the number of each choice, the trials that it would rule out."""
        codes, fails = answers.codes, self._fails
        once = twice = 0
        for slot in self._slots:
            broken = fails.broken[slot][codes[slot]]
            twice |= once & broken
            once |= broken
        for question in questions:
            if len(question.slots) == 1:
                # Rows that only this answer is missing to; it must not break them itself.
                near = fails.broken[question.key_slot][UNANSWERED] & ~twice
            else:
                others = (slot for slot in self._slots if slot not in question.slots)
                near = fails.rows & ~fails.broken_by(codes, others)
            found = {}
            for number, sets in question.choices.items():
                hold = near
                for slot in question.slots:
                    hold &= ~fails.broken[slot][sets.get(slot, UNANSWERED)]
                found[number] = folded(hold, fails.planes, self._width) if hold else 0
            yield question, found
