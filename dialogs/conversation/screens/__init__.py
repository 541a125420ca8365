"""One screen for each step."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.screens import (
    aside,
    asking,
    contact,
    news,
    opening,
    outcome,
    relay,
    request,
    standing,
    studies,
    summary,
)
from dialogs.conversation.screens.aside import HEARD, Aside
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.relay import Event
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.conversation.view import View

__all__ = [
    "HEARD",
    "Aside",
    "Event",
    "draw",
    "draw_aside",
    "draw_draft",
    "draw_expired",
    "draw_message",
    "draw_noted",
    "draw_paper",
]

_SCREENS: dict[Step, Callable[[Canvas], View]] = {
    Step.WELCOME: opening.welcome,
    Step.WHOM: opening.whom,
    Step.AGREEMENT: opening.agreement,
    Step.INFORMATION: opening.information,
    Step.ABOUT: opening.about,
    Step.QUESTION: asking.question,
    Step.WHY: asking.why,
    Step.WHERE: asking.where,
    Step.RULED: asking.ruled,
    Step.RECAP: outcome.recap,
    Step.RESULT: outcome.result,
    Step.POINTS: outcome.points,
    Step.SUMMARY: summary.summary,
    Step.NEXT_STEPS: outcome.next_steps,
    Step.REGIONS: contact.regions,
    Step.CENTRES: contact.centres,
    Step.CONTACT: contact.contact,
    Step.ELSEWHERE: contact.elsewhere,
    Step.PRIVACY: standing.privacy,
    Step.URGENT: standing.urgent,
    Step.STOPPED: standing.stopped,
    Step.ERASE: standing.erase,
    Step.ERASED: standing.erased,
    Step.HELP: standing.chat_help,
    Step.PREVIEW: request.preview,
    Step.SENDING: request.sending,
    Step.SENT: request.sent,
    Step.UNSENT: request.unsent,
    Step.UNSURE: request.unsure,
    Step.FULL: request.full,
    Step.OVER: request.over,
    Step.WAITING: request.waiting,
    Step.MESSAGE: relay.message,
    Step.WRITE: relay.write,
    Step.DRAFT: relay.draft,
    Step.PASSED: relay.passed,
    Step.ENDING: relay.ending,
    Step.ENDED: relay.ended,
    Step.MATCHES: studies.matches,
    Step.UNFIT: studies.unfit,
    Step.STUDIES: studies.studies,
    Step.NEWS: news.news,
}

#: Screens that speak of no illness at their beginning.
_DISCREET = frozenset(
    {
        Step.PRIVACY,
        Step.URGENT,
        Step.STOPPED,
        Step.ERASE,
        Step.ERASED,
        Step.HELP,
    }
)


def draw(session: Session, today: date, catalogue: Catalogue, dropped: Sequence[str] = ()) -> View:
    """The screen of `session`; `dropped` names questions whose answers just stopped counting."""
    view = _SCREENS[session.step](Canvas(session, today, catalogue, dropped))
    return replace(view, discreet=True) if session.step in _DISCREET else view


def draw_expired(session: Session, today: date, catalogue: Catalogue) -> View:
    """The friendly screen after a token that does not open."""
    return replace(standing.expired(Canvas(session, today, catalogue)), discreet=True)


def draw_aside(kind: Aside, session: Session, today: date, catalogue: Catalogue) -> View:
    """What the service says to typed words; the buttons lead back to where `session` stands."""
    return replace(aside.ASIDES[kind](Canvas(session, today, catalogue)), discreet=True)


def draw_message(
    session: Session, event: Event, text: str, today: date, catalogue: Catalogue
) -> View:
    """What a centre said or did, with its words."""
    return relay.message(Canvas(session, today, catalogue), event, text)


def draw_draft(session: Session, text: str, today: date, catalogue: Catalogue) -> View:
    """Her text to a centre, before it goes."""
    return relay.draft(Canvas(session, today, catalogue), text)


def draw_paper(session: Session, today: date, catalogue: Catalogue) -> View:
    """The summary with all that it has, for a file."""
    return summary.summary(Canvas(session, today, catalogue), full=True)


def draw_noted(session: Session, note: str, today: date, catalogue: Catalogue) -> View:
    """The summary with her own notes, short enough for one message of a chat."""
    return summary.summary(Canvas(session, today, catalogue), note)
