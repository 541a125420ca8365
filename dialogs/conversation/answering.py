"""Moves through the questions: for whom, answers, back, changes, and what rules a study out."""

from dataclasses import replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.handlers import Handler, fire, fires
from dialogs.conversation.inquiry import following, preceding
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.matching import assess
from dialogs.eligibility.ordering import Look
from dialogs.eligibility.questions import Question
from dialogs.errors import StaleTap

__all__ = ["ANSWER_MOVES", "back_in_questions", "go_on"]


def go_on(session: Session, catalogue: Catalogue, today: date, look: Look | None = None) -> Session:
    """On to the next question, or to the recap when nothing is left to ask."""
    question = following(session, catalogue, today, look)
    if question is not None:
        return fire(session, "ask", question.key_slot)
    return session if session.step is Step.RECAP else fire(session, "all_asked")


def _whom(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if arg not in (Whom.SELF, Whom.RELATIVE):
        raise StaleTap
    trigger = "for_me" if arg == Whom.SELF else "for_someone"
    after = replace(fire(session, trigger), whom=Whom(arg))
    if session.relative != after.relative:
        # Answers about somebody else are nobody's answers.
        after = replace(after, answers=Answers(), go_on=False)
    return after if after.step is Step.AGREEMENT else go_on(after, catalogue, today)


def _agreed(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if arg == 1:
        return go_on(replace(fire(session, "agreed"), whom=Whom.RELATIVE), catalogue, today)
    return replace(
        fire(session, "not_agreed"), whom=Whom.RELATIVE_UNASKED, answers=Answers(), go_on=False
    )


def _rules_out(session: Session, question: Question, catalogue: Catalogue) -> bool:
    """Whether the answer to `question` has a part in what rules the study out."""
    found = assess(catalogue.trials[session.trial], catalogue.bank, session.answers)
    return any(question.slots & criterion.slots for criterion in found.failing)


def _answer(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    question = catalogue.bank.by_key.get(session.focus)
    changes = None if question is None else question.changes(arg, session.answers)
    if session.step is not Step.QUESTION or question is None or changes is None:
        raise StaleTap
    answers = catalogue.bank.counted(session.answers.replaced(changes))
    if not session.trial:
        # One study fewer is no news to stop at: the list at the end tells of each.
        return go_on(session.answering(answers, go_on=False), catalogue, today)
    look = Look(catalogue.trials[session.trial], catalogue.bank, answers)
    session = session.answering(answers, go_on=session.go_on and look.ruled_out)
    if look.ruled_out and not session.go_on:
        if _rules_out(session, question, catalogue):
            return fire(session, "ruled")
        session = session.answering(answers, go_on=True)
    return go_on(session, catalogue, today, look)


def back_in_questions(session: Session, catalogue: Catalogue, today: date) -> Session:
    """To the question answered before this one; from the first, to *who is this for*."""
    here = catalogue.bank.by_key.get(session.focus) if session.step is Step.QUESTION else None
    question = preceding(session, catalogue, today, here)
    if question is not None:
        return fire(session, "back_to_question", question.key_slot)
    if session.step is Step.RECAP:
        return go_on(session, catalogue, today)
    return fire(session, "back_to_whom", 0)


def _change(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    question = catalogue.bank.by_key.get(arg)
    if question is None or not question.answered(session.answers.state):
        raise StaleTap
    return fire(session, "ask", arg)


def _go_on(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if session.step is Step.RULED:
        return go_on(replace(session, go_on=True), catalogue, today)
    if session.step in (Step.RECAP, Step.MATCHES):
        return go_on(session, catalogue, today)
    raise StaleTap


def _clear(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    cleared = replace(fire(session, "clear"), answers=Answers(), go_on=False)
    return go_on(cleared, catalogue, today)


ANSWER_MOVES: dict[Action, Handler] = {
    Action.START: fires("start"),
    Action.WHOM: _whom,
    Action.AGREED: _agreed,
    Action.ANSWER: _answer,
    Action.WHY: fires("why"),
    Action.WHERE: fires("where"),
    Action.CHANGE: _change,
    Action.GO_ON: _go_on,
    Action.CLEAR: _clear,
}
