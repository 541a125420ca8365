"""Many trials: what a tap costs, and how many questions somebody is asked.

`python -m tests.bench.matching --write` measures, and writes the tables of `docs/matching.md` and
its picture. Times are of one process on one core, of one run; nothing is the best of several.
"""

import argparse
import os
import platform
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from bot.data import ROOT, read_sources
from dialogs.catalogue import read_catalogue
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.choosing import asked, choose
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index
from dialogs.eligibility.questions import Bank
from tests.bench.bars import bars
from tests.bench.fewest import chance_cuts, real_cut, whole
from tests.people import Person, after, drawn, reply, trial_by_chance

__all__ = ["Cost", "cost_of", "measure"]

SIZES = (100, 300, 1_000, 3_000, 10_000)
AIM = 5.0
TALKS = 30
PATIENTS = 2_000
#: Of the report only; whoever tries something takes another one, with `--seed`.
SEED = 508_196_437
PAGE = ROOT / "docs" / "matching.md"
PICTURE = ROOT / "docs" / "matching.svg"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of each answer, and of asking the whole way again once a talk is over."""

    answers: list[float]
    again: list[float]


def _clock() -> float:
    return 1000 * time.process_time()


def cost_of(index: Index, people: Sequence[Person]) -> Cost:
    """What each of these talks costs: the work of `dialogs` on the index, turn by turn."""
    found = Cost([], [])
    everything = index.everything
    for person in people:
        answers = Answers()
        while True:
            begun = _clock()
            question = choose(index, answers, everything)
            # The screen tells how many trials are left.
            index.fails(answers)
            found.answers.append(_clock() - begun)
            if question is None:
                break
            answers = after(index.bank, answers, question, reply(question, person))
        begun = _clock()
        asked(index, answers, everything)
        found.again.append(_clock() - begun)
    return found


def _speed(bank: Bank, real: Sequence[Trial], seed: int) -> tuple[str, dict[int, Cost]]:
    lines = [
        (
            "| Trials | Answers | Median | 95 % below | Worst | The way again, median | Worst "
            "| Index made in | Its memory |"
        ),
        "| --- " * 9 + "|",
    ]
    costs = {}
    for size in (0, *SIZES):
        random = Random(f"{seed} speed {size}")
        trials = [trial_by_chance(bank, number, random) for number in range(1, size + 1)] or real
        begun = _clock()
        index = Index(bank, trials)
        made = _clock() - begun
        people = [drawn(bank, random) for _ in range(TALKS)]
        choose(index, Answers(), index.everything)
        cost = costs[size] = cost_of(index, people)
        # What watches memory slows: it is off while time is measured.
        tracemalloc.start()
        twin = Index(bank, trials)
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        del twin
        each = sorted(cost.answers)
        lines.append(
            f"| {f'{size:,}' if size else f'{len(real)} (the real ones)'} | {len(each)} "
            f"| {statistics.median(each):.2f} ms | {each[int(0.95 * len(each))]:.2f} ms "
            f"| {each[-1]:.2f} ms | {statistics.median(cost.again):.1f} ms "
            f"| {max(cost.again):.1f} ms | {made / 1000:.2f} s | {memory:.1f} MB |"
        )
        _say(lines[-1])
    return "\n".join(lines), costs


def _growth(costs: dict[int, Cost]) -> str:
    middles = [statistics.median(costs[size].answers) for size in SIZES]
    slope, start = statistics.linear_regression(SIZES, middles)
    away = max(abs(middle - (start + slope * n)) for n, middle in zip(SIZES, middles, strict=True))
    worst = max(costs[SIZES[-1]].answers)
    missed = sum(each > AIM for each in costs[SIZES[-1]].answers)
    return (
        f"A line through the five medians: {start:.2f} ms, and {1000 * slope:.2f} ms more for each "
        f"1,000 trials; none is further than {away:.2f} ms from it. Of the answers at "
        f"{SIZES[-1]:,} trials {missed} of {len(costs[SIZES[-1]].answers)} took more than the "
        f"{AIM:g} ms aimed at; the worst took {worst:.2f} ms."
    )


def _parts(seed: int) -> Iterator[tuple[str, str]]:
    catalogue = read_catalogue(read_sources())
    bank = catalogue.bank
    real = sorted(catalogue.trials.values(), key=lambda trial: trial.number)
    people = [drawn(bank, Random(f"{seed} person {n}")) for n in range(PATIENTS)]
    speed, costs = _speed(bank, real, seed)
    yield "speed", speed
    yield "growth", _growth(costs)
    middle = {n: (statistics.median(c.answers), max(c.answers)) for n, c in costs.items() if n}
    yield "picture", bars(middle, AIM)
    yield "orders", real_cut(bank, real, people)
    yield "cuts", chance_cuts(bank, real, seed)
    yield "whole", whole(bank, real, people)
    yield (
        "when",
        (
            f"Measured on {date.today()} with Python {platform.python_version()} on a machine with "
            f"{os.cpu_count()} cores, by `python -m tests.bench.matching --write`; seed {seed}."
        ),
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _filled(page: str, name: str, part: str) -> str:
    """The page with one of its parts made new; it must be there."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    page, number = pattern.subn(lambda _: f"{begin}\n{part}\n{end}", page)
    if number != 1:
        raise SystemExit(f"{PAGE.name}: needs one {begin} with its end, add it and measure again")
    return page


def measure(*, write: bool, seed: int = SEED) -> None:
    """Measures everything and shows it; with `write` the page and its picture are made new."""
    found = dict(_parts(seed))
    picture = found.pop("picture")
    for text in found.values():
        _say(f"\n{text}")
    if write:
        page = PAGE.read_text(encoding="utf-8")
        for name, part in found.items():
            page = _filled(page, name, part)
        PAGE.write_text(page, encoding="utf-8")
        PICTURE.write_text(picture, encoding="utf-8")


def main() -> None:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="to try something")
    parser.add_argument("--write", action="store_true", help="write docs/matching.md and .svg")
    given = parser.parse_args()
    measure(write=given.write, seed=given.seed)


if __name__ == "__main__":
    main()
