"""What may be told of a week's counts, so that nothing can be learnt about a few people.

Counts are grouped by what they have in common (week or quarter, campaign, trial, language). In one

- a number from 1 to 10 is hidden (the rule of the French health data system: no cell under 11);
- so is one that differs from another published number by 1 to 10, where the two could be taken from
  each other: they would tell of a few who did the one and not the other;
- results are parts of those who finished: where one is hidden, others are too, until those hidden
  make 11 or more together; where all had the same result, none is told;
- so is what comes after a result, where it differs by 1 to 10 from told results, each by itself or
  several together;
- questions and reasons are told by the quarter, and only from 11 for each of its weeks on;
- what is told is rounded to the nearest 5.

Sums and shares are made from the published numbers alone, so no sum can tell what its parts hide.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from bot.store.records import Key

__all__ = ["FEW", "RESULTS", "WEEKS", "disclosed", "rounded"]

#: The smallest number that is told; 0 is, too.
FEW = 11
#: Weeks of a quarter.
WEEKS = 13
RESULTS = ("worth", "check", "later", "no")
#: In the order in which they are chosen: what is asked about most stands first.
_FIRST = ("opened", "finished", "contact", "request", "answered", "started")
#: Of a conversation about all studies, results and reasons of each study carry this.
_MATCH = "match."


def rounded(number: int) -> int:
    """The nearest multiple of 5."""
    return 5 * round(number / 5)


def _apart(one: int, other: int) -> bool:
    """Whether two numbers may both be told: none or many make the difference."""
    return one == other or abs(one - other) >= FEW


def _chosen(cells: Mapping[str, int]) -> set[str]:
    """Steps of a week that are told: each apart from all others."""
    return _spread(cells, _FIRST, FEW)


def _spread(cells: Mapping[str, int], steps: Iterable[str], least: int) -> set[str]:
    told: set[str] = set()
    for step in steps:
        number = cells.get(step, 0)
        if number >= least and all(_apart(number, cells[other]) for other in told):
            told.add(step)
    return told


def _long(cells: Mapping[str, int]) -> set[str]:
    """Questions and reasons of a quarter that are told.

    Those who came to the first question, and those whose result was *no*, are told by the week as
    well. A quarter that had FEW in each of its weeks has a week that is told, whose rounding hides
    what the others may be.
    """
    questions = sorted(step for step in cells if step.startswith(("asked.", "told.")))
    told = _spread(cells, questions, FEW * WEEKS)
    for kind in ("", _MATCH):
        every = f"{kind}ruled.any"
        if cells.get(every, 0) >= FEW * WEEKS:
            reasons = (step for step in cells if step.startswith(f"{kind}ruled."))
            told |= {s for s in reasons if cells[s] >= FEW and _apart(cells[s], cells[every])}
    return told


def _results(cells: Mapping[str, int], finished: int | None, kind: str) -> set[str]:
    """Results that are told; none unless it is told how many `finished`."""
    parts = {f"{kind}{name}": cells.get(f"{kind}{name}", 0) for name in RESULTS}
    some = {step: number for step, number in parts.items() if number}
    if finished is None or len(some) < 2:
        return set()
    told = {s for s, n in some.items() if n >= FEW and abs(finished - n) >= FEW}
    # The smallest go first: they cost least.
    for step in sorted(told, key=lambda step: (some[step], step)):
        hidden = [number for other, number in some.items() if other not in told]
        if not hidden or (len(hidden) > 1 and sum(hidden) >= FEW):
            break
        told.remove(step)
    return told


def _near(group: Key, counts: Mapping[Key, int], told: set[Key]) -> set[Key]:
    """Told steps after a result that are too near to told results, or to several of them together.

    What is hidden has no part in it: else it could be learnt from what is hidden besides.
    """
    families: dict[Key, list[int]] = defaultdict(list)
    for key in told:
        kind = _MATCH if key.step.startswith(_MATCH) else ""
        home = replace(key, trial="", step="") if kind else replace(key, step="")
        if key.step.removeprefix(kind) in RESULTS and home == group:
            families[replace(key, step=kind)].append(counts[key])
    sums = {
        sum(part)
        for family in families.values()
        for size in range(1, len(family) + 1)
        for part in combinations(family, size)
    }
    after = _keys(group, ("contact", "request", "answered")) & told
    return {key for key in after if not all(_apart(counts[key], number) for number in sums)}


def _veiled(counts: Mapping[Key, int]) -> dict[Key, int]:
    """`counts`, and a 0 for each missing result where all who finished had the same.

    Were it missing in what is told as well, everybody could see that they had.
    """
    found: dict[Key, set[str]] = defaultdict(set)
    for key in counts:
        kind = _MATCH if key.step.startswith(_MATCH) else ""
        if key.step.removeprefix(kind) in RESULTS:
            found[replace(key, step=kind)].add(key.step)
    return {
        replace(group, step=f"{group.step}{name}"): 0
        for group, steps in found.items()
        if len(steps) == 1
        for name in RESULTS
    } | dict(counts)


def disclosed(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Each count as it is told: rounded, or None."""
    counts = _veiled(counts)
    groups: dict[Key, dict[str, int]] = defaultdict(dict)
    for key, number in counts.items():
        groups[replace(key, step="")][key.step] = number
    told: set[Key] = set()
    for group, cells in groups.items():
        told |= _keys(group, _chosen(cells) | _long(cells))
    for group, cells in groups.items():
        alone, among = replace(group, step="finished"), replace(group, trial="", step="finished")
        told |= _keys(group, _results(cells, counts[alone] if alone in told else None, ""))
        told |= _keys(group, _results(cells, counts[among] if among in told else None, _MATCH))
    for group in groups:
        told -= _near(group, counts, told)
    return {key: rounded(number) if key in told else None for key, number in counts.items()}


def _keys(group: Key, steps: Iterable[str]) -> set[Key]:
    return {replace(group, step=step) for step in steps}
