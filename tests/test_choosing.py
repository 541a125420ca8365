"""The next question over several trials."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.choosing import asked, choose
from dialogs.eligibility.index import Index
from dialogs.eligibility.matching import assess
from dialogs.eligibility.ordering import Look, next_question
from dialogs.eligibility.questions import Bank, Question
from tests.people import Person, after, drawn, reply, trial_by_chance

SEEDS = st.integers(0, 2**32)


def walked(index: Index, person: Person, among: int) -> tuple[Answers, list[Question]]:
    """The answers of `person` to all that is asked, and the questions in their order."""
    answers, questions = Answers(), list[Question]()
    while (question := choose(index, answers, among)) is not None:
        assert question not in questions
        assert len(questions) < len(index.bank.questions)

        questions.append(question)
        answers = after(index.bank, answers, question, reply(question, person))
    return answers, questions


def open_to(index: Index, answers: Answers, among: int) -> list[Question]:
    """All questions that one of the trials, which nothing has ruled out, still waits for."""
    survey = index.survey(answers)
    active = among & ~survey.fails
    return [
        question
        for question in index.bank.questions.values()
        if not question.answered(answers.state)
        and any(
            survey.due.get(slot, 0) & active & index.orders[question.id] for slot in question.slots
        )
    ]


@settings(max_examples=80)
@given(seed=SEEDS, chosen=st.integers(1, 255))
def test_a_walk_asks_what_can_change_something(
    everything: Catalogue, seed: int, chosen: int
) -> None:
    """Each question can change a result, none comes twice, the end is when nothing can."""
    index = everything.index
    person = drawn(everything.bank, Random(seed))
    answers = Answers()
    while (question := choose(index, answers, chosen)) is not None:
        assert question in open_to(index, answers, chosen)

        answers = after(everything.bank, answers, question, reply(question, person))

    assert [] == open_to(index, answers, chosen)


@settings(max_examples=60)
@given(seed=SEEDS)
def test_the_order_of_answers_changes_no_verdict(everything: Catalogue, seed: int) -> None:
    """Each trial alone, in its author's order, says what it says among all of them."""
    bank, person = everything.bank, drawn(everything.bank, Random(seed))
    together, _ = walked(everything.index, person, everything.index.everything)
    for trial in everything.trials.values():
        alone = Answers()
        while (question := next_question(trial, Look(trial, bank, alone))) is not None:
            alone = after(bank, alone, question, reply(question, person))

        assert assess(trial, bank, alone).verdict is assess(trial, bank, together).verdict


@settings(max_examples=40)
@given(seed=SEEDS)
def test_sensitive_questions_come_last(everything: Catalogue, seed: int) -> None:
    """None of them is asked while another one could still change a result."""
    index = everything.index
    person = drawn(everything.bank, Random(seed))
    answers = Answers()
    while (question := choose(index, answers, index.everything)) is not None:
        if question.sensitive:
            assert all(one.sensitive for one in open_to(index, answers, index.everything))
        answers = after(everything.bank, answers, question, reply(question, person))


@settings(max_examples=40)
@given(seed=SEEDS)
def test_what_was_asked_is_told_in_its_order(everything: Catalogue, seed: int) -> None:
    """From the answers alone, at any moment of the walk."""
    index, person = everything.index, drawn(everything.bank, Random(seed))
    answers, before = Answers(), list[Question]()
    while (question := choose(index, answers, index.everything)) is not None:
        before.append(question)
        answers = after(everything.bank, answers, question, reply(question, person))

        assert before == asked(index, answers, index.everything)


def test_answers_from_elsewhere_are_told_too(everything: Catalogue) -> None:
    """Who comes from one trial has answered in another order: nothing of it is lost."""
    bank, index, trial = everything.bank, everything.index, everything.trials[1]
    person = drawn(bank, Random(7))
    answers, alone = Answers(), list[Question]()
    while (question := next_question(trial, Look(trial, bank, answers))) is not None:
        alone.append(question)
        answers = after(bank, answers, question, reply(question, person))

    assert set(alone) == set(asked(index, answers, index.of([2, 3])))


@pytest.mark.parametrize("among", [[], [1], [2], [3]])
def test_only_the_trials_named_are_asked_about(everything: Catalogue, among: list[int]) -> None:
    """Of one trial only the questions of its own order; of none, nothing."""
    index = everything.index
    person = drawn(everything.bank, Random(1))
    _, questions = walked(index, person, index.of(among))

    assert set(questions) <= {q for n in among for q in everything.trials[n].order}
    assert bool(questions) is bool(among)


def test_the_question_that_settles_most_comes_first(everything: Catalogue) -> None:
    """Of three trials for HER2 negative cancer and one for men, HER2 is asked before sex."""
    bank = everything.bank
    trials = [everything.trials[number] for number in (1, 2, 4)]
    index = Index(bank, trials)
    first = choose(index, Answers(), index.everything)

    assert first is not None
    worth = {
        question.id: sum(
            prior * (index.survey(after(bank, Answers(), question, number)).fails.bit_count())
            for number, prior in question.priors.items()
        )
        for question in open_to(index, Answers(), index.everything)
    }
    assert worth[first.id] == max(worth.values())


def never_again(bank: Bank, index: Index, answers: Answers) -> bool:
    """Whether no answer can change a verdict any more."""
    before = index.survey(answers)
    for question in bank.questions.values():
        for number in question.priors:
            if question.answered(answers.state):
                continue
            later = index.survey(after(bank, answers, question, number))
            if later.fails != before.fails:
                return False
    return True


@settings(max_examples=15)
@given(seed=SEEDS)
def test_nothing_is_left_out(everything: Catalogue, seed: int) -> None:
    """At the end of a walk over trials by chance no further answer could rule one out."""
    random = Random(seed)
    trials = [trial_by_chance(everything.bank, number, random, 4) for number in range(1, 6)]
    index = Index(everything.bank, trials)
    answers, _ = walked(index, drawn(everything.bank, random), index.everything)

    assert never_again(everything.bank, index, answers)
