"""Which question comes next: never one that can no longer change the result.

A question is asked when a fact of it is applicable, unanswered, and named by a criterion that is
still open. Sensitive questions are asked only while nothing has ruled the study out.
"""

from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Standing, judge
from dialogs.eligibility.questions import Bank, Question, holds

__all__ = ["answered_questions", "next_question", "path", "previous_question"]


def _open_slots(trial: Trial, codes: bytes) -> tuple[set[int], bool]:
    """The slots that open criteria name, and whether any criterion fails."""
    slots: set[int] = set()
    ruled_out = False
    for criterion in trial.criteria:
        standing = judge(criterion, codes)
        if standing is Standing.NOT_KNOWN:
            slots |= criterion.slots
        ruled_out = ruled_out or standing is Standing.FAILS
    return slots, ruled_out


def _pending(question: Question, codes: bytes, open_slots: set[int], ruled_out: bool) -> bool:
    if ruled_out and question.sensitive:
        return False
    return any(fact.slot in open_slots and holds(fact.ask_if, codes) for fact in question.facts)


def answered_questions(trial: Trial, codes: bytes) -> list[Question]:
    """The questions answered so far, without those whose facts an earlier one has told already."""
    told: set[int] = set()
    found = []
    for question in trial.order:
        if question.chosen(codes) is not None:
            slots = question.told(codes)
            if not slots <= told:
                found.append(question)
                told |= slots
    return found


def path(trial: Trial, bank: Bank, answers: Answers) -> list[Question]:
    """The questions answered so far and those still to ask, in the trial's order.

    Its length is the total that a progress line shows; it may grow when an answer opens a gate.
    """
    codes = bank.counted(answers).codes
    open_slots, ruled_out = _open_slots(trial, codes)
    done = answered_questions(trial, codes)
    return [
        question
        for question in trial.order
        if question in done
        or (not question.answered(codes) and _pending(question, codes, open_slots, ruled_out))
    ]


def next_question(trial: Trial, bank: Bank, answers: Answers) -> Question | None:
    """The first question still to ask; None when nothing is left that could change the result."""
    codes = bank.counted(answers).codes
    open_slots, ruled_out = _open_slots(trial, codes)
    for question in trial.order:
        if not question.answered(codes) and _pending(question, codes, open_slots, ruled_out):
            return question
    return None


def previous_question(
    trial: Trial, bank: Bank, answers: Answers, before: Question | None
) -> Question | None:
    """The last answered question in front of `before`, or of all when `before` is None."""
    last = None
    done = answered_questions(trial, bank.counted(answers).codes)
    for question in trial.order:
        if question is before:
            break
        if question in done:
            last = question
    return last
