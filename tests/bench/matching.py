"""Many trials: what a tap costs, and how many questions somebody is asked.

`python -m tests.bench.matching --write` measures and writes the tables of `docs/matching.md`. All
figures of a table come from one run on one core.
"""

import argparse
import platform
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path
from random import Random

from bot.data import ROOT, read_sources
from dialogs.catalogue import read_catalogue
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.choosing import choose
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index
from dialogs.eligibility.questions import Bank, Question
from tests.people import Person, after, drawn, reply, trial_by_chance

__all__ = ["counts", "pending", "small", "tap_costs"]

SIZES = (100, 1_000, 10_000)
#: Not the seed that anything was tried with.
SEED = 20_261_127
PATIENTS = 2_000
DOC = ROOT / "docs" / "matching.md"
Ask = Callable[[Answers], Question | None]


def tap_costs(index: Index, people: Sequence[Person]) -> list[float]:
    """Milliseconds of one core for each tap: verdicts of all trials and the next question."""
    costs = []
    for person in people:
        answers = Answers()
        while True:
            begun = time.process_time()
            question = choose(index, answers, index.everything)
            index.fails(answers)
            costs.append(1000 * (time.process_time() - begun))
            if question is None:
                break
            answers = after(index.bank, answers, question, reply(question, person))
    return costs


def pending(index: Index, answers: Answers) -> list[Question]:
    """What can still change a result, in the order of the bank; sensitive questions last."""
    survey = index.survey(answers)
    active = index.everything & ~survey.fails
    found = [
        question
        for question in index.bank.questions.values()
        if not question.answered(answers.state)
        and any(
            survey.due.get(slot, 0) & active & index.orders[question.id] for slot in question.slots
        )
    ]
    return sorted(found, key=lambda question: question.sensitive)


def counts(index: Index, people: Sequence[Person], ask: Ask) -> float:
    """The mean number of questions until every trial is settled."""
    total = 0
    for person in people:
        answers = Answers()
        while (question := ask(answers)) is not None:
            total += 1
            answers = after(index.bank, answers, question, reply(question, person))
    return total / len(people)


def in_order(index: Index, order: Sequence[Question]) -> Ask:
    """Asks in a fixed order, never what can change nothing."""
    place = {question: n for n, question in enumerate(order)}

    def ask(answers: Answers) -> Question | None:
        return min(pending(index, answers), key=lambda q: (q.sensitive, place[q]), default=None)

    return ask


def best_policy(index: Index) -> Ask:
    """The order that expects fewest questions, each answer considered: dynamic programming."""

    @cache
    def expected(answers: Answers) -> tuple[float, Question | None]:
        options = pending(index, answers)
        usual = [question for question in options if not question.sensitive] or options
        best: tuple[float, Question | None] = (0.0, None)
        for question in usual:
            cost = 1.0 + sum(
                prior * expected(after(index.bank, answers, question, number))[0]
                for number, prior in question.priors.items()
            )
            if best[1] is None or cost < best[0]:
                best = cost, question
        return best

    return lambda answers: expected(answers)[1]


def small(bank: Bank, trials: Sequence[Trial], questions: Sequence[str]) -> Index:
    """The real trials cut down to criteria over these questions: small enough to search whole."""
    asked = {fact.slot for name in questions for fact in bank.questions[name].facts}
    cut = []
    for trial in trials:
        criteria = tuple(c for c in trial.criteria if c.slots and c.slots <= asked)
        order = tuple(q for q in trial.order if q.id in questions)
        if criteria:
            cut.append(replace(trial, criteria=criteria, order=order))
    return Index(bank, cut)


#: Seven questions that the real trials share; together they make some 10,000 sets of answers.
QUESTIONS = ("spread", "hormone_receptors", "her2", "treatment", "activity", "pik3ca", "diabetes")


def _speeds(bank: Bank) -> Iterator[str]:
    yield "| Trials | A tap, median | 95 % below | Worst | Index made in | Memory of the index |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for size in SIZES:
        random = Random(SEED)
        trials = [trial_by_chance(bank, number, random) for number in range(1, size + 1)]
        tracemalloc.start()
        begun = time.process_time()
        index = Index(bank, trials)
        made = time.process_time() - begun
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        people = [drawn(bank, random) for _ in range(10)]
        choose(index, Answers(), index.everything)
        costs = sorted(tap_costs(index, people))
        yield (
            f"| {size:,} | {statistics.median(costs):.2f} ms | "
            f"{costs[int(0.95 * len(costs))]:.2f} ms | {costs[-1]:.2f} ms | {made:.2f} s | "
            f"{memory:.1f} MB |"
        )
        sys.stdout.write(f"{size} trials, {len(costs)} taps\n")


def _orders(bank: Bank, trials: Sequence[Trial]) -> Iterator[str]:
    index = small(bank, trials, QUESTIONS)
    everybody = [drawn(bank, Random(f"{SEED} {n}")) for n in range(PATIENTS)]
    named = [bank.questions[name] for name in QUESTIONS]
    file = [question for question in bank.questions.values() if question in named]
    mine = counts(index, everybody, lambda answers: choose(index, answers, index.everything))
    by_file = counts(index, everybody, in_order(index, file))
    sample = everybody[:: PATIENTS // 100]
    orders = {order: counts(index, sample, in_order(index, order)) for order in permutations(named)}
    ten = sorted(orders, key=lambda order: orders[order])[:10]
    static = min(counts(index, everybody, in_order(index, order)) for order in ten)
    best = counts(index, everybody, best_policy(index))
    yield "| Order of questions | Mean number of questions | Beside the best |"
    yield "| --- | --- | --- |"
    for name, count in (
        ("best of all that consider each answer (exhaustive)", best),
        ("this service", mine),
        ("best fixed order of all 5,040 (exhaustive)", static),
        ("order of the file", by_file),
    ):
        yield f"| {name} | {count:.3f} | {100 * (count / best - 1):+.1f} % |"
    real = Index(bank, trials)
    people = everybody[:500]
    ours = counts(real, people, lambda answers: choose(real, answers, real.everything))
    filed = counts(real, people, in_order(real, list(bank.questions.values())))
    yield ""
    yield f"All eight studies whole, as if all were open, 500 of these people: {ours:.2f} questions"
    yield f"by this service, {filed:.2f} in the order of the file."


def main() -> None:
    """Measures; with `--write` the document is written anew."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    write = options.parse_args().write
    catalogue = read_catalogue(read_sources())
    trials = sorted(catalogue.trials.values(), key=lambda trial: trial.number)
    parts = {
        "speed": "\n".join(_speeds(catalogue.bank)),
        "orders": "\n".join(_orders(catalogue.bank, trials)),
        "when": f"Measured on {date.today()}, Python {platform.python_version()}, one core.",
    }
    for text in parts.values():
        sys.stdout.write(f"{text}\n\n")
    if write:
        _write(DOC, parts)


def _write(path: Path, parts: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = re.sub(
            rf"<!-- begin {name} -->.*?<!-- end {name} -->",
            f"<!-- begin {name} -->\n{part}\n<!-- end {name} -->", text, flags=re.DOTALL,
        )  # fmt: skip
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
