"""Tables of a trial file as TOML."""

import tomllib
from datetime import date

import pytest

from bot.registry.tables import record_table, status_table, string
from dialogs.trialfile import StatusEntry

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", 'a "b" \\ c', "é ’ “ ≥ 😀", "[[status]]", "# no comment"])
def test_a_string_is_read_back(text: str) -> None:
    """Whatever it quotes."""
    assert {"x": text} == tomllib.loads(f"x = {string(text)}")


def test_tables_are_read_back() -> None:
    """The entry, and each digest by its number."""
    entry = StatusEntry(DAY, "unknown", DAY, 'ClinicalTrials.gov, "x"')
    found = tomllib.loads(status_table(entry) + record_table(DAY, {"I1": "0b4cee0f", "E10": "1"}))

    assert {
        "status": [{"day": DAY, "status": "unknown", "checked": DAY, "source": entry.source}],
        "record": {"seen": DAY, "criteria": {"I1": "0b4cee0f", "E10": "1"}},
    } == found
