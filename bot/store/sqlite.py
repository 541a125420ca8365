"""The store in one SQLite file, by sqlite-utils.

Used by one thread; a look-up takes some microseconds. A second process (a command of the operator)
may use the file at the same time.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.store.file import mend_of, private
from bot.store.records import Channel, Check, Invite, Kind, Row, State, StoreError
from bot.store.rows import AWAY, BOUND, box, channel_of, check_of, key, marks, place, row_of
from bot.store.schema import PURGES, TABLES, prepare, rewrite
from bot.store.store import KEEP, Keep

__all__ = ["SqliteStore", "open_store"]

#: Seconds that a lock of another process is waited for.
_PATIENCE = 2.0
#: Elsewhere the number of a card is another message's.
_FORGET_CARDS = "UPDATE requests SET card = NULL WHERE trial || '/' || centre = ?"


def open_store(path: Path, *, reading: bool = False) -> "SqliteStore":
    """The store in `path`, made unless it is there or only for `reading`. Raises `StoreError`."""
    return SqliteStore(path, reading=reading)


class SqliteStore(AbstractContextManager["SqliteStore"]):
    """See `Store`; closes at the end of a `with` block."""

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self._path = path
        self._rewritten = -1
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

    # Centres

    def channels(self) -> list[Channel]:
        return [
            channel_of(row)
            for row in self._rows("SELECT * FROM centres WHERE kind IS NOT NULL ORDER BY centre")
        ]

    def channel(self, trial: str, centre: int) -> Channel | None:
        rows = self._rows(
            "SELECT * FROM centres WHERE centre = ? AND kind IS NOT NULL", key(trial, centre)
        )
        return channel_of(rows[0]) if rows else None

    def at(self, kind: Kind, address: str) -> list[Channel]:
        return [one for one in self.channels() if (one.kind, one.address) == (kind, address)]

    def bind(self, trial: str, centre: int, kind: Kind, address: str) -> None:
        here = key(trial, centre)
        with self._whole():
            self._write(
                f"{_FORGET_CARDS} AND NOT EXISTS (SELECT 1 FROM centres WHERE centre = ? "
                "AND kind = ? AND address = ?)", here, here, kind.value, address,
            )  # fmt: skip
            self._write(
                "INSERT INTO centres (centre, kind, address, state) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (centre) DO UPDATE SET kind = excluded.kind, "
                "address = excluded.address, state = excluded.state, invite_hash = NULL, "
                "invite_until = NULL", here, kind.value, address, BOUND,
            )  # fmt: skip

    def unbind(self, trial: str, centre: int) -> bool:
        with self._whole():
            self._write(_FORGET_CARDS, key(trial, centre))
            return self._write("DELETE FROM centres WHERE centre = ?", key(trial, centre)) > 0

    def mark(self, kind: Kind, address: str, *, away: bool) -> int:
        return self._write(
            "UPDATE centres SET state = ? WHERE kind = ? AND address = ?",
            AWAY if away else BOUND, kind.value, address,
        )  # fmt: skip

    def moved(self, kind: Kind, old: str, new: str) -> int:
        with self._whole():
            for channel in self.at(kind, old):
                self._write(_FORGET_CARDS, key(channel.trial, channel.centre))
            return self._write(
                "UPDATE centres SET address = ? WHERE kind = ? AND address = ?",
                new, kind.value, old,
            )  # fmt: skip

    def invite(self, trial: str, centre: int, digest: str, until: date) -> None:
        self._write(
            "INSERT INTO centres (centre, invite_hash, invite_until) VALUES (?, ?, ?) "
            "ON CONFLICT (centre) DO UPDATE SET invite_hash = excluded.invite_hash, "
            "invite_until = excluded.invite_until",
            key(trial, centre), digest, until.isoformat(),
        )  # fmt: skip

    def invited(self, digest: str, today: date) -> tuple[str, int] | None:
        rows = self._rows(
            "SELECT centre FROM centres WHERE invite_hash = ? AND invite_until > ?",
            digest, today.isoformat(),
        )  # fmt: skip
        return place(rows[0]["centre"]) if rows else None

    def invites(self, today: date) -> list[Invite]:
        rows = self._rows(
            "SELECT centre, invite_until FROM centres WHERE invite_until > ? ORDER BY centre",
            today.isoformat(),
        )
        return [
            Invite(*place(row["centre"]), date.fromisoformat(row["invite_until"])) for row in rows
        ]

    # Requests

    def begin(self, row: Row) -> tuple[Row, bool]:
        with self._whole():
            there = self.request(row.code)
            if there is None:
                self._write(
                    "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    row.code, row.trial, row.centre, row.language, row.state.value,
                    row.until.isoformat(), row.due_on and row.due_on.isoformat(), row.card,
                )  # fmt: skip
        return there or row, there is None

    def request(self, code: str) -> Row | None:
        rows = self._rows("SELECT * FROM requests WHERE code = ?", code)
        return row_of(rows[0]) if rows else None

    def change(
        self, code: str, to: State, of: frozenset[State], *,
        due_on: Keep | date | None = KEEP, card: Keep | int | None = KEEP,
    ) -> bool:  # fmt: skip
        sets: list[str] = ["state = ?"]
        values: list[object] = [to.value]
        if not isinstance(due_on, Keep):
            sets.append("due_on = ?")
            values.append(None if due_on is None else due_on.isoformat())
        if not isinstance(card, Keep):
            sets.append("card = ?")
            values.append(card)
        return self._write(
            f"UPDATE requests SET {', '.join(sets)} WHERE code = ? AND state IN ({marks(of)})",
            *values, code, *sorted(of),
        ) > 0  # fmt: skip

    def drop(self, code: str, of: frozenset[State]) -> bool:
        return self._write(
            f"DELETE FROM requests WHERE code = ? AND state IN ({marks(of)})", code, *sorted(of)
        ) > 0  # fmt: skip

    def due(self, today: date) -> list[Row]:
        rows = self._rows("SELECT * FROM requests WHERE due_on <= ?", today.isoformat())
        return [row_of(row) for row in rows]

    # Letter boxes

    def open_mailbox(self, address: int, public: bytes, until: date, ciphertext: bytes) -> None:
        self._write(
            "INSERT INTO mailboxes (address, public_key, ciphertext, until) "
            "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            box(address), public, ciphertext, until.isoformat(),
        )  # fmt: skip

    def mailbox(self, address: int) -> tuple[bytes, bytes, date] | None:
        rows = self._rows("SELECT * FROM mailboxes WHERE address = ?", box(address))
        if not rows:
            return None
        (row,) = rows
        return row["public_key"], row["ciphertext"], date.fromisoformat(row["until"])

    def post(self, address: int, before: bytes, after: bytes) -> bool:
        return self._write(
            "UPDATE mailboxes SET ciphertext = ? WHERE address = ? AND ciphertext = ?",
            after, box(address), before,
        ) > 0  # fmt: skip

    def close_mailbox(self, address: int) -> None:
        self._write("DELETE FROM mailboxes WHERE address = ?", box(address))

    # Checks, and the end of things

    def checks(self) -> list[Check]:
        return [check_of(row) for row in self._rows("SELECT * FROM trial_checks ORDER BY day")]

    def check(self, check: Check) -> None:
        self._write(
            'INSERT INTO trial_checks (trial, status, source, "by", day) '
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            check.trial, check.status, check.source, check.by, check.day.isoformat(),
        )  # fmt: skip

    def purge(self, today: date) -> None:
        with self._whole():
            for past in PURGES:
                self._write(past, today.isoformat())
        if self._connection.total_changes != self._rewritten:
            with self._mended():
                rewrite(self._connection)
            self._rewritten = self._connection.total_changes

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of all tables."""
        return {table: self._rows(f"SELECT * FROM {table}") for table in TABLES}
