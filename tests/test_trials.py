"""The studies as they were written, beside the registry's records that they were written from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.data import read_sources
from bot.registry.changes import digests
from bot.registry.criteria import split
from bot.registry.record import read_file
from dialogs.catalogue import Catalogue
from dialogs.datafile import decode
from dialogs.eligibility.matching import assess
from dialogs.trialfile import TrialFile
from tests.builders import told

RECORDS = {path.stem: path for path in (Path(__file__).parent / "data/registry").rglob("NCT*.json")}
FILES = {
    name.removesuffix(".toml"): decode(name, text, TrialFile)
    for name, text in read_sources().trials.items()
}


def numbers(content: TrialFile) -> Iterator[str]:
    """The registry's numbers that the criteria of a file have, without the letters of parts.

    What the registry says in fields of their own (A1 …) has none.
    """
    for criterion in content.criterion:
        found = re.fullmatch(r"([IE]\d+)(?:[a-z]\d?)?", criterion.id)
        if found:
            yield found[1]
        else:
            assert re.fullmatch(r"A\d", criterion.id)


@pytest.mark.parametrize("nct", sorted(FILES))
def test_no_criterion_of_the_registry_is_left_out(nct: str) -> None:
    """Each number of the record is there, once or in parts, in the record's order, and no other."""
    record = [
        c.id for c in split(read_file(RECORDS[nct]).eligibility.eligibility_criteria).criteria
    ]

    assert record == list(dict.fromkeys(numbers(FILES[nct])))


@pytest.mark.parametrize("nct", sorted(FILES))
def test_a_file_knows_the_record_it_was_written_from(nct: str) -> None:
    """So that an import can say later which criteria have changed."""
    kept = FILES[nct].record
    study = read_file(RECORDS[nct])

    assert kept is not None
    assert kept.criteria == digests(split(study.eligibility.eligibility_criteria).criteria)


@pytest.mark.parametrize("nct", sorted(FILES))
def test_the_source_of_each_status_has_its_day(nct: str) -> None:
    """Nothing is known before it happened, or after the demonstration shows it."""
    for entry in FILES[nct].status:
        assert entry.day <= entry.checked <= FILES[nct].demonstration or nct == "NCT03870919"
        assert str(entry.checked.year) in entry.source


def test_every_criterion_is_decided_or_says_why_not(everything: Catalogue) -> None:
    """By questions, by the centre, or not known with a reason; definitions say so."""
    for trial in everything.trials.values():
        for criterion in trial.criteria:
            decided = criterion.meets and (criterion.fails or criterion.unclear)

            assert decided or criterion.centre or criterion.definition, (trial.id, criterion.id)


def test_different_limits_over_one_fact(everything: Catalogue) -> None:
    """What one study takes another does not, by one and the same answer."""
    bank = everything.bank

    def failing(number: int, **answers: str) -> set[str]:
        found = assess(everything.trials[number], bank, told(bank, **answers))
        return {criterion.id for criterion in found.failing}

    assert ({"I2a"}, set()) == tuple(
        failing(number, hormone_receptors="from_1_to_9") for number in (1, 2)
    )
    assert (set(), {"I7"}, {"I1"}) == tuple(
        failing(number, activity="up_most") for number in (1, 2, 3)
    )
    assert ({"I2b"}, set()) == tuple(failing(number, her2="positive") for number in (1, 3))
