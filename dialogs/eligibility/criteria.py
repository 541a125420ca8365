"""Trials and their criteria, compiled from tables over facts.

A criterion `fails` when any of its failing rows holds, is met when any of its meeting rows holds,
and is otherwise not known. *Not sure* can never rule anyone out: a failing row that names
*unanswered*, *not_sure* or *prefer_not* is an error at the start, and so is a table in which a
meeting row and a row of another kind could hold together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

from dialogs.datafile import Text, Wording
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, UNANSWERED
from dialogs.eligibility.facts import row
from dialogs.eligibility.questions import Bank, Question
from dialogs.eligibility.rows import Mask, Row, row_of
from dialogs.errors import DataError
from dialogs.trialfile import CentreEntry, CriterionEntry, StatusEntry, TrialFile

__all__ = ["Criterion", "Trial", "Unclear", "read_trial"]

_NO_GATE = row_of({})
_OPEN_CODES: Mask = 1 << UNANSWERED | 1 << NOT_SURE | 1 << PREFER_NOT


@dataclass(frozen=True, slots=True)
class Unclear:
    """A row of answers that leaves a criterion open; `reading` numbers an open reading."""

    when: Row
    place: int
    reading: int | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. With `centre`, what is not known is for the centre and never counts."""

    id: str
    meets: tuple[Row, ...]
    fails: tuple[Row, ...]
    unclear: tuple[Unclear, ...]
    centre: bool
    definition: bool
    temporary: bool
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial. `number` is permanent, as tokens carry it; `order` is its author's.

    Of the criteria that name one slot only, `alone` has the lowest bit of the byte of each slot,
    and `fatal` the bits of all codes that fail one. `table` has the others: the bits that break
    every row, those that break each failing and each meeting row, and the lowest bits of the bytes
    of its slots.
    """

    id: str
    number: int
    name: str
    sponsor: str
    registry: str
    demonstration: date
    abouts: int
    order: tuple[Question, ...]
    status: tuple[StatusEntry, ...]
    criteria: tuple[Criterion, ...]
    centres: tuple[CentreEntry, ...]
    alone: int
    fatal: int
    table: tuple[tuple[int, tuple[int, ...], tuple[int, ...], int], ...]

    def __hash__(self) -> int:
        return self.number

    def phrase(self, part: str) -> str:
        """The identity of one of this trial's phrases."""
        return f"trial.{self.id}.{part}"

    def centre(self, number: int) -> CentreEntry | None:
        """The centre with this permanent number."""
        return next((centre for centre in self.centres if centre.number == number), None)


def _apart(one: Row, other: Row, gates: Mapping[int, Row]) -> bool:
    """Whether no answers satisfy both rows, given which facts are only asked behind a gate."""
    masks = dict(one.pairs)
    for slot, mask in other.pairs:
        if slot in masks and not masks[slot] & mask:
            return True
    together = masks | dict(other.pairs)
    for slot, mask in together.items():
        answered = not mask >> UNANSWERED & 1
        for gate_slot, gate_mask in gates.get(slot, _NO_GATE).pairs:
            if answered and gate_slot in together and not together[gate_slot] & gate_mask:
                return True
    return False


def _filled(file: str, key: str, *texts: Text | None) -> None:
    """Refuses an empty text, in any of its forms."""
    for text in texts:
        forms = (text.reader, text.own, text.relative) if isinstance(text, Wording) else (text,)
        if any(form is not None and not form.strip() for form in forms):
            raise DataError(file, key, "a text is empty: the file is still a draft, fill it in")


