"""What answers mean for a trial: three-valued, criterion by criterion.

Any criterion fails: *does not seem to fit*. All that a patient can answer are met: *worth asking
about*. Otherwise: *points to check*. What only the centre can know never counts against her.
"""

from dataclasses import dataclass
from enum import Enum

from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, Answers
from dialogs.eligibility.criteria import Criterion, Trial, Unclear
from dialogs.eligibility.questions import Bank, Fact
from dialogs.eligibility.rows import holds

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

    `fragile` is the fact that alone rules her out although it is often misremembered; `temporary`
    says that all failing criteria are of the *no for now* kind.
    """

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    fragile: Fact | None
    temporary: bool

    @property
    def failing(self) -> tuple[Criterion, ...]:
        """The criteria that fail."""
        return tuple(o.criterion for o in self.outcomes if o.standing is Standing.FAILS)

    @property
    def open(self) -> tuple[Outcome, ...]:
        """What is not known and could be known by her or her doctor."""
        return tuple(o for o in self.outcomes if _counts(o))

    @property
    def for_centre(self) -> tuple[Outcome, ...]:
        """What is not known and is the centre's to check."""
        return tuple(
            o for o in self.outcomes if o.standing is Standing.NOT_KNOWN and o.criterion.centre
        )


def _counts(outcome: Outcome) -> bool:
    return outcome.standing is Standing.NOT_KNOWN and not outcome.criterion.centre


def judge(criterion: Criterion, state: int) -> Standing:
    """How `criterion` stands, given the state of all answers."""
    for row in criterion.fails:
        if not state & row.forbidden:
            return Standing.FAILS
    for row in criterion.meets:
        if not state & row.forbidden:
            return Standing.MEETS
    return Standing.NOT_KNOWN


def assess(trial: Trial, bank: Bank, answers: Answers) -> Assessment:
    """The verdict on `trial`; answers whose `ask_if` does not hold do not count."""
    answers = bank.counted(answers)
    state = answers.state
    outcomes = []
    failing = []
    doubt = False
    for criterion in trial.criteria:
        if criterion.definition:
            continue
        standing = judge(criterion, state)
        unclear = None
        if standing is Standing.NOT_KNOWN:
            unclear = next((item for item in criterion.unclear if holds(item.when, state)), None)
            doubt = doubt or not criterion.centre
        elif standing is Standing.FAILS:
            failing.append(criterion)
        outcomes.append(Outcome(criterion, standing, unclear))
    if failing:
        verdict = Verdict.NOT_A_FIT
    else:
        verdict = Verdict.POINTS_TO_CHECK if doubt else Verdict.WORTH_ASKING
    return Assessment(
        verdict,
        tuple(outcomes),
        _fragile(failing, bank, answers) if failing else None,
        bool(failing) and all(criterion.temporary for criterion in failing),
    )


def _fragile(failing: list[Criterion], bank: Bank, answers: Answers) -> Fact | None:
    """The fragile fact without which nothing would fail, if there is one."""
    for fact in bank.facts.values():
        code = answers[fact.slot]
        if fact.fragile >> code & 1 and code not in (NOT_SURE, PREFER_NOT):
            doubted = bank.counted(answers.replaced({fact.slot: NOT_SURE})).state
            if not any(judge(criterion, doubted) is Standing.FAILS for criterion in failing):
                return fact
    return None
