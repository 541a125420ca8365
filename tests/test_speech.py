"""One language: phrases in both forms, dates, lists and the names of languages."""

from datetime import date

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.speech import placeholders, read_speech
from dialogs.errors import DataError
from dialogs.phrasebook import Phrase

PHRASES = [
    Phrase("day", "label", "On {day}", None, "x.toml"),
    Phrase("care", "result", "Your care", "Their care", "x.toml"),
    Phrase("plain", "label", "10 % of all", None, "x.toml"),
]
PO = """
msgctxt "day"
msgid "On {day}"
msgstr "Le {day}"

msgctxt "care"
msgid "Your care"
msgstr "Vos soins"

msgctxt "care/relative"
msgid "Their care"
msgstr "Ses soins"

msgctxt "plain"
msgid "10 % of all"
msgstr "10 % de tout"

msgid "Print"
msgstr "Imprimer"
"""


@pytest.mark.parametrize(
    ("language", "day", "text"),
    [
        ("fr", date(2026, 3, 1), "1er mars 2026"),
        ("fr", date(2026, 3, 12), "12 mars 2026"),
        ("fr", date(2026, 8, 11), "11 août 2026"),
        ("fr", date(2026, 12, 21), "21 décembre 2026"),
        ("fr", date(2031, 1, 31), "31 janvier 2031"),
        ("fr", date(2021, 2, 1), "1er février 2021"),
        ("en", date(2026, 3, 1), "1 March 2026"),
        ("en", date(2026, 3, 12), "12 March 2026"),
    ],
)
def test_days_are_written_out(catalogue: Catalogue, language: str, day: date, text: str) -> None:
    """Day first in both languages, and the first of a month as the French write it."""
    speech = catalogue.speeches[language]

    assert [text, text] == [speech.date(day), speech.date(day)]


@pytest.mark.parametrize(
    ("language", "items", "text"),
    [
        ("fr", [], ""),
        ("fr", ["a"], "a"),
        ("fr", ["a", "b"], "a et b"),
        ("fr", ["a", "b", "c"], "a, b et c"),
        ("en", ["a", "b"], "a and b"),
        ("en", ["a", "b", "c"], "a, b and c"),
    ],
)
def test_lists_are_joined_as_the_language_does(
    catalogue: Catalogue, language: str, items: list[str], text: str
) -> None:
    """With "and" before the last one."""
    assert text == catalogue.speeches[language].list(items)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_language_is_named_in_itself(catalogue: Catalogue, language: str) -> None:
    """Whoever does not read the page must still find her language."""
    speech = catalogue.speeches[language]

    assert {"fr": "Français", "en": "English"} == speech.names


def test_phrases_are_said_in_the_form_asked_for() -> None:
    """The relative's form where there is one, else the only form."""
    speech = read_speech("fr", "fr.po", PO, PHRASES)

    assert ("Vos soins", "Ses soins") == (speech.say("care"), speech.say("care", relative=True))
    assert "Le 12 mars" == speech.say("day", day="12 mars")
    assert "Le 12 mars" == speech.say("day", relative=True, day="12 mars")
    assert "10 % de tout" == speech.say("plain")


def test_what_is_missing_is_our_own_mistake() -> None:
    """An unknown phrase and a missing value are never covered up."""
    speech = read_speech("fr", "fr.po", PO, PHRASES)
    with pytest.raises(KeyError):
        speech.say("moon")
    with pytest.raises(KeyError):
        speech.say("day", month="mars")


def test_a_value_is_never_read_as_a_placeholder() -> None:
    """Braces in a value, such as an operator's name, stay braces."""
    speech = read_speech("fr", "fr.po", PO, PHRASES)

    assert "Le {day} {x}" == speech.say("day", day="{day} {x}")


def test_template_words_fall_back_to_english() -> None:
    """The texts of page templates have no identity but their English."""
    speech = read_speech("fr", "fr.po", PO, PHRASES)

    assert ("Imprimer", "Close") == (speech.gettext("Print"), speech.gettext("Close"))


def test_placeholders_are_names_in_braces() -> None:
    """Each name once, in any order."""
    assert {"day", "n_1"} == placeholders("On {day}, {n_1} of {day} { x } {}")
    assert set() == placeholders("10 %")


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('msgstr "Vos soins"', 'msgstr ""', "care", "no translation of 'Your care'"),
        ('msgctxt "care"', '#, fuzzy\nmsgctxt "care"', "care", "no translation"),
        ('msgid "Their care"', 'msgid "His care"', "care/relative", "no translation"),
        ('msgctxt "plain"', 'msgctxt "other"', "plain", "no translation"),
        ("Le {day}", "Le jour", "day", "placeholders differ: the English has day"),
        ("10 % de tout", "{n} % de tout", "plain", "placeholders differ: the English has none"),
    ],
)
def test_a_catalogue_that_does_not_fit_is_refused(
    old: str, new: str, key: str, reason: str
) -> None:
    """The error names the file, the phrase and the reason."""
    with pytest.raises(DataError) as caught:
        read_speech("fr", "fr.po", PO.replace(old, new), PHRASES)

    assert ("fr.po", key) == (caught.value.file, caught.value.key)
    assert reason in caught.value.reason


def test_the_texts_of_a_form_are_what_is_said() -> None:
    """One form of every phrase, the reader's own where a relative has none."""
    speech = read_speech("fr", "fr.po", PO, PHRASES)
    for relative in (False, True):
        texts = speech.texts(relative)

        assert {phrase.id for phrase in PHRASES} == set(texts)
        assert {name: speech.say(name, relative) for name in texts} == texts
