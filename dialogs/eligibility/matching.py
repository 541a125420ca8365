"""What answers mean for a trial: three-valued, criterion by criterion.

Any criterion fails: *does not seem to fit*. All that a patient can answer are met: *worth asking
about*. Otherwise: *points to check*. What only the centre can know never counts against her.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.eligibility.criteria import Criterion, Trial, Unclear
from dialogs.eligibility.facts import Fact
from dialogs.eligibility.questions import Bank

__all__ = ["Assessment", "Outcome", "Standing", "Verdict", "assess", "judge"]


class Standing(Enum):
    """How one criterion stands."""

    MEETS = "meets"
    FAILS = "fails"
    NOT_KNOWN = "not known"


class Verdict(Enum):
    """The result; never "eligible", which only the study team can say."""

    WORTH_ASKING = "worth asking about"
    POINTS_TO_CHECK = "points to check"
    NOT_A_FIT = "does not seem to fit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One criterion's standing; `unclear` is the row that left it open, if one did."""

    criterion: Criterion
    standing: Standing
    unclear: Unclear | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All outcomes of a trial in its own order, and what follows.

    `failing` are the criteria that fail; `open` is what is not known and could be known by her or
    her doctor, `for_centre` what is not known and is the centre's to check. `fragile` is the fact
    that alone rules her out although it is often misremembered; `temporary` says that all failing
    criteria are of the *no for now* kind.
    """

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    failing: tuple[Criterion, ...]
    open: tuple[Outcome, ...]
    for_centre: tuple[Outcome, ...]
    fragile: Fact | None
    temporary: bool


class _Ready(NamedTuple):
    """All outcomes that one criterion can have, each with the bits of a state that break its row.

    `unclear` are those of its unclear rows, `unknown` is what is left when no row holds.
    """

    fails: tuple[int, ...]
    failing: Outcome
    meets: tuple[int, ...]
    meeting: Outcome
    unclear: tuple[tuple[int, Outcome], ...]
    unknown: Outcome


@lru_cache(maxsize=64)
def _ready(trial: Trial) -> tuple[_Ready, ...]:
    return tuple(
        _Ready(
            tuple(row.forbidden for row in criterion.fails),
            Outcome(criterion, Standing.FAILS),
            tuple(row.forbidden for row in criterion.meets),
            Outcome(criterion, Standing.MEETS),
            tuple(
                (item.when.forbidden, Outcome(criterion, Standing.NOT_KNOWN, item))
                for item in criterion.unclear
            ),
            Outcome(criterion, Standing.NOT_KNOWN),
        )
        for criterion in trial.criteria
        if not criterion.definition
    )


def judge(criterion: Criterion, state: int) -> Standing:
    """How `criterion` stands, given the state of all answers."""
    for row in criterion.fails:
        if not state & row.forbidden:
            return Standing.FAILS
    for row in criterion.meets:
        if not state & row.forbidden:
            return Standing.MEETS
    return Standing.NOT_KNOWN


def _outcome(ready: _Ready, state: int) -> Outcome:
    for forbidden in ready.fails:
        if not state & forbidden:
            return ready.failing
    for forbidden in ready.meets:
        if not state & forbidden:
            return ready.meeting
    for forbidden, outcome in ready.unclear:
        if not state & forbidden:
            return outcome
    return ready.unknown


def assess(trial: Trial, bank: Bank, answers: Answers) -> Assessment:
    """The verdict on `trial`; answers whose `ask_if` does not hold do not count."""
    answers = bank.counted(answers)
    state = answers.state
    outcomes = tuple(_outcome(ready, state) for ready in _ready(trial))
    meets = Standing.MEETS
    others = [outcome for outcome in outcomes if outcome.standing is not meets]
    failing = tuple(o.criterion for o in others if o.standing is Standing.FAILS)
    unknown = [o for o in others if o.standing is Standing.NOT_KNOWN]
    doubts = tuple(o for o in unknown if not o.criterion.centre)
    if failing:
        verdict = Verdict.NOT_A_FIT
    else:
        verdict = Verdict.POINTS_TO_CHECK if doubts else Verdict.WORTH_ASKING
    return Assessment(
        verdict,
        outcomes,
        failing,
        doubts,
        tuple(o for o in unknown if o.criterion.centre),
        _fragile(failing, bank, answers) if failing else None,
        bool(failing) and all(criterion.temporary for criterion in failing),
    )


def _fragile(failing: Sequence[Criterion], bank: Bank, answers: Answers) -> Fact | None:
    """The fragile fact without which nothing would fail, if there is one."""
    for fact in bank.facts.values():
        code = answers[fact.slot]
        if fact.fragile >> code & 1:
            doubted = bank.counted(answers.replaced({fact.slot: NOT_SURE})).state
            if not any(judge(criterion, doubted) is Standing.FAILS for criterion in failing):
                return fact
    return None
