"""What each action does on each step: as the table says, or nothing at all."""

from dataclasses import replace

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Settled
from dialogs.conversation.moves import MOVES
from dialogs.conversation.requests import outcome
from dialogs.conversation.session import Whom
from dialogs.conversation.steps import SIDE_STEPS, Action, Step
from dialogs.eligibility.answers import Answers
from tests.builders import Talk, everywhere

Q = Step.QUESTION
#: Where an action can lead to from the steps on which it does something.
TABLE: dict[Action, dict[Step, set[Step]]] = {
    Action.START: {Step.WELCOME: {Step.WHOM}},
    Action.WHOM: {Step.WHOM: {Q, Step.AGREEMENT}},
    Action.AGREED: {Step.AGREEMENT: {Q, Step.INFORMATION}},
    Action.ANSWER: {Q: {Q, Step.RULED, Step.RECAP}},
    Action.WHY: {Q: {Step.WHY}},
    Action.WHERE: {Q: {Step.WHERE}, Step.WHY: {Step.WHERE}},
    Action.BACK: {
        Step.WHOM: {Step.WELCOME},
        Step.AGREEMENT: {Step.WHOM},
        Step.INFORMATION: {Step.AGREEMENT},
        Q: {Q, Step.WHOM},
        Step.WHY: {Q},
        Step.WHERE: {Q},
        Step.RULED: {Q},
        Step.RECAP: {Q},
        Step.RESULT: {Step.RECAP},
        Step.POINTS: {Step.RESULT},
        Step.REGIONS: {Step.RESULT, Step.INFORMATION},
        Step.CENTRES: {Step.REGIONS},
        Step.CONTACT: {Step.CENTRES},
        Step.PREVIEW: {Step.CONTACT},
        Step.SENT: {Step.CONTACT},
        Step.FULL: {Step.CONTACT},
        Step.OVER: {Step.CONTACT},
        Step.ENDED: {Step.CONTACT},
        Step.UNSENT: {Step.PREVIEW},
        Step.UNSURE: {Step.PREVIEW},
        Step.WAITING: {Step.SENT},
        Step.MESSAGE: {Step.SENT},
        Step.WRITE: {Step.SENT},
        Step.DRAFT: {Step.SENT},
        Step.PASSED: {Step.SENT},
        Step.ENDING: {Step.SENT},
    },
    Action.CHANGE: {Q: {Q}, Step.RULED: {Q}, Step.RECAP: {Q}, Step.RESULT: {Q}},
    Action.GO_ON: {Step.RULED: {Q, Step.RECAP}, Step.RECAP: {Q}},
    Action.RECAP: {Q: {Step.RECAP}, Step.RULED: {Step.RECAP}, Step.RESULT: {Step.RECAP}},
    Action.RESULT: {Step.RECAP: {Step.RESULT}, Step.RULED: {Step.RESULT}},
    Action.POINTS: {Step.RESULT: {Step.POINTS}, Step.POINTS: {Step.POINTS}},
    Action.CONTACT: {
        Step.RESULT: {Step.REGIONS},
        Step.INFORMATION: {Step.REGIONS},
        Step.WAITING: {Step.REGIONS},
    },
    Action.REGION: {Step.REGIONS: {Step.CENTRES}},
    Action.CENTRE: {Step.CENTRES: {Step.CONTACT}},
    Action.CLEAR: {Step.RECAP: {Q}},
    Action.ERASE_NOW: {Step.ERASE: {Step.ERASED}},
    Action.ASK: {Step.CONTACT: {Step.PREVIEW}},
    Action.DETAILS: {Step.PREVIEW: {Step.PREVIEW}},
    Action.CONFIRM: {
        Step.PREVIEW: {Step.SENDING},
        Step.UNSENT: {Step.SENDING},
        Step.UNSURE: {Step.SENDING},
    },
    Action.WAITING: {Step.SENT: {Step.WAITING}},
    Action.WRITE: {
        Step.SENT: {Step.WRITE},
        Step.MESSAGE: {Step.WRITE},
        Step.DRAFT: {Step.WRITE},
        Step.PASSED: {Step.WRITE},
    },
    Action.SEND: {},
    Action.END: {
        Step.SENT: {Step.ENDING},
        Step.MESSAGE: {Step.ENDING},
        Step.WAITING: {Step.ENDING},
        Step.PASSED: {Step.ENDING},
    },
    Action.END_NOW: {},
    Action.AGAIN: {Step.OVER: {Step.PREVIEW}, Step.ENDED: {Step.PREVIEW}},
    Action.OUTCOME: {
        Step.SENDING: {Step.SENT, Step.UNSENT, Step.UNSURE, Step.FULL, Step.OVER},
        Step.DRAFT: {Step.PASSED, Step.OVER},
        Step.ENDING: {Step.ENDED},
    },
    # One study alone has no others: see test_studies.
    Action.MATCHES: {},
    Action.PICK: {},
    Action.UNFIT: {},
    Action.STUDIES: {},
    Action.OTHERS: {},
    # In a chat only: see `test_papers`.
    Action.PAPER: {},
    Action.UNNOTE: {},
}
EVERYWHERE = {
    Action.RESTART: Step.WELCOME,
    Action.SUMMARY: Step.SUMMARY,
    Action.NEXT_STEPS: Step.NEXT_STEPS,
    Action.ELSEWHERE: Step.ELSEWHERE,
    Action.ABOUT: Step.ABOUT,
    Action.PRIVACY: Step.PRIVACY,
    Action.URGENT: Step.URGENT,
    Action.STOP: Step.STOPPED,
    Action.ERASE: Step.ERASE,
    Action.HELP: Step.HELP,
    Action.NEWS: Step.NEWS,
}
ARGUMENTS = {
    Action.WHOM: (0, 1, 2, 3, 9),
    Action.AGREED: (0, 1),
    Action.ANSWER: (0, 1, 2, 3, 4, 5, 6, 7, 8),
    Action.CHANGE: (0, 1, 3, 60),
    Action.REGION: (0, 11, 84, 94, 99),
    Action.CENTRE: (0, 1, 2, 99),
    Action.POINTS: (0, 1, 99),
    Action.LANGUAGE: (0, 1, 2, 3),
    Action.MODE: (0, 1, 2, 127),
    Action.DETAILS: (0, 1, 2),
    Action.OUTCOME: tuple(outcome(kind, 11) for kind in Settled),
}
#: Ask for something of the outside where they are at home, and leave the screen to its outcome.
EFFECTS = {
    Action.ERASE_NOW: Step.ERASED,
    Action.CONFIRM: Step.SENDING,
    Action.SEND: Step.DRAFT,
    Action.END_NOW: Step.ENDING,
}


