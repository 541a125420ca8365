"""The database file, open and guarded: how rows are read and written, and what is said when not."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from bot.store.file import mend_of, private
from bot.store.records import StoreError
from bot.store.schema import prepare

__all__ = ["GuardedFile"]

#: Seconds that a lock of another process is waited for. Everybody waits with it, as the service
#: has one thread; a command holds the file for some milliseconds.
_PATIENCE = 0.3


class GuardedFile(AbstractContextManager["GuardedFile"]):
    """A file of rows that only `schema` allows; closes at the end of a `with` block.

    Every method raises `StoreError`, which names the file, the cause and the mend.
    """

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self._path = path
        with self._mended():
            private(path, make=not reading)
            connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._db = Database(connection, use_counts_table=False, execute_plugins=False)
            self._connection, self._run = connection, connection.execute
            if not prepare(connection, reading=reading):
                maker = "another" if reading else "a later"
                raise StoreError(
                    f"DB_FILE={path}: {maker} release made it: run that one, or name another file"
                )

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """For a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _mended(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
            # The library's own words could quote a value.
            mend, passing = mend_of(error)
            raise StoreError(f"DB_FILE={self._path}: {mend}", passing=passing) from None

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """What is done in it is done as one, or not at all."""
        with self._mended(), self._connection:
            self._run("BEGIN IMMEDIATE")
            yield

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        with self._mended():
            return list(self._db.query(sql, values))

    def _write(self, sql: str, *values: object) -> int:
        with self._mended():
            return self._run(sql, values).rowcount
