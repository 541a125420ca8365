"""The catalogue as a whole: what is read, and which data files stop the start."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from babel.messages.catalog import Message

from dialogs.catalogue import Catalogue, Sources, read_catalogue, read_phrases
from dialogs.conversation.session import LANGUAGES
from dialogs.errors import DataError
from tests.builders import edited, toml, translated

Change = Callable[[dict[str, Any]], object]

TRIAL = "NCT03870919.toml"


def add_phrase(identity: str) -> Change:
    """Add a phrase to a file of screens."""
    return lambda data: data.update({identity: {"kind": "label", "text": "New words"}})


WRONG: dict[str, tuple[str, Change, str, str, str]] = {
    "trial number 0": (
        TRIAL,
        lambda data: data.update(number=0),
        TRIAL,
        "number",
        "is 1 to 16383",
    ),
    "trial number 16384": (
        TRIAL,
        lambda data: data.update(number=1 << 14),
        TRIAL,
        "number",
        "is 1 to 16383",
    ),
    "a centre in an unknown region": (
        TRIAL,
        lambda data: data["centre"][1].update(region=99),
        TRIAL,
        "centre 2",
        "no region 99",
    ),
    "a number to call without words": (
        "help.toml",
        lambda data: data["number"][0].update(phrase="help.moon"),
        "help.toml",
        "samu",
        "no phrase 'help.moon'",
    ),
    "a phrase twice": (
        "outcome.toml",
        add_phrase("why.title"),
        "outcome.toml",
        "why.title",
        "this phrase is there twice",
    ),
    "a missing translation": (
        "outcome.toml",
        add_phrase("result.new"),
        "fr.po",
        "result.new",
        "no translation of 'New words'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_data_stops_the_start(sources: Sources, case: str) -> None:
    """The error names the file, the key and the reason."""
    file, change, named, key, reason = WRONG[case]
    with pytest.raises(DataError) as caught:
        read_catalogue(edited(sources, file, change))

    assert (named, key) == (caught.value.file, caught.value.key)
    assert reason in caught.value.reason


def test_two_trials_cannot_share_a_number(sources: Sources) -> None:
    """Tokens would lead to the wrong trial."""
    data = tomllib.loads(sources.trials[TRIAL])
    twin = {**data, "id": "NCT00000000"}
    both = replace(sources, trials={**sources.trials, "twin.toml": toml(twin)})

    with pytest.raises(DataError, match="1 belongs to NCT03870919") as caught:
        read_catalogue(both)

    assert ("twin.toml", "number") == (caught.value.file, caught.value.key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_catalogue_is_named(sources: Sources, language: str) -> None:
    """A service without one of its languages does not start."""
    others = {name: po for name, po in sources.catalogues.items() if name != language}

    with pytest.raises(DataError, match="the catalogue is missing") as caught:
        read_catalogue(replace(sources, catalogues=others))

    assert ("locales", language) == (caught.value.file, caught.value.key)


def empty(message: Message) -> None:
    """Leave a message without a translation."""
    message.string = ""


def doubt(message: Message) -> None:
    """Mark a translation as no longer sure."""
    message.flags.add("fuzzy")


def rename(message: Message) -> None:
    """Use another placeholder than the English."""
    message.string = "{x}"


def forget(message: Message) -> None:
    """Leave a placeholder out."""
    message.string = "Question"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (empty, "no translation"),
        (doubt, "no translation"),
        (rename, "placeholders differ: the English has number, total"),
        (forget, "placeholders differ: the English has number, total"),
    ],
)
def test_a_translation_that_cannot_be_shown_stops_the_start(
    sources: Sources, language: str, change: Callable[[Message], None], reason: str
) -> None:
    """Missing, marked fuzzy, or with other placeholders than the English."""
    with pytest.raises(DataError) as caught:
        read_catalogue(translated(sources, language, "question.progress", change))

    assert (f"{language}.po", "question.progress") == (caught.value.file, caught.value.key)
    assert reason in caught.value.reason


def test_a_relative_is_never_left_without_words(sources: Sources) -> None:
    """The relative's form needs its own translation."""
    with pytest.raises(DataError, match="no translation") as caught:
        read_catalogue(translated(sources, "fr", "care.first/relative", empty))

    assert ("fr.po", "care.first/relative") == (caught.value.file, caught.value.key)


def test_a_changed_sentence_loses_its_translation(sources: Sources) -> None:
    """An English text that changed is not shown with old words in French."""

    def reword(data: dict[str, Any]) -> None:
        data["why.title"]["text"] += " Really?"

    with pytest.raises(DataError, match="run `make catalogues`") as caught:
        read_catalogue(edited(sources, "asking.toml", reword))

    assert "why.title" == caught.value.key


def test_an_unreadable_catalogue_is_named(sources: Sources) -> None:
    """What is no gettext catalogue stops the start."""
    broken = replace(sources, catalogues={**sources.catalogues, "fr": "no catalogue at all"})

    with pytest.raises(DataError, match="not readable as a gettext catalogue") as caught:
        read_catalogue(broken)

    assert "fr.po" == caught.value.file


@pytest.mark.parametrize("kind", ["number", "door"])
def test_a_service_without_numbers_or_doors_does_not_start(sources: Sources, kind: str) -> None:
    """Urgent help and *other studies* always have something to show."""
    with pytest.raises(DataError) as caught:
        read_catalogue(edited(sources, "help.toml", lambda data: data.update({kind: []})))

    assert "help.toml" == caught.value.file
    assert kind in str(caught.value)


@pytest.mark.parametrize(
    "stray", ["{number} {total} {", "{number} {total} }", "{number} {total} {}"]
)
def test_a_stray_brace_stops_the_start(sources: Sources, stray: str) -> None:
    """A text that cannot be filled in must not be found out by a patient."""

    def change(message: Message) -> None:
        message.string = stray

    with pytest.raises(DataError) as caught:
        read_catalogue(translated(sources, "fr", "question.progress", change))

    assert ("fr.po", "question.progress") == (caught.value.file, caught.value.key)


def test_the_real_files_are_read_whole(
    catalogue: Catalogue, everything: Catalogue, sources: Sources
) -> None:
    """Every question, trial, language, number, door and region is there."""
    assert {1} == set(catalogue.trials)
    assert set(range(1, 9)) == set(everything.trials)
    assert set(LANGUAGES) == set(catalogue.speeches)
    assert 47 == len(catalogue.bank.facts)
    assert 39 == len(catalogue.bank.questions)
    assert 13 == len(catalogue.regions)
    assert {"samu", "europe", "suicide", "deaf"} == {link.id for link in catalogue.numbers}
    assert "registry" == catalogue.doors[0].id
    assert {"cancer.toml", "history.toml", "person.toml"} == set(sources.bank)


def test_every_phrase_is_said_in_every_language_and_form(
    catalogue: Catalogue, sources: Sources
) -> None:
    """No phrase is missing anywhere."""
    phrases = read_phrases(sources)
    for speech in catalogue.speeches.values():
        for phrase in phrases:
            assert speech.say(phrase.id)
            assert speech.say(phrase.id, relative=True)

    assert len(phrases) > 200


def test_reading_twice_gives_the_same(catalogue: Catalogue, sources: Sources) -> None:
    """A restart changes nothing."""
    again = read_catalogue(sources)

    assert catalogue.trials == again.trials
    assert catalogue.bank == again.bank