@pytest.fixture(scope="module")
def talks(catalogue: Catalogue) -> list[Talk]:
    """Conversations on every step."""
    return everywhere(catalogue) + everywhere(catalogue, "fr", relative=True)


def test_every_action_has_a_move() -> None:
    """No button can ask for something that nobody wrote."""
    assert set(Action) == set(MOVES)
    assert set(Action) == {*TABLE, *EVERYWHERE, Action.SHOW, Action.LANGUAGE, Action.MODE}


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_an_action_moves_as_the_table_says_or_draws_the_screen_again(
    talks: list[Talk], action: Action
) -> None:
    """On every step, with every argument; a step that is left is always one of the table."""
    moved = set()
    for talk in talks:
        for arg in ARGUMENTS.get(action, (0,)):
            done = talk.turned(talk.session, action, arg)
            here, there = talk.step, done.session.step
            allowed = TABLE.get(action, {}).get(here, set())
            if action in EVERYWHERE:
                assert EVERYWHERE[action] is there
            elif action is Action.BACK and here in SIDE_STEPS:
                assert talk.session.origin is there
            elif there in allowed and done.session != talk.session:
                moved.add((here, there))
            elif action in (Action.LANGUAGE, Action.MODE) and arg in (0, 1):
                assert here is there
            else:
                assert talk.session == done.session, (here.name, arg)
                shown = talk.turned(talk.session, Action.SHOW).view
                # What could not be done is said where she stands.
                unsaid = replace(done.view, notice=None) if action is Action.OUTCOME else done.view
                assert shown == unsaid
                assert () == done.effects or EFFECTS.get(action) is done.session.step

    wanted = {(here, there) for here, dests in TABLE.get(action, {}).items() for there in dests}
    assert wanted == moved


