"""How trials stand, as the operator looks it up by hand, over a real store."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import places
from bot.cli.main import main
from bot.contact.snapshot import entries
from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from bot.store.records import Check
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.steps import Action
from dialogs.eligibility.status import Openness, status_on, with_checks
from dialogs.trialfile import StatusEntry
from tests.builders import Clock
from tests.contact_fixtures import NCT

REGISTRY = "https://clinicaltrials.gov/study/NCT03870919"
OTHER = "https://euclinicaltrials.eu/ctis-public/view/2024-1"
TODAY = Clock().today


@dataclass
class Console:
    """Where an operator types commands; what the last one said."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    clock: Clock
    out: str = ""
    err: str = ""

    def __call__(self, *arguments: str) -> int:
        """The exit status of `run_bot.py status ARGUMENTS`."""
        status = main(["status", *arguments])
        self.out, self.err = self.capture.readouterr()
        return status

    def seen(self, status: str, source: str = REGISTRY, by: str = "AB") -> int:
        """Records what was seen there."""
        return self(NCT, status, "--source", source, "--by", by)

    def refused(self, *arguments: str) -> str:
        """What a command that cannot do it says, on standard error; nothing is recorded."""
        before = self.checks()

        assert 2 == self(*arguments)
        assert "" == self.out
        assert before == self.checks()

        return self.err

    def checks(self) -> list[Check]:
        """All that was recorded."""
        with self.store() as held:
            return held.checks()

    def store(self) -> SqliteStore:
        """The store that the command uses."""
        return open_store(self.folder / "passerelle.db")


@pytest.fixture
def status(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    live: Catalogue,
    clock: Clock,
) -> Console:
    """A console in an empty folder, where the trials have been read before."""
    monkeypatch.setattr("bot.cli.status.trials", lambda: live)
    monkeypatch.setattr("bot.cli.status.date", SimpleNamespace(today=clock))
    monkeypatch.setenv("DB_FILE", str(tmp_path / "passerelle.db"))
    return Console(tmp_path, capsys, clock)


@pytest.fixture
def recruiting(monkeypatch: pytest.MonkeyPatch, live: Catalogue) -> Catalogue:
    """A trial whose own file says that it takes patients, as the registry said ten days ago."""
    day = TODAY - timedelta(days=10)
    entry = StatusEntry(day, "recruiting", day, "ClinicalTrials.gov, record of that day")
    known = replace(live, trials={1: replace(live.trials[1], status=(entry,))})
    monkeypatch.setattr("bot.cli.status.trials", lambda: known)
    return known


def test_all_trials_are_listed_with_what_their_own_files_say(
    status: Console, monkeypatch: pytest.MonkeyPatch, everything: Catalogue
) -> None:
    """Status, day and source of the last check; a trial that nobody can be sent to is a finding."""
    monkeypatch.setattr("bot.cli.status.trials", places.trials)

    assert 1 == status()

    last = everything.trials[1].status[-1]
    lines = status.out.splitlines()

    assert [f"{trial.id} {trial.name}" for trial in everything.trials.values()] == [
        line.partition(":")[0] for line in lines
    ]
    own = next(line for line in lines if line.startswith(NCT))
    assert own.startswith(f"{NCT} PALATINE: closed, checked on {last.checked} (stale: ")
    assert own.endswith(f" days old, 14 allowed), {last.source}")


def test_a_trial_that_takes_patients_is_no_finding(status: Console, recruiting: Catalogue) -> None:
    """Fresh for 14 days."""
    entry = recruiting.trials[1].status[0]

    assert 0 == status()
    assert status.out == (
        f"{NCT} PALATINE: open, checked on {entry.checked} (fresh), {entry.source}\n"
    )


def test_a_check_is_recorded_with_its_day_its_source_and_initials(status: Console) -> None:
    """In capitals, whoever wrote them small; what it leads to is shown at once."""
    assert 0 == status(NCT.lower(), "recruiting", "--source", REGISTRY, "--by", "ab")
    assert [Check(NCT, "recruiting", REGISTRY, "AB", TODAY)] == status.checks()
    assert status.out == (
        f"{NCT} PALATINE: open, checked on {TODAY} (fresh), {REGISTRY}\n"
        f"  {TODAY} recruiting, {REGISTRY}, by AB\n"
    )
    assert 0 == status()


