"""How a record says that its study stands, and on which day that was so.

A record is as old as the day on which it was last updated, not as the day on which its file was
made: only `--seen`, or a fetch, says that it still stood in the registry later.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.registry.record import Dated, RegistryError, Study
from bot.registry.text import one_line
from dialogs.trialfile import StatusEntry

__all__ = ["Standing", "standing"]

Word = Literal["recruiting", "suspended", "closed", "unknown"]
_WORDS: dict[str, Word] = {
    "RECRUITING": "recruiting",
    "SUSPENDED": "suspended",
    "NOT_YET_RECRUITING": "suspended",
    "ACTIVE_NOT_RECRUITING": "closed",
    "COMPLETED": "closed",
    "TERMINATED": "closed",
    "WITHDRAWN": "closed",
    "ENROLLING_BY_INVITATION": "closed",
    # Medicines outside a study: no study that anybody could join.
    "AVAILABLE": "closed",
    "NO_LONGER_AVAILABLE": "closed",
    "TEMPORARILY_NOT_AVAILABLE": "closed",
    "APPROVED_FOR_MARKETING": "closed",
    "WITHHELD": "closed",
}
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:T.*)?", re.ASCII)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SAID = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry for the history of a trial file, and what is doubtful about it."""

    entry: StatusEntry
    warnings: tuple[str, ...] = ()


def standing(study: Study, today: date, seen: date | None = None) -> Standing:
    """What `study` says on the day that its record proves, or on the day it was `seen`.

    `RegistryError` when that day is not known, is to come, or is before the record was made.
    """
    number = study.number
    if seen is not None and seen > today:
        raise RegistryError(f"{number}: --seen {seen} is after today, {today}: say when it was")
    day, how, warnings = _proved(study, today)
    if day is not None and day > today:
        raise RegistryError(
            f"{number}: the record is of {day}, which is after today, {today}: set the clock right"
        )
    if seen is not None and day is not None and day > seen:
        raise RegistryError(f"{number}: the record is of {day}, so --seen {seen} is too early")
    checked = seen or day
    if checked is None:
        raise RegistryError(
            f"{number}: the record has no date at all: say with --seen YYYY-MM-DD when it was "
            "downloaded"
        )
    status: Word = _WORDS.get(study.status.overall_status, "unknown")
    if status == "unknown":
        warnings += ("the record does not say whether the study takes patients",)
    if seen is not None:
        how += f", seen on {_long(seen)}"
    source = f"ClinicalTrials.gov, {_said(study)} ({how})"
    return Standing(StatusEntry(day or checked, status, checked, source), warnings)


def _said(study: Study) -> str:
    words = one_line(study.status.overall_status)[:_SAID].replace("_", " ").lower()
    return words.replace("active not", "active, not") or "no status"


def _proved(study: Study, today: date) -> tuple[date | None, str, tuple[str, ...]]:
    """The day that the record proves, how it does, and a warning when it proves little."""
    status = study.status
    if status.last_update_post_date_struct.date:
        day = _day(study, status.last_update_post_date_struct.date)
        return day, f"update of {_long(day)}", ()
    if status.status_verified_date:
        day = _day(study, status.status_verified_date)
        return day, f"verified in {_MONTHS[day.month - 1]} {day.year}", ()
    reached = [
        _day(study, dated.date)
        for dated in (
            status.start_date_struct,
            status.primary_completion_date_struct,
            status.completion_date_struct,
            status.study_first_post_date_struct,
            Dated(status.study_first_submit_date, "ACTUAL"),
            Dated(status.last_update_submit_date, "ACTUAL"),
        )
        if dated.date and dated.type == "ACTUAL"
    ]
    warning = "the record has no date of verification: look the status up"
    past = [day for day in reached if day <= today]
    if not past:
        return None, "record without a date", (warning,)
    return max(past), f"newest date {_long(max(past))}", (warning,)


def _day(study: Study, text: str) -> date:
    """A date of the record; of a month its first day."""
    match = _DAY.fullmatch(text.strip())
    with suppress(ValueError):
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
    raise RegistryError(
        f"{study.number}: {one_line(text)[:_SAID]!r} is no date: they are YYYY-MM-DD or YYYY-MM"
    )


def _long(day: date) -> str:
    """A date as sources are written in trial files."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
