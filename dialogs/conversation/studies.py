"""Moves between one study and all of them: the list of results, and other studies from anywhere."""

from dataclasses import replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.answering import go_on
from dialogs.conversation.handlers import Handler, fire, fires_at
from dialogs.conversation.inquiry import following
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action, Step
from dialogs.errors import StaleTap

__all__ = ["STUDY_MOVES", "all_studies", "grounded", "listed"]

#: Steps that a conversation about all studies can be on.
_COMMON = frozenset(
    {
        Step.WELCOME,
        Step.WHOM,
        Step.AGREEMENT,
        Step.INFORMATION,
        Step.QUESTION,
        Step.WHY,
        Step.WHERE,
        Step.RECAP,
        Step.MATCHES,
        Step.UNFIT,
        Step.STUDIES,
        Step.NEXT_STEPS,
        Step.ELSEWHERE,
        Step.PRIVACY,
        Step.URGENT,
        Step.STOPPED,
        Step.ERASE,
        Step.ERASED,
        Step.HELP,
        Step.NEWS,
    }
)
_LISTS = frozenset({Step.MATCHES, Step.UNFIT, Step.STUDIES})


def grounded(session: Session, catalogue: Catalogue) -> Session:
    """`session` as it can be acted upon: with a study that is known, or about all of them.

    A button of an older release may name a study that is gone, or no study where one is needed.
    """
    if session.trial in catalogue.trials:
        return session
    home = catalogue.home
    if home == 0 and (session.matching or session.trial == 0):
        session = all_studies(session)
        if session.step in _COMMON and session.origin in _COMMON:
            return session
    return Session(language=session.language, trial=home, matching=home == 0, tag=session.tag)


def listed(session: Session, catalogue: Catalogue) -> Session:
    """`session` as it is shown: a list is of all studies, whichever was looked at before."""
    if session.trial and (session.step in _LISTS or session.origin in _LISTS):
        return grounded(all_studies(session), catalogue)
    return session


def all_studies(session: Session) -> Session:
    """`session` about all studies, none of them in focus."""
    if session.matching and not session.trial:
        return session
    return replace(session, trial=0, matching=True)


def _matches(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    return fire(session, "back_to_matches" if session.step is Step.RESULT else "matches", arg)


def _pick(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if session.trial not in catalogue.trials:
        raise StaleTap
    return fire(session, "pick", 0)


def _others(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    """From one study to all of them: the answers stay, and only what is missing is asked."""
    after = replace(all_studies(fire(session, "others", 0)), go_on=False)
    if after.step is not Step.RECAP:
        return after
    if following(after, catalogue, today) is None:
        return fire(after, "matches", 0)
    return go_on(after, catalogue, today)


def _several(handler: Handler) -> Handler:
    """`handler`, where there are several studies."""

    def guarded(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
        if catalogue.home:
            raise StaleTap
        return handler(session, arg, catalogue, today)

    return guarded


STUDY_MOVES: dict[Action, Handler] = {
    Action.MATCHES: _several(_matches),
    Action.PICK: _several(_pick),
    Action.UNFIT: _several(fires_at("unfit")),
    Action.STUDIES: _several(fires_at("studies")),
    Action.OTHERS: _several(_others),
}
