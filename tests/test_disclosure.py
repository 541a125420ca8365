"""What is told of counts, held against somebody who knows every rule and takes everything apart.

The attacker tries all worlds that would look the same, so whatever can be derived, is.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.disclosure import FEW, RESULTS, disclosed, rounded
from bot.outreach.sums import STEPS, figures
from bot.store.records import Key
from bot.store.sqlite import open_store

#: What is told, cell by cell.
Told = tuple[tuple[str, int | None], ...]
#: For each thing that can be told, the values that a number may have.
Worlds = dict[Told, dict[str, set[int]]]
#: The fewest values among which a small number must stay unknown.
UNKNOWN = 5


def key(step: str, trial: str = "NCT1", week: str = "2026-W10", campaign: int = 1) -> Key:
    """A key."""
    return Key(week, campaign, trial, "fr", step)


def told(cells: dict[str, int]) -> dict[str, int | None]:
    """What is told of the steps of one group."""
    out = disclosed({key(step): number for step, number in cells.items() if number})
    return {one.step: number for one, number in out.items()}


def worlds(every: Iterator[tuple[dict[str, int], dict[str, int]]]) -> Worlds:
    """All worlds by what is told of them; a world is its cells, and numbers that follow."""
    found: Worlds = defaultdict(lambda: defaultdict(set))
    for cells, more in every:
        seen = tuple(sorted(told(cells).items()))
        for name, number in {**cells, **more}.items():
            found[seen][name].add(number)
    return found


def small_and_known(found: Worlds) -> list[tuple[Told, str, set[int]]]:
    """Numbers of which it can be derived that they are 1 to 10, and too much more."""
    return [
        (seen, name, values)
        for seen, numbers in found.items()
        for name, values in numbers.items()
        if 0 < min(values) and max(values) < FEW and len(values) < UNKNOWN
    ]


def _results(most: int) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    for finished in range(most + 1):
        for parts in product(range(finished + 1), repeat=3):
            rest = finished - sum(parts)
            if rest >= 0:
                cells = dict(zip(RESULTS, (*parts, rest), strict=True))
                complements = {f"not {name}": finished - n for name, n in cells.items()}
                yield {"finished": finished, **cells}, complements


def _chains(most: int) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    for opened in range(most + 1):
        for started in range(opened + 1):
            for finished in range(started + 1):
                yield (
                    {"opened": opened, "started": started, "finished": finished},
                    {
                        "left at once": opened - started,
                        "left later": started - finished,
                        "left": opened - finished,
                    },
                )


def test_results_cannot_be_taken_apart() -> None:
    """Whatever four results up to 32 people have: no small one can be told from the rest."""
    assert [] == small_and_known(worlds(_results(32)))


def test_steps_cannot_be_taken_from_each_other() -> None:
    """Nor can those who went no further, of up to 60 who opened the service."""
    assert [] == small_and_known(worlds(_chains(60)))


def _going_on(most: int) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Results, and how many of those without a *no* looked at how to reach a centre."""
    for finished in range(most + 1):
        for worth, check in product(range(finished + 1), repeat=2):
            rest = finished - worth - check
            for contact in range(worth + check + 1) if rest >= 0 else ():
                cells = {"finished": finished, "worth": worth, "check": check, "no": rest}
                yield (
                    {**cells, "contact": contact},
                    {
                        "did not go on": worth + check - contact,
                        "worth, at least not gone on": max(0, worth - contact),
                        "check, at least gone on": max(0, contact - worth),
                    },
                )


def test_who_went_on_cannot_be_taken_from_results() -> None:
    """Of up to 30 people with three results: none can be told to be a few who did not go on."""
    assert [] == small_and_known(worlds(_going_on(30)))


