"""Which question comes next: never one that can no longer change the result.

A question is asked when a fact of it is applicable, unanswered, and named by a criterion that is
still open. Sensitive questions are asked only while nothing has ruled the study out.
"""

from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.questions import Bank, Question

__all__ = ["Look", "answered_questions", "next_question", "path", "previous_question"]


class Look:
    """One look at a set of answers: what is left to ask, and whether the study is ruled out.

    `due` has the lowest bit of the byte of each slot that is applicable, unanswered, and named by
    an open criterion.
    """

    __slots__ = ("due", "ruled_out", "state")

    def __init__(self, trial: Trial, bank: Bank, answers: Answers) -> None:
        state = bank.counted(answers).state
        ruled_out = state & trial.fatal != 0
        named = trial.alone
        # `judge` written out: this loop is a good part of what a tap costs.
        for every, fails, meets, slots in trial.table:
            if state & every:
                named |= slots
                continue
            for forbidden in fails:
                if not state & forbidden:
                    ruled_out = True
                    break
            else:
                for forbidden in meets:
                    if not state & forbidden:
                        break
                else:
                    named |= slots
        self.state = state
        # The lowest bit of a byte of the state says that the slot is unanswered.
        self.due = state & named & ~bank.closed(state)
        self.ruled_out = ruled_out

    def pending(self, question: Question) -> bool:
        """Whether `question` is still to ask."""
        if not self.due & question.blank or question.answered(self.state):
            return False
        return not (self.ruled_out and question.sensitive)


def _listed(trial: Trial, state: int, due: int, sensitive: bool) -> list[Question]:
    """The questions answered, and those of which something is `due`, in the trial's order.

    Left out are those whose facts an earlier one has told already, and `sensitive` ones if so said.
    """
    told: frozenset[int] = frozenset()
    found = []
    for question in trial.order:
        blank = question.blank
        if state & blank != blank:
            slots = question.told(state)
            if not slots <= told:
                found.append(question)
                told |= slots
        elif due & blank and (sensitive or not question.sensitive):
            found.append(question)
    return found


def answered_questions(trial: Trial, state: int) -> list[Question]:
    """The questions answered so far, without those whose facts an earlier one has told already."""
    return _listed(trial, state, 0, sensitive=False)


def path(trial: Trial, bank: Bank, answers: Answers) -> list[Question]:
    """The questions answered so far and those still to ask, in the trial's order.

    Its length is the total that a progress line shows; it may grow when an answer opens a gate.
    """
    look = Look(trial, bank, answers)
    return _listed(trial, look.state, look.due, sensitive=not look.ruled_out)


def next_question(trial: Trial, look: Look) -> Question | None:
    """The first question still to ask; None when nothing is left that could change the result."""
    for question in trial.order:
        if look.pending(question):
            return question
    return None


def previous_question(
    trial: Trial, bank: Bank, answers: Answers, before: Question | None
) -> Question | None:
    """The last answered question in front of `before`, or of all when `before` is None."""
    last = None
    done = {q.id for q in answered_questions(trial, bank.counted(answers).state)}
    for question in trial.order:
        if before is not None and question.id == before.id:
            break
        if question.id in done:
            last = question
    return last
