"""What a turn asks of the outside, and what can come of it."""

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Effect, Settled
from dialogs.conversation.requests import outcome, settled
from dialogs.conversation.session import SENT_DAYS
from dialogs.conversation.steps import Action, Step
from tests.builders import everywhere

#: The screens on which an action asks for its effect.
HOMES = {
    Action.ERASE_NOW: (Effect.ERASE, {Step.ERASE, Step.ERASED}),
    Action.CONFIRM: (Effect.ASK, {Step.PREVIEW, Step.UNSENT, Step.SENDING}),
    Action.SEND: (Effect.WRITE, {Step.DRAFT}),
    Action.END_NOW: (Effect.END, {Step.ENDING}),
}


def test_the_numbers_of_outcomes_are_permanent() -> None:
    """They ride in taps, and a letter box or an old message may hold them."""
    assert {"DONE": 0, "UNSENT": 1, "FULL": 2, "OVER": 3} == {s.name: s.value for s in Settled}


def test_every_argument_of_a_tap_is_one_outcome_and_one_day() -> None:
    """0 to 127, each once."""
    args = [outcome(kind, sent) for kind in Settled for sent in range(SENT_DAYS)]

    assert list(range(128)) == args
    assert args == [outcome(*settled(arg)) for arg in args]


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_only_four_actions_ask_for_an_effect_and_only_at_home(
    catalogue: Catalogue, action: Action
) -> None:
    """Anywhere else an old button does nothing outside."""
    effect, homes = HOMES.get(action, (None, set()))
    expected = (effect,)
    for talk in everywhere(catalogue):
        done = talk.turned(talk.session, action)
        here = talk.step in homes

        assert (expected if here else ()) == done.effects, talk.step.name
