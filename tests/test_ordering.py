"""Which question comes next, and how many there are."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue, Sources, read_catalogue
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, Answers
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Standing, Verdict, assess, judge
from dialogs.eligibility.ordering import (
    Look,
    answered_questions,
    next_question,
    path,
    previous_question,
)
from dialogs.eligibility.questions import Question
from dialogs.eligibility.rows import holds
from tests.builders import STRAIGHT, edited, entry, told

#: Today's length of the straight way, and the most that it may ever have.
SCREENS = 13
LIMIT = 15
PICKS = st.lists(st.integers(0, 6), min_size=22, max_size=22)


def upcoming(catalogue: Catalogue, answers: Answers) -> Question | None:
    """The next question of PALATINE after these answers."""
    trial = catalogue.trials[1]
    return next_question(trial, Look(trial, catalogue.bank, answers))


def asked(catalogue: Catalogue, numbers: dict[str, int]) -> list[str]:
    """The ids of the questions asked when each is answered as said, or as on the straight way."""
    answers = Answers()
    found = []
    while question := upcoming(catalogue, answers):
        number = numbers.get(question.id, STRAIGHT.get(question.id, NOT_SURE))
        changes = question.changes(number, answers)

        assert changes is not None
        assert question.id not in found

        answers = catalogue.bank.counted(answers.replaced(changes))
        found.append(question.id)
    return found


def answer(catalogue: Catalogue, answers: Answers, question: Question, pick: int) -> Answers:
    """The answers after one of the buttons of `question`."""
    numbers = [*question.choices, NOT_SURE, *([PREFER_NOT] if question.prefer_not else [])]
    changes = question.changes(numbers[pick % len(numbers)], answers)

    assert changes is not None

    return catalogue.bank.counted(answers.replaced(changes))


def test_the_straight_way_is_short(catalogue: Catalogue) -> None:
    """Thirteen screens from the first question to *worth asking about*."""
    found = asked(catalogue, {})

    assert list(STRAIGHT) == found
    assert SCREENS == len(found) <= LIMIT


def test_the_progress_line_tells_the_truth_on_the_straight_way(
    catalogue: Catalogue, palatine: Trial
) -> None:
    """The total never grows on it, and each question has its place in it."""
    answers = Answers()
    totals = []
    places = []
    while question := upcoming(catalogue, answers):
        on_path = path(palatine, catalogue.bank, answers)
        totals.append(len(on_path))
        places.append(on_path.index(question) + 1)
        answers = answer(catalogue, answers, question, STRAIGHT[question.id] - 1)

    assert list(range(1, SCREENS + 1)) == places
    assert SCREENS == totals[-1] <= totals[0] <= LIMIT
    assert sorted(totals, reverse=True) == totals


@pytest.mark.parametrize(
    ("numbers", "more"),
    [
        ({"spread": 1}, {"bone_rays", "bone_type"}),
        ({"other_breast_cancer": 2}, {"earlier_kind"}),
        ({"other_breast_cancer": 3}, {"earlier_kind"}),
        ({"other_breast_cancer": 4}, {"both_alike"}),
        ({"other_breast_cancer": 5}, set()),
        ({"other_points": 2}, {"other_cancer_kind"}),
        ({"other_points": 5}, set()),
        ({"could_become_pregnant": 2}, {"pregnant", "contraception"}),
        ({"could_become_pregnant": 6}, {"pregnant", "contraception"}),
        ({"could_become_pregnant": 7}, set()),
        ({"hormone_receptors": 6, "her2": 6}, {"biopsy"}),
        ({"spread": 6}, set()),
    ],
)
def test_a_question_is_asked_behind_its_gate_only(
    catalogue: Catalogue, numbers: dict[str, int], more: set[str]
) -> None:
    """An answer opens the questions that depend on it, and no others."""
    assert set(STRAIGHT) | more == set(asked(catalogue, numbers))


def test_the_longest_way_is_bearable(catalogue: Catalogue) -> None:
    """Even when every gate opens, nobody is asked the whole bank."""
    numbers = {
        "spread": 1,
        "hormone_receptors": 6,
        "her2": 6,
        "other_breast_cancer": 2,
        "earlier_kind": 1,
        "other_points": 2,
        "other_cancer_kind": 1,
        "could_become_pregnant": 6,
        "bone_rays": 2,
        "bone_type": 1,
    }

    assert len(asked(catalogue, numbers)) <= 20


@settings(max_examples=150)
@given(picks=PICKS)
def test_no_question_is_asked_in_vain(catalogue: Catalogue, picks: list[int]) -> None:
    """Each question asks an applicable fact of a criterion that is still open, once.

    Sensitive ones come only while nothing has ruled the study out.
    """
    bank, palatine = catalogue.bank, catalogue.trials[1]
    answers = Answers()
    seen: list[Question] = []
    while question := upcoming(catalogue, answers):
        state = answers.state
        open_slots: set[int] = set()
        for criterion in palatine.criteria:
            if judge(criterion, state) is Standing.NOT_KNOWN:
                open_slots |= criterion.slots
        verdict = assess(palatine, bank, answers).verdict

        assert question not in seen
        assert not question.answered(state)
        assert any(fact.slot in open_slots and holds(fact.ask_if, state) for fact in question.facts)
        assert not (question.sensitive and verdict is Verdict.NOT_A_FIT)
        assert question in path(palatine, bank, answers)

        seen.append(question)
        answers = answer(catalogue, answers, question, picks[len(seen) - 1])

    assert len(seen) <= 20


@settings(max_examples=100)
@given(picks=PICKS)
def test_what_is_no_longer_asked_could_change_nothing(
    catalogue: Catalogue, picks: list[int]
) -> None:
    """At the end, no answer to any question left could change the verdict or rule out more."""
    bank, palatine = catalogue.bank, catalogue.trials[1]
    answers = Answers()
    for pick in picks:
        question = upcoming(catalogue, answers)
        if question is None:
            break
        answers = answer(catalogue, answers, question, pick)
    if upcoming(catalogue, answers) is not None:
        return
    before = assess(palatine, bank, answers).verdict
    # Whoever knows a receptor has had a biopsy of the breast: that question is left out on purpose.
    left = [q for q in palatine.order if not q.answered(answers.state) and q.id != "biopsy"]

    for question in left:
        if before is Verdict.NOT_A_FIT or not any(
            holds(fact.ask_if, answers.state) for fact in question.facts
        ):
            continue
        for pick in range(7):
            after = answer(catalogue, answers, question, pick)

            assert before is assess(palatine, bank, after).verdict, question.id


def test_back_leads_through_the_answers(catalogue: Catalogue, palatine: Trial) -> None:
    """From the end to the first question, each answered one once, in reverse order."""
    bank = catalogue.bank
    answers = Answers()
    while question := upcoming(catalogue, answers):
        answers = answer(catalogue, answers, question, STRAIGHT[question.id] - 1)
    found = []
    here: Question | None = None
    while back := previous_question(palatine, bank, answers, here):
        found.append(back.id)
        here = back

    assert list(reversed(STRAIGHT)) == found


@pytest.mark.parametrize("number", [NOT_SURE, PREFER_NOT])
def test_what_is_not_known_is_an_answer_too(
    catalogue: Catalogue, palatine: Trial, number: int
) -> None:
    """Whoever does not know, or prefers not to say, still finds all her answers and way back."""
    bank = catalogue.bank
    answers = Answers()
    given_to = []
    while question := upcoming(catalogue, answers):
        changes = question.changes(number, answers) or question.changes(NOT_SURE, answers)

        assert changes is not None

        answers = bank.counted(answers.replaced(changes))
        given_to.append(question.id)

    assert sorted(given_to) == sorted(
        question.id for question in answered_questions(palatine, answers.state)
    )


def test_there_is_nothing_before_the_first_question(catalogue: Catalogue, palatine: Trial) -> None:
    """Whether anything was answered or not."""
    first = palatine.order[0]
    some = told(catalogue.bank, spread="none", her2="low")

    assert previous_question(palatine, catalogue.bank, Answers(), first) is None
    assert previous_question(palatine, catalogue.bank, Answers(), None) is None
    assert previous_question(palatine, catalogue.bank, some, first) is None


def test_an_answer_given_on_another_screen_is_not_listed_again(
    catalogue: Catalogue, palatine: Trial
) -> None:
    """Where it spread was told with the first question, or on its own screen."""
    bank = catalogue.bank
    at_once = told(bank, spread="at_diagnosis", spread_sites="bones_only", her2="low")
    apart = told(bank, spread="later", spread_sites="bones_only", her2="low")

    def listed(answers: Answers) -> list[str]:
        return [question.id for question in answered_questions(palatine, answers.state)]

    assert ["spread", "her2"] == listed(at_once)
    assert ["spread", "her2", "spread_sites"] == listed(apart)


def test_the_order_is_the_authors_own(palatine: Trial) -> None:
    """What decides most comes first, what is sensitive last."""
    sensitive = [question.sensitive for question in palatine.order]

    assert ["spread", "hormone_receptors", "her2"] == [q.id for q in palatine.order[:3]]
    assert sorted(sensitive) == sensitive
    assert date(2022, 10, 7) == palatine.demonstration


@settings(max_examples=300)
@given(picks=PICKS)
def test_a_look_agrees_with_judging_each_criterion(catalogue: Catalogue, picks: list[int]) -> None:
    """What is due is applicable, unanswered and named by an open criterion; no more, no less."""
    trial, bank = catalogue.trials[1], catalogue.bank
    answers = Answers()
    for question, pick in zip(trial.order, picks, strict=True):
        if pick:
            answers = answer(catalogue, answers, question, pick)
    look = Look(trial, bank, answers)
    standings = {
        criterion: judge(criterion, answers.state)
        for criterion in trial.criteria
        if not criterion.definition
    }
    named = {
        slot
        for criterion, standing in standings.items()
        if standing is Standing.NOT_KNOWN
        for slot in criterion.slots
    }
    due = sum(
        1 << 8 * fact.slot
        for fact in bank.facts.values()
        if fact.slot in named and not answers[fact.slot] and holds(fact.ask_if, answers.state)
    )

    assert due == look.due
    assert look.ruled_out is (Standing.FAILS in standings.values())


def test_a_criterion_that_is_met_unanswered_asks_nothing(sources: Sources) -> None:
    """A table may say that silence is enough: then nothing is due for it."""

    def silent(data: dict[str, Any]) -> None:
        entry(data, "criterion", "I3")["meets"][0]["age"].append("unanswered")

    before = read_catalogue(sources)
    after = read_catalogue(edited(sources, "NCT03870919.toml", silent))
    age = 1 << 8 * before.bank.facts["age"].slot

    assert age & Look(before.trials[1], before.bank, Answers()).due
    assert not age & Look(after.trials[1], after.bank, Answers()).due
