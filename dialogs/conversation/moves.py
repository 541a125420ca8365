"""What each action does to a session, before anything is shown.

See `handlers` for what a handler takes and gives.
"""

from dataclasses import replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.answering import ANSWER_MOVES, back_in_questions
from dialogs.conversation.handlers import Handler, fire, fires, fires_at
from dialogs.conversation.requests import REQUEST_MOVES
from dialogs.conversation.session import LANGUAGE_OF, Session, Whom
from dialogs.conversation.steps import SIDE_STEPS, Action, Step
from dialogs.conversation.studies import STUDY_MOVES, all_studies
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Verdict, assess
from dialogs.errors import StaleTap

__all__ = ["MOVES"]

#: Actions that lead to a side step; their triggers have the same names.
_SIDE_ACTIONS = (
    Action.NEXT_STEPS,
    Action.ELSEWHERE,
    Action.PRIVACY,
    Action.URGENT,
    Action.STOP,
    Action.ERASE,
    Action.HELP,
    Action.NEWS,
)
_BLANK = Answers().state


def _show(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    return session


def _language(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if arg not in LANGUAGE_OF:
        raise StaleTap
    return replace(session, language=LANGUAGE_OF[arg])


def _back(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    step = session.step
    if step in SIDE_STEPS:
        return fire(session, f"return_to_{session.origin.name.lower()}")
    if step in (Step.QUESTION, Step.RECAP):
        return back_in_questions(session, catalogue, today)
    if step is Step.RESULT and session.matching:
        return all_studies(fire(session, "back_to_matches", 0))
    if step is Step.STUDIES:
        return fire(session, _FROM_STUDIES.get(session.whom, "back_to_matches"), 0)
    if step is Step.INFORMATION and session.matching and session.trial:
        return all_studies(session)
    if step is Step.REGIONS:
        unasked = session.whom is Whom.RELATIVE_UNASKED
        # A chat that goes on from a centre's answer has no answers to draw a result from.
        result = "back_to_result" if session.answers.state != _BLANK else "back_to_whom"
        return fire(session, "back_to_information" if unasked else result)
    if step is Step.CONTACT:
        centre = _trial(session, catalogue).centre(session.focus)
        return fire(session, "back_to_centres", centre.region if centre else 0)
    target = _BACK.get(step)
    if target is None:
        raise StaleTap
    return fire(session, target)


#: Where the list of all studies was opened, by for whom she answers; otherwise among the results.
_FROM_STUDIES = {
    Whom.UNSAID: "back_to_welcome",
    Whom.RELATIVE_UNASKED: "back_to_information",
}
_BACK = {
    Step.WHOM: "back_to_welcome",
    Step.AGREEMENT: "back_to_whom",
    Step.INFORMATION: "back_to_agreement",
    Step.WHY: "back_to_question",
    Step.WHERE: "back_to_question",
    Step.RULED: "back_to_question",
    Step.RESULT: "back_to_recap",
    Step.POINTS: "back_to_result",
    Step.MATCHES: "back_to_recap",
    Step.UNFIT: "back_to_matches",
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


def _trial(session: Session, catalogue: Catalogue) -> Trial:
    """The trial in focus; `StaleTap` where the conversation is about all of them."""
    trial = catalogue.trials.get(session.trial)
    if trial is None:
        raise StaleTap
    return trial


def _contact(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if session.step is Step.WAITING:
        return fire(session, "other")
    trial = _trial(session, catalogue)
    if session.step is Step.RESULT:
        found = assess(trial, catalogue.bank, session.answers)
        if found.verdict is Verdict.NOT_A_FIT and not (found.fragile or found.temporary):
            raise StaleTap
    return fire(session, "contact")


def _region(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if not any(centre.region == arg for centre in _trial(session, catalogue).centres):
        raise StaleTap
    return fire(session, "region", arg)


def _centre(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if _trial(session, catalogue).centre(arg) is None:
        raise StaleTap
    return fire(session, "centre", arg)


def _about(trigger: str) -> Handler:
    """A side step that speaks of the trial in focus."""

    def handler(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
        _trial(session, catalogue)
        return fire(session, trigger)

    return handler


def _result(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    return fire(session, "result") if session.trial else fire(session, "matches", 0)


def _on_paper(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    """What a summary in a chat can do; on the web page it is printed, and notes are in the page."""
    if session.step is not Step.SUMMARY or catalogue.carrier is None:
        raise StaleTap
    return session


def _erase_now(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    erased = fire(session, "erase_now").step
    return session.renewed().at(erased)


def _restart(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    return session.renewed()


def _mode(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if arg not in (0, 1):
        raise StaleTap
    return replace(session, channel=arg)


MOVES: dict[Action, Handler] = {
    Action.SHOW: _show,
    Action.BACK: _back,
    Action.RECAP: fires("recap"),
    Action.RESULT: _result,
    Action.SUMMARY: _about("summary"),
    Action.ABOUT: _about("about"),
    Action.POINTS: fires_at("points"),
    Action.CONTACT: _contact,
    Action.REGION: _region,
    Action.CENTRE: _centre,
    Action.ERASE_NOW: _erase_now,
    Action.RESTART: _restart,
    Action.LANGUAGE: _language,
    Action.MODE: _mode,
    Action.PAPER: _on_paper,
    Action.UNNOTE: _on_paper,
    **ANSWER_MOVES,
    **STUDY_MOVES,
    **REQUEST_MOVES,
} | {action: fires(action.name.lower()) for action in _SIDE_ACTIONS}
