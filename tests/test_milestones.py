"""What of a conversation is counted, and that going back and forth counts nothing again."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import Turn, turn
from dialogs.conversation.milestones import Mark, Milestone
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE
from dialogs.eligibility.criteria import Trial
from dialogs.wire.pack import Tap
from tests.builders import STRAIGHT

OPEN = date(2022, 10, 7)


def pressed(session: Session, catalogue: Catalogue, *taps: Tap) -> tuple[Session, list[Mark]]:
    """The session after these taps, and all that they marked."""
    marks: list[Mark] = []
    for tap in taps:
        done = turn(session, tap, OPEN, catalogue)
        session = done.session
        marks += done.marks
    return session, marks


def opened(catalogue: Catalogue, trial: int = 1) -> tuple[Session, list[Mark]]:
    """A conversation that has just begun."""
    return pressed(Session("en", trial=trial, matching=not trial), catalogue, Tap(Action.SHOW))


def answering(session: Session, catalogue: Catalogue, number: int | None) -> Turn:
    """The turn that answers the question in hand; None is what fits PALATINE."""
    asked = catalogue.bank.by_key[session.focus]
    chosen = STRAIGHT.get(asked.id, NOT_SURE) if number is None else number
    return turn(session, Tap(Action.ANSWER, chosen), OPEN, catalogue)


def finished(catalogue: Catalogue, trial: int, number: int | None) -> tuple[Session, list[Mark]]:
    """A conversation with every question answered alike, up to its result."""
    session, marks = opened(catalogue, trial)
    session, more = pressed(session, catalogue, Tap(Action.START), Tap(Action.WHOM, Whom.SELF))
    marks += more
    while session.step in (Step.QUESTION, Step.RULED):
        if session.step is Step.RULED:
            done = turn(session, Tap(Action.GO_ON), OPEN, catalogue)
        else:
            done = answering(session, catalogue, number)
        session, marks = done.session, [*marks, *done.marks]
    session, more = pressed(session, catalogue, Tap(Action.RESULT))
    return session, marks + more


def steps(marks: list[Mark], *beginnings: str) -> list[str]:
    """The marks that are no questions, or those that begin like this."""
    if beginnings:
        return [mark.step for mark in marks if mark.step.startswith(beginnings)]
    return [mark.step for mark in marks if not mark.step.startswith(("asked.", "told."))]


def palatine(catalogue: Catalogue) -> Trial:
    """The first study."""
    return catalogue.trials[1]


def test_a_whole_conversation_is_counted_once_a_step(catalogue: Catalogue) -> None:
    """Each milestone, the result, and each question as it came and as it was answered."""
    session, marks = finished(catalogue, 1, None)

    assert ["opened", "started", "finished", "worth"] == steps(marks)
    assert Milestone.FINISHED == session.furthest
    asked, told = steps(marks, "asked."), steps(marks, "told.")
    assert [one.removeprefix("asked.") for one in asked] == [
        one.removeprefix("told.") for one in told
    ]
    assert len(asked) == len(set(asked)) > 10
    assert {1} == {mark.trial for mark in marks}


def test_going_back_and_forth_counts_nothing(catalogue: Catalogue) -> None:
    """Neither a question that is seen again nor a result that is drawn again."""
    session, _ = finished(catalogue, 1, None)
    back = [Tap(Action.BACK)] * 5
    session, marks = pressed(session, catalogue, *back)
    while session.step is Step.QUESTION:
        done = answering(session, catalogue, None)
        session, marks = done.session, [*marks, *done.marks]
    _, more = pressed(session, catalogue, Tap(Action.RESULT), Tap(Action.SHOW))

    assert [] == marks + more


def test_what_is_reached_after_the_result_is_counted(catalogue: Catalogue) -> None:
    """How to reach a centre, once."""
    session, _ = finished(catalogue, 1, None)
    centre = palatine(catalogue).centres[0]
    region, number = Tap(Action.REGION, centre.region), Tap(Action.CENTRE, centre.number)
    there = Tap(Action.CONTACT), region, number
    session, marks = pressed(session, catalogue, *there)
    again = *[Tap(Action.BACK)] * 3, *there
    _, more = pressed(session, catalogue, *again)

    assert [Mark(1, "contact")] == marks
    assert [] == more


def test_a_no_counts_with_the_criteria_that_rule_out(catalogue: Catalogue) -> None:
    """Each by its number; those about private facts all as one, so that none of them shows."""
    session, _ = opened(catalogue)
    codes = {catalogue.bank.facts[fact].slot: code for fact, code in (("her2", 3), ("hiv", 2))}
    told = session.answers.replaced(codes)
    ready = replace(session, answers=told, step=Step.RECAP, furthest=Milestone.STARTED)
    _, marks = pressed(ready, catalogue, Tap(Action.RESULT))
    ruled = steps(marks, "ruled.")

    assert "no" in steps(marks)
    assert "ruled.private" in ruled
    hiv = catalogue.bank.facts["hiv"].slot
    private = {one.id for one in palatine(catalogue).criteria if hiv in one.slots}
    assert private
    assert not {f"ruled.{one}" for one in private} & set(ruled)
    assert len(ruled) >= 2


def test_about_all_studies_each_result_is_counted(many: Catalogue) -> None:
    """Apart from those of a conversation about one study; the rest belongs to no study."""
    _, marks = finished(many, 0, NOT_SURE)
    home = [mark.step for mark in marks if mark.trial == 0]
    results = Counter(mark.trial for mark in marks if mark.step.startswith("match."))

    assert {"opened", "started", "finished"} <= set(home)
    assert set(many.index.numbers_in(many.open(OPEN))) == set(results)
    assert {"match.check"} == {mark.step for mark in marks if mark.trial}


def test_a_conversation_that_begins_anew_is_counted_anew(catalogue: Catalogue) -> None:
    """After erasing it is another one."""
    session, _ = finished(catalogue, 1, None)
    taps = Tap(Action.ERASE), Tap(Action.ERASE_NOW), Tap(Action.RESTART)
    session, marks = pressed(session, catalogue, *taps)

    assert [Mark(1, "opened")] == marks
    assert Milestone.OPENED == session.furthest


@pytest.mark.parametrize("action", [Action.START, Action.URGENT, Action.PRIVACY])
def test_the_same_button_marks_the_same(catalogue: Catalogue, action: Action) -> None:
    """A turn is pure; whoever adds up remembers what was counted."""
    session, _ = opened(catalogue)
    one, other = (turn(session, Tap(action), OPEN, catalogue) for _ in range(2))

    assert one.marks == other.marks
    assert one.session == other.session


@given(data=st.data())
def test_the_furthest_step_never_falls(catalogue: Catalogue, data: st.DataObject) -> None:
    """Whatever is pressed, until a new conversation begins; and no milestone counts twice."""
    session, marks = opened(catalogue)
    for _ in range(data.draw(st.integers(1, 25))):
        done = turn(session, Tap(Action.SHOW), OPEN, catalogue)
        buttons = [
            one
            for one in done.view.buttons()
            if one.action not in (Action.RESTART, Action.ERASE_NOW)
        ]
        button = data.draw(st.sampled_from(buttons))
        done = turn(session, Tap(button.action, button.arg), OPEN, catalogue)

        assert done.session.furthest >= session.furthest

        session, marks = done.session, [*marks, *done.marks]
    counted = Counter(steps(marks))

    assert set(counted.values()) <= {1}
