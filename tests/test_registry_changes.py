"""Criteria of a record held against those of an older one."""

import pytest

from bot.registry.changes import Changes, changes, digest, digests
from bot.registry.criteria import split


def words(text: str) -> str:
    """The digest of the only criterion of a list."""
    (found,) = split(f"Inclusion Criteria:\n\n{text}").criteria
    return digest(found)


@pytest.mark.parametrize(
    "other",
    [
        "* Age  ≥18 YEARS\n  * Or:\n  * \\>17",
        "1. Age ≥18 years\n\n   1. or:\n   2. >17",
        "- age ≥18\u00a0years\n   - or:\n   - \\>17",
        "* Age ≥18 years\n  or:\n  >17",
    ],
)
def test_case_space_escapes_and_marks_do_not_count(other: str) -> None:
    """A sponsor who turns bullets into numbers has changed nothing."""
    assert words("* Age ≥18 years\n  * or:\n  * >17") == words(other)


@pytest.mark.parametrize("other", ["* Age ≥18 year", "* Age >18 years", "* Age ≥18 years, or less"])
def test_any_other_word_or_sign_counts(other: str) -> None:
    """It may be the one that matters."""
    assert words("* Age ≥18 years") != words(other)


def test_a_digest_has_8_hex_digits() -> None:
    """And is the same on every machine and for ever."""
    assert "bd529ef5" == words("* Women")


OLD = {"I1": "a", "I2": "b", "I3": "c", "E1": "d"}


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (OLD, Changes()),
        (OLD | {"I2": "x"}, Changes(changed=("I2",))),
        (OLD | {"E2": "x"}, Changes(new=("E2",))),
        ({"I1": "a", "I2": "b", "E1": "d"}, Changes(gone=("I3",))),
        ({"I1": "a", "I2": "c", "E1": "d"}, Changes(gone=("I2",), moved=(("I3", "I2"),))),
        (
            {"I1": "x", "I2": "a", "I3": "b", "I4": "c", "E1": "d"},
            Changes(new=("I1",), moved=(("I1", "I2"), ("I2", "I3"), ("I3", "I4"))),
        ),
        ({}, Changes(gone=("I1", "I2", "I3", "E1"))),
    ],
)
def test_what_changed_is_told_by_number(new: dict[str, str], found: Changes) -> None:
    """The same words under another number have moved, and only those."""
    assert found == changes(OLD, new)
    assert bool(found) == (new != OLD)


def test_two_criteria_with_the_same_words_are_two() -> None:
    """Main study and sub-study may ask the same."""
    assert Changes(gone=("I2",)) == changes({"I1": "a", "I2": "a"}, {"I1": "a"})
    assert Changes(moved=(("I1", "I3"),)) == changes({"I1": "a", "I2": "a"}, {"I2": "a", "I3": "a"})


def test_each_criterion_has_its_digest() -> None:
    """By its number, in order."""
    found = split("Inclusion Criteria:\n* a\n* b\n\nExclusion Criteria:\n* a").criteria

    assert ["I1", "I2", "E1"] == list(digests(found))
    assert digests(found)["I1"] == digests(found)["E1"]
