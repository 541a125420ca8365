"""`run_bot.py stats`: what was counted, as it may be told."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.outreach.books import closed
from bot.store.records import Key
from bot.store.sqlite import open_store
from bot.tally import week_of
from dialogs.catalogue import Catalogue
from tests.link_fixtures import link, published

NCT = "NCT03870919"


@dataclass
class Console:
    """Where an operator types the command; what it said last."""

    file: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def __call__(self, *options: str) -> int:
        """The exit status of `run_bot.py stats OPTIONS`."""
        status = main(["stats", *options])
        self.out, self.err = self.capture.readouterr()
        return status


@pytest.fixture
def stats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Console:
    """A console beside a store with nothing in it."""
    file = tmp_path / "passerelle.db"
    monkeypatch.setenv("DB_FILE", str(file))
    open_store(file).close()
    return Console(file, capsys)


@pytest.fixture
def full(stats: Console, catalogue: Catalogue) -> Console:
    """The same with the weeks of a link, and some conversations without one."""
    with open_store(stats.file) as store:
        published(store, catalogue, link(store), 14, 80)
        week = closed(date.today())
        store.count({Key(week, 0, "", "en", "opened"): 63, Key(week, 0, "", "en", "started"): 4})
        store.count({Key(week_of(date.today()), 0, "", "en", "opened"): 500})
    return stats


def test_without_a_week_it_says_when(stats: Console) -> None:
    """Rather than an empty table."""
    assert 0 == stats()
    assert "No week is published yet: it happens on the Tuesday after it." in stats.out


def test_it_prints_weeks_links_results_and_stops(full: Console) -> None:
    """What is due is published first; the week that goes on is not told."""
    assert 0 == full()

    lines = [line.split() for line in full.out.splitlines()]
    heads = [line[0] for line in lines if len(line) > 1]

    assert {"week", "link", "trial", "question"} <= set(heads)
    assert [closed(date.today()), "65", "hidden", "0", "0", "0", "0"] in lines
    assert "rose" in heads
    assert not any("500" in line for line in lines)
    with open_store(full.file) as store:
        assert {week_of(date.today())} == {row["week"] for row in store.everything()["counts"]}


def test_one_link_is_told_alone(full: Console) -> None:
    """By its slug, in any case."""
    assert 0 == full("--campaign", "Rose", "--csv")

    rows = list(csv.DictReader(io.StringIO(full.out)))

    assert {"rose"} == {row["campaign"] for row in rows}
    assert {NCT} == {row["trial"] for row in rows}
    assert {"fr", "en"} == {row["language"] for row in rows}


def test_csv_and_json_tell_the_same(full: Console) -> None:
    """All published cells; hidden ones are empty."""
    assert 0 == full("--csv")
    rows = list(csv.DictReader(io.StringIO(full.out)))

    assert 0 == full("--json")
    entries = json.loads(full.out)

    assert len(rows) == len(entries) > 100
    for row, entry in zip(rows, entries, strict=True):
        number = "" if entry["number"] is None else str(entry["number"])
        assert row == {**{name: str(value) for name, value in entry.items()}, "number": number}
    assert any(entry["number"] is None for entry in entries)
    assert all((entry["number"] or 0) % 5 == 0 for entry in entries)


def test_an_unknown_link_is_named_with_those_that_are_known(full: Console) -> None:
    """And nothing is printed."""
    assert 2 == full("--campaign", "iris")
    assert ("", "there is no link 'iris': known are rose\n") == (full.out, full.err)


def test_an_ended_link_keeps_its_figures_under_its_number(full: Console) -> None:
    """They are no longer anybody's to open."""
    with open_store(full.file) as store:
        store.end_campaign("rose")

    assert 0 == full()
    assert "1 (ended)" in full.out


def test_twice_is_the_same(full: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was counted for a published week in between."""
    assert 0 == full("--csv")
    first = full.out
    with open_store(full.file) as store:
        store.count({Key(closed(date.today()), 0, "", "en", "opened"): 100})
        store.count({Key(week_of(date.today() - timedelta(days=15)), 9, "", "fr", "opened"): 50})

    assert 0 == full("--csv")
    assert set(first.splitlines()) <= set(full.out.splitlines())
    assert ",0,all,en,opened,65" in full.out
