"""Trials: how their tables are read, and which trials are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from dialogs.catalogue import Sources, read_catalogue
from dialogs.eligibility.criteria import Trial
from dialogs.errors import DataError
from tests.builders import edited, entry

Change = Callable[[dict[str, Any]], object]

TRIAL = "NCT03870919.toml"


def criterion(data: dict[str, Any], identity: str) -> dict[str, Any]:
    """A criterion of the trial file."""
    return entry(data, "criterion", identity)


def without(identity: str, key: str) -> Change:
    """Remove a key from a criterion."""
    return lambda data: criterion(data, identity).pop(key)


def failing(identity: str, **row: list[str]) -> Change:
    """Add a failing row to a criterion."""
    return lambda data: criterion(data, identity)["fails"].append(row)


WRONG: dict[str, tuple[Change, str, str]] = {
    "an unknown question in the order": (
        lambda data: data["order"].append("moon"),
        "order",
        "'moon' is no question of the bank",
    ),
    "a question twice in the order": (
        lambda data: data["order"].append("her2"),
        "order",
        "'her2' is no question of the bank, or is there twice",
    ),
    "an unknown fact": (
        failing("I3", moon=["full"]),
        "criterion I3: fails",
        "no fact called 'moon'",
    ),
    "an unknown value": (
        failing("I3", age=["over_99"]),
        "criterion I3: fails",
        "age has no value 'over_99'; it has from_18, under_18",
    ),
    "an unknown value in `meets`": (
        lambda data: criterion(data, "I3")["meets"][0].update(age=["old"]),
        "criterion I3: meets",
        "age has no value 'old'",
    ),
    "an unknown value in `unclear`": (
        lambda data: criterion(data, "I2b")["unclear"][0].update(when={"her2": ["maybe"]}),
        "criterion I2b: unclear",
        "her2 has no value 'maybe'",
    ),
    "not sure rules out": (
        failing("I3", age=["not_sure"]),
        "criterion I3",
        "what is not known can rule nobody out",
    ),
    "rather not rules out": (
        failing("E8", hiv=["prefer_not"]),
        "criterion E8",
        "what is not known can rule nobody out",
    ),
    "unanswered rules out, beside a value that may": (
        failing("I2b", her2=["positive", "unanswered"]),
        "criterion I2b",
        "what is not known can rule nobody out",
    ),
    "meets and fails overlap": (
        lambda data: criterion(data, "I2b")["meets"].append({"her2": ["positive", "low"]}),
        "criterion I2b",
        "a row of `meets` and another row could hold together",
    ),
    "meets and unclear overlap": (
        lambda data: criterion(data, "I2b")["meets"].append({"her2": ["pending"]}),
        "criterion I2b",
        "a row of `meets` and another row could hold together",
    ),
    "rows about different facts overlap": (
        lambda data: criterion(data, "I2b")["meets"].append({"biopsy": ["breast"]}),
        "criterion I2b",
        "a row of `meets` and another row could hold together",
    ),
    "an empty meeting row": (
        lambda data: criterion(data, "I2b")["meets"].append({}),
        "criterion I2b",
        "a row of `meets` and another row could hold together",
    ),
    "a definition with rows": (
        lambda data: criterion(data, "E11").update(meets=[{"age": ["from_18"]}]),
        "criterion E11",
        "a definition is not a criterion",
    ),
    "nothing to ask or check": (without("I3", "point"), "criterion I3", "`point` is missing"),
    "nothing to say to a no": (without("I3", "no"), "criterion I3", "`no` is missing"),
    "no way to meet it": (without("I3", "meets"), "criterion I3", 'or `checked_by = "centre"`'),
    "no way to fail it": (without("I3", "fails"), "criterion I3", 'or `checked_by = "centre"`'),
    "a criterion that no question decides": (
        lambda data: data["order"].remove("biopsy"),
        "criterion I1b",
        "no question of `order` asks biopsy",
    ),
    "a criterion twice": (
        lambda data: data["criterion"].append(criterion(data, "E11")),
        "criterion",
        "one of them is there twice",
    ),
    "a centre twice": (
        lambda data: data["centre"].append(data["centre"][0]),
        "centre",
        "one of them is there twice",
    ),
    "centre 0": (lambda data: data["centre"][0].update(number=0), "centre", "numbers are 1 to 127"),
    "centre 128": (
        lambda data: data["centre"][0].update(number=128),
        "centre",
        "numbers are 1 to 127",
    ),
    "an empty title": (
        lambda data: data["title"].update(reader=""),
        "title",
        "the file is still a draft",
    ),
    "an empty text about it": (
        lambda data: data["about"][1].update(reader=" "),
        "about",
        "the file is still a draft",
    ),
    "an empty criterion": (
        lambda data: criterion(data, "I3").update(plain=""),
        "criterion I3",
        "the file is still a draft",
    ),
    "an empty no": (
        lambda data: criterion(data, "I3").update(no=""),
        "criterion I3",
        "the file is still a draft",
    ),
    "an empty point": (
        lambda data: criterion(data, "I3").update(point="\u00a0"),
        "criterion I3",
        "the file is still a draft",
    ),
    "an empty point for a relative": (
        lambda data: criterion(data, "I1a").update(point={"self": "Ask.", "relative": ""}),
        "criterion I1a",
        "the file is still a draft",
    ),
    "an empty reason": (
        lambda data: criterion(data, "I1a")["unclear"][0].update(because=""),
        "criterion I1a",
        "the file is still a draft",
    ),
    "no status": (lambda data: data.update(status=[]), "status", "at least one entry"),
    "a status history out of order": (
        lambda data: data["status"].reverse(),
        "status",
        "in the order of their days",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_trial_stops_the_start(sources: Sources, case: str) -> None:
    """The error names the file, the criterion or part, and the reason."""
    change, key, reason = WRONG[case]
    with pytest.raises(DataError) as caught:
        read_catalogue(edited(sources, TRIAL, change))

    assert (TRIAL, key) == (caught.value.file, caught.value.key)
    assert reason in caught.value.reason


@pytest.mark.parametrize("status", ["open", "RECRUITING", ""])
def test_a_status_is_one_of_four(sources: Sources, status: str) -> None:
    """A misspelt status never passes for an open trial."""
    with pytest.raises(DataError, match="Invalid enum value") as caught:
        read_catalogue(edited(sources, TRIAL, lambda data: data["status"][2].update(status=status)))

    assert (TRIAL, "$.status[2].status") == (caught.value.file, caught.value.key)


def test_rows_behind_different_answers_of_a_gate_are_apart(palatine: Trial) -> None:
    """I8 is met without contraception when no pregnancy is possible, and fails only when it is."""
    i8 = next(criterion for criterion in palatine.criteria if criterion.id == "I8")

    assert (2, 1) == (len(i8.meets), len(i8.fails))


def test_a_criterion_knows_the_facts_it_looks_at(palatine: Trial) -> None:
    """Slots of meeting, failing and unclear rows alike; none for what only the centre sees."""
    slots = {criterion.id: criterion.slots for criterion in palatine.criteria}

    assert {27, 28} == slots["E8"]
    assert {1} == slots["I1c"]
    assert {2, 5, 18} == slots["E10"]
    assert frozenset() == slots["I6"] == slots["E11"]


def test_centres_are_found_by_their_permanent_number(palatine: Trial) -> None:
    """An unknown number is no centre."""
    assert [centre.number for centre in palatine.centres] == [
        found.number for centre in palatine.centres if (found := palatine.centre(centre.number))
    ]
    assert palatine.centre(99) is None
