"""People made of facts, who answer questions as they stand, and trials made of rules by chance."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random

from msgspec import structs

from dialogs.eligibility.answers import NOT_SURE, UNANSWERED, Answers
from dialogs.eligibility.criteria import Trial, read_trial
from dialogs.eligibility.facts import Fact
from dialogs.eligibility.questions import Bank, Question
from dialogs.trialfile import CriterionEntry, StatusEntry, TrialFile

__all__ = ["after", "candidates", "content_by_chance", "drawn", "reply", "trial_by_chance"]

Person = Mapping[int, int]
DAY = date(2026, 1, 1)


def drawn(bank: Bank, random: Random) -> Person:
    """Somebody by the priors of the bank: what she would answer, by slot, gates respected.

    Each question is drawn once; the first that tells a fact decides it.
    """
    codes: dict[int, int] = {}
    for question in bank.questions.values():
        if question.key_slot in codes:
            continue
        numbers = list(question.priors)
        number = random.choices(numbers, [question.priors[n] for n in numbers])[0]
        told = question.changes(number, Answers()) or {}
        for slot, code in told.items():
            if code != UNANSWERED:
                codes.setdefault(slot, code)
    return codes


def reply(question: Question, person: Person) -> int:
    """The number of the answer that says most of what is so; *I don't know* when none does."""
    fits = [
        (len(sets), number)
        for number, sets in question.choices.items()
        if all(person.get(slot) == code for slot, code in sets.items())
    ]
    return max(fits)[1] if fits else NOT_SURE


def after(bank: Bank, answers: Answers, question: Question, number: int) -> Answers:
    """The answers after that answer to `question`."""
    changes = question.changes(number, answers)

    assert changes is not None

    return bank.counted(answers.replaced(changes))


def candidates(bank: Bank, trials: Iterable[Trial]) -> list[Question]:
    """The questions of the trials, in the order of the bank."""
    named = {question for trial in trials for question in trial.order}
    return [question for question in bank.questions.values() if question in named]


def _criterion(random: Random, place: int, facts: Sequence[Fact]) -> CriterionEntry:
    """A rule over these facts by chance; a few are the centre's."""
    rules_out = {
        fact.id: random.sample(list(fact.values), random.randint(1, max(1, len(fact.values) - 1)))
        for fact in facts
    }
    meets = [
        {fact.id: [name for name in fact.values if name not in rules_out[fact.id]]}
        for fact in facts
        if len(rules_out[fact.id]) < len(fact.values)
    ]
    entry = CriterionEntry(f"I{place}", "x", no="x", point="x", meets=meets, fails=[rules_out])
    centre = random.random() < 0.1 or not meets
    return structs.replace(entry, checked_by="centre") if centre else entry


def content_by_chance(bank: Bank, number: int, random: Random, criteria: int = 20) -> TrialFile:
    """A trial file of so many criteria by chance, over one fact mostly, else over two or three.

    What stands behind a gate is named only where the gate is.
    """
    facts = {fact.slot: fact for fact in bank.facts.values()}
    rules: list[CriterionEntry] = []
    named: set[int] = set()
    while len(rules) < criteria:
        known = [f for f in facts.values() if {gate for gate, _ in f.ask_if.pairs} <= named]
        some = random.sample(known, random.choices((1, 2, 3), (70, 25, 5))[0])
        named |= {fact.slot for fact in some}
        rules.append(_criterion(random, len(rules) + 1, some))
    return TrialFile(
        id=f"NCT{number:08}", number=number, name=f"T{number}", sponsor="x", registry="x",
        demonstration=DAY, order=list(bank.questions), title="x", about=["x"],
        status=[StatusEntry(DAY, "recruiting", DAY, "x")], criterion=rules, centre=[],
    )  # fmt: skip


def trial_by_chance(bank: Bank, number: int, random: Random, criteria: int = 20) -> Trial:
    """The trial of such a file."""
    content = content_by_chance(bank, number, random, criteria)
    return read_trial("chance.toml", content, bank)