@pytest.mark.parametrize(
    ("action", "args"),
    [
        (Action.WHOM, (0, 3, 4, 127)),
        (Action.LANGUAGE, (2, 3, 127)),
        (Action.ANSWER, (0, 5, 7, 8, 127)),
        (Action.CHANGE, (0, 2, 63, 127)),
        (Action.REGION, (0, 24, 99)),
        (Action.CENTRE, (0, 3, 127)),
        (Action.MODE, (2, 3, 127)),
    ],
)
def test_an_impossible_argument_changes_nothing(
    catalogue: Catalogue, action: Action, args: tuple[int, ...]
) -> None:
    """On the very step where the action is at home."""
    question = Talk(catalogue).questions()
    regions = Talk(catalogue).result().tap(Action.CONTACT)
    home = {
        Action.WHOM: Talk(catalogue).tap(Action.START),
        Action.LANGUAGE: question,
        Action.MODE: question,
        Action.ANSWER: question,
        Action.CHANGE: question.copy().answer("spread", 6),
        Action.REGION: regions,
        Action.CENTRE: regions.copy().tap(Action.REGION, 11),
    }[action]
    for arg in args:
        assert home.session == home.turned(home.session, action, arg).session, arg


def test_nothing_is_kept_of_someone_who_was_not_asked(catalogue: Catalogue) -> None:
    """Without her agreement, answers given before are dropped."""
    talk = Talk(catalogue).tap(Action.START).tap(Action.WHOM, 2).tap(Action.AGREED, 1)
    talk.answer("spread", 4).tap(Action.GO_ON)
    answered = talk.session.answers
    talk.tap(Action.BACK).tap(Action.BACK).tap(Action.WHOM, 2).tap(Action.AGREED, 0)

    assert answered
    assert Whom.RELATIVE_UNASKED is talk.session.whom
    assert Answers() == talk.session.answers
    assert not talk.session.go_on


def test_answers_about_oneself_are_not_answers_about_another(catalogue: Catalogue) -> None:
    """Whoever goes back and says that it is for someone close starts with no answer."""
    talk = Talk(catalogue).questions().answer("spread", 2).answer("hormone_receptors", 1)
    talk.tap(Action.BACK).tap(Action.BACK).tap(Action.BACK)
    talk.tap(Action.WHOM, 2).tap(Action.AGREED, 1)

    assert Whom.RELATIVE is talk.session.whom
    assert Answers() == talk.session.answers


def test_going_on_lasts_while_the_study_is_ruled_out(catalogue: Catalogue) -> None:
    """After *go on anyway* no answer stops her again; after a changed answer, the next one does."""
    talk = Talk(catalogue).questions().answer("spread", 4).tap(Action.GO_ON)
    talk.answer("hormone_receptors", 3)

    assert (Step.QUESTION, True) == (talk.step, talk.session.go_on)

    talk.tap(Action.BACK).answer("hormone_receptors", 1)
    talk.force(Action.CHANGE, 1).answer("spread", 2)

    assert not talk.session.go_on

    talk.force(Action.CHANGE, 3).answer("hormone_receptors", 3)

    assert Step.RULED is talk.step


def test_a_centre_that_is_gone_leads_back_to_the_regions_list(catalogue: Catalogue) -> None:
    """A session whose centre no longer exists still has a way back."""
    talk = Talk(catalogue).result().tap(Action.CONTACT).tap(Action.REGION, 11)
    talk.tap(Action.CENTRE, 1)
    session = talk.turned(talk.session, Action.BACK).session

    assert (Step.CENTRES, 11) == (session.step, session.focus)


def test_the_mode_is_the_channels_and_stays(catalogue: Catalogue) -> None:
    """One message or many is remembered through the conversation, and after erasing."""
    talk = Talk(catalogue)
    session = talk.turned(talk.session, Action.HELP).session
    for action, arg in (
        (Action.MODE, 1),
        (Action.BACK, 0),
        (Action.ERASE, 0),
        (Action.ERASE_NOW, 0),
    ):
        session = talk.turned(session, action, arg).session

        assert 1 == session.channel

    assert 0 == talk.turned(session, Action.MODE, 0).session.channel
