"""All trials at once say what each of them says alone."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index, Survey
from dialogs.eligibility.matching import Verdict, assess
from dialogs.eligibility.ordering import Look
from dialogs.eligibility.questions import Bank
from tests.builders import told
from tests.people import trial_by_chance

SEEDS = st.integers(0, 2**32)
CODES = st.lists(st.integers(0, 7), min_size=47, max_size=47)


def answers_of(bank: Bank, codes: Sequence[int]) -> Answers:
    """Any answers that the facts of the bank can have."""
    facts = sorted(bank.facts.values(), key=lambda fact: fact.slot)
    allowed = {
        fact.slot: (0, *fact.values.values(), 6, *((7,) if fact.prefer_not else ()))
        for fact in facts
    }
    codes_told = {
        slot: options[code % len(options)]
        for (slot, options), code in zip(allowed.items(), codes, strict=True)
    }
    return Answers().replaced(codes_told)


def verdict(survey: Survey, place: int) -> Verdict:
    """The verdict on the trial of one bit."""
    if survey.fails >> place & 1:
        return Verdict.NOT_A_FIT
    return Verdict.POINTS_TO_CHECK if survey.open >> place & 1 else Verdict.WORTH_ASKING


def alike(index: Index, trials: Sequence[Trial], bank: Bank, answers: Answers) -> None:
    """Verdict and what is due are, for each trial, what it says alone."""
    survey = index.survey(answers)
    for place, trial in enumerate(trials):
        due = sum(1 << 8 * slot for slot, bits in survey.due.items() if bits >> place & 1)

        found = assess(trial, bank, answers).verdict

        assert found is verdict(survey, place), trial.id
        if found is not Verdict.NOT_A_FIT:
            assert Look(trial, bank, answers).due == due, trial.id


@settings(max_examples=300)
@given(codes=CODES)
def test_the_real_trials_are_judged_as_alone(everything: Catalogue, codes: list[int]) -> None:
    """Whatever the answers are, sensible or not."""
    trials = sorted(everything.trials.values(), key=lambda trial: trial.number)
    alike(everything.index, trials, everything.bank, answers_of(everything.bank, codes))


@settings(max_examples=40)
@given(codes=CODES, seed=st.integers(0, 2**32))
def test_trials_by_chance_are_judged_as_alone(
    everything: Catalogue, codes: list[int], seed: int
) -> None:
    """Also rules over several facts, several alike in one trial, and the centre's."""
    bank, random = everything.bank, Random(seed)
    trials = [trial_by_chance(bank, number, random) for number in range(1, 12)]
    alike(Index(bank, trials), trials, bank, answers_of(bank, codes))


@settings(max_examples=60)
@given(codes=CODES, added=st.integers(0, 2**32))
def test_another_trial_changes_nothing_for_the_others(
    everything: Catalogue, codes: list[int], added: int
) -> None:
    """With one more trial, with a lower or a higher number, the others are judged as before."""
    bank, answers = everything.bank, answers_of(everything.bank, codes)
    before = everything.index.survey(answers)
    more = trial_by_chance(bank, 9, Random(added))
    after = Index(bank, [*everything.trials.values(), more]).survey(answers)
    mask = everything.index.everything

    assert (before.fails, before.open) == (after.fails & mask, after.open & mask)
    assert before.due == {s: bits & mask for s, bits in after.due.items() if bits & mask}


@pytest.mark.parametrize(
    ("answers", "due", "later"),
    [
        ({}, set(), {"hormone_line", "hormone_growth"}),
        ({"treatment": "other"}, {"hormone_line"}, {"hormone_growth"}),
        ({"treatment": "none"}, set(), set()),
        ({"treatment": "other", "hormone_line": "alone"}, {"hormone_growth"}, set()),
        ({"treatment": "other", "hormone_line": "not_sure"}, set(), set()),
    ],
    ids=["nothing", "first gate open", "first gate shut", "both open", "second gate shut"],
)
def test_a_fact_behind_gates_may_still_come(
    everything: Catalogue, answers: dict[str, str], due: set[str], later: set[str]
) -> None:
    """Hormones since the spread, and the growth under them: asked one after the other, or never."""
    bank = everything.bank
    index = Index(bank, [everything.trials[7]])
    survey = index.survey(told(bank, **answers))
    names = {bank.facts[name].slot: name for name in ("hormone_line", "hormone_growth")}

    assert due == {names[slot] for slot in survey.due if slot in names}
    assert later == {names[slot] for slot in survey.later if slot in names}


def fitting(trial: Trial, bank: Bank, random: Random) -> Answers:
    """Answers by which each criterion of the trial that is not the centre's is met, if they can."""
    codes: dict[int, int] = {}
    for criterion in trial.criteria:
        if criterion.meets and not criterion.centre:
            for slot, mask in random.choice(criterion.meets).pairs:
                codes.setdefault(slot, random.choice([c for c in range(8) if mask >> c & 1]))
    return bank.counted(Answers().replaced(codes))


@settings(max_examples=300)
@given(seed=SEEDS, picks=CODES, number=st.integers(1, 8), real=st.booleans())
def test_more_answers_never_turn_a_fit_into_a_question(
    everything: Catalogue, seed: int, picks: list[int], number: int, real: bool
) -> None:
    """Who is *worth asking about* stays so or does not fit, whatever she answers besides.

    Also *I don't know* and *I'd rather not say* to any of the facts that were unanswered.
    """
    bank, random = everything.bank, Random(seed)
    trial = everything.trials[number] if real else trial_by_chance(bank, number, random, 6)
    index = Index(bank, [trial])
    answers = fitting(trial, bank, random)
    assume(verdict(index.survey(answers), 0) is Verdict.WORTH_ASKING)
    any_ = answers_of(bank, picks)
    slots = [fact.slot for fact in bank.facts.values() if not answers[fact.slot]]
    some = random.sample(slots, random.randint(1, len(slots)))
    more = answers.replaced({slot: any_[slot] for slot in some})

    assert Verdict.POINTS_TO_CHECK is not verdict(index.survey(more), 0)


def test_another_answer_instead_of_not_sure_can_open_a_question(everything: Catalogue) -> None:
    """*Not sure* of the treatment is met by local treatment only; a first tablet is a doubt."""
    bank, trial = everything.bank, everything.trials[4]
    index, treatment, lines = Index(bank, [trial]), bank.facts["treatment"], bank.facts["lines"]
    local = {treatment.slot: NOT_SURE, lines.slot: lines.values["local_only"]}
    people = (fitting(trial, bank, Random(seed)) for seed in range(1000))
    unsure = next(
        answers
        for answers in (bank.counted(fits.replaced(local)) for fits in people)
        if verdict(index.survey(answers), 0) is Verdict.WORTH_ASKING
    )
    begun = unsure.replaced({treatment.slot: treatment.values["hormones_begun"]})

    assert Verdict.POINTS_TO_CHECK is verdict(index.survey(begun), 0)


def test_sets_of_trials_are_told_by_number(everything: Catalogue) -> None:
    """There and back, in the order of numbers; an unknown number is an error."""
    index = everything.index

    assert [2, 5, 8] == list(index.numbers_in(index.of([8, 2, 5, 2])))
    assert list(range(1, 9)) == list(index.numbers_in(index.everything))
    assert [] == list(index.numbers_in(0))
    with pytest.raises(KeyError):
        index.of([9])
