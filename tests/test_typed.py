"""Typed words find the button they mean."""

from dataclasses import replace

import pytest

from dialogs.conversation.steps import Action, Step
from dialogs.conversation.typed import chosen, folded
from dialogs.conversation.view import Button, View

VIEW = View(
    step=Step.QUESTION,
    language="fr",
    title="",
    blocks=(),
    rows=(
        (Button("D’autres organes", Action.ANSWER, 2), Button("Non", Action.ANSWER, 4)),
        (Button("Déjà vu", Action.ANSWER, 1), Button("Nonante", Action.ANSWER, 3)),
    ),
    tools=(Button("English", Action.LANGUAGE, 1),),
)


@pytest.mark.parametrize(
    ("typed", "arg"),
    [("non", 4), ("NON ", 4), ("d'autres", 2), ("D’AUTRES ORGANES", 2), ("deja", 1), ("engl", 1)],
)
def test_words_find_their_button(typed: str, arg: int) -> None:
    """Capitals, accents and kinds of apostrophes do not matter; an exact label wins."""
    button = chosen(VIEW, typed)

    assert button is not None
    assert arg == button.arg


@pytest.mark.parametrize("typed", ["", "   ", "d", "no", "peut-être", "organes", "\x00"])
def test_unclear_words_find_nothing(typed: str) -> None:
    """Nothing, several candidates, or words that no button begins with."""
    assert chosen(VIEW, typed) is None


def test_two_equal_labels_are_unclear() -> None:
    """Two buttons of one label cannot be told apart by words."""
    twice = replace(VIEW, tools=(*VIEW.tools, Button("Non", Action.STOP)))

    assert chosen(twice, "non") is None


def test_folding_keeps_letters() -> None:
    """Accents and capitals go, letters stay."""
    assert folded(" Œdème ÉTÉ ’ ") == "œdeme ete '"
