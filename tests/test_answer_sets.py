"""What must hold for every set of answers.

PALATINE asks 31 facts, some 10^19 answer sets: too many to try as a whole. But a criterion looks at
few facts, so all sets of answers to those, and to the facts that gate them, are tried for each
criterion; the verdict follows from the criteria alone. Verdicts on screens are tried for all pairs.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import turn
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, UNANSWERED, Answers
from dialogs.eligibility.criteria import Criterion, Trial
from dialogs.eligibility.facts import Fact
from dialogs.eligibility.matching import Standing, Verdict, assess, judge
from dialogs.eligibility.questions import Bank
from dialogs.eligibility.rows import holds
from dialogs.wire.pack import Tap

DEMONSTRATION_DAY = date(2022, 10, 7)

BEST = {
    "spread": "at_diagnosis", "spread_sites": "elsewhere", "hormone_receptors": "from_10",
    "her2": "negative", "treatment": "none", "other_breast_cancer": "none", "biopsy": "breast",
    "sex": "woman", "age": "from_18", "activity": "as_before",
    "planned_treatment": "letrozole_palbociclib", "other_cancer": "no", "study_drug": "no",
    "local_treatment_ruled_out": "no", "visits": "possible", "tablets": "willing",
    "social_security": "covered", "could_become_pregnant": "no", "infection": "no", "hiv": "no",
    "hepatitis": "no", "legal_protection": "none", "detention": "no", "consent_capacity": "able",
}  # fmt: skip
OPEN = (UNANSWERED, NOT_SURE, PREFER_NOT)


def states(fact: Fact) -> list[int]:
    """All codes that an answer to `fact` can have."""
    special = [UNANSWERED, NOT_SURE, *([PREFER_NOT] if fact.prefer_not else [])]
    return [*fact.values.values(), *special]


def best(bank: Bank) -> Answers:
    """Answers that meet every criterion a patient can answer."""
    return Answers().replaced(
        {bank.facts[fact].slot: bank.facts[fact].values[value] for fact, value in BEST.items()}
    )


def concerned(criterion: Criterion, bank: Bank) -> list[Fact]:
    """The facts that a criterion looks at, and those that gate them."""
    slots = set(criterion.slots)
    while more := {s for f in bank.gated if f.slot in slots for s, _ in f.ask_if.pairs} - slots:
        slots |= more
    return [fact for fact in bank.facts.values() if fact.slot in slots]


def all_answers(facts: list[Fact]) -> Iterator[Answers]:
    """Every set of answers to `facts`."""
    for codes in product(*(states(fact) for fact in facts)):
        yield Answers().replaced({f.slot: code for f, code in zip(facts, codes, strict=True)})


def every_criterion(bank: Bank, trial: Trial) -> Iterator[tuple[Criterion, list[Fact], Answers]]:
    """Each criterion with each set of answers that could matter to it."""
    for criterion in trial.criteria:
        facts = concerned(criterion, bank)
        for answers in all_answers(facts):
            yield criterion, facts, answers


def test_not_sure_never_turns_into_a_no(catalogue: Catalogue, palatine: Trial) -> None:
    """Taking any answer back to "I don't know" never makes a criterion fail that did not."""
    bank = catalogue.bank
    tried = 0
    for criterion, facts, answers in every_criterion(bank, palatine):
        kept = bank.counted(answers)  # as a session keeps them
        if judge(criterion, kept.state) is Standing.FAILS:
            continue
        for fact in facts:
            for code in OPEN:
                doubted = bank.counted(kept.replaced({fact.slot: code}))
                tried += 1

                assert judge(criterion, doubted.state) is not Standing.FAILS, (
                    criterion.id,
                    fact.id,
                )

    assert tried > 3000


def test_answers_that_were_not_asked_never_count(catalogue: Catalogue, palatine: Trial) -> None:
    """An answer whose `ask_if` does not hold changes nothing, whatever it is."""
    bank = catalogue.bank
    tried = 0
    for criterion, facts, answers in every_criterion(bank, palatine):
        counted = bank.counted(answers)
        for fact in facts:
            if fact.ask_if.pairs and not holds(fact.ask_if, counted.state):
                tried += 1
                without = bank.counted(answers.without([fact.slot]))

                assert UNANSWERED == counted[fact.slot]
                assert judge(criterion, without.state) is judge(criterion, counted.state)

    assert tried > 500


def test_one_or_more_never_rules_anybody_out(catalogue: Catalogue, palatine: Trial) -> None:
    """Saying that some point of a list applies, without saying which, fails no criterion."""
    bank = catalogue.bank
    names = [fact for fact in bank.facts.values() if "one_or_more" in fact.values]
    some = best(bank).replaced({fact.slot: fact.values["one_or_more"] for fact in names})

    found = assess(palatine, bank, some)

    assert len(names) == 12
    assert Verdict.POINTS_TO_CHECK is found.verdict


def test_what_only_the_centre_knows_never_counts(catalogue: Catalogue, palatine: Trial) -> None:
    """All that the centre checks may be unknown, and the study is still worth asking about."""
    bank = catalogue.bank
    unsure = best(bank).replaced({bank.facts["planned_treatment"].slot: NOT_SURE})

    assert Verdict.WORTH_ASKING is assess(palatine, bank, unsure).verdict
    assert {"I5", "I6", "I11", "E1"} == {
        outcome.criterion.id for outcome in assess(palatine, bank, unsure).for_centre
    }


def test_all_unknown_is_points_to_check(catalogue: Catalogue, palatine: Trial) -> None:
    """Nobody is turned away for not knowing: all unsure, all "rather not", nothing at all."""
    bank = catalogue.bank
    for code in OPEN:
        answers = Answers().replaced(
            {
                fact.slot: code if code != PREFER_NOT or fact.prefer_not else NOT_SURE
                for fact in bank.facts.values()
            }
        )

        assert Verdict.POINTS_TO_CHECK is assess(palatine, bank, answers).verdict


@pytest.fixture(scope="module")
def varied(catalogue: Catalogue) -> list[Answers]:
    """Every pair of values of every two facts on top of the best case."""
    background = best(catalogue.bank)
    return [
        background.replaced({one.slot: first, two.slot: second})
        for one, two in combinations(catalogue.bank.facts.values(), 2)
        for first, second in product(states(one), states(two))
    ]


def test_every_language_and_form_gives_the_same_verdict(
    catalogue: Catalogue, varied: list[Answers]
) -> None:
    """French and English, patient and relative: the result screen says the same thing."""
    meanings: dict[tuple[str, Whom, str], str] = {}
    kinds = ("worth", "check", "no", "later")
    for language, speech in catalogue.speeches.items():
        for whom in (Whom.SELF, Whom.RELATIVE):
            for kind in kinds:
                title = speech.say(f"result.{kind}.title", whom is Whom.RELATIVE)
                meanings[language, whom, title] = kind
    seen = set()
    for answers in varied[::4]:
        verdicts = set()
        for language in LANGUAGES:
            for whom in (Whom.SELF, Whom.RELATIVE):
                session = Session(language=language, step=Step.RESULT, whom=whom, answers=answers)
                view = turn(session, Tap(Action.SHOW), DEMONSTRATION_DAY, catalogue).view
                verdicts.add(meanings[language, whom, view.title])

        assert len(verdicts) == 1
        seen |= verdicts

    assert set(kinds) == seen


def test_learning_more_never_takes_a_fit_back_to_doubt(
    catalogue: Catalogue, palatine: Trial, varied: list[Answers]
) -> None:
    """A study that is worth asking about stays so, or does not fit, when another fact is told."""
    bank = catalogue.bank
    fitting = [a for a in varied if assess(palatine, bank, a).verdict is Verdict.WORTH_ASKING]
    tried = 0
    for answers in set(fitting):
        for fact in bank.facts.values():
            if answers[fact.slot] == UNANSWERED and holds(fact.ask_if, bank.counted(answers).state):
                for code in fact.values.values():
                    tried += 1
                    told = assess(palatine, bank, answers.replaced({fact.slot: code}))

                    assert told.verdict is not Verdict.POINTS_TO_CHECK, (fact.id, code)

    assert tried > 10
