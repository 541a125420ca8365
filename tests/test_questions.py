"""The question bank: what questions do, and which banks are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from dialogs.catalogue import Catalogue, Sources, read_catalogue
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, UNANSWERED, Answers
from dialogs.eligibility.facts import row
from dialogs.eligibility.questions import Bank
from dialogs.eligibility.rows import holds
from dialogs.errors import DataError
from tests.builders import edited, entry, told

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def bank(catalogue: Catalogue) -> Bank:
    """The real bank."""
    return catalogue.bank


def fact(data: dict[str, Any], identity: str) -> dict[str, Any]:
    """A fact of a bank file."""
    return entry(data, "fact", identity)


def question(data: dict[str, Any], identity: str) -> dict[str, Any]:
    """A question of a bank file."""
    return entry(data, "question", identity)


def doubled(kind: str, identity: str, **changes: object) -> Change:
    """Add a copy of an entry, with changes."""
    return lambda data: data[kind].append({**entry(data, kind, identity), **changes})


WRONG: dict[str, tuple[Change, str, str]] = {
    "two facts on one slot": (
        lambda data: fact(data, "her2").update(slot=3),
        "fact her2",
        "slot 3 belongs to hormone_receptors already",
    ),
    "a fact twice": (doubled("fact", "her2", slot=60), "fact her2", "is there twice"),
    "slot 0": (lambda data: fact(data, "her2").update(slot=0), "fact her2", "outside 1 to 63"),
    "slot 64": (lambda data: fact(data, "her2").update(slot=64), "fact her2", "outside 1 to 63"),
    "two values of one number": (
        lambda data: fact(data, "her2").update(values={"negative": 1, "positive": 1}),
        "fact her2",
        "different numbers from 1 to 5",
    ),
    "a value of number 6": (
        lambda data: fact(data, "her2")["values"].update(positive=6),
        "fact her2",
        "different numbers from 1 to 5",
    ),
    "three values in two bits": (
        lambda data: fact(data, "her2").update(width=2),
        "fact her2",
        "width is 3, or 2 for at most two values",
    ),
    "prefer_not in two bits": (
        lambda data: fact(data, "earlier_kind").update(prefer_not=True),
        "fact earlier_kind",
        "width is 3, or 2 for at most two values without prefer_not",
    ),
    "four bits": (
        lambda data: fact(data, "her2").update(width=4),
        "fact her2",
        "width is 3, or 2",
    ),
    "an unknown fragile value": (
        lambda data: fact(data, "her2").update(fragile=["enormous"]),
        "fact her2",
        "no value 'enormous'",
    ),
    "an unknown gate": (
        lambda data: fact(data, "both_alike").update(ask_if={"moon": ["full"]}),
        "fact both_alike: ask_if",
        "no fact called 'moon'",
    ),
    "a gate with an unknown value": (
        lambda data: fact(data, "both_alike").update(ask_if={"other_breast_cancer": ["blue"]}),
        "fact both_alike: ask_if",
        "no value 'blue'",
    ),
    "a gate that stands behind what it gates": (
        lambda data: fact(data, "spread").update(ask_if={"her2": ["low"]}),
        "fact spread: ask_if",
        "no fact called 'her2'",
    ),
    "a question about an unknown fact": (
        lambda data: question(data, "her2").update(facts=["moon"]),
        "question her2",
        "no fact called 'moon'",
    ),
    "a question about nothing": (
        lambda data: question(data, "her2").update(facts=[], choice=[]),
        "question her2",
        "asks no fact",
    ),
    "a choice that sets an unknown value": (
        lambda data: question(data, "her2")["choice"][0].update(sets={"her2": "enormous"}),
        "question her2",
        "choice 1: her2 = 'enormous' is impossible here",
    ),
    "a choice that sets another question's fact": (
        lambda data: question(data, "her2")["choice"][0].update(sets={"spread": "none"}),
        "question her2",
        "choice 1: spread = 'none' is impossible here",
    ),
    "a choice that sets not_sure": (
        lambda data: question(data, "her2")["choice"][0].update(sets={"her2": "not_sure"}),
        "question her2",
        "choice 1: her2 = 'not_sure' is impossible here",
    ),
    "a choice that sets nothing": (
        lambda data: question(data, "her2")["choice"][0].update(sets={}),
        "question her2",
        "choice 1 sets nothing",
    ),
    "two choices that set the same": (
        lambda data: question(data, "her2")["choice"][1].update(sets={"her2": "negative"}),
        "question her2",
        "choice 2 sets nothing, or the same as another",
    ),
    "two choices of one number": (
        lambda data: question(data, "her2")["choice"][1].update(n=1),
        "question her2",
        "choice 1: numbers are 1 to 5, each once",
    ),
    "a sixth choice": (
        lambda data: question(data, "her2")["choice"][0].update(n=6),
        "question her2",
        "choice 6: numbers are 1 to 5, each once",
    ),
    "a checklist without items": (
        lambda data: question(data, "her2").update(checklist=True),
        "question her2",
        "a checklist has items",
    ),
    "items without a checklist": (
        lambda data: question(data, "her2").update(items=["one"]),
        "question her2",
        "a checklist has items",
    ),
    "a question twice": (
        doubled("question", "biopsy"),
        "question biopsy",
        "is there twice, or its first fact is",
    ),
    "two questions on one slot": (
        doubled("question", "biopsy", id="again"),
        "question again",
        "is there twice, or its first fact is",
    ),
    "a fact on the slot of a retired one": (
        lambda data: data.update(retired=[{"slot": 4, "width": 3}]),
        "fact her2",
        "slot 4 belongs to a retired fact already",
    ),
    "more bits than a token carries": (
        lambda data: data.update(retired=[{"slot": s, "width": 3} for s in range(48, 60)]),
        "slots",
        "a token carries 131",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_bank_stops_the_start(sources: Sources, case: str) -> None:
    """The error names the file, the fact or question, and the reason."""
    change, key, reason = WRONG[case]
    with pytest.raises(DataError) as caught:
        read_catalogue(edited(sources, "cancer.toml", change))

    assert caught.value.file in ("cancer.toml", "questions")
    assert key == caught.value.key
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "change",
    [
        lambda data: fact(data, "earlier_kind").update(values={}),
        lambda data: data.update(retired=[{"slot": 64, "width": 3}]),
        lambda data: data.update(retired=[{"slot": 60, "width": 1}]),
    ],
    ids=["a fact without values", "a retired slot 64", "a retired slot of one bit"],
)
def test_what_no_token_could_carry_stops_the_start(sources: Sources, change: Change) -> None:
    """No values at all, a slot that is none, a width that is none."""
    with pytest.raises(DataError) as caught:
        read_catalogue(edited(sources, "cancer.toml", change))

    assert "cancer.toml" == caught.value.file


def test_a_fact_of_two_files_is_there_twice(sources: Sources) -> None:
    """The later file is named."""
    with pytest.raises(DataError, match="belongs to her2 already") as caught:
        read_catalogue(
            edited(sources, "person.toml", lambda data: fact(data, "age").update(slot=4))
        )

    assert ("person.toml", "fact age") == (caught.value.file, caught.value.key)


def test_a_retired_slot_is_never_a_living_one(sources: Sources) -> None:
    """Also when the fact stands in a file that is read before."""

    def retire(data: dict[str, Any]) -> None:
        data.update(retired=[{"slot": 4, "width": 2}])

    with pytest.raises(DataError, match="slot 4") as caught:
        read_catalogue(edited(sources, "person.toml", retire))

    assert "person.toml" == caught.value.file


def test_every_choice_is_found_again(bank: Bank) -> None:
    """What a choice sets is read back as that choice, for every choice of every question."""
    for question in bank.questions.values():
        numbers = [*question.choices, NOT_SURE, *([PREFER_NOT] if question.prefer_not else [])]
        for number in numbers:
            changes = question.changes(number, Answers())

            assert changes is not None
            kept = bank.counted(Answers().replaced(changes)).state
            if kept == Answers().state:
                continue  # a question behind a gate that is not open

            assert number == question.chosen(kept)
            assert question.answered(kept)
            assert question.told(kept)


def test_a_choice_sets_every_slot_of_its_question(bank: Bank) -> None:
    """A new answer leaves nothing of an old one behind."""
    for question in bank.questions.values():
        slots = {fact.slot for fact in question.facts}
        for number in (*question.choices, NOT_SURE):
            changes = question.changes(number, Answers())

            assert changes is not None
            assert slots == set(changes)

    assert {1: 2, 2: UNANSWERED} == bank.questions["spread"].changes(3, Answers())


def test_what_is_no_choice_changes_nothing(bank: Bank) -> None:
    """Unknown numbers, and *I'd rather not say* where it is not offered."""
    her2 = bank.questions["her2"]

    assert [None] * 4 == [her2.changes(number, Answers()) for number in (0, 5, PREFER_NOT, 100)]
    assert bank.questions["health"].changes(PREFER_NOT, Answers()) is not None


