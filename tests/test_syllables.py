"""The syllable counter, measured on words labelled by hand.

The labels in `data/syllables-*.tsv` (word, tab, syllables) come from the pronunciation of each
word in a careful reading voice, never from the counter. French final e counts only after two
consonants such as "tr" or "bl"; an e inside a word counts.
"""

from pathlib import Path

import pytest

from bot.authoring.syllables import LANGUAGES, count, spoken

DATA = Path(__file__).parent / "data"


def labelled(language: str) -> list[tuple[str, int]]:
    """Return the hand-labelled words of one language."""
    lines = (DATA / f"syllables-{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [(word, int(number)) for word, number in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_many_and_single(language: str) -> None:
    """At least 220 words are labelled, each once."""
    words = [word for word, _ in labelled(language)]
    assert len(set(words)) == len(words)
    assert len(words) >= 220


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_right(language: str) -> None:
    """At least 93 % of the labelled words are counted right."""
    rows = labelled(language)
    wrong = [(word, number) for word, number in rows if count(word, language) != number]
    assert len(wrong) <= 0.07 * len(rows), wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_total_right(language: str) -> None:
    """The total over all labelled words is right within 2 %."""
    rows = labelled(language)
    total = sum(number for _, number in rows)
    assert total == pytest.approx(sum(count(word, language) for word, _ in rows), rel=0.02)


@pytest.mark.parametrize(
    ("token", "language", "expected"),
    [
        ("0", "fr", "zéro"),
        ("21", "fr", "vingt et un"),
        ("71", "fr", "soixante et onze"),
        ("80", "fr", "quatre-vingt"),
        ("81", "fr", "quatre-vingt-un"),
        ("91", "fr", "quatre-vingt-onze"),
        ("112", "fr", "cent douze"),
        ("1000", "fr", "mille"),
        ("10 000", "fr", "dix mille"),
        ("9999", "fr", "neuf mille neuf cent quatre-vingt-dix-neuf"),
        ("2,5", "fr", "deux virgule cinq"),
        ("2e", "fr", "deuxième"),
        ("%", "fr", "pour cent"),
        ("07", "fr", "zéro sept"),
        ("médecin", "fr", "médecin"),
        ("40", "en", "forty"),
        ("112", "en", "one hundred and twelve"),
        ("999", "en", "nine hundred and ninety-nine"),
        ("1,200", "en", "one thousand two hundred"),
        ("3114", "en", "thirty-one fourteen"),
        ("2026", "en", "twenty twenty-six"),
        ("2005", "en", "two thousand and five"),
        ("1906", "en", "nineteen oh six"),
        ("2.5", "en", "two point five"),
        ("3rd", "en", "third"),
        ("20th", "en", "twentieth"),
        ("%", "en", "per cent"),
    ],
)
def test_spoken(token: str, language: str, expected: str) -> None:
    """Numbers and signs are said in words; a word is said as it is."""
    assert expected.split() == spoken(token, language)


@pytest.mark.parametrize(
    ("token", "language", "expected"),
    [
        ("l'", "fr", 0),
        ("l’os", "fr", 1),
        ("qu'elle", "fr", 1),
        ("jusqu'à", "fr", 2),
        ("aujourd’hui", "fr", 3),
        ("quatre-vingts", "fr", 3),
        ("doivent", "fr", 1),
        ("souvent", "fr", 2),
        ("ou-bli-er", "fr", 3),
        ("oublier", "fr", 3),
        ("HER2", "fr", 2),
        ("VIH", "fr", 3),
        ("DCIS", "en", 4),
        ("HER2-negative", "en", 5),
        ("didn’t", "en", 2),
        ("{day}", "fr", 1),
        ("l’{name}", "fr", 1),
        ("…", "en", 0),
    ],
)
def test_count_of_special_tokens(token: str, language: str, expected: int) -> None:
    """Elisions, verb endings, acronyms and placeholders follow their rules."""
    assert expected == count(token, language)


def test_unknown_language() -> None:
    """A language without rules is refused by name."""
    with pytest.raises(ValueError, match="'de'"):
        count("Haus", "de")