def test_the_same_check_twice_is_one(status: Console) -> None:
    """Nothing says which of the two counts."""
    for _ in range(2):
        status.seen("recruiting")

    assert 1 == len(status.checks())


def test_the_newest_checks_are_listed_first(status: Console) -> None:
    """Who looked, and when: five of them, and those of other trials are not among them."""
    with status.store() as held:
        for days in range(7):
            day = TODAY - timedelta(days=days)
            held.check(Check(NCT, "recruiting", REGISTRY, f"A{'BCDEFGH'[days]}", day))
        held.check(Check("NCT00000000", "closed", REGISTRY, "ZZ", TODAY))

    assert 0 == status()

    listed = status.out.splitlines()[1:]

    assert ["AB", "AC", "AD", "AE", "AF"] == [line.rpartition(" ")[2] for line in listed]
    assert f"  {TODAY} recruiting, {REGISTRY}, by AB" == listed[0]


def test_the_stricter_of_two_sources_wins_and_both_are_shown(
    status: Console, recruiting: Catalogue
) -> None:
    """Whichever is newer."""
    entry = recruiting.trials[1].status[0]

    assert 0 == status.seen("suspended", OTHER)
    first, second, _ = status.out.splitlines()

    assert f"{NCT} PALATINE: paused, checked on {TODAY} (fresh), {OTHER}" == first
    assert "another source disagrees, and the stricter one counts: " in second
    assert second.endswith(f": open, checked on {entry.checked} (fresh), {entry.source}")
    assert 1 == status()


def test_a_newer_look_at_the_same_source_replaces_the_older(
    status: Console, recruiting: Catalogue
) -> None:
    """The registry of the trial's own file is known by its address as well."""
    assert Openness.OPEN is status_on(recruiting.trials[1], TODAY).openness

    status.seen("closed")

    assert "another source" not in status.out
    assert f"PALATINE: closed, checked on {TODAY} (fresh), {REGISTRY}\n" in status.out


@pytest.mark.parametrize("order", [("recruiting", "closed"), ("closed", "recruiting")])
def test_of_two_looks_at_one_source_on_one_day_the_stricter_counts(
    status: Console, order: tuple[str, str]
) -> None:
    """Nothing says which came first; tomorrow's replaces both."""
    for seen in order:
        status.seen(seen)

    assert f"PALATINE: closed, checked on {TODAY} (fresh), {REGISTRY}\n" in status.out
    assert 2 == len(status.checks())


def test_fifteen_days_after_a_check_it_is_stale(status: Console) -> None:
    """With how old it is; then the trial is a finding again, until somebody looks."""
    status.seen("recruiting")
    for days, exit_status, said in (
        (14, 0, f"open, checked on {TODAY} (fresh)"),
        (15, 1, f"stale, checked on {TODAY} (stale: 15 days old, 14 allowed)"),
    ):
        status.clock.today = TODAY + timedelta(days=days)

        assert exit_status == status()
        assert f"PALATINE: {said}, {REGISTRY}\n" in status.out

    status.seen("recruiting")

    assert 0 == status()


def test_the_service_follows_a_check_and_closes_by_itself(
    status: Console, live: Catalogue, tmp_path: Path
) -> None:
    """Open on the day of the check and 14 days long; on the next one its first screen says so."""
    status.seen("recruiting")
    trial = with_checks(live.trials[1], entries(NCT, status.checks()))
    clock = status.clock
    desk = Desk(replace(live, trials={1: trial}), KeyFiles(tmp_path / "keys"), clock)
    found = []
    for days in (0, 14, 15):
        clock.today = TODAY + timedelta(days=days)
        view = desk.welcome(b"here", "en").view
        found.append(Action.START in {button.action for button in view.buttons()})

    assert [True, True, False] == found
    assert desk.catalogue.speeches["en"].say("status.stale", day="10 March 2026") in {
        block.text for block in view.blocks
    }


