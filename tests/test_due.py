"""Working days, and a day told by five bits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.conversation.due import day_of, working_day
from dialogs.conversation.session import SENT_DAYS

FRIDAY = date(2026, 3, 13)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 3, 9), 3, date(2026, 3, 12)),
        (date(2026, 3, 10), 3, FRIDAY),
        (date(2026, 3, 11), 3, date(2026, 3, 16)),
        (FRIDAY, 1, date(2026, 3, 16)),
        (FRIDAY, 5, date(2026, 3, 20)),
        (FRIDAY, 6, date(2026, 3, 23)),
        (date(2026, 3, 14), 1, date(2026, 3, 16)),
        (date(2026, 3, 15), 3, date(2026, 3, 18)),
    ],
)
def test_weekends_do_not_count(start: date, count: int, expected: date) -> None:
    """Nor does the day itself, whichever day of the week it is."""
    assert expected == working_day(start, count, frozenset())


def test_a_holiday_does_not_count() -> None:
    """One in the week costs a day, one on a weekend none, nor one that is over or still far."""
    monday, saturday = date(2026, 3, 16), date(2026, 3, 14)

    assert date(2026, 3, 19) == working_day(FRIDAY, 3, frozenset({monday, saturday}))
    assert date(2026, 3, 18) == working_day(FRIDAY, 3, frozenset({saturday}))
    assert date(2026, 3, 18) == working_day(FRIDAY, 3, frozenset({FRIDAY, date(2026, 3, 19)}))


def test_no_working_day_after_a_day_is_that_day() -> None:
    """Even on a weekend."""
    assert date(2026, 3, 14) == working_day(date(2026, 3, 14), 0, frozenset())


@given(DAYS, st.integers(1, 15), st.lists(st.integers(1, 30)))
def test_so_many_working_days_have_passed(day: date, count: int, off: list[int]) -> None:
    """The day that is told is one of them, and the last."""
    holidays = frozenset(day + timedelta(days=days) for days in off)
    due = working_day(day, count, holidays)
    between = [day + timedelta(days=days) for days in range(1, (due - day).days + 1)]
    worked = [one for one in between if one.isoweekday() <= 5 and one not in holidays]

    assert count == len(worked)
    assert due == worked[-1]


@given(DAYS, st.integers(0, SENT_DAYS - 1))
def test_five_bits_tell_the_days_up_to_today(today: date, ago: int) -> None:
    """Whether all of the day's number is given or only its end."""
    day = today - timedelta(days=ago)

    assert day == day_of(day.toordinal() % SENT_DAYS, today)
    assert day == day_of(day.toordinal(), today)


def test_an_older_day_reads_as_one_of_the_last() -> None:
    """What waits longer must have died before: here 32 days are none."""
    today = date(2026, 3, 10)

    assert today == day_of((today - timedelta(days=SENT_DAYS)).toordinal(), today)
    assert date(2026, 2, 7) == day_of((today + timedelta(days=1)).toordinal(), today)
