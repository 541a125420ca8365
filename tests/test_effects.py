"""What a turn asks of the outside, and what can come of it."""

from dataclasses import replace

import pytest

from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.effects import Effect, Settled
from dialogs.conversation.requests import outcome, settled
from dialogs.conversation.session import SENT_DAYS
from dialogs.conversation.steps import Action, Step
from dialogs.errors import StaleTap
from tests.builders import everywhere

#: The screens on which an action asks for its effect.
HOMES = {
    Action.ERASE_NOW: (Effect.ERASE, {Step.ERASE, Step.ERASED}),
    Action.CONFIRM: (Effect.ASK, {Step.PREVIEW, Step.UNSENT, Step.UNSURE, Step.SENDING}),
    Action.SEND: (Effect.WRITE, {Step.DRAFT}),
    Action.END_NOW: (Effect.END, {Step.ENDING}),
}


def test_the_numbers_of_outcomes_are_permanent() -> None:
    """They ride in taps, and a letter box or an old message may hold them."""
    expected = {"DONE": 0, "UNSENT": 1, "FULL": 2, "OVER": 3, "UNSURE": 4}

    assert expected == {kind.name: kind.value for kind in Settled}


def test_what_is_done_has_a_day_and_the_rest_has_none() -> None:
    """Every day, and every other outcome, comes back from the argument of its tap."""
    days = range(SENT_DAYS)
    undone = [kind for kind in Settled if kind is not Settled.DONE]

    assert [(Settled.DONE, day) for day in days] == [
        settled(outcome(Settled.DONE, day + SENT_DAYS)) for day in days
    ]
    assert [(kind, 0) for kind in undone] == [settled(outcome(kind, 5)) for kind in undone]


def test_an_argument_that_says_nothing_is_a_stale_tap() -> None:
    """Each of the others that a tap can carry."""
    known = {outcome(kind, day) for kind in Settled for day in range(SENT_DAYS)}
    unknown = set(range(128)) - known

    assert unknown
    for arg in unknown:
        with pytest.raises(StaleTap):
            settled(arg)


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


@pytest.mark.parametrize("action", [Action.PAPER, Action.UNNOTE])
def test_a_file_is_asked_for_on_a_summary_in_a_chat_only(
    catalogue: Catalogue, action: Action
) -> None:
    """On the web page the summary is printed; an old button elsewhere asks for nothing."""
    chat = replace(catalogue, carrier=Carrier("Telegram"))
    for talk in everywhere(chat):
        done = talk.turned(talk.session, action)
        asked = action is Action.PAPER and talk.step is Step.SUMMARY

        assert ((Effect.PAPER,) if asked else ()) == done.effects, talk.step.name
        assert talk.session.step is done.session.step