def test_the_attacker_would_find_something() -> None:
    """Against numbers that are only rounded, or only hidden one by one, it does."""

    def hidden_alone(cells: dict[str, int]) -> Told:
        return tuple(sorted((s, n if n >= FEW else None) for s, n in cells.items() if n))

    found: Worlds = defaultdict(lambda: defaultdict(set))
    for cells, more in _results(14):
        for name, number in {**cells, **more}.items():
            found[hidden_alone(cells)][name].add(number)

    assert len(small_and_known(found)) > 10


@given(
    st.dictionaries(st.sampled_from([*STEPS, *RESULTS, "asked.a", "told.a"]), st.integers(0, 99))
)
def test_small_numbers_and_small_differences_are_hidden(cells: dict[str, int]) -> None:
    """Whatever the numbers are; what is told is the nearest multiple of 5."""
    out = {step: number for step, number in told(cells).items() if number is not None}
    nested = [step for step in out if step not in RESULTS]

    assert all(number == rounded(cells[step]) for step, number in out.items())
    assert all(cells[step] >= FEW for step in out)
    for one, other in product(nested, repeat=2):
        assert cells[one] == cells[other] or abs(cells[one] - cells[other]) >= FEW
    if set(out) & set(RESULTS):
        assert "finished" in out


@pytest.mark.parametrize(
    ("cells", "out"),
    [
        ({"opened": 10}, {"opened": None}),
        ({"opened": 11}, {"opened": 10}),
        ({"opened": 43, "started": 38}, {"opened": 45, "started": None}),
        ({"opened": 43, "started": 43}, {"opened": 45, "started": 45}),
        ({"opened": 60, "started": 52, "finished": 45},
         {"opened": 60, "started": None, "finished": 45}),
        ({"finished": 60, "worth": 30, "check": 25, "no": 5},
         {"finished": 60, "worth": 30, "check": None, "no": None}),
        ({"finished": 60, "worth": 30, "check": 30},
         {"finished": 60, "worth": 30, "check": 30}),
        ({"finished": 60, "worth": 60},
         {"finished": 60, "worth": None, "check": None, "later": None, "no": None}),
        ({"finished": 100, "worth": 50, "no": 50, "contact": 47},
         {"finished": 100, "worth": 50, "no": 50, "contact": None}),
        ({"finished": 100, "worth": 30, "check": 30, "no": 40, "contact": 58},
         {"finished": 100, "worth": 30, "check": 30, "no": 40, "contact": None}),
        ({"finished": 100, "worth": 50, "no": 50, "contact": 30},
         {"finished": 100, "worth": 50, "no": 50, "contact": 30}),
        ({"ruled.any": 150, "ruled.E1": 150, "ruled.E2": 12, "ruled.E3": 3, "ruled.E4": 145},
         {"ruled.any": 150, "ruled.E1": 150, "ruled.E2": 10, "ruled.E3": None,
          "ruled.E4": None}),
        ({"ruled.any": 142, "ruled.E1": 100}, {"ruled.any": None, "ruled.E1": None}),
        ({"asked.a": 150, "told.a": 143, "asked.b": 110, "asked.c": 300},
         {"asked.a": 150, "told.a": None, "asked.b": None, "asked.c": 300}),
    ],
)  # fmt: skip
def test_a_week_as_it_is_told(cells: dict[str, int], out: dict[str, int | None]) -> None:
    """Each rule by an example."""
    assert out == told(cells)


def test_results_about_all_studies_are_parts_of_those_who_asked_about_all() -> None:
    """So they are hidden with those, study by study."""
    counts = {
        key("finished", ""): 40, key("match.check", "NCT1"): 20, key("match.no", "NCT1"): 20,
        key("match.check", "NCT2"): 37, key("match.no", "NCT2"): 3,
    }  # fmt: skip
    out = disclosed(counts)

    assert [20, 20] == [out[key("match.check", "NCT1")], out[key("match.no", "NCT1")]]
    assert out[key("match.check", "NCT2")] is out[key("match.no", "NCT2")] is None
    few = disclosed(counts | {key("finished", ""): 9})
    assert few[key("match.check", "NCT1")] is None


