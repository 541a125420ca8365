"""The tables of the store, and the guard that lets nothing else be read or written."""

import sqlite3

__all__ = ["MIGRATIONS", "PRAGMAS", "PURGES", "TABLES", "allowed", "prepare", "rewrite"]

#: Rows have no number: they are read in the order of their random keys, and lie in it after each
#: `rewrite`, so that nothing tells in which order they came.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE centres (
            centre TEXT PRIMARY KEY, kind TEXT, address TEXT, state TEXT,
            invite_hash TEXT, invite_until TEXT) STRICT, WITHOUT ROWID""",
        """CREATE TABLE requests (
            code TEXT PRIMARY KEY, trial TEXT NOT NULL, centre INTEGER NOT NULL,
            language TEXT NOT NULL, state TEXT NOT NULL, until TEXT NOT NULL,
            due_on TEXT, card INTEGER) STRICT, WITHOUT ROWID""",
        """CREATE TABLE mailboxes (
            address TEXT PRIMARY KEY, public_key BLOB NOT NULL, ciphertext BLOB NOT NULL,
            until TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE TABLE trial_checks (
            trial TEXT NOT NULL, status TEXT NOT NULL, source TEXT NOT NULL, "by" TEXT NOT NULL,
            day TEXT NOT NULL, PRIMARY KEY (trial, day, source, status, "by")
            ) STRICT, WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE campaigns (
            slug TEXT PRIMARY KEY, number INTEGER NOT NULL, trial TEXT NOT NULL,
            language TEXT NOT NULL, label TEXT NOT NULL, secret_hash TEXT NOT NULL
            ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE counts (
            week TEXT NOT NULL, campaign INTEGER NOT NULL, trial TEXT NOT NULL,
            language TEXT NOT NULL, step TEXT NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (week, campaign, trial, language, step)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE published (
            week TEXT NOT NULL, campaign INTEGER NOT NULL, trial TEXT NOT NULL,
            language TEXT NOT NULL, step TEXT NOT NULL, n INTEGER,
            PRIMARY KEY (week, campaign, trial, language, step)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE announced (
            trial TEXT NOT NULL, event TEXT NOT NULL, day TEXT NOT NULL, language TEXT NOT NULL,
            PRIMARY KEY (trial, day, event, language)) STRICT, WITHOUT ROWID""",
    ),
)

#: The columns of each table, and how long a row lives: all that the store holds.
TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "centres": (
        ("centre", "kind", "address", "state", "invite_hash", "invite_until"),
        "until the centre is unbound; an invitation for 2 days",
    ),
    "requests": (
        ("code", "trial", "centre", "language", "state", "until", "due_on", "card"),
        "14 days, as long as the key that opens its handle",
    ),
    "mailboxes": (("address", "public_key", "ciphertext", "until"), "14 days"),
    "trial_checks": (("trial", "status", "source", "by", "day"), "for good"),
    "campaigns": (
        ("slug", "number", "trial", "language", "label", "secret_hash"),
        "until the link is ended",
    ),
    "counts": (
        ("week", "campaign", "trial", "language", "step", "n"),
        "until the week is published",
    ),
    "published": (
        ("week", "campaign", "trial", "language", "step", "n"),
        "for good: rounded, and hidden where few",
    ),
    "announced": (("trial", "event", "day", "language"), "for good"),
}

#: A deleted row is overwritten in the file, and no journal stays behind: a write-ahead log keeps
#: copies of what was deleted. What SQLite copied from page to page before goes with `rewrite`.
PRAGMAS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA secure_delete=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA foreign_keys=OFF",
)

#: What is forgotten on a day.
PURGES = (
    "DELETE FROM requests WHERE until <= ?",
    "DELETE FROM mailboxes WHERE until <= ?",
    "DELETE FROM centres WHERE kind IS NULL AND invite_until <= ?",
    "UPDATE centres SET invite_hash = NULL, invite_until = NULL WHERE invite_until <= ?",
)

_FREE = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT}
_ROWS = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE}
_CELLS = {sqlite3.SQLITE_READ, sqlite3.SQLITE_UPDATE}


def allowed(
    action: int, table: str | None, column: str | None, database: str | None, inner: str | None
) -> int:
    """The SQL authorizer: rows of the listed tables and columns, and nothing else.

    No table can be made, changed or dropped, no file attached, no setting changed, no function
    called, no trigger run.
    """
    columns = TABLES.get(table or "", ((), ""))[0]
    granted = inner is None and (
        action in _FREE
        or (database == "main" and action in _ROWS and bool(columns))
        or (database == "main" and action in _CELLS and column in columns)
    )
    return sqlite3.SQLITE_OK if granted else sqlite3.SQLITE_DENY


def prepare(connection: sqlite3.Connection, *, reading: bool = False) -> bool:
    """Makes the tables that are missing and sets the guard; or closes what it cannot use.

    False for a file of a later release. Only for `reading` nothing is made or written at all, and
    False for a file of any other release.
    """
    known = False
    try:
        if reading:
            connection.execute("PRAGMA query_only=ON")
            known = _release(connection) == len(MIGRATIONS)
            connection.set_authorizer(allowed)
            return known
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("BEGIN IMMEDIATE")
        done = _release(connection)
        for statement in (one for migration in MIGRATIONS[done:] for one in migration):
            connection.execute(statement)
        if done <= len(MIGRATIONS):
            # Written anew each time: what a killed process left of a journal goes with a write.
            connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        connection.execute("COMMIT")
        connection.set_authorizer(allowed)
        known = done <= len(MIGRATIONS)
    finally:
        if not known:
            connection.close()
    return known


def _release(connection: sqlite3.Connection) -> int:
    """How many migrations were made in the file."""
    done: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return done


def rewrite(connection: sqlite3.Connection) -> None:
    """Writes the file anew, in the order of the keys.

    Where SQLite moves rows to another page, copies stay in the gaps of the old one, which
    `secure_delete` does not reach. The guard is down for this statement alone.
    """
    connection.set_authorizer(None)
    try:
        connection.execute("VACUUM")
    finally:
        connection.set_authorizer(allowed)
