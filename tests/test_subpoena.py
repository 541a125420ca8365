"""What is printed for whoever has the right to ask: all that is held, and what is not.

`pytest tests/test_subpoena.py --update` writes the golden file anew; its diff is to be reviewed.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.contact.exchange import HANDLE_DAYS
from bot.store import schema
from bot.store.keyfiles import KeyFiles
from bot.store.records import Announcement, Campaign, Check, Key, Kind, Row, State
from bot.store.schema import TABLES
from bot.store.sqlite import open_store
from tests.contact_fixtures import CENTRE, NCT

GOLDEN = Path(__file__).parent / "data" / "subpoena.golden.txt"
DAY, UNTIL = date(2026, 3, 10), date(2026, 3, 24)
#: File by file: what is in it, when it was written, who may use it.
Files = dict[Path, tuple[bytes, int, int]]


@dataclass
class Console:
    """Where an operator types the command; what it said last."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def __call__(self) -> int:
        """The exit status of `run_bot.py subpoena`."""
        status = main(["subpoena"])
        self.out, self.err = self.capture.readouterr()
        return status

    def refused(self) -> str:
        """What it says, on standard error, when it cannot; it prints and changes nothing."""
        before = self.files()

        assert 2 == self()
        assert "" == self.out
        assert before == self.files()

        return self.err

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "passerelle.db"

    def files(self) -> Files:
        """All that is on the disk."""
        return {
            path: (b"" if path.is_dir() else path.read_bytes(), held.st_mtime_ns, held.st_mode)
            for path in (self.folder, *self.folder.rglob("*"))
            for held in (path.stat(),)
        }


