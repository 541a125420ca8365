"""What is told about links: sums of published numbers, and of nothing else.

A number that is hidden counts as nothing in a sum, and the sum says that it may be more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.outreach.disclosure import RESULTS
from bot.store.records import Key

__all__ = ["STEPS", "Figures", "Reason", "Stop", "Sum", "figures"]

#: In the order in which a conversation reaches them.
STEPS = ("opened", "started", "finished", "contact", "request", "answered")


@dataclass(frozen=True, slots=True)
class Sum:
    """`number` or, with `more`, that and something hidden."""

    number: int = 0
    more: bool = False

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.number + other.number, self.more or other.more)

    @property
    def few(self) -> bool:
        """Whether nothing can be told but that there were some."""
        return self.more and not self.number


@dataclass(frozen=True, slots=True)
class Stop:
    """A question: how many it was put to, and how many of them went no further."""

    question: str
    asked: Sum
    stopped: Sum


@dataclass(frozen=True, slots=True)
class Reason:
    """A criterion that ruled a trial out for so many; `private` for those that are not named."""

    trial: str
    criterion: str
    times: Sum


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told; `weeks` without a gap, the oldest first, and each step of each of them.

    `results` are by trial and kind; `apart` has the totals of each trial (nothing: all) and
    language.
    """

    weeks: tuple[str, ...]
    by_week: Mapping[str, tuple[Sum, ...]]
    totals: Mapping[str, Sum]
    results: Mapping[tuple[str, str], Sum]
    apart: Mapping[tuple[str, str], Mapping[str, Sum]]
    stops: tuple[Stop, ...]
    reasons: tuple[Reason, ...]


def _weeks(known: Iterable[str], last: str) -> tuple[str, ...]:
    """All weeks from the first of `known` to `last`."""
    known = sorted(known)
    if not known:
        return ()
    day = date.fromisocalendar(int(known[0][:4]), int(known[0][6:]), 1)
    found = []
    while True:
        year, week, _ = day.isocalendar()
        found.append(f"{year}-W{week:02}")
        if found[-1] >= last:
            return tuple(found)
        day += timedelta(days=7)


def _total(cells: Mapping[Key, int | None]) -> Sum:
    return sum((_sum(number) for number in cells.values()), Sum())


def _sum(number: int | None) -> Sum:
    return Sum(0, True) if number is None else Sum(number)


def _of(cells: Mapping[Key, int | None], **wanted: str) -> dict[Key, int | None]:
    return {
        key: number
        for key, number in cells.items()
        if all(getattr(key, name) == value for name, value in wanted.items())
    }


def _stops(cells: Mapping[Key, int | None], order: Iterable[str]) -> tuple[Stop, ...]:
    """The difference is told only where both numbers are."""
    found = []
    for question in order:
        asked = _of(cells, step=f"asked.{question}")
        stopped = Sum()
        for key, number in asked.items():
            told = _of(cells, step=f"told.{question}", **_group(key))
            left = next(iter(told.values()), 0)
            known = number is not None and left is not None
            stopped += Sum(max(0, (number or 0) - (left or 0))) if known else Sum(0, True)
        if asked:
            found.append(Stop(question, _total(asked), stopped))
    return tuple(found)


def _group(key: Key) -> dict[str, str]:
    return {name: getattr(key, name) for name in ("week", "campaign", "trial", "language")}


def _plain(step: str) -> str:
    """A result or reason, whether one study or all were asked about."""
    return step.removeprefix("match.")


def figures(published: Mapping[Key, int | None], last: str, order: Iterable[str]) -> Figures:
    """The figures of these cells up to the week `last`; `order` are the names of all questions."""
    weeks = _weeks((key.week for key in published if "-W" in key.week), last)
    steps = {step: _of(published, step=step) for step in STEPS}
    results: dict[tuple[str, str], Sum] = {}
    reasons: dict[tuple[str, str], Sum] = {}
    for key, number in sorted(published.items()):
        kind = _plain(key.step)
        if kind in RESULTS:
            results[key.trial, kind] = results.get((key.trial, kind), Sum()) + _sum(number)
        if kind.startswith("ruled.") and kind != "ruled.any":
            reason = key.trial, kind.removeprefix("ruled.")
            reasons[reason] = reasons.get(reason, Sum()) + _sum(number)
    apart = sorted({(key.trial, key.language) for step in steps.values() for key in step})
    return Figures(
        weeks=weeks,
        by_week={
            step: tuple(_total(_of(cells, week=week)) for week in weeks)
            for step, cells in steps.items()
        },
        totals={step: _total(cells) for step, cells in steps.items()},
        results=results,
        apart={
            (trial, language): {
                step: _total(_of(cells, trial=trial, language=language))
                for step, cells in steps.items()
            }
            for trial, language in apart
        },
        stops=_stops(published, order),
        reasons=tuple(
            Reason(*reason, times)
            for reason, times in sorted(reasons.items(), key=lambda one: -one[1].number)
        ),
    )
