"""A registry's record made into a draft, and held against a trial, as an operator does it."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.authoring.catalogues import extracted
from bot.cli.main import main
from bot.data import ROOT, read_sources
from dialogs.catalogue import Catalogue
from dialogs.datafile import decode
from dialogs.eligibility.criteria import read_trial
from dialogs.eligibility.status import Openness, status_on
from dialogs.trialfile import TrialFile
from tests.builders import Clock
from tests.registry_fixtures import CUT_OFF, RECORDS, TEXT, written
from tests.test_registry_fetch import Registry, running

PALATINE = "NCT03870919"
SMALL = "NCT00000001"
DAY = date(2026, 3, 10)


@dataclass
class Desk:
    """A project of an author with one trial in it; what the last command said."""

    root: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    @property
    def trials(self) -> Path:
        """The folder of the trials."""
        return self.root / "dialogs" / "trials"

    @property
    def draft(self) -> Path:
        """The draft of the small record."""
        return self.trials / "drafts" / f"{SMALL}.toml"

    def __call__(self, *arguments: str | Path) -> int:
        """The exit status of `run_bot.py import ARGUMENTS`."""
        status = main(["import", *map(str, arguments)])
        self.out, self.err = self.capture.readouterr()
        return status

    def refused(self, *arguments: str | Path) -> str:
        """What a command that cannot do it says, in one line; no file is touched."""
        before = self.files()

        assert 2 == self(*arguments)
        assert "" == self.out
        assert before == self.files()
        assert self.err.endswith("\n")
        assert 1 == self.err.count("\n")

        return self.err

    def files(self) -> dict[str, bytes]:
        """All files of the project."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """PALATINE is there, and nothing else."""
    root = tmp_path / "project"
    trials = root / "dialogs" / "trials"
    trials.mkdir(parents=True)
    (trials / f"{PALATINE}.toml").write_bytes(
        (ROOT / "dialogs" / "trials" / f"{PALATINE}.toml").read_bytes()
    )
    monkeypatch.setattr("bot.cli.registry.ROOT", root)
    days = SimpleNamespace(today=Clock(DAY), fromisoformat=date.fromisoformat)
    monkeypatch.setattr("bot.cli.registry.date", days)
    monkeypatch.setenv("no_proxy", "*")
    return Desk(root, capsys)


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """Files with a small record."""
    return lambda **modules: written(tmp_path, **modules)


def filled(draft: str) -> str:
    """A draft as an author fills it in, in the fewest words: the centre checks everything."""
    text = draft.replace('point = ""', 'point = "Ask."\nchecked_by = "centre"')
    return text.replace('= ""', '= "Words."')


def told(text: str, day: str, status: str = "RECRUITING") -> dict[str, Any]:
    """The modules of a newer record with other criteria."""
    return {
        "eligibilityModule": {"eligibilityCriteria": text},
        "statusModule": {
            "overallStatus": status,
            "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"},
        },
    }


def test_a_record_becomes_a_draft(desk: Desk, record: Callable[..., Path]) -> None:
    """Beside the trials, with the next number; what is to be done is said."""
    assert 0 == desk(record())

    trial = decode("x.toml", desk.draft.read_text(encoding="utf-8"), TrialFile)

    assert (SMALL, 2, "SAMPLE", "Hospital X") == (
        trial.id, trial.number, trial.name, trial.sponsor,
    )  # fmt: skip
    assert f"{desk.draft}: a draft with 2 inclusion and 1 exclusion criteria" in desk.out
    assert "status: recruiting, checked on 2026-03-01, ClinicalTrials.gov, recruiting" in desk.out
    assert "move the file to dialogs/trials" in desk.out


def test_all_real_records_become_drafts(desk: Desk) -> None:
    """Each with its own number; nothing but the drafts is written."""
    before = desk.files()
    for path in RECORDS.values():
        assert (
            0 == desk(path, "--seen", str(DAY), "--out", desk.root / "new") or "after" in desk.err
        )

    drafts = {name: text for name, text in desk.files().items() if name not in before}
    numbers = [decode(name, text.decode(), TrialFile).number for name, text in drafts.items()]

    assert all(name.startswith("new/NCT") for name in drafts)
    assert len(set(numbers)) == len(numbers)
    assert before == {name: text for name, text in desk.files().items() if name in before}


def test_nothing_reads_a_draft(desk: Desk, record: Callable[..., Path]) -> None:
    """Neither the service nor the catalogues, while it stands among the drafts."""
    shutil.copytree(ROOT / "dialogs", desk.root / "dialogs", dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", desk.root)
    desk(record())
    desk.draft.write_text(filled(desk.draft.read_text(encoding="utf-8")), encoding="utf-8")

    assert SMALL not in " ".join(read_sources(desk.root).trials)
    assert not [one for one in extracted(desk.root) if SMALL in str(one.context)]

    desk.draft.rename(desk.trials / desk.draft.name)

    assert f"{SMALL}.toml" in read_sources(desk.root).trials
    assert [one for one in extracted(desk.root) if SMALL in str(one.context)]


def test_a_cut_off_record_is_doubted_aloud(desk: Desk) -> None:
    """The author must complete it."""
    (path, *_) = [RECORDS[number] for number in sorted(CUT_OFF)]

    assert 0 == desk(path, "--seen", str(DAY))
    assert "note: the record names no exclusion criterion: it may be cut off" in desk.out


def test_a_draft_is_not_written_over(desk: Desk, record: Callable[..., Path]) -> None:
    """Unless the author says so; then it keeps its number."""
    desk(record())
    desk(record(identificationModule={"nctId": "NCT00000002"}))
    desk.draft.write_text(filled(desk.draft.read_text(encoding="utf-8")), encoding="utf-8")

    assert "is there already: fill it in, or write it anew with --force" in desk.refused(record())
    assert 0 == desk(record(), "--force")

    trial = decode("x.toml", desk.draft.read_text(encoding="utf-8"), TrialFile)

    assert (2, "") == (trial.number, trial.title.reader if not isinstance(trial.title, str) else 0)


def test_a_draft_of_a_trial_that_is_there_has_its_number(desk: Desk) -> None:
    """`--out` writes one to read beside it."""
    folder = desk.root / "beside"

    assert 0 == desk(RECORDS[PALATINE], "--out", folder)

    trial = decode("x.toml", (folder / f"{PALATINE}.toml").read_text(encoding="utf-8"), TrialFile)

    assert (PALATINE, 1) == (trial.id, trial.number)


def test_from_a_record_to_a_trial_and_on(
    desk: Desk, record: Callable[..., Path], live: Catalogue
) -> None:
    """Draft, filled in, moved, read; then a newer record adds a line and tells what changed."""
    desk(record())
    text = filled(desk.draft.read_text(encoding="utf-8"))
    desk.draft.rename(authored := desk.trials / f"{SMALL}.toml")
    authored.write_text(text, encoding="utf-8")
    trial = read_trial(authored.name, decode("x", text, TrialFile), live.bank)

    assert ["I1", "I2", "E1"] == [criterion.id for criterion in trial.criteria]
    assert 0 == desk(record())
    assert "knows that it is recruiting; nothing was added" in desk.out
    assert "The 3 criteria are those of 2026-03-01." in desk.out
    assert text == authored.read_text(encoding="utf-8")

    newer = TEXT.replace("≥18", "≥65").replace("Women", "WOMEN") + "\n* Fever"

    assert 1 == desk(record(**told(newer, "2026-03-09", "COMPLETED")))
    assert "changed: I2 is now: * Age ≥65 years\n" in desk.out
    assert "new: E2: * Fever\n" in desk.out
    assert "I1 is" not in desk.out

    now = authored.read_text(encoding="utf-8")
    table = desk.out.rpartition("\n\n[record]\n")[2]
    pasted = now[: now.index("[record]")] + f"[record]\n{table}"
    changed = read_trial("x", decode("x", pasted, TrialFile), live.bank)

    assert text == now.replace(
        '\n[[status]]\nday = 2026-03-09\nstatus = "closed"\nchecked = 2026-03-09\n'
        'source = "ClinicalTrials.gov, completed (update of 9 March 2026)"\n',
        "",
    )
    assert Openness.CLOSED is status_on(changed, DAY).openness

    authored.write_text(pasted, encoding="utf-8")

    assert 0 == desk(record(**told(newer, "2026-03-09", "COMPLETED")))
    assert "The 4 criteria are those of 2026-03-09." in desk.out
    assert 1 == desk(record())
    assert "this record is older than the one of 2026-03-09" in desk.out
    assert "changed: I2" in desk.out
    assert "gone: E2" in desk.out


def test_criteria_that_moved_are_told(desk: Desk, record: Callable[..., Path]) -> None:
    """One more at the top changes no words."""
    desk(record())
    desk.draft.rename(desk.trials / f"{SMALL}.toml")

    assert 1 == desk(record(**told(TEXT.replace("* Women", "* Fever\n* Women"), "2026-03-01")))
    assert "new: I1: * Fever" in desk.out
    assert "moved: I1 is now I2, with the same words" in desk.out


def test_a_trial_without_a_record_table_gets_one_to_paste(desk: Desk) -> None:
    """Its history gets one line, and nothing else changes."""
    (path,) = desk.root.rglob(f"{PALATINE}.toml")
    whole = path.read_text(encoding="utf-8")
    bare = re.sub(r"\[record\]\n.*?(?=\[title\])", "", whole, flags=re.DOTALL)
    path.write_text(bare, encoding="utf-8")
    before = desk.files()

    assert 0 == desk(RECORDS[PALATINE], "--seen", str(DAY))
    assert "has no [record] table, so its criteria cannot be compared" in desk.out
    assert "\n[record]\nseen = 2026-03-10\n\n[record.criteria]\nI1 = " in desk.out

    ((name, text),) = desk.files().items()
    entry = decode(name, text.decode(), TrialFile).status[-1]

    assert before[name] == text.replace(
        f'[[status]]\nday = {entry.day}\nstatus = "closed"\nchecked = {DAY}\nsource = "'
        f'{entry.source}"\n\n'.encode(),
        b"",
    )
    assert 0 == desk(RECORDS[PALATINE], "--seen", str(DAY))
    assert "nothing was added" in desk.out


def test_a_record_is_fetched_as_of_today(desk: Desk) -> None:
    """What the registry says now is checked now."""
    with running(Registry()) as registry:
        assert 0 == desk("--fetch", SMALL, "--registry", registry.address)

    (entry,) = decode("x.toml", desk.draft.read_text(encoding="utf-8"), TrialFile).status

    assert (date(2026, 3, 1), DAY) == (entry.day, entry.checked)


def test_a_registry_without_the_study_is_said(desk: Desk) -> None:
    """Nothing is written."""
    with running(Registry(404)) as registry:
        says = desk.refused("--fetch", SMALL, "--registry", registry.address)

    assert f"{SMALL}: the registry has no such study: look at the number\n" == says


def test_what_cannot_be_is_said(desk: Desk, record: Callable[..., Path], tmp_path: Path) -> None:
    """A file that is not there, no file, no record, no day, a day to come."""
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({"a": 1}), encoding="utf-8")

    assert "missing.json" in desk.refused(tmp_path / "missing.json")
    assert str(tmp_path) in desk.refused(tmp_path)
    assert "broken.json: `protocolSection` is missing" in desk.refused(broken)
    assert "--seen 'today' is no day" in desk.refused(record(), "--seen", "today")
    assert "is after today" in desk.refused(record(), "--seen", "2026-03-11")
    assert "--seen is for files" in desk.refused("--fetch", SMALL, "--seen", str(DAY))
    assert "is no number of ClinicalTrials.gov" in desk.refused("--fetch", "NCT1")


def test_a_trial_file_that_cannot_be_read_is_said(desk: Desk, record: Callable[..., Path]) -> None:
    """Its number may be the next; the trial itself may be the one to update."""
    (desk.trials / "NCT00000009.toml").write_text("number = ", encoding="utf-8")

    assert "NCT00000009.toml: $: not readable as TOML" in desk.refused(record())

    (desk.trials / "NCT00000009.toml").write_bytes(b"\xff")

    assert "NCT00000009.toml: $: not UTF-8" in desk.refused(record())


def test_numbers_end(desk: Desk, record: Callable[..., Path]) -> None:
    """Tokens carry them in 14 bits."""
    (desk.trials / "NCT00000009.toml").write_text("number = 16383", encoding="utf-8")

    assert "there is no number left: 16383 is the highest" in desk.refused(record())


@pytest.mark.parametrize("arguments", [[], ["x.json", "--fetch", SMALL]])
def test_a_file_or_a_number_is_needed(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """One of them, and not both."""
    with pytest.raises(SystemExit) as caught:
        desk(*arguments)

    assert 2 == caught.value.code
    assert "--fetch" in capsys.readouterr().err


def test_the_hidden_option_is_for_tests(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Help does not name it."""
    with pytest.raises(SystemExit):
        desk("--help")

    assert "--registry" not in capsys.readouterr().out
