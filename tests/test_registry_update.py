"""One line more in the status history of an authored trial file."""

import tomllib
from datetime import date
from typing import Literal

import pytest

from bot.data import ROOT
from bot.registry.record import RegistryError
from bot.registry.update import known, with_status
from dialogs.datafile import decode
from dialogs.trialfile import StatusEntry, TrialFile

FILES = {path.name: path for path in sorted((ROOT / "dialogs" / "trials").glob("*.toml"))}
PALATINE = FILES["NCT03870919.toml"].read_text(encoding="utf-8")
DAY = date(2026, 11, 27)


def look(
    day: date,
    status: Literal["recruiting", "suspended", "closed", "unknown"] = "unknown",
    checked: date | None = None,
    source: str = "ClinicalTrials.gov, x",
) -> StatusEntry:
    """What a record says."""
    return StatusEntry(day, status, checked or day, source)


def trial(text: str) -> TrialFile:
    """The content of a trial file."""
    return decode("x.toml", text, TrialFile)


def added(text: str, entry: StatusEntry) -> str:
    """The same file with one line more."""
    return with_status("x.toml", text, trial(text), entry)


@pytest.mark.parametrize("name", FILES)
def test_one_table_is_added_where_its_day_belongs(name: str) -> None:
    """In every trial file that there is: all else stays byte for byte the same, in its order."""
    text = FILES[name].read_text(encoding="utf-8")
    days = [one.day.toordinal() + move for one in trial(text).status for move in (-1, 0, 1)]
    for day in days:
        entry = look(date.fromordinal(day))
        found = added(text, entry)
        history = trial(found).status

        assert sorted(history, key=lambda one: one.day) == history
        assert [one for one in history if one != entry] == trial(text).status
        assert entry in history
        assert text == found.replace(_table(entry), "", 1)


def _table(entry: StatusEntry) -> str:
    """The one table of `entry` with the empty line that parts it from the others."""
    return (
        f'[[status]]\nday = {entry.day}\nstatus = "{entry.status}"\nchecked = {entry.checked}\n'
        f'source = "{entry.source}"\n\n'
    )


def test_the_comment_of_the_next_table_stays_with_it() -> None:
    """The new table stands right after the last key of the one before."""
    found = added(PALATINE, look(DAY))
    before, _, after = found.partition(f"[[status]]\nday = {DAY}\n")

    assert before.endswith('(verified September 2024)"\n\n')
    assert after.partition("\n\n")[2].startswith("# Inclusion criteria\n")


def test_line_ends_stay_as_they_are() -> None:
    """As another system writes them."""
    found = added(PALATINE.replace("\n", "\r\n"), look(DAY))

    assert added(PALATINE, look(DAY)) == found.replace("\r\n", "\n")
    assert found.count("\n") == found.count("\r\n")


SMALL = """id = "NCT1"
number = 1
name = "X"
sponsor = "Y"
registry = "https://example.org"
demonstration = 2026-01-01
order = []
centre = []
criterion = []
title = "[[status]] in a text"
about = []
"""
ONE = '[[status]]\nday = 2026-01-01\nstatus = "closed"\nchecked = 2026-01-01\nsource = "A, b"'


@pytest.mark.parametrize(
    "tables",
    [
        ONE,
        f"{ONE}\n",
        f"  [[ status ]] # first\n{ONE[11:]}\n\n\n",
        f"{ONE}\n[record]\nseen = 2026-01-01\ncriteria = {{}}",
    ],
)
@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 1, 1), DAY])
def test_a_history_may_end_the_file(tables: str, day: date) -> None:
    """With or without a last line end, and however its head is written."""
    found = added(SMALL + tables, look(day))

    assert [one.day for one in trial(found).status] == sorted([date(2026, 1, 1), day])


@pytest.mark.parametrize(
    "tables",
    [
        'status = [{ day = 2026-01-01, status = "closed", checked = 2026-01-01, source = "A" }]',
        f'{ONE}\n[record]\nseen = 2026-01-01\n[record.criteria]\nI1 = """\n[[status]]\n"""',
        "status = []",
    ],
)
def test_a_history_that_is_written_otherwise_is_left_to_the_author(tables: str) -> None:
    """The table is told, nothing is guessed."""
    with pytest.raises(RegistryError, match=r"put it in by hand: \[\[status\]\] / day = 2026"):
        added(SMALL + tables, look(DAY))


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (look(date(2024, 9, 19), "closed"), True),
        (look(date(2024, 9, 1), "closed"), True),
        (look(date(2024, 9, 19), "closed", DAY), False),
        (look(DAY, "closed"), False),
        (look(date(2024, 9, 19), "recruiting"), False),
        (look(DAY, "recruiting"), False),
        (look(date(2022, 10, 7), "recruiting"), True),
        (look(date(2022, 10, 8), "recruiting"), False),
        (look(date(2024, 9, 19), "closed", source="INCa, x"), False),
        (look(date(2024, 9, 19), "closed", source="https://clinicaltrials.gov/x"), True),
    ],
)
def test_what_the_newest_look_says_is_known(entry: StatusEntry, found: bool) -> None:
    """The same word, checked on the same day or later; of this source only; or this very look."""
    assert found is known(trial(PALATINE), entry)


def test_nothing_is_known_of_an_empty_history() -> None:
    """Nor of one by other sources."""
    assert not known(trial(f"{SMALL}status = []"), look(DAY))
    assert not known(trial(SMALL + ONE), look(date(2026, 1, 1), "closed"))


def test_a_new_line_says_nothing_else() -> None:
    """Whatever its source quotes."""
    entry = look(DAY, source='ClinicalTrials.gov, "x" \\ [[status]]')

    assert entry.source == tomllib.loads(added(PALATINE, entry))["status"][-1]["source"]
