"""How study centres are reached, and who is invited to bind one: rows of the table `centres`."""

from datetime import date

from bot.store.guarded import GuardedFile
from bot.store.records import Channel, Invite, Kind
from bot.store.rows import AWAY, BOUND, channel_of, key, place

__all__ = ["CentreRows"]

#: Elsewhere the number of a card is another message's.
_FORGET_CARDS = "UPDATE requests SET card = NULL WHERE trial || '/' || centre = ?"


class CentreRows(GuardedFile):
    """The part of `Store` that is about centres."""

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
