"""The question bank: facts a patient can tell, and the questions that ask for them.

A question asks one fact, or several on one screen. Each of its choices sets facts to values; *I
don't know* and *I'd rather not say* set all of them. Answers to facts whose `ask_if` does not hold
do not count, and are dropped as soon as their gate changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.datafile import BankFile, QuestionEntry
from dialogs.eligibility.answers import MAX_VALUE, NOT_SURE, PREFER_NOT, SLOTS, UNANSWERED, Answers
from dialogs.eligibility.facts import Fact, read_fact
from dialogs.eligibility.rows import row_of
from dialogs.errors import DataError

__all__ = ["Bank", "Question", "read_bank"]

#: Priors are written with two or three digits.
_ROUNDING = 0.001


@dataclass(frozen=True, slots=True)
class Question:
    """A screen that asks. `choices` gives the codes by slot that each choice number sets.

    `key_slot` is the slot of the first fact, by which tokens name the question. `blank` has the
    bit *unanswered* of each slot. `priors` says how often each choice, and *I don't know*, is
    expected among those who come here: they sum to 1, and decide nothing but the order. `_given`
    has each number with the bits of a state that it did not leave and the slots it tells: what
    `answered`, `told` and `chosen` look up.
    """

    id: str
    facts: tuple[Fact, ...]
    choices: Mapping[int, Mapping[int, int]]
    items: int
    where: bool
    prefer_not: bool
    sensitive: bool
    care: bool
    key_slot: int
    slots: frozenset[int]
    blank: int
    priors: Mapping[int, float]
    _given: tuple[tuple[int, int, frozenset[int]], ...]

    def __hash__(self) -> int:
        return self.key_slot

    def changes(self, number: int, before: Answers) -> dict[int, int] | None:
        """What choosing `number` does to the slots of this question; None if there is no such.

        What another screen has told `before` stays, where the choice does not say otherwise.
        """
        if number == NOT_SURE or (number == PREFER_NOT and self.prefer_not):
            sets = dict.fromkeys(self.slots, number)
            said: Mapping[int, int] = {}
        elif number in self.choices:
            said = self.choices[number]
            sets = {**dict.fromkeys(self.slots, UNANSWERED), **said}
        else:
            return None
        if self.answered(before.state) and not self.told(before.state):
            sets = {s: c for s, c in sets.items() if s in said or before[s] == UNANSWERED}
        return sets

    def answered(self, state: int) -> bool:
        """Whether any fact of this question has an answer, here or on another screen."""
        return state & self.blank != self.blank

    def told(self, state: int) -> frozenset[int]:
        """The slots whose answers were given on this screen; empty if it was not answered here."""
        for _, forbidden, slots in self._given:
            if not state & forbidden:
                return slots
        return frozenset()

    def chosen(self, state: int) -> int | None:
        """The number that gave these answers; None when it was not answered on this screen."""
        for number, forbidden, _ in self._given:
            if not state & forbidden:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Bank:
    """All facts and questions. `widths` has the bits of every slot, retired ones too.

    `_gates` has the bit *unanswered* of each fact of `gated`, and what breaks its `ask_if`.
    """

    facts: Mapping[str, Fact]
    questions: Mapping[str, Question]
    by_key: Mapping[int, Question]
    widths: Mapping[int, int]
    gated: tuple[Fact, ...]
    _gates: tuple[tuple[int, int], ...]

    def closed(self, state: int) -> int:
        """The bits *unanswered* of the slots whose `ask_if` does not hold."""
        closed = 0
        for blank, forbidden in self._gates:
            if state & forbidden:
                closed |= blank
        return closed

    def counted(self, answers: Answers) -> Answers:
        """`answers` without those whose `ask_if` does not hold (repeated until nothing changes)."""
        while lost := self.closed(answers.state) & ~answers.state:
            answers = answers.without(f.slot for f in self.gated if lost >> 8 * f.slot & 1)
        return answers


def _question(file: str, entry: QuestionEntry, facts: Mapping[str, Fact]) -> Question:
    key = f"question {entry.id}"
    for identity in entry.facts:
        if identity not in facts:
            raise DataError(file, key, f"there is no fact called {identity!r}")
    asked = tuple(facts[identity] for identity in entry.facts)
    if not asked:
        raise DataError(file, key, "asks no fact")
    choices: dict[int, dict[int, int]] = {}
    for choice in entry.choice:
        if choice.n in choices or not 1 <= choice.n <= MAX_VALUE:
            raise DataError(
                file, key, f"choice {choice.n}: numbers are 1 to {MAX_VALUE}, each once"
            )
        sets = {}
        for identity, name in choice.sets.items():
            if identity not in entry.facts or name not in facts[identity].values:
                raise DataError(
                    file, key, f"choice {choice.n}: {identity} = {name!r} is impossible here"
                )
            sets[facts[identity].slot] = facts[identity].values[name]
        if not sets or sets in choices.values():
            raise DataError(file, key, f"choice {choice.n} sets nothing, or the same as another")
        choices[choice.n] = sets
    if entry.checklist != (len(entry.items) > 0):
        raise DataError(file, key, "a checklist has items, and nothing else has")
    priors = {choice.n: choice.prior for choice in entry.choice} | {NOT_SURE: entry.unsure}
    if min(priors.values()) <= 0 or abs(sum(priors.values()) - 1) > _ROUNDING:
        raise DataError(
            file, key, "the priors of all choices and `unsure` are above 0, and sum to 1"
        )
    slots = frozenset(fact.slot for fact in asked)
    given = [
        (number, row_of({s: 1 << code for s, code in sets.items()}).forbidden, frozenset(sets))
        for number, sets in choices.items()
    ]
    # Of a fact behind a gate nothing is kept while the gate is unknown.
    free = frozenset(fact.slot for fact in asked if not fact.ask_if.pairs) or slots
    given += [
        (number, row_of(dict.fromkeys(free, 1 << number)).forbidden, slots)
        for number in (NOT_SURE, PREFER_NOT)
    ]
    return Question(
        entry.id, asked, choices, len(entry.items), entry.where is not None,
        all(fact.prefer_not for fact in asked), entry.sensitive, entry.care, asked[0].slot, slots,
        sum(1 << 8 * slot for slot in slots), priors, tuple(given),
    )  # fmt: skip


def read_bank(files: Mapping[str, BankFile]) -> Bank:
    """The bank of all `files` (name to content), in the order given.

    Raises `DataError` for a slot used twice, an unknown fact or value, an impossible choice, two
    questions with the same first fact, or a gate that stands after the fact it gates.
    """
    facts: dict[str, Fact] = {}
    taken: dict[int, str] = {}
    widths: dict[int, int] = {}
    for file, content in files.items():
        for retired in content.retired:
            if not 1 <= retired.slot < SLOTS or retired.width not in (2, 3):
                raise DataError(file, "retired", f"slot {retired.slot}: no such slot or width")
            if retired.slot in taken:
                owner = taken[retired.slot]
                raise DataError(file, "retired", f"slot {retired.slot} belongs to {owner}")
            taken[retired.slot] = "a retired fact"
            widths[retired.slot] = retired.width
        for entry in content.fact:
            facts[entry.id] = read_fact(file, entry, facts, taken)
            taken[entry.slot] = entry.id
            widths[entry.slot] = entry.width
    questions: dict[str, Question] = {}
    by_key: dict[int, Question] = {}
    for file, content in files.items():
        for question_entry in content.question:
            question = _question(file, question_entry, facts)
            if question.id in questions or question.key_slot in by_key:
                raise DataError(
                    file, f"question {question.id}", "is there twice, or its first fact is"
                )
            questions[question.id] = by_key[question.key_slot] = question
    gated = tuple(fact for fact in facts.values() if fact.ask_if.pairs)
    gates = tuple((1 << 8 * fact.slot, fact.ask_if.forbidden) for fact in gated)
    return Bank(facts, questions, by_key, widths, gated, gates)
