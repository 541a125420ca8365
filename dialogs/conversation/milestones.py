"""What of a conversation is counted: steps that it reached for the first time, and nothing else.

The session carries the furthest of them, so that going back and forth counts nothing again. A tap
that is pressed once more gives the same marks once more; whoever adds them up has to see to that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from itertools import islice

from dialogs.catalogue import Catalogue
from dialogs.conversation.requests import private_slots
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Verdict, assess

__all__ = ["Mark", "Milestone", "marked"]

#: Studies of which each result is counted at the end of a conversation about all.
_FEW = 64


class Milestone(IntEnum):
    """How far a conversation came; the numbers are permanent, at most 15."""

    OPENED = 1
    STARTED = 2
    FINISHED = 3
    CONTACT = 4
    REQUEST = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to be counted; `trial` is a number, 0 for a conversation about all.

    `step` is the name of a milestone in small letters; `worth`, `check`, `later` or `no`, a result
    (with `match.` before it in a conversation about all); `asked.` and `told.` before the name of a
    question; `ruled.` before a criterion that ruled a study out, `ruled.private` for those about
    private facts, `ruled.any` for each study that was ruled out.
    """

    trial: int
    step: str


_REACHED = {
    Step.WELCOME: Milestone.OPENED,
    Step.QUESTION: Milestone.STARTED,
    Step.RESULT: Milestone.FINISHED,
    Step.MATCHES: Milestone.FINISHED,
    Step.CONTACT: Milestone.CONTACT,
    Step.SENT: Milestone.REQUEST,
}


def marked(
    before: Session, after: Session, action: Action, catalogue: Catalogue, today: date
) -> tuple[Session, tuple[Mark, ...]]:
    """`after` with the furthest milestone, and what a turn from `before` adds to the counts."""
    marks = [*_questions(before, after, action, catalogue)]
    milestone = _REACHED.get(after.step)
    if milestone is not None and milestone > after.furthest:
        after = replace(after, furthest=milestone)
        marks.append(Mark(_home(after), milestone.name.lower()))
        if milestone is Milestone.FINISHED:
            marks += _results(after, catalogue, today)
    return after, tuple(marks)


def _home(session: Session) -> int:
    """What the conversation is about, whichever study it looks at."""
    return 0 if session.matching else session.trial


def _questions(
    before: Session, after: Session, action: Action, catalogue: Catalogue
) -> Iterator[Mark]:
    """A question that was answered, and one that came up, each for the first time."""
    by_key, home = catalogue.bank.by_key, _home(after)
    if action is Action.ANSWER and before.step is Step.QUESTION and after is not before:
        told = by_key.get(before.focus)
        if told is not None and not told.answered(before.answers.state):
            yield Mark(home, f"told.{told.id}")
    if after.step is not Step.QUESTION or action in (Action.BACK, Action.SHOW, Action.LANGUAGE):
        return
    asked = by_key.get(after.focus)
    moved = before.step is not Step.QUESTION or before.focus != after.focus
    if moved and asked is not None and not asked.answered(after.answers.state):
        yield Mark(home, f"asked.{asked.id}")


def _results(session: Session, catalogue: Catalogue, today: date) -> Iterator[Mark]:
    if session.trial:
        yield from _result(session, catalogue.trials[session.trial], catalogue, "")
        return
    open_ = catalogue.index.numbers_in(catalogue.open(today))
    for number in islice(open_, _FEW):
        yield from _result(session, catalogue.trials[number], catalogue, "match.")


def _result(session: Session, trial: Trial, catalogue: Catalogue, kind: str) -> Iterator[Mark]:
    found = assess(trial, catalogue.bank, session.answers)
    if found.verdict is not Verdict.NOT_A_FIT:
        worth = found.verdict is Verdict.WORTH_ASKING
        yield Mark(trial.number, f"{kind}worth" if worth else f"{kind}check")
        return
    yield Mark(trial.number, f"{kind}later" if found.temporary else f"{kind}no")
    private = private_slots(catalogue)
    # Several private ones are one mark: their number would tell something too.
    ruled = {"private" if one.slots & private else one.id for one in found.failing}
    for identity in ("any", *sorted(ruled)):
        yield Mark(trial.number, f"{kind}ruled.{identity}")
