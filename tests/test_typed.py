"""Typed words find the button they mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis.strategies import text

from dialogs.conversation.steps import Action, Step
from dialogs.conversation.typed import chosen, folded, meant
from dialogs.conversation.view import Button, View
from dialogs.eligibility.answers import NOT_SURE

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


def screen(*labels: str) -> View:
    """A question with these answers, *I don't know* after them, and the usual ways out."""
    rows: list[tuple[Button, ...]] = [
        (Button(label, Action.ANSWER, place),) for place, label in enumerate(labels, 1)
    ]
    rows.append((Button("Je ne sais pas", Action.ANSWER, NOT_SURE),))
    rows.append((Button("Retour", Action.BACK), Button("Arrêter", Action.STOP)))
    return replace(VIEW, rows=tuple(rows))


RECEPTORS = screen("Au moins 10 %", "Entre 1 et 9 %", "Négatif", "Positif, sans chiffre")
WOMAN = screen("Oui", "Non, un homme", "Moins de 18 ans", "Autre réponse")


@pytest.mark.parametrize(
    ("view", "typed", "label"),
    [
        (RECEPTORS, "négatif", "Négatif"),
        (RECEPTORS, "NEGATIF !!", "Négatif"),
        (RECEPTORS, "negatfi", "Négatif"),
        (RECEPTORS, "négattif", "Négatif"),
        (RECEPTORS, "positif", "Positif, sans chiffre"),
        (RECEPTORS, "posatif", "Positif, sans chiffre"),
        (RECEPTORS, "positif sans chifre", "Positif, sans chiffre"),
        (RECEPTORS, "au moins 10", "Au moins 10 %"),
        (RECEPTORS, "au mions 10 %", "Au moins 10 %"),
        (RECEPTORS, "chais pas", "Je ne sais pas"),
        (RECEPTORS, "Aucune idée.", "Je ne sais pas"),
        (RECEPTORS, "retour", "Retour"),
        (RECEPTORS, "arreté", "Arrêter"),
        (WOMAN, "oui", "Oui"),
        (WOMAN, "ouais", "Oui"),
        (WOMAN, "yes", "Oui"),
        (WOMAN, "non un home", "Non, un homme"),
        (WOMAN, "moins de 18", "Moins de 18 ans"),
        (WOMAN, "autre", "Autre réponse"),
    ],
)
def test_short_and_misspelt_words_are_understood(view: View, typed: str, label: str) -> None:
    """A slip or two, and the usual short forms in both languages."""
    found = meant(view, typed)

    assert found is not None
    assert label == found.button.label
    assert found.exact == (folded(typed).strip(" !.") == folded(label))


@pytest.mark.parametrize(
    ("view", "typed"),
    [
        (WOMAN, "non"),
        (WOMAN, "no"),
        (WOMAN, "nn"),
        (WOMAN, "moins de 19 ans"),
        (WOMAN, "moins de 81"),
        (RECEPTORS, "oui"),
        (RECEPTORS, "10"),
        (RECEPTORS, "9 %"),
        (RECEPTORS, "au moins 1 %"),
        (RECEPTORS, "entre 1 et 10 %"),
        (RECEPTORS, "tif"),
        (RECEPTORS, "pas négatif"),
        (RECEPTORS, "positif et négatif"),
        (RECEPTORS, "nég"),
        (RECEPTORS, "e"),
        (RECEPTORS, ""),
        (RECEPTORS, "%%%"),
        (RECEPTORS, "négatif " * 1000),
        (screen("Haute", "Faute"), "jaute"),
    ],
)
def test_what_is_in_doubt_is_not_guessed(view: View, typed: str) -> None:
    """Another figure, a bare *no* to "No, a man", two labels as near, or a sentence."""
    assert meant(view, typed) is None


@pytest.mark.parametrize("action", [Action.START, Action.AGREED, Action.ERASE_NOW, Action.CLEAR])
def test_what_weighs_more_than_one_answer_is_done_by_its_very_words(action: Action) -> None:
    """No slip of the finger agrees, starts or erases."""
    view = replace(VIEW, rows=((Button("J’accepte, commencer", action),),))

    assert meant(view, "jaccepte commencer") is None
    assert meant(view, "j'accepte") is None
    assert meant(view, "J'accepte, commencer") is not None


TAKEN_FOR = {
    "one of these": "None of these",
    "some of these": "None of these",
    "none of them": "Some of them",
    "non invasive": "No, invasive",
    "noninvasive": "No, invasive",
    "not invasive": "No, invasive",
    "oui pas seulement": "Oui, os seulement",
    "au moins 1": "Au moins 10 %",
    "au moins": "Au moins 10 %",
    "at least 1": "At least 10%",
    "at least": "At least 10%",
    "an operation or rays": "No operation or rays",
    "no woman": "No, a man",
    "not a": "No, a man",
    "none": "Non, un homme",
    "non une": "Non, un homme",
    "pour lui": "Pour moi",
    "pour toi": "Pour moi",
    "pour mon": "Pour moi",
    "for my": "For me",
    "for men": "For me",
    "bone": "None",
    "done yet": "None yet",
    "some": "Same breast, before",
    "one or none": "One or more",
    "mostly up": "Mostly in bed, chair",
    "homme": "Comme avant",
    "non plus": "Non, plus tard",
    "plutot non": "Plutôt ne pas répondre",
    "oui rien": "Oui, in situ",
    "je le sais": "Je ne sais pas",
    "je ne suis pas": "Je ne sais pas",
    "positive, low": "Positive, no figure",
    "noun": "Non",
}


@pytest.mark.parametrize(("typed", "label"), TAKEN_FOR.items())
def test_the_opposite_is_never_understood(typed: str, label: str) -> None:
    """Words that look like a label and mean something else, found by trying."""
    assert meant(screen(label, "Autre chose"), typed) is None


@given(text())
def test_any_words_do_no_harm(typed: str) -> None:
    """Whatever is typed, it is a button of the screen or nothing."""
    found = meant(RECEPTORS, typed)

    assert found is None or found.button in RECEPTORS.buttons()
