"""What is asked next, was asked before, and was answered: for one study, or for all at once.

A session that has a trial in focus follows the order of its author. One that has none is about all
studies open on that day, and the next question is the one that settles most of them.
"""

from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session
from dialogs.eligibility.choosing import asked, choose, told_questions
from dialogs.eligibility.ordering import (
    Look,
    answered_questions,
    next_question,
    previous_question,
)
from dialogs.eligibility.questions import Question

__all__ = ["answered", "following", "place", "possible", "preceding"]


def following(
    session: Session, catalogue: Catalogue, today: date, look: Look | None = None
) -> Question | None:
    """The next question; None when nothing is left that could change a result.

    `look` is that of the answers at the trial in focus, for those who have it already.
    """
    if not session.trial:
        return choose(catalogue.index, session.answers, catalogue.open(today))
    trial = catalogue.trials[session.trial]
    return next_question(trial, look or Look(trial, catalogue.bank, session.answers))


def answered(session: Session, catalogue: Catalogue, today: date) -> list[Question]:
    """The questions answered so far, in the order in which they are asked."""
    if not session.trial:
        return asked(catalogue.index, session.answers, catalogue.open(today))
    return answered_questions(catalogue.trials[session.trial], session.answers.state)


def preceding(
    session: Session, catalogue: Catalogue, today: date, before: Question | None
) -> Question | None:
    """The last question answered in front of `before`, or of all when `before` is None."""
    if session.trial:
        trial = catalogue.trials[session.trial]
        return previous_question(trial, catalogue.bank, session.answers, before)
    done = answered(session, catalogue, today)
    place = done.index(before) if before in done else len(done)
    return done[place - 1] if place else None


def possible(session: Session, catalogue: Catalogue, today: date) -> int:
    """How many of the studies open on `today` nothing has ruled out yet."""
    return (catalogue.open(today) & ~catalogue.index.fails(session.answers)).bit_count()


def place(question: Question, session: Session, catalogue: Catalogue, today: date) -> int:
    """The place of `question` among those asked about all studies, from 1."""
    state = catalogue.bank.counted(session.answers).state
    if not question.told(state):
        # The usual case needs no look at how the others came to be asked.
        return len(told_questions(catalogue.bank, state)) + 1
    done = answered(session, catalogue, today)
    return done.index(question) + 1 if question in done else len(done) + 1
