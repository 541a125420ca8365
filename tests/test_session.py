"""What a session keeps, and what it leaves behind."""

from dataclasses import FrozenInstanceError, replace

import pytest

from dialogs.conversation.session import LANGUAGES, TAG_BITS, Session, Whom
from dialogs.conversation.steps import SIDE_STEPS, Step
from dialogs.eligibility.answers import Answers

FULL = Session(
    language="en",
    step=Step.RESULT,
    origin=Step.RECAP,
    focus=5,
    whom=Whom.RELATIVE,
    trial=7,
    campaign=99,
    tag=0x123456789A,
    go_on=True,
    channel=1,
    furthest=9,
    answers=Answers().replaced({1: 1, 2: 2}),
)


@pytest.mark.parametrize(
    ("whom", "relative"),
    [
        (Whom.UNSAID, False),
        (Whom.SELF, False),
        (Whom.RELATIVE, True),
        (Whom.RELATIVE_UNASKED, True),
    ],
)
def test_sentences_speak_of_a_relative_once_she_said_so(whom: Whom, relative: bool) -> None:
    """Also when the person was not asked."""
    assert relative is Session(whom=whom).relative


def test_languages_fit_their_two_bits() -> None:
    """Numbers are permanent and below four."""
    assert (0, 1) == (LANGUAGES["fr"], LANGUAGES["en"])
    assert len(LANGUAGES) == len(set(LANGUAGES.values()))
    assert all(0 <= number < 4 for number in LANGUAGES.values())


@pytest.mark.parametrize("side", sorted(SIDE_STEPS))
@pytest.mark.parametrize("step", [step for step in Step if step not in SIDE_STEPS])
def test_a_side_step_remembers_where_she_was(step: Step, side: Step) -> None:
    """Leaving an explanation for a side step leads back to the question it explains."""
    origin = Step.QUESTION if step in (Step.WHY, Step.WHERE) else step
    aside = Session(step=step).at(side)

    assert (side, origin) == (aside.step, aside.origin)


def test_from_side_step_to_side_step_the_origin_stays() -> None:
    """Urgent help, then privacy, then back: she is where she was before both."""
    session = Session(step=Step.RULED).at(Step.URGENT).at(Step.PRIVACY)

    assert (Step.PRIVACY, Step.RULED) == (session.step, session.origin)


def test_a_main_step_leaves_the_origin_alone() -> None:
    """Only leaving the main way is remembered."""
    session = Session(step=Step.RECAP, origin=Step.WELCOME).at(Step.RESULT)

    assert (Step.RESULT, Step.WELCOME) == (session.step, session.origin)


def test_a_renewed_session_keeps_nothing_about_her() -> None:
    """Language, trial, campaign and channel stay; all the rest is as in a new conversation."""
    renewed = FULL.renewed()

    assert Session(language="en", trial=7, campaign=99, channel=1, tag=renewed.tag) == renewed


def test_the_new_tag_follows_from_the_old_one() -> None:
    """The same button always gives the same session, and another tag gives another."""
    tags = {Session(tag=tag).renewed().tag for tag in range(200)}

    assert FULL.renewed() == FULL.renewed()
    assert FULL.renewed().tag != FULL.tag
    assert 200 == len(tags)
    assert all(0 <= tag < 1 << TAG_BITS for tag in tags)


def test_a_session_cannot_be_changed() -> None:
    """It is frozen, and has no room for anything else."""
    name = "step"
    with pytest.raises(FrozenInstanceError):
        setattr(FULL, name, Step.WELCOME)

    assert not hasattr(FULL, "__dict__")


def test_other_answers_change_nothing_else() -> None:
    """All that is not about the answers stays."""
    answers = Answers().replaced({3: 1})

    assert replace(FULL, answers=answers, go_on=False) == FULL.answering(answers, go_on=False)
    assert FULL == FULL.answering(FULL.answers, go_on=FULL.go_on)
