"""How a record says that its study stands, and on which day."""

from datetime import date
from typing import Any

import pytest

from bot.registry.record import RegistryError
from bot.registry.standing import standing
from dialogs.trialfile import StatusEntry
from tests.registry_fixtures import RECORDS, built, real

TODAY = date(2026, 11, 27)
#: Records without any date.
DATELESS = {"NCT01242800", "NCT05952557"}


def found(
    today: date = TODAY, seen: date | None = None, **module: Any
) -> tuple[StatusEntry, tuple[str, ...]]:
    """The entry and the warnings of a record with this status module."""
    stands = standing(built(statusModule=module), today, seen)
    return stands.entry, stands.warnings


def dated(day: str, kind: str = "ACTUAL") -> dict[str, str]:
    """A date as records have it."""
    return {"date": day, "type": kind}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("RECRUITING", "recruiting"),
        ("SUSPENDED", "suspended"),
        ("NOT_YET_RECRUITING", "suspended"),
        ("ACTIVE_NOT_RECRUITING", "closed"),
        ("COMPLETED", "closed"),
        ("TERMINATED", "closed"),
        ("WITHDRAWN", "closed"),
        ("ENROLLING_BY_INVITATION", "closed"),
        ("AVAILABLE", "closed"),
        ("NO_LONGER_AVAILABLE", "closed"),
        ("TEMPORARILY_NOT_AVAILABLE", "closed"),
        ("APPROVED_FOR_MARKETING", "closed"),
        ("WITHHELD", "closed"),
        ("UNKNOWN", "unknown"),
        ("recruiting", "unknown"),
        ("A_WORD_OF_NEXT_YEAR", "unknown"),
        ("", "unknown"),
    ],
)
def test_every_word_of_the_registry_has_its_status(word: str, status: str) -> None:
    """Only one of them opens a trial; a word that is not known is never guessed."""
    entry, warnings = found(overallStatus=word, lastUpdatePostDateStruct=dated("2026-03-01"))

    assert status == entry.status
    assert (status == "unknown") == (
        ("the record does not say whether the study takes patients",) == warnings
    )


@pytest.mark.parametrize(
    ("module", "day", "how"),
    [
        (
            {"lastUpdatePostDateStruct": dated("2024-09-19"), "statusVerifiedDate": "2024-10"},
            date(2024, 9, 19),
            "update of 19 September 2024",
        ),
        (
            {"statusVerifiedDate": "2024-06", "startDateStruct": dated("2025-01-01")},
            date(2024, 6, 1),
            "verified in June 2024",
        ),
        ({"startDateStruct": dated("2014-02")}, date(2014, 2, 1), "newest date 1 February 2014"),
        (
            {
                "startDateStruct": dated("2021-10-04"),
                "studyFirstPostDateStruct": dated("2021-07-23"),
                "completionDateStruct": dated("2025-01-01", "ESTIMATED"),
                "primaryCompletionDateStruct": dated("2027-01-01"),
            },
            date(2021, 10, 4),
            "newest date 4 October 2021",
        ),
        ({"studyFirstSubmitDate": "2020-01-31"}, date(2020, 1, 31), "newest date 31 January 2020"),
    ],
)
def test_a_check_is_of_the_day_that_the_record_proves(
    module: dict[str, Any], day: date, how: str
) -> None:
    """Last update, else the month of verification, else the newest past date that was reached."""
    entry, warnings = found(overallStatus="ACTIVE_NOT_RECRUITING", **module)
    source = f"ClinicalTrials.gov, active, not recruiting ({how})"

    assert StatusEntry(day, "closed", day, source) == entry
    assert ("newest" in how) == any("no date of verification" in one for one in warnings)


def test_the_operator_says_when_it_was_seen() -> None:
    """What the record proves is since when it holds."""
    entry, _ = found(
        seen=date(2026, 11, 20),
        overallStatus="RECRUITING",
        lastUpdatePostDateStruct=dated("2026-03-01"),
    )

    assert (
        StatusEntry(
            date(2026, 3, 1),
            "recruiting",
            date(2026, 11, 20),
            "ClinicalTrials.gov, recruiting (update of 1 March 2026, seen on 20 November 2026)",
        )
        == entry
    )


def test_a_record_without_a_date_needs_the_day_it_was_seen() -> None:
    """It proves nothing by itself."""
    with pytest.raises(RegistryError, match="no date at all: say with --seen"):
        found(overallStatus="COMPLETED", completionDateStruct=dated("2026-01-01", "ESTIMATED"))

    entry, _ = found(seen=TODAY, overallStatus="COMPLETED")

    assert (TODAY, TODAY) == (entry.day, entry.checked)


@pytest.mark.parametrize(
    ("seen", "update", "reason"),
    [
        (date(2026, 11, 28), "2026-03-01", "--seen 2026-11-28 is after today, 2026-11-27"),
        (date(2026, 2, 28), "2026-03-01", "the record is of 2026-03-01, so --seen 2026-02-28"),
        (None, "2026-11-28", "the record is of 2026-11-28, which is after today"),
        (None, "2026-02-30", "'2026-02-30' is no date"),
        (None, "March 2026", "'March 2026' is no date"),
        (None, "2026", "'2026' is no date"),
        (None, "20260301", "'20260301' is no date"),
    ],
)
def test_a_day_that_cannot_be_is_refused(seen: date | None, update: str, reason: str) -> None:
    """In one line, with the number of the study."""
    with pytest.raises(RegistryError) as caught:
        found(
            seen=seen,
            overallStatus="RECRUITING",
            lastUpdatePostDateStruct=dated(update),
        )

    assert str(caught.value).startswith("NCT00000001: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("number", sorted(RECORDS.keys() - DATELESS))
def test_a_real_record_stands_on_a_past_day(number: str) -> None:
    """None of them is a check of today."""
    entry = standing(real(number), TODAY).entry

    assert entry.day == entry.checked < TODAY
    assert entry.source.startswith("ClinicalTrials.gov, ")


@pytest.mark.parametrize("number", sorted(DATELESS))
def test_two_real_records_have_no_date(number: str) -> None:
    """They are taken with the day on which they were seen."""
    with pytest.raises(RegistryError, match="--seen"):
        standing(real(number), TODAY)

    assert TODAY == standing(real(number), TODAY, TODAY).entry.checked
