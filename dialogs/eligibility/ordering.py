"""Which question comes next: never one that can no longer change the result.

A question is asked when a fact of it is applicable, unanswered, and named by a criterion that is
still open. Sensitive questions are asked only while nothing has ruled the study out.
"""

from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.questions import Bank, Question
from dialogs.eligibility.rows import holds

__all__ = ["Look", "answered_questions", "next_question", "path", "previous_question"]


class Look:
    """One look at a set of answers: what is open, and whether the study is ruled out.

    `open` has the lowest bit of the byte of each slot that an open criterion names.
    """

    __slots__ = ("open", "ruled_out", "state")

    def __init__(self, trial: Trial, bank: Bank, answers: Answers) -> None:
        self.state = state = bank.counted(answers).state
        self.open = 0
        self.ruled_out = False
        # `judge` written out: this loop is a good part of what a tap costs.
        for fails, meets, slots in trial.table:
            for forbidden in fails:
                if not state & forbidden:
                    self.ruled_out = True
                    break
            else:
                for forbidden in meets:
                    if not state & forbidden:
                        break
                else:
                    self.open |= slots

    def pending(self, question: Question) -> bool:
        """Whether `question` is still to ask."""
        if question.answered(self.state) or (self.ruled_out and question.sensitive):
            return False
        if not self.open & question.blank:
            return False
        return any(
            self.open >> 8 * fact.slot & 1 and holds(fact.ask_if, self.state)
            for fact in question.facts
        )


def answered_questions(trial: Trial, state: int) -> list[Question]:
    """The questions answered so far, without those whose facts an earlier one has told already."""
    told: set[int] = set()
    found = []
    for question in trial.order:
        if question.answered(state):
            slots = question.told(state)
            if not slots <= told:
                found.append(question)
                told |= slots
    return found


def path(trial: Trial, bank: Bank, answers: Answers) -> list[Question]:
    """The questions answered so far and those still to ask, in the trial's order.

    Its length is the total that a progress line shows; it may grow when an answer opens a gate.
    """
    look = Look(trial, bank, answers)
    done = {question.id for question in answered_questions(trial, look.state)}
    return [q for q in trial.order if q.id in done or look.pending(q)]


def next_question(trial: Trial, look: Look) -> Question | None:
    """The first question still to ask; None when nothing is left that could change the result."""
    return next((question for question in trial.order if look.pending(question)), None)


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
