"""The tables of the store, and the guard in front of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.store.records import Kind, Row, State, StoreError
from bot.store.schema import MIGRATIONS, TABLES, allowed, rewrite
from bot.store.sqlite import SqliteStore, open_store

DAY = date(2026, 3, 1)
REQUEST = Row("K7", "palatine", 3, "fr", State.SENT, DAY, None, None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """A store with a row in it."""
    store = open_store(path)
    store.begin(REQUEST)
    yield store
    store.close()


def raw(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """What the last statement gives to somebody whom no guard stops."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


def test_the_file_holds_the_listed_tables_and_columns(store: SqliteStore, path: Path) -> None:
    """All that it holds is listed, with how long it lives, and nothing but tables is in it."""
    tables = raw(path, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex%'")

    assert set(TABLES) == {name for (name,) in tables}
    assert all(life for _, life in TABLES.values())
    for table, (columns, _) in TABLES.items():
        found = raw(path, f"SELECT name FROM pragma_table_info('{table}')")  # noqa: S608
        assert [(column,) for column in columns] == found


def test_every_table_is_strict_and_numbers_no_row(store: SqliteStore, path: Path) -> None:
    """A row number would tell in which order rows came."""
    assert [(1, 1)] * len(TABLES) == raw(
        path,
        "SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' "
        "AND name NOT LIKE 'sqlite_%'",
    )
    for table in TABLES:
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            store._run(f"SELECT rowid FROM {table}")  # noqa: S608


def test_a_file_is_of_this_release(store: SqliteStore, path: Path) -> None:
    """The number of its last migration."""
    assert [(len(MIGRATIONS),)] == raw(path, "PRAGMA user_version")


def test_a_second_start_changes_nothing(store: SqliteStore, path: Path) -> None:
    """Tables are made once, rows stay."""
    before = raw(path, "SELECT * FROM sqlite_schema")
    open_store(path).close()

    assert before == raw(path, "SELECT * FROM sqlite_schema")
    assert [(len(MIGRATIONS),)] == raw(path, "PRAGMA user_version")
    assert REQUEST == store.request("K7")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("secure_delete", 1),
        ("synchronous", 2),
        ("temp_store", 2),
        ("trusted_schema", 0),
    ],
)
def test_settings_hold_on_the_connection(store: SqliteStore, pragma: str, value: str | int) -> None:
    """Asked with the guard down, since it refuses to tell."""
    store._connection.set_authorizer(None)

    assert (value,) == store._run(f"PRAGMA {pragma}").fetchone()


def test_a_file_with_a_write_ahead_log_loses_it(path: Path) -> None:
    """The log keeps copies of what was deleted."""
    open_store(path).close()
    raw(path, "PRAGMA journal_mode=WAL")
    path.chmod(0o600)
    with closing(open_store(path)) as store:
        store.begin(REQUEST)

        assert [path] == list(path.parent.iterdir())
    assert [("delete",)] == raw(path, "PRAGMA journal_mode")


REFUSED = (
    "CREATE TABLE other (name TEXT)",
    "CREATE TEMP TABLE other (name TEXT)",
    "CREATE TABLE other AS SELECT code FROM requests",
    "CREATE TEMP TABLE other AS SELECT code FROM requests",
    "CREATE VIEW other AS SELECT code FROM requests",
    "CREATE TEMP VIEW other AS SELECT code FROM requests",
    "CREATE INDEX other ON requests (state)",
    "CREATE TRIGGER other AFTER INSERT ON requests BEGIN DELETE FROM centres; END",
    "CREATE TEMP TRIGGER other AFTER INSERT ON requests BEGIN DELETE FROM centres; END",
    "CREATE VIRTUAL TABLE other USING fts5 (name)",
    "DROP TABLE requests",
    "ALTER TABLE requests ADD COLUMN name TEXT",
    "ALTER TABLE requests RENAME TO other",
    "ALTER TABLE requests RENAME COLUMN card TO name",
    "ALTER TABLE requests DROP COLUMN card",
    "ATTACH ':memory:' AS other",
    "DETACH main",
    "PRAGMA secure_delete",
    "PRAGMA secure_delete=OFF",
    "PRAGMA journal_mode=WAL",
    "PRAGMA writable_schema=ON",
    "PRAGMA user_version=0",
    "SELECT name FROM pragma_table_info('requests')",
    "VACUUM",
    "VACUUM INTO '/dev/shm/other.db'",
    "REINDEX",
    "ANALYZE",
    "SELECT count(*) FROM requests",
    "SELECT lower(code) FROM requests",
    "SELECT code FROM requests WHERE code LIKE 'K%'",
    "SELECT random()",
    "SELECT load_extension('other')",
    "UPDATE requests SET code = upper(code)",
    "SELECT name FROM sqlite_master",
    "SELECT sql FROM sqlite_schema",
    "SELECT 1 FROM sqlite_master",
    "SELECT 1 FROM main.sqlite_master",
    "SELECT name FROM sqlite_temp_master",
    "DELETE FROM sqlite_master",
    "INSERT INTO sqlite_master VALUES (1, 2, 3, 4, 5)",
    "WITH RECURSIVE other (x) AS (SELECT 1 UNION ALL SELECT x FROM other) SELECT x FROM other",
)  # fmt: skip


