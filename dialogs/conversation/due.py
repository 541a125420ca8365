"""Working days, and the day that five bits tell."""

from datetime import date, timedelta

from dialogs.conversation.session import SENT_DAYS

__all__ = ["day_of", "working_day"]

_SATURDAY = 5


def working_day(day: date, count: int, holidays: frozenset[date]) -> date:
    """The `count`th working day after `day`: neither Saturday nor Sunday nor one of `holidays`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            count -= 1
    return day


def day_of(sent: int, today: date) -> date:
    """The last day up to `today` whose ordinal leaves `sent` modulo `SENT_DAYS`."""
    return today - timedelta(days=(today.toordinal() - sent) % SENT_DAYS)
