"""The public holidays of France, and what they do to three working days."""

from datetime import date, timedelta

import pytest

from bot.contact.calendar import public_holidays
from dialogs.conversation.due import working_day

KNOWN = public_holidays(range(2019, 2060))


def easter(year: int) -> date:
    """Easter Sunday as Meeus, Jones and Butcher reckon it."""
    century, rest = divmod(year, 100)
    golden = year % 19
    gone = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - gone + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def test_easter_is_reckoned_right() -> None:
    """Against days that anybody can look up."""
    assert date(2025, 4, 20) == easter(2025)
    assert date(2026, 4, 5) == easter(2026)
    assert date(2038, 4, 25) == easter(2038)


@pytest.mark.parametrize("year", range(2019, 2060))
def test_these_are_the_days_of_the_labour_code(year: int) -> None:
    """Art. L3133-1: eight days of the calendar, and three that follow Easter; no other."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    days = {date(year, month, day) for month, day in fixed}
    days |= {easter(year) + timedelta(days=after) for after in (1, 39, 50)}

    assert days == {day for day in KNOWN if day.year == year}


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 4, 2), date(2026, 4, 8)),  # Easter Monday; Good Friday is a working day
        (date(2026, 5, 13), date(2026, 5, 19)),  # Ascension
        (date(2026, 5, 22), date(2026, 5, 28)),  # Whit Monday
        (date(2026, 4, 30), date(2026, 5, 6)),  # 1 May, a Friday
        (date(2025, 4, 30), date(2025, 5, 6)),  # 1 May, a Thursday
        (date(2026, 5, 7), date(2026, 5, 13)),  # 8 May
        (date(2024, 5, 7), date(2024, 5, 14)),  # 8 May and Ascension side by side
        (date(2026, 7, 13), date(2026, 7, 17)),  # 14 July
        (date(2025, 8, 14), date(2025, 8, 20)),  # 15 August
        (date(2025, 11, 10), date(2025, 11, 14)),  # 11 November
        (date(2026, 12, 24), date(2026, 12, 30)),  # Christmas; 26 December is a Saturday
        (date(2025, 12, 24), date(2025, 12, 30)),  # Christmas; 26 December is a working day
        (date(2026, 12, 30), date(2027, 1, 5)),  # over the year's end
    ],
)
def test_three_working_days_pass_over_holidays(asked: date, due: date) -> None:
    """What a patient is told, and when a centre is reminded."""
    assert due == working_day(asked, 3, KNOWN)


@pytest.mark.parametrize("day", [date(2026, 4, 3), date(2025, 12, 26), date(2024, 3, 29)])
def test_days_of_alsace_and_moselle_alone_are_not_there(day: date) -> None:
    """Good Friday and 26 December: centres elsewhere work."""
    assert day not in KNOWN


def test_only_the_years_asked_for_are_there() -> None:
    """Each whole, and the last of the range not."""
    assert {2026, 2027} == {day.year for day in public_holidays(range(2026, 2028))}
    assert frozenset() == public_holidays(range(2026, 2026))
