"""All trials at once say what each of them says alone."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index, Survey
from dialogs.eligibility.matching import Verdict, assess
from dialogs.eligibility.ordering import Look
from dialogs.eligibility.questions import Bank
from tests.people import drawn, trial_by_chance

CODES = st.lists(st.integers(0, 7), min_size=47, max_size=47)


def answers_of(bank: Bank, codes: Sequence[int]) -> Answers:
    """Any answers that the facts of the bank can have."""
    facts = sorted(bank.facts.values(), key=lambda fact: fact.slot)
    allowed = {
        fact.slot: (0, *fact.values.values(), 6, *((7,) if fact.prefer_not else ()))
        for fact in facts
    }
    told = {
        slot: options[code % len(options)]
        for (slot, options), code in zip(allowed.items(), codes, strict=True)
    }
    return Answers().replaced(told)


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


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), picks=CODES)
def test_more_answers_never_turn_a_fit_into_a_question(
    everything: Catalogue, seed: int, picks: list[int]
) -> None:
    """Who is *worth asking about* stays so or does not fit, whatever else she answers."""
    bank, random = everything.bank, Random(seed)
    everybody = drawn(bank, random)
    answers = bank.counted(Answers().replaced(everybody))
    places = range(len(everything.trials))
    fits = [p for p in places if verdict(everything.index.survey(answers), p) is WORTH]
    more = bank.counted(
        answers.replaced({s: c for s, c in enumerate(picks, 1) if not answers[s] and c <= 2})
    )
    later = everything.index.survey(more)

    assert Verdict.POINTS_TO_CHECK not in {verdict(later, place) for place in fits}


WORTH = Verdict.WORTH_ASKING


def test_sets_of_trials_are_told_by_number(everything: Catalogue) -> None:
    """There and back, in the order of numbers; an unknown number is an error."""
    index = everything.index

    assert [2, 5, 8] == list(index.numbers_in(index.of([8, 2, 5, 2])))
    assert list(range(1, 9)) == list(index.numbers_in(index.everything))
    assert [] == list(index.numbers_in(0))
    with pytest.raises(KeyError):
        index.of([9])
