"""Headings of an eligibility text."""

import pytest

from bot.registry.headings import EXCLUSION, INCLUSION, heading


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("Inclusion Criteria:", INCLUSION, ""),
        ("Inclusion Criteria", INCLUSION, ""),
        ("EXCLUSION CRITERIA", EXCLUSION, ""),
        ("Key Exclusion Criteria:", EXCLUSION, ""),
        ("**Inclusion Criteria:**", INCLUSION, ""),
        ("## Exclusion criteria", EXCLUSION, ""),
        ("Inclusion:", INCLUSION, ""),
        ("Inclusion Criteria: Women over 18", INCLUSION, "Women over 18"),
        ("Full list of inclusion criteria", INCLUSION, ""),
        (
            "The main inclusion criteria include but are not limited to the following:",
            INCLUSION,
            "",
        ),
        ("Exclusion Criteria for both Main Study and Sub-study:", EXCLUSION, ""),
        ("Criteria for inclusion:", INCLUSION, ""),
        ("Non-inclusion criteria:", EXCLUSION, ""),
        ("Non inclusion criteria", EXCLUSION, ""),
        ("Criteria of non-inclusion:", EXCLUSION, ""),
        ("Subjects must meet all of the following inclusion criteria:", INCLUSION, ""),
    ],
)
def test_a_heading_announces_its_kind(text: str, kind: str, rest: str) -> None:
    """However it is written; what follows in its line is no part of it."""
    found = heading(text, marked=False)

    assert found is not None
    assert (kind, rest) == (found[0], found[2])


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion and Exclusion Criteria:",
        "Inclusion/exclusion criteria",
        "Disease characteristics:",
        "INFORMATION FOR TRIAL PARTICIPANTS",
        "exclusion criteria 4 and 5",
        "Exclusion of pregnancy by a test:",
        "Patients who meet the exclusion criteria of the main study are followed.",
        "Women who have met all of the inclusion criteria and none of the others",
        "",
    ],
)
def test_other_lines_announce_nothing(text: str) -> None:
    """Both kinds at once, none of them, or a sentence."""
    assert heading(text, marked=False) is None


def test_in_a_list_only_the_bare_words_are_a_heading() -> None:
    """An item may speak of criteria."""
    assert heading("Exclusion criteria:", marked=True) is not None
    assert heading("Meets the exclusion criteria of the main study:", marked=True) is None
