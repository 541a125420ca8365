"""All texts in English, each with its identity, kind and two forms."""

import pytest

from dialogs.catalogue import Sources, read_phrases
from dialogs.errors import DataError
from dialogs.phrasebook import RELATIVE, Phrase, screen_phrases


@pytest.fixture(scope="module")
def phrases(sources: Sources) -> dict[str, Phrase]:
    """The real phrases by identity."""
    return {phrase.id: phrase for phrase in read_phrases(sources)}


def test_a_text_for_nobody_in_particular_has_one_form() -> None:
    """`text` speaks to nobody, `reader` to whoever reads."""
    plain, addressed = screen_phrases(
        "x.toml",
        '["a.b"]\nkind = "label"\ntext = "A day"\n["a.c"]\nkind = "notice"\nreader = "You see"\n',
    )

    assert Phrase("a.b", "label", "A day", None, "x.toml") == plain
    assert Phrase("a.c", "notice", "You see", None, "x.toml", addressed=True) == addressed
    assert [("a.b", "A day")] == list(plain.forms())


def test_two_forms_have_two_identities() -> None:
    """The relative's form is a message of its own."""
    (phrase,) = screen_phrases(
        "x.toml", '["a.b"]\nkind = "result"\nself = "Your day"\nrelative = "Their day"\n'
    )

    assert [("a.b", "Your day"), ("a.b/relative", "Their day")] == list(phrase.forms())
    assert "/relative" == RELATIVE


@pytest.mark.parametrize(
    ("forms", "reason"),
    [
        ("", "one of `text`, or needs either"),
        ('self = "a"', "one of `text`, or needs either"),
        ('relative = "a"', "one of `text`, or needs either"),
        ('text = "a"\nself = "b"', "one of `text`, or needs either"),
        ('text = "a"\nreader = "b"', "has `text` and another form"),
        ('text = "a"\nself = "b"\nrelative = "c"', "has `text` and another form"),
        ('reader = "a"\nself = "b"\nrelative = "c"', "one of `text`, or needs either"),
    ],
)
def test_a_phrase_with_no_form_or_too_many_is_named(forms: str, reason: str) -> None:
    """The error names the file, the phrase and the reason."""
    with pytest.raises(DataError) as caught:
        screen_phrases("x.toml", f'["a.b"]\nkind = "label"\n{forms}\n')

    assert ("x.toml", "a.b") == (caught.value.file, caught.value.key)
    assert reason in caught.value.reason


def test_a_kind_is_one_of_the_known_ones() -> None:
    """The kind decides which gates a text passes, so it is never guessed."""
    with pytest.raises(DataError, match="Invalid enum value 'poem'"):
        screen_phrases("x.toml", '["a.b"]\nkind = "poem"\ntext = "a"\n')


def test_a_misspelt_key_is_found_in_a_long_file() -> None:
    """The error names the phrase that has the unknown key."""
    good = '["a.a"]\nkind = "label"\ntext = "a"\n'
    with pytest.raises(DataError, match="tpyo") as caught:
        screen_phrases("x.toml", f'{good}["a.b"]\nkind = "label"\ntpyo = "a"\n')

    assert "a.b" in caught.value.key


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        ("question.spread.label", "label"),
        ("question.spread.text", "question"),
        ("question.spread.why", "why"),
        ("question.spread.where", "why"),
        ("question.spread.choice.4", "button"),
        ("question.health.item.3", "question"),
        ("trial.NCT03870919.title", "label"),
        ("trial.NCT03870919.about.1", "notice"),
        ("trial.NCT03870919.I1a.plain", "result"),
        ("trial.NCT03870919.I1a.no", "result"),
        ("trial.NCT03870919.I1a.point", "result"),
        ("trial.NCT03870919.I1a.unclear.1", "result"),
    ],
)
def test_every_text_of_the_data_files_has_an_identity(
    phrases: dict[str, Phrase], identity: str, kind: str
) -> None:
    """Questions, choices, items and criteria are phrases like all others."""
    assert kind == phrases[identity].kind


def test_identities_are_unique(sources: Sources) -> None:
    """Forms included: an identity is the context of one translation."""
    identities = [identity for phrase in read_phrases(sources) for identity, _ in phrase.forms()]

    assert len(identities) == len(set(identities))
