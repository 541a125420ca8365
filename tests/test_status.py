"""Whether a trial takes patients, and how fresh that knowledge is."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import pytest

from dialogs.datafile import StatusEntry
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import FRESH, Openness, status_on

Kind = Literal["recruiting", "suspended", "closed"]


def seen(day: date, status: Kind, checked: date | None = None) -> StatusEntry:
    """An entry of a status history."""
    return StatusEntry(day, status, checked or day, f"source of {day}")


@pytest.mark.parametrize(
    ("today", "openness"),
    [
        (date(2020, 3, 12), Openness.OPEN),
        (date(2020, 3, 26), Openness.OPEN),
        (date(2020, 3, 27), Openness.STALE),
        (date(2020, 4, 28), Openness.PAUSED),
        (date(2022, 10, 6), Openness.PAUSED),
        (date(2022, 10, 7), Openness.OPEN),
        (date(2022, 10, 21), Openness.OPEN),
        (date(2022, 10, 22), Openness.STALE),
        (date(2023, 12, 6), Openness.STALE),
        (date(2023, 12, 7), Openness.CLOSED),
        (date(2026, 11, 22), Openness.CLOSED),
        (date(2040, 1, 1), Openness.CLOSED),
    ],
)
def test_palatine_through_the_years(palatine: Trial, today: date, openness: Openness) -> None:
    """Open on its demonstration day, stale after 15 days without a check, closed since 2023."""
    assert openness is status_on(palatine, today).openness


def test_the_demonstration_day_is_an_open_one(palatine: Trial) -> None:
    """A demonstration shows the way to a centre."""
    assert status_on(palatine, palatine.demonstration).routes


def test_only_an_open_trial_sends_anybody_anywhere(palatine: Trial) -> None:
    """Paused, closed and stale trials have no route."""
    today = date(2026, 3, 1)
    routed: dict[Kind, bool] = {"recruiting": True, "suspended": False, "closed": False}
    for status, routes in routed.items():
        trial = replace(palatine, status=(seen(today, status),))

        assert routes is status_on(trial, today).routes

    stale = replace(palatine, status=(seen(today - FRESH - timedelta(days=1), "recruiting"),))

    assert not status_on(stale, today).routes


def test_a_new_check_makes_an_old_status_fresh(palatine: Trial) -> None:
    """What counts is the day of the check, not the day since when it holds."""
    entry = seen(date(2020, 1, 1), "recruiting", date(2026, 3, 1))
    status = status_on(replace(palatine, status=(entry,)), date(2026, 3, 15))

    assert Openness.OPEN is status.openness
    assert (date(2026, 3, 1), "source of 2020-01-01") == (status.checked, status.source)


def test_what_is_checked_later_is_not_known_yet(palatine: Trial) -> None:
    """Before the first check the status is stale, whatever it will say."""
    entry = seen(date(2026, 1, 1), "recruiting", date(2026, 3, 1))
    status = status_on(replace(palatine, status=(entry,)), date(2026, 2, 1))

    assert Openness.STALE is status.openness


def test_of_two_entries_of_one_day_the_later_check_counts(palatine: Trial) -> None:
    """An entry that corrects another on the same day wins."""
    day = date(2026, 1, 1)
    history = (seen(day, "recruiting", day), seen(day, "closed", date(2026, 1, 3)))

    assert (
        Openness.CLOSED is status_on(replace(palatine, status=history), date(2026, 1, 4)).openness
    )


def test_without_a_centre_there_is_no_route(palatine: Trial) -> None:
    """A recruiting trial that nobody can be sent to counts as stale."""
    today = date(2026, 3, 1)
    trial = replace(palatine, status=(seen(today, "recruiting"),), centres=())

    assert Openness.STALE is status_on(trial, today).openness