def _criterion(file: str, entry: CriterionEntry, bank: Bank) -> Criterion:
    key = f"criterion {entry.id}"
    facts = bank.facts
    meets = tuple(row(facts, table, file, f"{key}: meets") for table in entry.meets)
    fails = tuple(row(facts, table, file, f"{key}: fails") for table in entry.fails)
    unclear = tuple(
        Unclear(row(facts, item.when, file, f"{key}: unclear"), place, item.reading)
        for place, item in enumerate(entry.unclear, 1)
    )
    for failing in fails:
        if any(mask & _OPEN_CODES for _, mask in failing.pairs):
            raise DataError(file, key, "fails: what is not known can rule nobody out")
    gates = {fact.slot: fact.ask_if for fact in bank.gated}
    against = (*fails, *(item.when for item in unclear))
    if not all(_apart(meeting, other, gates) for meeting in meets for other in against):
        raise DataError(file, key, "a row of `meets` and another row could hold together")
    if entry.definition and (meets or fails or unclear):
        raise DataError(file, key, "a definition is not a criterion and has no rows")
    _filled(file, key, entry.plain, entry.no, entry.point, *(u.because for u in entry.unclear))
    if not entry.definition:
        if entry.point is None:
            raise DataError(file, key, "`point` is missing: what is there to ask or check?")
        if fails and entry.no is None:
            raise DataError(file, key, "`no` is missing: what is said when it fails?")
        if entry.checked_by is None and not (meets and (fails or unclear)):
            reason = 'needs `meets`, and `fails` or `unclear`, or `checked_by = "centre"`'
            raise DataError(file, key, reason)
    slots = frozenset(
        slot
        for some in (*meets, *fails, *(item.when for item in unclear))
        for slot, _ in some.pairs
    )
    return Criterion(
        entry.id, meets, fails, unclear, entry.checked_by == "centre", entry.definition,
        entry.temporary, slots,
    )  # fmt: skip


def _alone(criterion: Criterion) -> bool:
    """Whether `criterion` names one slot only, and is open while that is unanswered."""
    rows = (*criterion.fails, *criterion.meets)
    return len(criterion.slots) == 1 and all(row.forbidden & _bits(criterion) for row in rows)


def _bits(criterion: Criterion) -> int:
    """The lowest bit of the byte of each slot of `criterion`."""
    return sum(1 << 8 * slot for slot in criterion.slots)


def read_trial(file: str, content: TrialFile, bank: Bank) -> Trial:
    """The trial of a file.

    Raises `DataError` for an empty text, unknown questions or facts, a criterion that no question
    of the order can decide, repeated criteria or centres, or a status history that is empty or out
    of order.
    """
    _filled(file, "title", content.title)
    _filled(file, "about", *content.about)
    order: dict[str, Question] = {}
    for identity in content.order:
        question = bank.questions.get(identity)
        if question is None or identity in order:
            raise DataError(
                file, "order", f"{identity!r} is no question of the bank, or is there twice"
            )
        order[identity] = question
    criteria = tuple(_criterion(file, entry, bank) for entry in content.criterion)
    asked = {fact.slot for question in order.values() for fact in question.facts}
    for criterion in criteria:
        if missing := criterion.slots - asked:
            names = ", ".join(fact.id for fact in bank.facts.values() if fact.slot in missing)
            raise DataError(
                file, f"criterion {criterion.id}", f"no question of `order` asks {names}"
            )
    named = frozenset[int]().union(*(criterion.slots for criterion in criteria))
    for fact in bank.gated:
        lost = {gate for gate, _ in fact.ask_if.pairs} - named
        if fact.slot in named and lost:
            names = ", ".join(one.id for one in bank.facts.values() if one.slot in lost)
            reason = (
                f"a criterion names {fact.id}, which is asked only after {names}: name that too"
            )
            raise DataError(file, "criterion", reason)
    for what, numbers in (
        ("criterion", [c.id for c in criteria]),
        ("centre", [c.number for c in content.centre]),
    ):
        if len(set(numbers)) != len(numbers):
            raise DataError(file, what, "one of them is there twice")
    if not all(1 <= centre.number <= 127 for centre in content.centre):
        raise DataError(file, "centre", "numbers are 1 to 127, as tokens carry them in 7 bits")
    days = [entry.day for entry in content.status]
    if not days or days != sorted(days):
        raise DataError(file, "status", "needs at least one entry, in the order of their days")
    alone = [c for c in criteria if _alone(c)]
    fatal = [pair for c in alone for failing in c.fails for pair in failing.pairs]
    table = tuple(
        (
            reduce(and_, (decides.forbidden for decides in (*c.fails, *c.meets)), -1),
            tuple(failing.forbidden for failing in c.fails),
            tuple(meeting.forbidden for meeting in c.meets),
            _bits(c),
        )
        for c in criteria
        if c.slots and not _alone(c)
    )
    return Trial(
        content.id, content.number, content.name, content.sponsor, content.registry,
        content.demonstration, len(content.about), tuple(order.values()), tuple(content.status),
        criteria, tuple(content.centre), reduce(or_, map(_bits, alone), 0),
        reduce(or_, (mask << 8 * slot for slot, mask in fatal), 0), table,
    )  # fmt: skip