@given(st.lists(st.integers(0, 40), min_size=13, max_size=14))
def test_a_quarter_does_not_tell_of_its_small_weeks(weeks: list[int]) -> None:
    """All who came to the first question in a quarter are its weeks' numbers together.

    The attacker takes what is told of the weeks from what is told of the quarter; each week that is
    hidden could still have five or more numbers, or more than ten.
    """
    quarter = told({"asked.a": sum(weeks)}).get("asked.a")
    if quarter is None:
        return
    seen = [number and told({"started": number})["started"] for number in weeks]
    hidden = [number for number, one in zip(weeks, seen, strict=True) if one is None]
    known = [one for one in seen if one]
    low, high = (
        quarter - 2 - sum(one + 2 for one in known),
        quarter + 2 - sum(max(one - 2, FEW) for one in known),
    )
    for _ in hidden:
        others = len(hidden) - 1
        values = range(max(1, low - 10 * others), min(10, high - others) + 1)

        assert len(values) >= UNKNOWN


def _person(chance: Random) -> list[str]:
    """The steps of one conversation."""
    steps = ["opened"]
    if chance.random() < 0.8:
        steps += ["started", "asked.spread"]
        if chance.random() < 0.9:
            steps += ["told.spread", "finished", chance.choice(RESULTS)]
    return steps


def _week(chance: Random, week: str) -> dict[Key, int]:
    counts: dict[Key, int] = defaultdict(int)
    for _ in range(chance.randrange(120)):
        language, campaign = chance.choice(["fr", "fr", "fr", "en"]), chance.choice([1, 1, 2])
        for step in _person(chance):
            counts[Key(week, campaign, "NCT1", language, step)] += 1
    return dict(counts)


@pytest.mark.parametrize("seed", range(5))
def test_successive_exports_differ_by_whole_weeks_only(tmp_path: Path, seed: int) -> None:
    """Nothing that was told changes, so the difference of two exports is a week as it was told.

    A count that comes late, which would be one person, changes nothing either.
    """
    chance = Random(seed)
    before: dict[Key, int | None] = {}
    totals = dict.fromkeys(STEPS, 0)
    with open_store(tmp_path / "store.db") as store:
        for number in range(1, 9):
            week = f"2026-W{number:02}"
            counts = _week(chance, week)
            store.count(counts)
            late = Key(f"2026-W{max(number - 1, 1):02}", 1, "NCT1", "fr", "opened")
            if number > 1:
                store.count({late: 1})
            store.publish(week.__ge__, disclosed)
            after = store.published()

            assert before == {key: after[key] for key in before}
            assert disclosed(counts) == {key: after[key] for key in after.keys() - before.keys()}
            assert [] == store.everything()["counts"]

            found = figures(after, week, ())
            for step in STEPS:
                rise = found.totals[step].number - totals[step]
                told_now = [n for key, n in disclosed(counts).items() if key.step == step and n]
                assert rise == sum(told_now)
                assert rise == 0 or rise >= 10
                totals[step] = found.totals[step].number
            before = after


@pytest.mark.parametrize("seed", range(5))
def test_one_person_more_in_a_published_week_cannot_be_seen(tmp_path: Path, seed: int) -> None:
    """Two histories that differ by one late conversation give the same exports, for good."""
    exports = []
    for extra in (False, True):
        chance = Random(seed)
        with open_store(tmp_path / f"{extra}.db") as store:
            store.count(_week(chance, "2026-W01"))
            store.publish("2026-W01".__eq__, disclosed)
            if extra:
                store.count({key(step, week="2026-W01"): 1 for step in _person(Random(1))})
            store.count(_week(chance, "2026-W02"))
            store.publish("2026-W02".__ge__, disclosed)
            exports.append(store.published())

    assert exports[0] == exports[1]
