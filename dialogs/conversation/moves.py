"""What each action does to a session, before anything is shown.

A handler takes the session, the argument of the tap and the catalogue, and gives the session after
it. It raises `StaleTap` when the action is not possible there; the screen is then drawn again.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from dialogs.catalogue import Catalogue
from dialogs.conversation.requests import REQUEST_MOVES, fires
from dialogs.conversation.session import LANGUAGE_OF, Session, Whom
from dialogs.conversation.steps import SIDE_STEPS, Action, Step, move
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.matching import Verdict, assess
from dialogs.eligibility.ordering import Look, next_question, previous_question
from dialogs.eligibility.questions import Question
from dialogs.errors import StaleTap

__all__ = ["MOVES"]

#: Actions that lead to a side step; their triggers have the same names.
_SIDE_ACTIONS = (
    Action.SUMMARY,
    Action.NEXT_STEPS,
    Action.ELSEWHERE,
    Action.ABOUT,
    Action.PRIVACY,
    Action.URGENT,
    Action.STOP,
    Action.ERASE,
    Action.HELP,
)
#: The machine, asked once for each step and trigger: it takes longer than all else in a move.
_lead = cache(move)
_BLANK = Answers().state


def _fire(session: Session, trigger: str, focus: int | None = None) -> Session:
    return session.at(_lead(session.step, trigger), focus)


def _ask(session: Session, catalogue: Catalogue, look: Look | None = None) -> Session:
    """On to the next question, or to the recap when nothing is left to ask."""
    trial = catalogue.trials[session.trial]
    question = next_question(trial, look or Look(trial, catalogue.bank, session.answers))
    if question is not None:
        return _fire(session, "ask", question.key_slot)
    return session if session.step is Step.RECAP else _fire(session, "all_asked")


def _show(session: Session, arg: int, catalogue: Catalogue) -> Session:
    return session


def _language(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if arg not in LANGUAGE_OF:
        raise StaleTap
    return replace(session, language=LANGUAGE_OF[arg])


def _start(session: Session, arg: int, catalogue: Catalogue) -> Session:
    return _fire(session, "start")


def _whom(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if arg not in (Whom.SELF, Whom.RELATIVE):
        raise StaleTap
    trigger = "for_me" if arg == Whom.SELF else "for_someone"
    after = replace(_fire(session, trigger), whom=Whom(arg))
    if session.relative != after.relative:
        # Answers about somebody else are nobody's answers.
        after = replace(after, answers=Answers(), go_on=False)
    return after if after.step is Step.AGREEMENT else _ask(after, catalogue)


def _agreed(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if arg == 1:
        return _ask(replace(_fire(session, "agreed"), whom=Whom.RELATIVE), catalogue)
    return replace(
        _fire(session, "not_agreed"), whom=Whom.RELATIVE_UNASKED, answers=Answers(), go_on=False
    )


def _rules_out(session: Session, question: Question, catalogue: Catalogue) -> bool:
    """Whether the answer to `question` has a part in what rules the study out."""
    found = assess(catalogue.trials[session.trial], catalogue.bank, session.answers)
    return any(question.slots & criterion.slots for criterion in found.failing)


def _answer(session: Session, arg: int, catalogue: Catalogue) -> Session:
    question = catalogue.bank.by_key.get(session.focus)
    changes = question.changes(arg) if question is not None else None
    if session.step is not Step.QUESTION or changes is None:
        raise StaleTap
    answers = catalogue.bank.counted(session.answers.replaced(changes))
    look = Look(catalogue.trials[session.trial], catalogue.bank, answers)
    session = session.answering(answers, go_on=session.go_on and look.ruled_out)
    if look.ruled_out and not session.go_on:
        if question is not None and _rules_out(session, question, catalogue):
            return _fire(session, "ruled")
        session = session.answering(answers, go_on=True)
    return _ask(session, catalogue, look)


def _back_in_questions(session: Session, catalogue: Catalogue) -> Session:
    """To the question answered before this one; from the first, to *who is this for*."""
    trial = catalogue.trials[session.trial]
    here = catalogue.bank.by_key.get(session.focus) if session.step is Step.QUESTION else None
    question = previous_question(trial, catalogue.bank, session.answers, here)
    if question is not None:
        return _fire(session, "back_to_question", question.key_slot)
    if session.step is Step.RECAP:
        return _ask(session, catalogue)
    return _fire(session, "back_to_whom", 0)


def _back(session: Session, arg: int, catalogue: Catalogue) -> Session:
    step = session.step
    if step in SIDE_STEPS:
        return _fire(session, f"return_to_{session.origin.name.lower()}")
    if step in (Step.QUESTION, Step.RECAP):
        return _back_in_questions(session, catalogue)
    if step is Step.REGIONS:
        unasked = session.whom is Whom.RELATIVE_UNASKED
        # A chat that goes on from a centre's answer has no answers to draw a result from.
        result = "back_to_result" if session.answers.state != _BLANK else "back_to_whom"
        return _fire(session, "back_to_information" if unasked else result)
    if step is Step.CONTACT:
        centre = catalogue.trials[session.trial].centre(session.focus)
        return _fire(session, "back_to_centres", centre.region if centre else 0)
    target = _BACK.get(step)
    if target is None:
        raise StaleTap
    return _fire(session, target)


_BACK = {
    Step.WHOM: "back_to_welcome",
    Step.AGREEMENT: "back_to_whom",
    Step.INFORMATION: "back_to_agreement",
    Step.WHY: "back_to_question",
    Step.WHERE: "back_to_question",
    Step.RULED: "back_to_question",
    Step.RESULT: "back_to_recap",
    Step.POINTS: "back_to_result",
    Step.CENTRES: "back_to_regions",
    Step.PREVIEW: "back_to_contact",
    Step.SENT: "back_to_contact",
    Step.FULL: "back_to_contact",
    Step.OVER: "back_to_contact",
    Step.ENDED: "back_to_contact",
    Step.UNSENT: "back_to_preview",
    Step.UNSURE: "back_to_preview",
    Step.WAITING: "back_to_sent",
    Step.MESSAGE: "back_to_sent",
    Step.WRITE: "back_to_sent",
    Step.DRAFT: "back_to_sent",
    Step.PASSED: "back_to_sent",
    Step.ENDING: "back_to_sent",
}


def _change(session: Session, arg: int, catalogue: Catalogue) -> Session:
    question = catalogue.bank.by_key.get(arg)
    if question is None or not question.answered(session.answers.state):
        raise StaleTap
    return _fire(session, "ask", arg)


def _go_on(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if session.step is Step.RULED:
        return _ask(replace(session, go_on=True), catalogue)
    if session.step is Step.RECAP:
        return _ask(session, catalogue)
    raise StaleTap


def _points(session: Session, arg: int, catalogue: Catalogue) -> Session:
    return _fire(session, "points", arg)


def _contact(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if session.step is Step.WAITING:
        return _fire(session, "other")
    trial = catalogue.trials[session.trial]
    if session.step is Step.RESULT:
        found = assess(trial, catalogue.bank, session.answers)
        if found.verdict is Verdict.NOT_A_FIT and not (found.fragile or found.temporary):
            raise StaleTap
    return _fire(session, "contact")


def _region(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if not any(centre.region == arg for centre in catalogue.trials[session.trial].centres):
        raise StaleTap
    return _fire(session, "region", arg)


def _centre(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if catalogue.trials[session.trial].centre(arg) is None:
        raise StaleTap
    return _fire(session, "centre", arg)


def _clear(session: Session, arg: int, catalogue: Catalogue) -> Session:
    cleared = replace(_fire(session, "clear"), answers=Answers(), go_on=False)
    return _ask(cleared, catalogue)


def _erase_now(session: Session, arg: int, catalogue: Catalogue) -> Session:
    return session.renewed().at(move(session.step, "erase_now"))


def _restart(session: Session, arg: int, catalogue: Catalogue) -> Session:
    return session.renewed()


def _mode(session: Session, arg: int, catalogue: Catalogue) -> Session:
    if arg not in (0, 1):
        raise StaleTap
    return replace(session, channel=arg)


MOVES: dict[Action, Callable[[Session, int, Catalogue], Session]] = {
    Action.SHOW: _show,
    Action.START: _start,
    Action.WHOM: _whom,
    Action.AGREED: _agreed,
    Action.ANSWER: _answer,
    Action.WHY: fires("why"),
    Action.WHERE: fires("where"),
    Action.BACK: _back,
    Action.CHANGE: _change,
    Action.GO_ON: _go_on,
    Action.RECAP: fires("recap"),
    Action.RESULT: fires("result"),
    Action.POINTS: _points,
    Action.CONTACT: _contact,
    Action.REGION: _region,
    Action.CENTRE: _centre,
    Action.ERASE_NOW: _erase_now,
    Action.RESTART: _restart,
    Action.LANGUAGE: _language,
    Action.CLEAR: _clear,
    Action.MODE: _mode,
    **REQUEST_MOVES,
} | {action: fires(action.name.lower()) for action in _SIDE_ACTIONS}
