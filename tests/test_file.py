"""The database file: who may read it, and what is said when it cannot be used."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import bot.store.guarded
from bot.data import ROOT
from bot.store import schema
from bot.store.file import mend_of, private
from bot.store.records import Kind, Row, State, StoreError
from bot.store.sqlite import SqliteStore, open_store

DAY = date(2026, 3, 1)
NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """A store in that file."""
    store = open_store(path)
    yield store
    store.close()


def mode(path: Path) -> int:
    """The permissions of a file."""
    return path.stat().st_mode & 0o777


def refusal(path: Path) -> StoreError:
    """What is said when the file is opened."""
    with pytest.raises(StoreError) as caught:
        open_store(path)
    return caught.value


def sound(path: Path) -> bool:
    """Whether the file can be opened, by us and by SQLite's own check."""
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        return [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()


def child(script: str, *arguments: Path) -> str:
    """What another process prints."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout


def test_only_this_user_can_read_the_file(path: Path) -> None:
    """0600, whatever the umask is, and the same for the journal while there is one."""
    old = os.umask(0)
    try:
        store = open_store(path)
        store._run("BEGIN IMMEDIATE")
        store.invite("palatine", 3, "digest", DAY)
        journal = mode(path.with_name("store.db-journal"))
        store._run("COMMIT")
        store.close()
    finally:
        os.umask(old)

    assert 0o600 == journal
    assert 0o600 == mode(path)
    assert [path] == list(path.parent.iterdir())


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_file_that_others_may_use_is_refused(path: Path, bits: int) -> None:
    """The message has the command that mends it, and the file stays as it was."""
    path.touch()
    path.chmod(bits)
    error = refusal(path)

    assert f"DB_FILE={path}: others may read it: run `chmod 600 {path}`" == str(error)
    assert not error.passing
    assert bits == mode(path)
    assert 0 == path.stat().st_size


def test_a_file_that_is_there_keeps_its_bytes(path: Path) -> None:
    """Only a missing file is made."""
    path.write_bytes(b"here")
    path.chmod(0o600)
    private(path)

    assert b"here" == path.read_bytes()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """Nor is it changed."""
    path.write_bytes(b"a letter to nobody in particular. " * 100)
    path.chmod(0o600)
    before = path.read_bytes()
    error = refusal(path)

    assert f"DB_FILE={path}: it is no SQLite database: name another file" == str(error)
    assert not error.passing
    assert before == path.read_bytes()


def test_a_damaged_database_is_named_with_a_mend(path: Path) -> None:
    """The second page, where the centres are, is not whole."""
    store = open_store(path)
    store.bind("palatine", 3, Kind.GROUP, "-100")
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * 4096 + content[8192:])
    store.close()
    with closing(open_store(path)) as damaged, pytest.raises(StoreError) as caught:
        damaged.channels()

    assert f"DB_FILE={path}: it is damaged: restore a backup" in str(caught.value)
    assert not caught.value.passing


def test_a_file_of_a_later_release_is_refused(path: Path) -> None:
    """Older code would not know what to forget in it."""
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={len(schema.MIGRATIONS) + 1}")
    error = refusal(path)

    assert f"DB_FILE={path}: a later release made it: run that one, or name another file" == str(
        error
    )
    assert not error.passing


@pytest.mark.parametrize(
    ("place", "cause"),
    [
        ("missing/store.db", "No such file or directory"),
        ("file/store.db", "Not a directory"),
        ("folder", "Is a directory"),
    ],
)
def test_a_path_that_cannot_be_a_file_is_named_with_a_mend(
    tmp_path: Path, place: str, cause: str
) -> None:
    """Causes that stop root as well."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    error = refusal(tmp_path / place)

    assert f"DB_FILE={tmp_path / place}: {cause}: name a file that this user may write to" == str(
        error
    )
    assert not error.passing


REFUSED = """
import os, pathlib, sys
from bot.store.records import StoreError
from bot.store.sqlite import open_store
open_store(pathlib.Path(sys.argv[2])).close()  # loads all modules, which nobody may not read
if os.getuid() == 0: os.setuid(65534)
try: open_store(pathlib.Path(sys.argv[1]))
except StoreError as error: print(error.passing, error)
"""


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_cannot_be_written_is_named_with_a_mend(tmp_path: Path, there: bool) -> None:
    """As a user without rights: no file can be made, or no journal beside it; told at the start."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        if there:
            open_store(path).close()
            if os.getuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        Path(name).chmod(0o555)
        said = child(REFUSED, path, tmp_path / "other.db")
        Path(name).chmod(0o700)

    assert said.startswith(f"False DB_FILE={path}: ")
    assert (
        "this user may write to\n" in said
        or "let this user write to the file and its folder" in said
    )


def test_a_file_that_was_taken_away_is_not_written_into_the_void(
    store: SqliteStore, path: Path
) -> None:
    """A write that nobody could find again is an error."""
    path.unlink()
    with pytest.raises(StoreError) as caught:
        store.bind("palatine", 3, Kind.GROUP, "-100")

    assert (
        f"DB_FILE={path}: it cannot be written: "
        "let this user write to the file and its folder" == str(caught.value)
    )
    assert not caught.value.passing


def test_a_locked_file_is_named_and_may_pass(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a start, a look, a write and a purge; afterwards all of them work."""
    monkeypatch.setattr(bot.store.guarded, "_PATIENCE", 0.0)
    said = f"DB_FILE={path}: another program holds it for long: stop that, or try again"
    with closing(open_store(path)) as store, closing(sqlite3.connect(path)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        errors = [refusal(path)]
        for call in (store.channels, lambda: store.purge(DAY), lambda: store.unbind("t", 1)):
            with pytest.raises(StoreError) as caught:
                call()
            errors.append(caught.value)
        holder.execute("ROLLBACK")

        assert [(said, True)] * 4 == [(str(error), error.passing) for error in errors]
        assert not store.unbind("t", 1)
        store.purge(DAY)
        assert sound(path)


def fill(path: Path, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    """From here on the disk has room for so many pages more than the tables take."""
    open_store(path).close()
    most = path.stat().st_size // 4096 + left
    monkeypatch.setattr(schema, "PRAGMAS", (*schema.PRAGMAS, f"PRAGMA max_page_count={most}"))


def test_a_full_disk_is_named_and_may_pass(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not fit is not there at all, what was there still is, and what fits is taken."""
    fill(path, monkeypatch, 3)
    with closing(open_store(path)) as store:
        store.bind("palatine", 3, Kind.GROUP, "-100")
        with pytest.raises(StoreError) as caught:
            store.open_mailbox(7, b"k" * 32, DAY, b"c" * 40_000)

        assert f"DB_FILE={path}: the disk is full: make room" == str(caught.value)
        assert caught.value.passing
        assert store.mailbox(7) is None
        assert 1 == len(store.channels())

        store.open_mailbox(7, b"k" * 32, DAY, b"small")

        assert (b"k" * 32, b"small", DAY) == store.mailbox(7)
    assert sound(path)


def test_a_full_disk_in_the_middle_of_a_request_leaves_no_transaction_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next call, and another process, go on."""
    fill(path, monkeypatch, 1)
    long = Row("K7", "t" * 40_000, 3, "fr", State.SENDING, DAY, None, None)
    with closing(open_store(path)) as store:
        with pytest.raises(StoreError, match="the disk is full"):
            store.begin(long)

        assert not store._connection.in_transaction
        assert store.request("K7") is None
        assert sound(path)


def test_a_disk_that_is_full_at_the_start_holds_no_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables do not fit; as soon as there is room, a start makes them, error kept or not."""
    with monkeypatch.context() as full:
        full.setattr(schema, "PRAGMAS", (*schema.PRAGMAS, "PRAGMA max_page_count=3"))
        error = refusal(path)

    assert f"DB_FILE={path}: the disk is full: make room" == str(error)
    assert error.passing
    assert sound(path)


LIMITED = """
import datetime, pathlib, resource, sys
from bot.store.records import Kind, StoreError
from bot.store.sqlite import open_store
store = open_store(pathlib.Path(sys.argv[1]))
store.bind("palatine", 3, Kind.GROUP, "-100")
resource.setrlimit(resource.RLIMIT_FSIZE, (24576, 24576))
try: store.open_mailbox(7, b"k" * 32, datetime.date(2026, 3, 1), b"c" * 40000)
except StoreError as error: print(error)
print(len(store.channels()), store.mailbox(7))
"""


def test_a_file_that_may_not_grow_is_named(path: Path) -> None:
    """The system stops a write half way; the next look finds all that was there before."""
    assert f"DB_FILE={path}: it cannot be used: look at the file and its disk\n1 None\n" == child(
        LIMITED, path
    )
    assert sound(path)


@pytest.mark.parametrize(
    ("error", "part", "passing"),
    [
        (sqlite3.OperationalError("database is locked"), "another program", True),
        (sqlite3.OperationalError("database table is locked"), "another program", True),
        (sqlite3.OperationalError("database or disk is full"), "make room", True),
        (sqlite3.OperationalError("attempt to write a readonly database"), "written", False),
        (sqlite3.OperationalError("unable to open database file"), "opened", False),
        (sqlite3.DatabaseError("file is not a database"), "no SQLite database", False),
        (sqlite3.DatabaseError("database disk image is malformed"), "restore", False),
        (sqlite3.OperationalError("disk I/O error"), "look at the file", False),
        (OSError(30, "Read-only file system"), "Read-only file system: name a file", False),
    ],
)
def test_every_error_has_a_mend(error: Exception, part: str, passing: bool) -> None:
    """And those that may pass say so."""
    mend, passes = mend_of(error)

    assert part in mend
    assert passing is passes
