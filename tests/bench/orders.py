"""How many questions orders of asking need, weighed exactly on catalogues small enough for that.

Nothing is drawn by chance here: every answer to every question counts with its prior.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations

from dialogs.eligibility.answers import Answers
from dialogs.eligibility.choosing import choose
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.index import Index
from dialogs.eligibility.questions import Bank, Question
from tests.people import Person, after, reply

__all__ = ["Ask", "Ways", "askable", "counts", "cut", "in_order", "ours"]

Ask = Callable[[Answers], Question | None]
#: A question, and for each of its answers the prior and the number of the state that follows.
Move = tuple[Question, tuple[tuple[float, int], ...]]


def askable(index: Index, answers: Answers) -> list[Question]:
    """What may be asked next, in the order of the bank; sensitive only when nothing else is left.

    The questions that `choose` has to choose from, found without it: none that asks for a part of
    another one.
    """
    survey = index.survey(answers)
    active = index.everything & ~survey.fails
    found = [
        question
        for question in index.bank.questions.values()
        if not question.told(answers.state)
        and any(
            survey.due.get(slot, 0) & active & index.orders[question.id] for slot in question.slots
        )
    ]
    usual = [question for question in found if not question.sensitive] or found
    return [one for one in usual if not any(one.slots < other.slots for other in usual)]


def ours(index: Index) -> Ask:
    """Asks what `choose` names."""
    return lambda answers: choose(index, answers, index.everything)


def in_order(index: Index, order: Iterable[Question]) -> Ask:
    """Asks in a fixed order, never what can change nothing."""
    place = {question: n for n, question in enumerate(order)}
    return lambda answers: min(askable(index, answers), key=place.__getitem__, default=None)


def counts(index: Index, people: Sequence[Person], ask: Ask) -> list[int]:
    """For each person, the number of questions until every trial is settled."""
    found = []
    for person in people:
        answers, number = Answers(), 0
        while (question := ask(answers)) is not None:
            number += 1
            answers = after(index.bank, answers, question, reply(question, person))
        found.append(number)
    return found


def cut(bank: Bank, trials: Iterable[Trial], questions: Sequence[Question]) -> Index:
    """The trials cut down to their criteria over these questions; those left without are gone."""
    asked = {fact.slot for question in questions for fact in question.facts}
    found = []
    for trial in trials:
        criteria = tuple(c for c in trial.criteria if c.slots and c.slots <= asked)
        order = tuple(question for question in trial.order if question in questions)
        if criteria:
            found.append(replace(trial, criteria=criteria, order=order))
    return Index(bank, found)


class Ways:
    """All sets of answers that any order of asking can lead to; the first one is empty.

    Their number grows with the product of all answers: seven questions make some 10,000.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.states = [Answers()]
        self._moves: list[list[Move]] = []
        number = self._number = {self.states[0]: 0}
        # The list grows while it is gone through.
        for answers in self.states:
            moves = []
            for question in askable(index, answers):
                following = []
                for choice, prior in question.priors.items():
                    later = after(index.bank, answers, question, choice)
                    if later not in number:
                        number[later] = len(self.states)
                        self.states.append(later)
                    following.append((prior, number[later]))
                moves.append((question, tuple(following)))
            self._moves.append(moves)

        @cache
        def best(state: int) -> tuple[float, Question | None]:
            least: tuple[float, Question | None] = (0.0, None)
            for question, following in self._moves[state]:
                cost = 1.0 + sum(prior * best(later)[0] for prior, later in following)
                if least[1] is None or cost < least[0]:
                    least = cost, question
            return least

        self._best = best

    def ours(self) -> float:
        """The expected number of questions when `choose` asks."""
        index = self.index

        @cache
        def cost(state: int) -> float:
            question = choose(index, self.states[state], index.everything)
            if question is None:
                return 0.0
            following = next(move for asked, move in self._moves[state] if asked is question)
            return 1.0 + sum(prior * cost(later) for prior, later in following)

        return cost(0)

    def best(self) -> float:
        """The least that any way of asking expects which considers each answer."""
        return self._best(0)[0]

    def wisest(self, answers: Answers) -> Question | None:
        """What that way asks next."""
        return self._best(self._number[answers])[1]

    def of_order(self, order: Sequence[Question]) -> float:
        """The expected number in a fixed order, without the questions that can change nothing."""
        place = {question: n for n, question in enumerate(order)}

        def cost(state: int) -> float:
            moves = self._moves[state]
            if not moves:
                return 0.0
            _, following = min(moves, key=lambda move: place[move[0]])
            return 1.0 + sum([prior * cost(later) for prior, later in following])

        return cost(0)

    def best_order(self, questions: Sequence[Question]) -> tuple[float, tuple[Question, ...]]:
        """The fixed order, of all that there are, that expects the fewest, and their number."""
        return min(
            ((self.of_order(order), order) for order in permutations(questions)),
            key=lambda found: found[0],
        )