@pytest.mark.parametrize("statement", REFUSED)
def test_the_guard_refuses(store: SqliteStore, path: Path, statement: str) -> None:
    """Whatever is not a look at, or a change of, listed cells; the file stays as it is."""
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match=r"authori[sz]|prohibited|may not be"):
        store._run(statement)

    assert before == path.read_bytes()
    assert not Path("/dev/shm/other.db").exists()  # noqa: S108


@pytest.mark.parametrize(
    "statement",
    ["SELECT other FROM requests", "UPDATE requests SET other = 'x'", "SELECT * FROM requests"],
)
def test_a_column_that_is_not_listed_cannot_be_used(path: Path, statement: str) -> None:
    """Even where somebody has put one into the file."""
    open_store(path).close()
    raw(path, "ALTER TABLE requests ADD COLUMN other TEXT")
    with (
        closing(open_store(path)) as store,
        pytest.raises(sqlite3.DatabaseError, match=r"prohibited|authorized"),
    ):
        store._run(statement)


@pytest.mark.parametrize(
    "statement", ["SELECT name FROM other", "INSERT INTO other VALUES (1)", "DELETE FROM other"]
)
def test_a_table_that_is_not_listed_cannot_be_used(path: Path, statement: str) -> None:
    """Neither read nor filled nor emptied."""
    open_store(path).close()
    raw(path, "CREATE TABLE other (name TEXT)")
    with (
        closing(open_store(path)) as store,
        pytest.raises(sqlite3.DatabaseError, match=r"prohibited|authorized"),
    ):
        store._run(statement)


@pytest.mark.parametrize(
    "trigger",
    [
        "AFTER INSERT ON requests BEGIN INSERT INTO centres (centre) VALUES (NEW.code); END",
        "AFTER INSERT ON requests BEGIN DELETE FROM centres; END",
        "BEFORE INSERT ON requests BEGIN SELECT NEW.code; END",
    ],
)
def test_a_trigger_does_not_run(path: Path, trigger: str) -> None:
    """One that somebody has put into the file stops the write, and copies nothing."""
    open_store(path).close()
    raw(path, f"CREATE TRIGGER other {trigger}")
    with closing(open_store(path)) as store:
        with pytest.raises(StoreError):
            store.begin(REQUEST)

        assert {table: [] for table in TABLES} == store.everything()


def test_a_view_over_a_listed_table_is_no_way_in(path: Path) -> None:
    """What it reads is asked for on its own behalf."""
    open_store(path).close()
    raw(path, "CREATE VIEW other AS SELECT code FROM requests")
    with (
        closing(open_store(path)) as store,
        pytest.raises(sqlite3.DatabaseError, match=r"prohibited|authorized"),
    ):
        store._run("SELECT code FROM other")


@pytest.mark.parametrize("database", ["temp", "other", None])
def test_a_listed_name_in_another_database_is_not_listed(database: str | None) -> None:
    """Only the file itself counts."""
    assert sqlite3.SQLITE_OK == allowed(sqlite3.SQLITE_READ, "requests", "code", "main", None)
    for action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_INSERT):
        assert sqlite3.SQLITE_DENY == allowed(action, "requests", "code", database, None)


def test_the_guard_is_up_again_after_a_rewrite(store: SqliteStore, path: Path) -> None:
    """Also after one that failed."""
    rewrite(store._connection)
    with pytest.raises(sqlite3.DatabaseError, match="authori"):
        store._run("VACUUM")
    store._run("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        rewrite(store._connection)
    store._run("ROLLBACK")

    with pytest.raises(sqlite3.DatabaseError, match="authori"):
        store._run("DROP TABLE requests")
    assert REQUEST == store.request("K7")


def test_the_tables_of_somebody_else_are_left_alone(path: Path) -> None:
    """A database of another program that has a table of the same name is not used."""
    raw(path, "CREATE TABLE requests (name TEXT)", "INSERT INTO requests VALUES ('mine')")
    path.chmod(0o600)
    with pytest.raises(StoreError, match=f"DB_FILE={path}"):
        open_store(path)

    assert [("requests",)] == raw(path, "SELECT name FROM sqlite_schema")
    assert [("mine",)] == raw(path, "SELECT name FROM requests")


def test_what_is_bound_is_no_statement(store: SqliteStore) -> None:
    """A value is never read as SQL."""
    address = "x'; DROP TABLE requests; --"
    store.bind("palatine", 3, Kind.EMAIL, address)

    assert [address] == [channel.address for channel in store.at(Kind.EMAIL, address)]
    assert REQUEST == store.request("K7")
