"""One screen for each step."""

from collections.abc import Callable, Sequence
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.screens import asking, contact, opening, outcome, standing
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.conversation.view import View

__all__ = ["draw", "draw_expired"]

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
    Step.SUMMARY: outcome.summary,
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
}


def draw(session: Session, today: date, catalogue: Catalogue, dropped: Sequence[str] = ()) -> View:
    """The screen of `session`; `dropped` names questions whose answers just stopped counting."""
    return _SCREENS[session.step](Canvas(session, today, catalogue, dropped))


def draw_expired(session: Session, today: date, catalogue: Catalogue) -> View:
    """The friendly screen after a token that does not open."""
    return standing.expired(Canvas(session, today, catalogue))
