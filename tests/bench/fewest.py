"""How many questions: the tables of docs/matching.md about orders of asking."""

import statistics
from collections.abc import Sequence
from random import Random

from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index
from dialogs.eligibility.questions import Bank
from tests.bench.orders import Ways, counts, cut, in_order, ours
from tests.people import Person, trial_by_chance

__all__ = ["chance_cuts", "real_cut", "whole"]

#: Seven questions that the real trials share.
QUESTIONS = ("spread", "hormone_receptors", "her2", "treatment", "activity", "pik3ca", "diabetes")
CUTS, CUT_QUESTIONS, CUT_TRIALS = 50, 7, 8
#: Where few sets of answers are possible, any order is good.
FEWEST_STATES = 1_000


def _beside(value: float, best: float) -> str:
    return f"{100 * (value / best - 1):+.1f} %"


def real_cut(bank: Bank, real: Sequence[Trial], people: Sequence[Person]) -> str:
    """The small catalogue: every policy, exactly and with people."""
    named = [question for question in bank.questions.values() if question.id in QUESTIONS]
    index = cut(bank, real, named)
    ways = Ways(index)
    best = ways.best()
    fixed, order = ways.best_order(named)
    rows = (
        ("the best that considers each answer (of all)", best, ways.wisest),
        ("this service", ways.ours(), ours(index)),
        ("the best fixed order (of all 5,040)", fixed, in_order(index, order)),
        ("the order of the bank's files", ways.of_order(named), in_order(index, named)),
    )
    lines = [
        (
            f"{len(index.numbers)} trials, {len(named)} questions, {len(ways.states):,} sets of "
            "answers:"
        ),
        "",
        f"| Who asks | Expected number, exactly | Beside the best | {len(people):,} people, mean |",
        "| --- | --- | --- | --- |",
    ]
    for name, value, ask in rows:
        mean = f"{statistics.mean(counts(index, people, ask)):.3f}"
        lines.append(f"| {name} | {value:.3f} | {_beside(value, best)} | {mean} |")
    return "\n".join(lines)


def chance_cuts(bank: Bank, real: Sequence[Trial], seed: int) -> str:
    """Small catalogues by chance: how far from the best the service is on each."""
    lines = [
        (
            f"| {CUTS} small catalogues each | This service, mean | Worst | Within 5 % "
            "| Order of the files, mean | Worst |"
        ),
        "| --- " * 6 + "|",
    ]
    for kind in ("real", "chance"):
        random = Random(f"{seed} cuts {kind}")
        mine: list[float] = []
        file: list[float] = []
        while len(mine) < CUTS:
            questions = random.sample(list(bank.questions.values()), CUT_QUESTIONS)
            named = [question for question in bank.questions.values() if question in questions]
            made = [trial_by_chance(bank, n, random) for n in range(1, CUT_TRIALS + 1)]
            index = cut(bank, real if kind == "real" else made, named)
            ways = Ways(index)
            if len(ways.states) < FEWEST_STATES:
                continue
            best = ways.best()
            mine.append(ways.ours() / best)
            file.append(ways.of_order(named) / best)
        near = sum(each <= 1.05 for each in mine)
        name = "of the real trials" if kind == "real" else "of trials by chance"
        lines.append(
            f"| {name} | {_beside(statistics.mean(mine), 1)} | {_beside(max(mine), 1)} "
            f"| {near} of {CUTS} | {_beside(statistics.mean(file), 1)} | {_beside(max(file), 1)} |"
        )
    return "\n".join(lines)


def whole(bank: Bank, real: Sequence[Trial], people: Sequence[Person]) -> str:
    """The real trials whole, where nobody can search all orders."""
    index = Index(bank, real)
    mine = counts(index, people, ours(index))
    file = counts(index, people, in_order(index, bank.questions.values()))
    fewer = statistics.mean(a - b for a, b in zip(file, mine, strict=True))
    error = statistics.stdev(a - b for a, b in zip(file, mine, strict=True)) / len(people) ** 0.5
    return (
        f"All {len(real)} trials whole, as if all were open, the same {len(people):,} people: "
        f"{statistics.mean(mine):.2f} questions by this service (median "
        f"{statistics.median(mine):.0f}, at most {max(mine)}), {statistics.mean(file):.2f} in the "
        f"order of the files (at most {max(file)}); {fewer:.2f} fewer, standard error {error:.2f}. "
        "The best possible is not known here: there are too many sets of answers."
    )
