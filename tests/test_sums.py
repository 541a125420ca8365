"""Sums of published numbers: what is hidden counts as nothing, and is said."""

import pytest

from bot.outreach.sums import STEPS, Figures, Reason, Stop, Sum, figures
from bot.store.records import Key

NCT = "NCT03870919"


def cell(step: str, week: str = "2026-W10", language: str = "fr", trial: str = NCT) -> Key:
    """A cell of the first link."""
    return Key(week, 1, trial, language, step)


def of(cells: dict[Key, int | None], last: str = "2026-W12") -> Figures:
    """Their figures; two questions are known."""
    return figures(cells, last, ["spread", "her2"])


def test_nothing_is_told_of_nothing() -> None:
    """No week, no result, and each step is nought."""
    found = of({})

    assert ((), {}, (), ()) == (found.weeks, found.results, found.stops, found.reasons)
    assert dict.fromkeys(STEPS, Sum()) == found.totals


def test_weeks_have_no_gap() -> None:
    """From the first one that has a number to the last one that is told, over the year's end."""
    found = of({cell("opened", "2026-W52"): 20, cell("opened", "2027-W01"): 10}, "2027-W02")

    assert ("2026-W52", "2026-W53", "2027-W01", "2027-W02") == found.weeks
    assert (Sum(20), Sum(), Sum(10), Sum()) == found.by_week["opened"]


def test_languages_add_up_and_stay_apart() -> None:
    """In the totals, and for whoever wants to know."""
    found = of({cell("opened"): 40, cell("opened", language="en"): 15})

    assert Sum(55) == found.totals["opened"]
    assert [Sum(15), Sum(40)] == [found.apart[NCT, one]["opened"] for one in ("en", "fr")]


def test_what_is_hidden_makes_a_sum_open() -> None:
    """It says that it may be more, not how much."""
    found = of({cell("opened"): 40, cell("opened", "2026-W11"): None, cell("started"): None})

    assert Sum(40, more=True) == found.totals["opened"]
    assert (Sum(40), Sum(0, more=True), Sum()) == found.by_week["opened"]
    assert found.totals["started"].few
    assert not found.totals["opened"].few
    assert not found.totals["finished"].few


def test_results_about_one_study_and_about_all_go_together() -> None:
    """By study and kind."""
    found = of({cell("worth"): 20, cell("match.worth"): 15, cell("match.no"): None})

    assert {(NCT, "worth"): Sum(35), (NCT, "no"): Sum(0, more=True)} == found.results


@pytest.mark.parametrize(
    ("asked", "told", "stopped"),
    [(200, 150, Sum(50)), (200, None, Sum(0, more=True)), (None, 150, Sum(0, more=True)),
     (200, 200, Sum())],
)  # fmt: skip
def test_who_stopped_is_a_difference_of_told_numbers(
    asked: int | None, told: int | None, stopped: Sum
) -> None:
    """Where one of the two is hidden, so is the difference."""
    cells = {
        cell("asked.spread", "2026-Q1"): asked,
        cell("told.spread", "2026-Q1"): told,
        cell("asked.her2", "2026-Q1", "en"): 145,
    }
    found = of(cells).stops
    total = Sum(0, more=True) if asked is None else Sum(asked)

    assert (Stop("spread", total, stopped), Stop("her2", Sum(145), Sum(145))) == found


def test_reasons_come_with_the_most_frequent_first() -> None:
    """Without the number of all that were ruled out."""
    found = of(
        {
            cell("ruled.any", "2026-Q1"): 300,
            cell("ruled.E3", "2026-Q1"): 20,
            cell("match.ruled.I4", "2026-Q1"): 145,
            cell("ruled.private", "2026-Q1"): None,
        }
    )

    assert (
        Reason(NCT, "I4", Sum(145)),
        Reason(NCT, "E3", Sum(20)),
        Reason(NCT, "private", Sum(0, more=True)),
    ) == found.reasons
