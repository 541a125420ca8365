"""Sentences, words and scores, against texts counted by hand."""

import re
from collections.abc import Callable

import pytest

from bot.authoring import readability as r

PLAIN = "Avez-vous déjà commencé un traitement contre ce cancer ?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux ! Trois ? Quatre…", ["Un.", "Deux !", "Trois ?", "Quatre…"]),
        ("Moins de 10 %. Et après ?", ["Moins de 10 %.", "Et après ?"]),
        ("Voir N° 12. Merci.", ["Voir N° 12.", "Merci."]),
        (
            "Bring papers, e.g. HER2 results. Thanks.",
            ["Bring papers, e.g. HER2 results.", "Thanks."],
        ),
        ("Voir le Dr. Martin. Merci.", ["Voir le Dr. Martin.", "Merci."]),
        ("« Ça va\u202f?\u00a0» dit-il. Bon.", ["« Ça va\u202f?\u00a0» dit-il.", "Bon."]),
        (
            "Dit-il « HER2 négatif\u00a0»\u202f? Oui.",
            ["Dit-il « HER2 négatif\u00a0»\u202f?", "Oui."],
        ),
        ('It says "ER+." Then stop.', ['It says "ER+."', "Then stop."]),
        ("Le taux est 2.5 ou 2,5.", ["Le taux est 2.5 ou 2,5."]),
        ("Par exemple\u00a0:\n- les os\n- le foie", ["Par exemple\u00a0:", "les os", "le foie"]),
        ("1. Contact. You call.\n\n2) Visit", ["Contact.", "You call.", "Visit"]),
        ("", []),
        ("…\n—", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Stops and line breaks end sentences; numbers, short forms and quotes do not."""
    assert expected == r.sentences(text)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Avez-vous mal ?", "fr", "Avez vous mal"),
        ("A-t-elle un rendez-vous\u202f?", "fr", "A elle un rendez-vous"),
        ("l’hôpital d'ici", "fr", "l’hôpital d'ici"),
        ("10\u202f% des cas", "fr", "dix pour cent des cas"),
        ("10\u00a0000 N°\u00a012", "fr", "dix mille numéro douze"),
        ("Appelez le 0\u202f805\u202f123", "fr", "Appelez le zéro huit cent cinq cent vingt-trois"),
        ("« RE+ » ou 1–9", "fr", "RE plus ou un neuf"),
        ("le {day} à l’{place}", "fr", "le {day} à l’{place}"),
        ("voir https://example.org/a-b?c=1 ou a.b@example.org", "fr", "voir ou"),
        ("You don't follow-up, e.g. HER2", "en", "You don't follow-up for example HER2"),
        ("9 % & 3rd", "en", "nine per cent and third"),
    ],
)
def test_words(text: str, language: str, expected: str) -> None:
    """Words are what a reader says, inversions apart and elisions together."""
    assert expected.split() == r.words(text, language)


def test_kandel_moles() -> None:
    """Nine words and 17 syllables a sentence score 207 - 1.015 * 9 - 73.6 * 17 / 9."""
    assert 207 - 1.015 * 9 - 73.6 * 17 / 9 == pytest.approx(r.kandel_moles([PLAIN] * 12))


def test_flesch_kincaid_grade() -> None:
    """Eight words and 13 syllables a sentence grade 0.39 * 8 + 11.8 * 13 / 8 - 15.59."""
    text = "Have you already started treatment for this cancer?"
    assert 0.39 * 8 + 11.8 * 13 / 8 - 15.59 == pytest.approx(r.flesch_kincaid_grade([text] * 13))


@pytest.mark.parametrize("score", [r.kandel_moles, r.flesch_kincaid_grade])
def test_scores_refuse_short_groups(score: Callable[[list[str]], float]) -> None:
    """Ninety-nine words are too few for a score, whatever their number of texts."""
    with pytest.raises(ValueError, match="100 words, these texts have 99"):
        score(["a " * 50, "a " * 49])


def test_longest_sentence() -> None:
    """The longest sentence comes with its length in words as spoken."""
    assert (5, "Moins de 10 %.") == r.longest_sentence("Moins de 10 %. Oui.", "fr")
    assert (0, "") == r.longest_sentence("", "en")


def test_hard_words() -> None:
    """Words of four syllables are hard, once each; numbers, codes and allowed words are not."""
    text = "Éventuellement l’immunothérapie, 99 NCT03870919, avez-vous l’information ? Information"
    allowed = re.compile("immunothérapie")
    assert ["Éventuellement", "l’information", "Information"] == r.hard_words(text, "fr", allowed)
    assert ["university"] == r.hard_words("A university, hormone-sensitive University", "en")


def test_hyphenated_words_are_as_hard_as_their_parts() -> None:
    """A compound of easy words stays easy."""
    assert [] == r.hard_words("after-effects of a hormone-sensitive", "en")
    assert ["self-examination"] == r.hard_words("self-examination", "en")
