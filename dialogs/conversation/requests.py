"""Moves of a request to a study centre, and what of it may be shared.

Whether a request stands is known to the outside only; the session holds what she last saw of it.
"""

from dataclasses import replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.handlers import Handler, fire, fires
from dialogs.conversation.session import SENT_DAYS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.matching import Assessment, Verdict, assess
from dialogs.errors import StaleTap

__all__ = [
    "ATTEMPTS",
    "REQUEST_MOVES",
    "askable",
    "outcome",
    "private_slots",
    "settled",
    "shareable",
]

#: How often a request to one centre can be begun anew after it was ended or closed.
ATTEMPTS = 4
_UNDONE = {int(kind): kind for kind in Settled if kind is not Settled.DONE}


def askable(session: Session, catalogue: Catalogue) -> bool:
    """Whether she may ask the centre in focus through this service.

    Not for a relative whose person did not agree, nor after a *no* that does not rest on one
    fragile fact alone.
    """
    if (session.trial, session.focus) not in catalogue.reach:
        return False
    if session.whom is Whom.RELATIVE_UNASKED:
        return False
    found = assess(catalogue.trials[session.trial], catalogue.bank, session.answers)
    return found.verdict is not Verdict.NOT_A_FIT or found.fragile is not None


def private_slots(catalogue: Catalogue) -> set[int]:
    """The slots of private facts: what a sensitive question asks, and what may be left unsaid."""
    private = {fact.slot for fact in catalogue.bank.facts.values() if fact.prefer_not}
    for question in catalogue.bank.questions.values():
        if question.sensitive:
            private |= question.slots
    return private


def shareable(found: Assessment, catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the open criteria that may be told to a centre: none about a private fact."""
    private = private_slots(catalogue)
    return tuple(
        outcome.criterion.id for outcome in found.open if not outcome.criterion.slots & private
    )


def outcome(kind: Settled, sent: int) -> int:
    """The argument of `Action.OUTCOME`: what came of an effect, and the day it was done."""
    return sent % SENT_DAYS if kind is Settled.DONE else SENT_DAYS + kind


def settled(arg: int) -> tuple[Settled, int]:
    """The reverse of `outcome`, with day 0 for what has none; `StaleTap` if it says nothing."""
    if arg < SENT_DAYS:
        return Settled.DONE, arg
    kind = _UNDONE.get(arg - SENT_DAYS)
    if kind is None:
        raise StaleTap
    return kind, 0


def _ask(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if not askable(session, catalogue):
        raise StaleTap
    return fire(session, "request")


def _details(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    # A chat that goes on from a centre's answer has no answers, so there is nothing to add.
    if arg not in (0, 1) or not session.answers:
        raise StaleTap
    return replace(fire(session, "details"), details=bool(arg))


def _confirm(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if session.whom is Whom.RELATIVE_UNASKED:
        raise StaleTap
    return fire(session, "confirm")


def _again(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    if session.attempt + 1 >= ATTEMPTS or not askable(session, catalogue):
        raise StaleTap
    return replace(fire(session, "again"), attempt=session.attempt + 1)


def _outcome(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
    """From where an effect was asked for to what came of it; the turn adds words where it stays."""
    kind, sent = settled(arg)
    if session.step is not Step.SENDING and kind not in (Settled.DONE, Settled.OVER):
        return session
    if session.step is Step.ENDING:
        return fire(session, "done")
    after = fire(session, kind.name.lower())
    return replace(after, sent=sent) if after.step is Step.SENT else after


def _stays(step: Step) -> Handler:
    """An action that asks for an effect and leaves the screen to its outcome."""

    def handler(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
        if session.step is not step:
            raise StaleTap
        return session

    return handler


REQUEST_MOVES: dict[Action, Handler] = {
    Action.ASK: _ask,
    Action.DETAILS: _details,
    Action.CONFIRM: _confirm,
    Action.WAITING: fires("waiting"),
    Action.WRITE: fires("write"),
    Action.SEND: _stays(Step.DRAFT),
    Action.END: fires("end"),
    Action.END_NOW: _stays(Step.ENDING),
    Action.AGAIN: _again,
    Action.OUTCOME: _outcome,
}