def test_initials_are_not_shown_to_patients(
    status: Console, live: Catalogue, tmp_path: Path
) -> None:
    """Nor is the address, but for its host where two sources disagree."""
    status.seen("recruiting", by="QQXQQ")
    status.seen("suspended", OTHER, by="QQXQQ")
    trial = with_checks(live.trials[1], entries(NCT, status.checks()))
    desk = Desk(replace(live, trials={1: trial}), KeyFiles(tmp_path / "keys"), status.clock)
    said = repr(desk.welcome(b"here", "en").view)

    assert "QQXQQ" not in said
    assert "clinicaltrials.gov, checked on 10 March 2026" in said
    assert "https://clinicaltrials.gov" not in said
    assert "ctis-public" not in said


@pytest.mark.parametrize(
    "source",
    [
        None, "", "clinicaltrials.gov", "http://clinicaltrials.gov/", "https://localhost/", "https://",
        "https://a b.org/", "https://a.org/b c", "https://a.org/\nb", "https://[a.org",
        "https://a.org\x1b[2J", "https://a.org/\x1b[2J", "https://user:secret@a.org/", "https://a.org:x/",
        "https://a\u2100.org/", "https://a.org/" + "x" * 301, "javascript:alert(1)", "--",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(status: Console, source: str | None) -> None:
    """Patients are shown its host, and a turn must not fail on it."""
    given = () if source is None else (f"--source={source}",)

    assert "--source with the https address of the page" in status.refused(
        NCT, "recruiting", *given, "--by", "AB"
    )


@pytest.mark.parametrize(
    "source",
    ["https://a.org", "https://A.org:8443/b?c=%20#d", "https://xn--a.fr/é", REGISTRY, OTHER],
)
def test_an_address_of_a_page_is_taken(status: Console, source: str) -> None:
    """As it is."""
    assert 0 == status.seen("recruiting", source)
    assert [source] == [check.source for check in status.checks()]


@pytest.mark.parametrize("by", [None, "", "Ann Bird", "ABCDEF", "A1", "a@b", "A\n"])
def test_who_looked_is_told_by_initials(status: Console, by: str | None) -> None:
    """Not by a name, which would be kept for good."""
    given = () if by is None else (f"--by={by}",)

    assert "--by with your initials, 1 to 5 letters" in status.refused(
        NCT, "closed", "--source", REGISTRY, *given
    )


def test_all_that_is_wrong_is_said_at_once(status: Console) -> None:
    """With the trial and the day; a trial alone is a check that lacks all the rest."""
    says = status.refused(NCT)

    assert f"a check of {NCT} on {TODAY} needs what you saw: recruiting, suspended" in says
    assert says.index("what you saw") < says.index("--source") < says.index("--by")


def test_an_unknown_trial_is_named_with_those_that_are_known(status: Console) -> None:
    """Before anything is recorded."""
    assert f"there is no trial 'NCT1': known are {NCT}" in status.refused(
        "NCT1", "closed", "--source", REGISTRY, "--by", "AB"
    )


@pytest.mark.parametrize("word", ["open", "Closed", "completed", ""])
def test_an_unknown_status_is_refused_with_the_known_ones(
    status: Console, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    """Registries have more words; which of the three it is, a person decides."""
    with pytest.raises(SystemExit) as caught:
        main(["status", NCT, word, "--source", REGISTRY, "--by", "AB"])

    assert 2 == caught.value.code
    assert "'recruiting', 'suspended', 'closed'" in capsys.readouterr().err
    assert [] == status.checks()


def test_a_store_that_another_program_holds_is_named(
    status: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is recorded, and nothing hangs."""
    monkeypatch.setattr("bot.store.guarded._PATIENCE", 0.0)
    status.checks()
    with closing(sqlite3.connect(status.folder / "passerelle.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert 2 == status.seen("closed")
        assert status.err.startswith(f"DB_FILE={status.folder / 'passerelle.db'}: another program")
        other.execute("ROLLBACK")

    assert [] == status.checks()
