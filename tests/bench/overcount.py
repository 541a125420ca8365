"""How often a step is counted twice: people who tap twice, go back, and press old buttons.

`python -m tests.bench.overcount` lets 2,000 simulated people talk about PALATINE, some hundred at
a time, as its demonstration shows it. Of each screen's buttons one is pressed by chance; in 15 of
100 cases twice at once, in 5 of 100 it is a button of any earlier screen of hers. What was counted
is set against what was reached, for no ring, a small one, the service's own, and for the service's
own with a restart in the middle.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from bot.data import read_sources
from bot.tally import LONG, Tally
from dialogs.catalogue import Catalogue, read_catalogue
from dialogs.conversation.dialog import Turn, turn
from dialogs.conversation.milestones import Mark
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action
from dialogs.wire.pack import Tap

__all__ = ["Case", "over"]

PEOPLE = 2_000
AT_ONCE = 300
TAPS = 60
_TWICE, _OLD, _LEAVES = 0.15, 0.05, 0.01
_ONWARD = {Action.START, Action.WHOM, Action.ANSWER, Action.RESULT, Action.GO_ON, Action.CONTACT,
           Action.REGION, Action.CENTRE, Action.AGREED}  # fmt: skip


@dataclass
class Case:
    """One way to count: the size of the ring, and after how many people it is lost once."""

    name: str
    size: int
    lost: int = 0


CASES = (
    Case("token alone, no ring", 0),
    Case("ring of 1,024", 1_024),
    Case("ring of 65,536 (the service's)", 65_536),
    Case("the same, one restart in the middle", 65_536, PEOPLE // 2),
)


def _talk(catalogue: Catalogue, tag: int, chance: Random) -> Iterator[Turn]:
    """The turns of one person."""
    day = catalogue.trials[1].demonstration
    done = turn(Session("fr", trial=1, tag=tag), Tap(Action.SHOW), day, catalogue)
    yield done
    seen = [done]
    for _ in range(TAPS):
        if chance.random() < _LEAVES:
            return
        shown = chance.choice(seen) if chance.random() < _OLD else done
        buttons = shown.view.buttons()
        ways = [one for one in buttons if one.action in _ONWARD] or list(buttons)
        button = chance.choice(ways if chance.random() < 0.9 else buttons)
        for _ in range(2 if chance.random() < _TWICE else 1):
            done = turn(shown.session, Tap(button.action, button.arg), day, catalogue)
            yield done
        seen.append(done)


def over(catalogue: Catalogue, case: Case, people: int, seed: int) -> tuple[float, float]:
    """Per cent counted too much: of steps and results, and of questions and reasons."""
    chance = Random(seed)
    tally = Tally(lambda: date(2026, 3, 3), case.size)
    reached: set[tuple[int, Mark]] = set()
    waiting = list(range(people))
    talks: dict[int, Iterator[Turn]] = {}
    sums: Counter[bool] = Counter()

    def written() -> None:
        def add(counts: dict[object, int]) -> None:
            for key, number in counts.items():
                sums[str(getattr(key, "step", "")).startswith(LONG)] += number

        tally.flush(add)  # type: ignore[arg-type]

    while waiting or talks:
        while waiting and len(talks) < AT_ONCE:
            number = waiting.pop()
            talks[number] = _talk(catalogue, number, Random(seed * people + number))
            if case.lost and len(waiting) == case.lost:
                written()
                tally = Tally(lambda: date(2026, 3, 3), case.size)
        number = chance.choice(list(talks))
        done = next(talks[number], None)
        if done is None:
            del talks[number]
            continue
        tally.note(done.session, done.marks, catalogue.trials)
        reached |= {(done.session.tag, mark) for mark in done.marks}
    written()
    truth = Counter(mark.step.startswith(LONG) for _, mark in reached)
    return tuple(100 * (sums[long] / truth[long] - 1) for long in (False, True))  # type: ignore[return-value]


def main() -> int:
    """Prints the table of `docs/figures.md`."""
    catalogue = replace(read_catalogue(read_sources()), demonstration=True)
    write = sys.stdout.write
    write("| How | steps and results | questions and reasons |\n| --- | --- | --- |\n")
    for case in CASES:
        steps, questions = over(catalogue, case, PEOPLE, 7)
        write(f"| {case.name} | {steps:.2f} % | {questions:.2f} % |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