def test_unanswered_questions_have_no_choice(bank: Bank) -> None:
    """Nothing is read into an empty session."""
    for question in bank.questions.values():
        assert question.chosen(Answers().state) is None
        assert not question.answered(Answers().state)


def test_tokens_name_a_question_by_its_first_fact(bank: Bank) -> None:
    """The key slot is unique, and leads back to the question."""
    for question in bank.questions.values():
        assert question.facts[0].slot == question.key_slot
        assert question is bank.by_key[question.key_slot]


def test_what_was_told_is_counted_once(bank: Bank) -> None:
    """The first screen tells where it spread as well, when it does."""
    spread = bank.questions["spread"]

    assert {1, 2} == spread.told(told(bank, spread="at_diagnosis", spread_sites="elsewhere").state)
    assert {1} == spread.told(told(bank, spread="later").state)
    assert {1} == spread.told(told(bank, spread="later", spread_sites="elsewhere").state)


def test_answers_behind_a_closed_gate_do_not_count(bank: Bank) -> None:
    """Answers whose `ask_if` does not hold are dropped, also through two gates."""
    chain = told(bank, spread="later", spread_sites="bones_only", bone_rays="all", her2="low")

    assert chain == bank.counted(chain)
    assert told(bank, spread="none", her2="low") == bank.counted(
        chain.replaced({bank.facts["spread"].slot: 3})
    )


