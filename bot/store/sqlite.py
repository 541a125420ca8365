"""The store in one SQLite file, by sqlite-utils.

Used by one thread; a look-up takes some microseconds. A second process (a command of the operator)
may use the file at the same time.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.store.campaigns import CampaignRows
from bot.store.centres import CentreRows
from bot.store.records import Check, Row, State
from bot.store.rows import box, check_of, marks, row_of
from bot.store.schema import PURGES, TABLES, rewrite
from bot.store.store import KEEP, OPEN, Keep

__all__ = ["SqliteStore", "open_store"]


def open_store(path: Path, *, reading: bool = False) -> "SqliteStore":
    """The store in `path`, made unless it is there or only for `reading`. Raises `StoreError`."""
    return SqliteStore(path, reading=reading)


class SqliteStore(CentreRows, CampaignRows):
    """See `Store`."""

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        super().__init__(path, reading=reading)
        self._rewritten = -1

    def begin(self, row: Row) -> tuple[Row, bool]:
        with self._whole():
            there = self.request(row.code)
            if there is None:
                self._write(
                    "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    row.code, row.trial, row.centre, row.language, row.state.value,
                    row.until.isoformat(), row.due_on and row.due_on.isoformat(), row.card,
                )  # fmt: skip
                return row, True
            if there.state is State.SENDING and there.until < row.until:
                there = replace(there, until=row.until)
                self._write(
                    "UPDATE requests SET until = ? WHERE code = ?",
                    there.until.isoformat(), there.code,
                )  # fmt: skip
        return there, False

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

    def open_requests(self, trial: str, centre: int) -> list[Row]:
        rows = self._rows(
            "SELECT * FROM requests WHERE trial = ? AND centre = ? AND state IN "
            f"({marks(OPEN)})", trial, centre, *sorted(OPEN),
        )  # fmt: skip
        return [row_of(row) for row in rows]

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
            "VALUES (?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET until = excluded.until "
            "WHERE until < excluded.until",
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