@pytest.fixture
def subpoena(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Console:
    """A console in an empty folder."""
    folder = tmp_path / "service"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("DB_FILE", str(folder / "passerelle.db"))
    monkeypatch.setenv("KEYS_DIR", str(folder / "keys"))
    return Console(folder, capsys)


@pytest.fixture
def full(subpoena: Console) -> Console:
    """One row in each table, no cell of which is empty, and some keys."""
    with open_store(subpoena.file) as store:
        store.bind(NCT, CENTRE, Kind.EMAIL, "team@example.org")
        store.invite(NCT, CENTRE, "a-hash-of-a-code", date(2026, 3, 12))
        store.begin(Row("GV4FR7WCS", NCT, CENTRE, "fr", State.SENT, UNTIL, date(2026, 3, 13), 4711))
        store.open_mailbox(0x1234_5678_9ABC_DEF0_1234, b"k" * 32, UNTIL, b"c" * 345)
        store.check(Check(NCT, "recruiting", "https://clinicaltrials.gov/study/X", "AB", DAY))
        store.begin_campaign(Campaign("rose", 0, NCT, "fr", "La Rose (sample)", "5a" * 32))
        counted = Key("2026-W10", 1, NCT, "fr", "opened")
        store.count({counted: 23})
        store.publish("2026-W10".__eq__, lambda _: {counted: 25})
        store.count({replace(counted, week="2026-W11"): 7})
        store.announce(Announcement(NCT, "closed", DAY, "fr"))
    for day in (DAY, date(2026, 3, 11)):
        KeyFiles(subpoena.folder / "keys").keyring(day)
    KeyFiles(subpoena.folder / "keys", "handle", HANDLE_DAYS).keyring(DAY)
    return subpoena


def columns(file: Path) -> dict[str, list[str]]:
    """The tables and columns of a file, as SQLite itself tells them."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        ).fetchall()
        return {
            table: [
                name
                for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
            ]
            for (table,) in tables
        }


def test_it_prints_exactly_this(full: Console, request: pytest.FixtureRequest) -> None:
    """A golden file: each table, each row, each key's day, and what is not held."""
    assert 0 == full()

    if request.config.getoption("--update"):
        GOLDEN.write_text(full.out, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == full.out


def test_every_table_and_every_column_of_the_file_is_printed(full: Console) -> None:
    """As the file has them, whatever the lists in the code say; and how long each row lives."""
    assert 0 == full()

    found = columns(full.file)
    parts = full.out.split("\nTable ")[1:]

    assert 4 <= len(found) == len(parts)
    for table, names in found.items():
        (part,) = (part for part in parts if part.startswith(f"{table}: 1 row. "))
        (row,) = (line for line in part.splitlines() if line.startswith("  - ") and "=" in line)

        assert f"  columns: {', '.join(names)}\n" in part
        assert names == [cell.partition("=")[0] for cell in row.removeprefix("  - ").split(", ")]
        assert "=none" not in row
        assert f" Kept: {TABLES[table][1]}.\n" in part


def test_a_table_without_a_meaning_is_not_passed_over(
    full: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds one has to say here what it is for."""
    more = ("CREATE TABLE other (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, more))
    monkeypatch.setitem(TABLES, "other", (("name",), "for ever"))
    open_store(full.file).close()
    with pytest.raises(KeyError, match="other"):
        full()


def test_it_says_what_is_not_held(full: Console) -> None:
    """At its end, in so many words."""
    full()
    *_, last = full.out.split("\n\n")

    assert last.startswith("Not held, here or anywhere in this service:\n")
    for words in ("names", "telephone numbers", "Telegram accounts", "answers", "which patient"):
        assert words in last


def test_it_shows_no_key(full: Console) -> None:
    """Whoever has one and a card finds the patient: only their days are told."""
    full()
    keys = list((full.folder / "keys").iterdir())

    assert 3 == len(keys)
    for key in keys:
        content = key.read_bytes()

        assert content.hex() not in full.out
        assert repr(content)[2:-1] not in full.out
    assert "Keys that open the buttons of conversations: 2;" in full.out
    assert "  of the days: 2026-03-10, 2026-03-11\n" in full.out


def test_printing_changes_nothing(full: Console) -> None:
    """Not a byte and not a time, of any file; none is made, and no key is destroyed."""
    before = full.files()

    assert 5 <= len(before)
    assert [0, 0] == [full(), full()]
    assert before == full.files()


def test_printing_makes_no_folder_of_keys(full: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, there is no key."""
    monkeypatch.setenv("KEYS_DIR", str(full.folder / "elsewhere"))
    before = full.files()

    assert 0 == full()
    assert before == full.files()
    assert 2 == full.out.count("  of the days: none\n")


def test_an_empty_store_is_printed_as_empty(subpoena: Console) -> None:
    """All tables, no row."""
    open_store(subpoena.file).close()
    before = subpoena.files()

    assert 0 == subpoena()
    assert len(TABLES) == subpoena.out.count(": 0 rows. ")
    assert "  - code" not in subpoena.out
    assert before == subpoena.files()


@pytest.mark.parametrize("empty", [False, True])
def test_a_store_that_is_not_there_is_not_said_to_hold_nothing(
    subpoena: Console, empty: bool
) -> None:
    """The setting may name a wrong file: that is no answer to whoever asks."""
    if empty:
        subpoena.file.touch(0o600)

    assert subpoena.refused() == (
        f"DB_FILE={subpoena.file}: there is no database: name the file that the service uses\n"
    )


def test_a_locked_store_is_named(full: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is printed by halves; later it works."""
    monkeypatch.setattr("bot.store.guarded._PATIENCE", 0.0)
    with closing(sqlite3.connect(full.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert f"DB_FILE={full.file}: another program holds it" in full.refused()
        other.execute("ROLLBACK")

    assert 0 == full()


def test_a_service_beside_it_is_not_in_its_way(full: Console) -> None:
    """Neither when it reads nor when it is about to write."""
    with closing(sqlite3.connect(full.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert 0 == full()
        other.execute("ROLLBACK")


@pytest.mark.parametrize("release", [0, len(schema.MIGRATIONS) + 1])
def test_a_store_of_another_release_is_named(full: Console, release: int) -> None:
    """It may hold what this one does not know of; nor is it brought up to date in passing."""
    with closing(sqlite3.connect(full.file)) as other:
        other.execute(f"PRAGMA user_version={release}")

    assert f"DB_FILE={full.file}: another release made it: run that one" in full.refused()


def test_a_store_that_others_may_read_is_named(full: Console) -> None:
    """As at every other start."""
    full.file.chmod(0o644)

    assert f"run `chmod 600 {full.file}`" in full.refused()


def test_a_file_that_cannot_be_written_can_be_printed(full: Console) -> None:
    """A copy on a disk that is not to be changed."""
    full.file.chmod(0o400)
    before = full.files()

    assert 0 == full()
    assert before == full.files()


def test_the_default_is_the_file_that_the_service_uses(
    full: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder where both are started."""
    monkeypatch.delenv("DB_FILE")
    monkeypatch.setenv("KEYS_DIR", " ")
    monkeypatch.chdir(full.folder)

    assert 0 == full()
    assert GOLDEN.read_text(encoding="utf-8") == full.out