def test_a_gate_stays_open_for_those_who_do_not_know(bank: Bank) -> None:
    """Not sure whether she could become pregnant: still asked; prefers not to say: not."""
    pregnant = bank.facts["pregnant"]

    assert holds(pregnant.ask_if, told(bank, could_become_pregnant="not_sure").state)
    assert not holds(pregnant.ask_if, told(bank, could_become_pregnant="prefer_not").state)
    assert not holds(pregnant.ask_if, told(bank, could_become_pregnant="no").state)


def test_names_and_codes_belong_together(bank: Bank) -> None:
    """Every name of every fact leads to its code and back; unknown ones lead nowhere."""
    for fact in bank.facts.values():
        for name in (*fact.values, "unanswered", "not_sure", "prefer_not"):
            code = fact.code(name)

            assert code is not None
            assert name == fact.name(code)

        assert fact.code("nonsense") is None


def test_a_code_without_a_name_is_our_own_mistake(bank: Bank) -> None:
    """Nothing is made up for it."""
    with pytest.raises(KeyError, match="5"):
        bank.facts["age"].name(5)


def test_a_table_of_names_becomes_a_row(bank: Bank) -> None:
    """It holds when each fact named in it has one of the values listed."""
    state = told(bank, her2="low", biopsy="breast").state
    both = row(bank.facts, {"her2": ["low", "pending"], "biopsy": ["breast"]}, "f", "k")
    one = row(bank.facts, {"her2": ["low"], "biopsy": ["not_yet"]}, "f", "k")

    assert holds(both, state)
    assert not holds(one, state)
    assert holds(row(bank.facts, {}, "f", "k"), state)


def test_widths_hold_every_value(bank: Bank) -> None:
    """Two bits for at most two values, else three; each slot of the bank has its width."""
    assert {fact.slot: fact.width for fact in bank.facts.values()} == {
        slot: width
        for slot, width in bank.widths.items()
        if slot in {f.slot for f in bank.facts.values()}
    }
    assert all(
        max(fact.values.values()) <= (2 if fact.width == 2 else 5) for fact in bank.facts.values()
    )
