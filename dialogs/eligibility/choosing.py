"""Which question comes next when several trials are open.

The one that is expected to settle most of them: for each of its answers, how often that answer
comes, times the trials settled by it. A trial is settled when it fails, or when nothing that is
still to be answered can change its result. Sensitive questions wait until no other is left. Of
questions alike, the first in the bank comes first.
"""

from collections.abc import Iterable, Iterator

from dialogs.eligibility.answers import Answers
from dialogs.eligibility.index import Index, Survey, Trials
from dialogs.eligibility.questions import Bank, Question

__all__ = ["asked", "choose", "told_questions"]

#: Sums of priors that differ by less are alike: so much is lost in rounding, and no more.
_ALIKE = 1e-6


def choose(index: Index, answers: Answers, among: Trials) -> Question | None:
    """The next question for the trials of `among`; None when none can change a result any more.

    A screen that was answered is not shown again, even if its answer left one of its facts open.
    """
    answers = index.bank.counted(answers)
    survey = index.survey(answers)
    active = among & ~survey.fails
    candidates = list(_candidates(index, answers, survey, active))
    if any(not question.sensitive for question in candidates):
        candidates = [question for question in candidates if not question.sensitive]
    # A screen that asks for more comes before one that asks for a part of it.
    candidates = [q for q in candidates if not any(q.slots < other.slots for other in candidates)]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    waiting = [*survey.due.items(), *survey.later.items()]
    best, most = candidates[0], -1.0
    for question, fails in index.prospects(answers, candidates):
        mine = others = 0
        for slot, trials in waiting:
            if slot in question.slots:
                mine |= trials
            else:
                others |= trials
        # What waits for nothing else is settled by any answer, the rest only by one that fails.
        done = active & mine & ~others
        undecided = active & ~done
        worth = float(done.bit_count())
        for number, trials in fails.items():
            worth += question.priors[number] * (trials & undecided).bit_count()
        if worth > most + _ALIKE:
            best, most = question, worth
    return best


def _candidates(
    index: Index, answers: Answers, survey: Survey, active: Trials
) -> Iterator[Question]:
    """The questions that can still change something, in the order of the bank.

    A fact of another screen may have told a part of one: then the rest is still asked.
    """
    for question in index.bank.questions.values():
        if question.told(answers.state):
            continue
        asking = active & index.orders[question.id]
        if any(survey.due.get(slot, 0) & asking for slot in question.slots):
            yield question


def asked(index: Index, answers: Answers, among: Trials) -> list[Question]:
    """The questions answered in `answers`, in the order in which `choose` asked them.

    They are asked again from the first. Where that leads to a question that was never answered, as
    after a change or after other studies, those left over follow in the order of the bank.
    """
    answers = index.bank.counted(answers)
    state = answers.state
    known = Answers()
    found: list[Question] = []
    while (question := choose(index, known, among)) is not None:
        slots = question.told(state)
        if not slots:
            break
        found.append(question)
        known = known.replaced({slot: answers[slot] for slot in slots})
    left = told_questions(index.bank, state, found)
    return found + left


def told_questions(bank: Bank, state: int, before: Iterable[Question] = ()) -> list[Question]:
    """The questions answered in `state` besides those of `before`, in the order of the bank.

    Left out are those whose facts an earlier one has told already.
    """
    told = frozenset[int]().union(*(question.told(state) for question in before))
    found = []
    for question in bank.questions.values():
        slots = question.told(state)
        if not slots <= told:
            found.append(question)
            told |= slots
    return found
