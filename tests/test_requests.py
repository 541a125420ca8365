"""Who may ask a centre, what may be told to it, and what an argument makes of a session."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import ATTEMPTS, REQUEST_MOVES, askable, outcome, shareable
from dialogs.conversation.session import SENT_DAYS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.matching import Verdict, assess
from dialogs.errors import StaleTap
from tests.builders import DEMONSTRATION_DAY, UNSURE, Talk

CENTRE = 1
#: Answers to one question: what is certain rules out, what rests on a fragile fact does not.
CERTAIN, FRAGILE = {"treatment": 5}, {"her2": 3}


def answers(catalogue: Catalogue, numbers: dict[str, int]) -> Answers:
    """The answers of somebody who goes on to the end whatever she hears."""
    talk = Talk(catalogue).questions()
    while talk.step is not Step.RECAP:
        identity = talk.asked if talk.step is Step.QUESTION else ""
        if Action.GO_ON in talk.actions():
            talk.tap(Action.GO_ON)
        elif identity in numbers:
            talk.tap(Action.ANSWER, numbers[identity])
        else:
            talk.answered(**numbers)
    return talk.session.answers


def at(catalogue: Catalogue, step: Step, **numbers: int) -> Session:
    """A session at a step that is about a centre."""
    return Session(trial=1, step=step, focus=CENTRE, answers=answers(catalogue, numbers), tag=7)


def moved(session: Session, action: Action, catalogue: Catalogue, arg: int = 0) -> Session:
    """The session after an action."""
    return REQUEST_MOVES[action](session, arg, catalogue, DEMONSTRATION_DAY)


@pytest.fixture(scope="module")
def contact(catalogue: Catalogue) -> Session:
    """She looks at a centre, and nothing rules her out."""
    return at(catalogue, Step.CONTACT)


def verdict(session: Session, catalogue: Catalogue) -> Verdict:
    """What her answers come to."""
    return assess(catalogue.trials[1], catalogue.bank, session.answers).verdict


def test_whom_nothing_rules_out_may_ask(contact: Session, catalogue: Catalogue) -> None:
    """Also before she answered anything, and for somebody close who agreed."""
    assert Verdict.NOT_A_FIT is not verdict(contact, catalogue)
    assert askable(contact, catalogue)
    assert askable(replace(contact, answers=Answers()), catalogue)
    assert askable(replace(contact, whom=Whom.RELATIVE), catalogue)


def test_who_is_ruled_out_for_certain_may_not_ask(catalogue: Catalogue) -> None:
    """A *no* that one fragile fact alone carries is no such *no*."""
    certain, fragile = (at(catalogue, Step.CONTACT, **no) for no in (CERTAIN, FRAGILE))

    assert Verdict.NOT_A_FIT is verdict(certain, catalogue) is verdict(fragile, catalogue)
    assert not askable(certain, catalogue)
    assert askable(fragile, catalogue)
    assert not askable(at(catalogue, Step.CONTACT, **CERTAIN, **FRAGILE), catalogue)


@pytest.mark.parametrize(
    "change",
    [
        lambda session, catalogue: (replace(session, whom=Whom.RELATIVE_UNASKED), catalogue),
        lambda session, catalogue: (session, replace(catalogue, reach=frozenset())),
        lambda session, catalogue: (session, replace(catalogue, reach=frozenset({(1, 2), (2, 1)}))),
        lambda session, catalogue: (replace(session, focus=99), catalogue),
    ],
)
def test_no_request_without_agreement_or_a_channel(
    contact: Session,
    catalogue: Catalogue,
    change: Callable[[Session, Catalogue], tuple[Session, Catalogue]],
) -> None:
    """Of the person it is about, and to this very centre; then a button does nothing either."""
    session, known = change(contact, catalogue)

    assert not askable(session, known)
    for step, action in ((Step.CONTACT, Action.ASK), (Step.OVER, Action.AGAIN)):
        with pytest.raises(StaleTap):
            moved(replace(session, step=step), action, known)


def test_the_button_that_is_not_shown_does_nothing(catalogue: Catalogue) -> None:
    """Neither the first time nor after the request has ended."""
    session = at(catalogue, Step.CONTACT, **CERTAIN)
    for step, action in ((Step.CONTACT, Action.ASK), (Step.ENDED, Action.AGAIN)):
        with pytest.raises(StaleTap):
            moved(replace(session, step=step), action, catalogue)


@pytest.mark.parametrize("step", [Step.PREVIEW, Step.UNSENT])
def test_nothing_is_confirmed_for_someone_who_was_not_asked(
    contact: Session, catalogue: Catalogue, step: Step
) -> None:
    """Even where a screen should have been reached that asks for it."""
    preview = replace(contact, step=step)

    assert Step.SENDING is moved(preview, Action.CONFIRM, catalogue).step
    with pytest.raises(StaleTap):
        moved(replace(preview, whom=Whom.RELATIVE_UNASKED), Action.CONFIRM, catalogue)


def test_her_answers_are_added_and_left_out_again(contact: Session, catalogue: Catalogue) -> None:
    """By her alone: a preview starts without them, and no third argument is known."""
    preview = moved(contact, Action.ASK, catalogue)

    assert not preview.details
    assert moved(preview, Action.DETAILS, catalogue, 1).details
    assert not moved(replace(preview, details=True), Action.DETAILS, catalogue, 0).details
    for arg in (2, 127):
        with pytest.raises(StaleTap):
            moved(preview, Action.DETAILS, catalogue, arg)


@pytest.mark.parametrize("step", [Step.OVER, Step.ENDED])
def test_a_request_is_begun_four_times_at_most(
    contact: Session, catalogue: Catalogue, step: Step
) -> None:
    """Each time under the next attempt, so under another code."""
    session = contact
    for attempt in range(1, ATTEMPTS):
        session = moved(replace(session, step=step), Action.AGAIN, catalogue)

        assert (Step.PREVIEW, attempt) == (session.step, session.attempt)
    with pytest.raises(StaleTap):
        moved(replace(session, step=step), Action.AGAIN, catalogue)


@pytest.mark.parametrize("day", [0, 11, SENT_DAYS - 1, SENT_DAYS, 739_685])
def test_the_day_of_a_request_is_kept_once_it_is_sent(
    contact: Session, catalogue: Catalogue, day: int
) -> None:
    """Its last five bits, and only then."""
    sending = replace(contact, step=Step.SENDING, sent=5)
    ends = {kind: moved(sending, Action.OUTCOME, catalogue, outcome(kind, day)) for kind in Settled}

    assert (Step.SENT, day % SENT_DAYS) == (ends[Settled.DONE].step, ends[Settled.DONE].sent)
    assert [(Step.UNSENT, 5), (Step.FULL, 5), (Step.OVER, 5)] == [
        (ends[kind].step, ends[kind].sent) for kind in (Settled.UNSENT, Settled.FULL, Settled.OVER)
    ]


@pytest.mark.parametrize("step", [Step.DRAFT, Step.ENDING])
def test_what_failed_leaves_her_where_she_can_try_again(
    contact: Session, catalogue: Catalogue, step: Step
) -> None:
    """A text that was not passed on, a request that was not ended; its day stays too."""
    session = replace(contact, step=step, sent=5)
    for kind in (Settled.UNSENT, Settled.FULL):
        assert session == moved(session, Action.OUTCOME, catalogue, outcome(kind, 11))

    after = moved(session, Action.OUTCOME, catalogue, outcome(Settled.DONE, 11))

    assert ({Step.DRAFT: Step.PASSED, Step.ENDING: Step.ENDED}[step], 5) == (after.step, after.sent)


def test_what_is_over_is_ended(contact: Session, catalogue: Catalogue) -> None:
    """Who wanted to end it reads that it is; who wanted to write, that it is over."""
    over = outcome(Settled.OVER, 0)
    for step, expected in ((Step.ENDING, Step.ENDED), (Step.DRAFT, Step.OVER)):
        assert expected is moved(replace(contact, step=step), Action.OUTCOME, catalogue, over).step


@pytest.mark.parametrize(
    ("action", "home"), [(Action.SEND, Step.DRAFT), (Action.END_NOW, Step.ENDING)]
)
def test_what_is_done_outside_leaves_the_session(
    contact: Session, catalogue: Catalogue, action: Action, home: Step
) -> None:
    """Its outcome moves it; on any other screen the button is an old one."""
    for step in Step:
        session = replace(contact, step=step)
        if step is home:
            assert session is moved(session, action, catalogue)
        else:
            with pytest.raises(StaleTap):
                moved(session, action, catalogue)


def test_no_private_point_is_told_to_a_centre(catalogue: Catalogue) -> None:
    """None that touches what a sensitive question asks, or what may be left unsaid."""
    found = assess(catalogue.trials[1], catalogue.bank, answers(catalogue, UNSURE))
    open_ = {outcome.criterion.id: outcome.criterion.slots for outcome in found.open}
    unsaid = {fact.slot for fact in catalogue.bank.facts.values() if fact.prefer_not}
    asked = {
        slot
        for question in catalogue.bank.questions.values()
        if question.sensitive
        for slot in question.slots
    }
    told = shareable(found, catalogue)

    assert told
    assert set(told) < open_.keys()
    for identity, slots in open_.items():
        assert (identity in told) is not bool(slots & (unsaid | asked)), identity


@pytest.mark.parametrize("private", ["prefer_not", "sensitive"])
def test_either_mark_makes_a_point_private(catalogue: Catalogue, private: str) -> None:
    """A fact that may be left unsaid, and a question that is sensitive, each on its own."""
    found = assess(catalogue.trials[1], catalogue.bank, answers(catalogue, UNSURE))
    facts = {name: replace(f, prefer_not=False) for name, f in catalogue.bank.facts.items()}
    asks = {name: replace(a, sensitive=False) for name, a in catalogue.bank.questions.items()}
    bare = replace(catalogue, bank=replace(catalogue.bank, facts=facts, questions=asks))
    point = shareable(found, bare)[0]
    slots = next(o.criterion.slots for o in found.open if o.criterion.id == point)
    if private == "prefer_not":
        facts = {n: replace(f, prefer_not=f.slot in slots) for n, f in facts.items()}
    else:
        asks = {n: replace(a, sensitive=bool(a.slots & slots)) for n, a in asks.items()}
    marked = replace(catalogue, bank=replace(catalogue.bank, facts=facts, questions=asks))

    assert len(found.open) == len(shareable(found, bare))
    assert point not in shareable(found, marked)
