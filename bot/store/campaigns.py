"""Links that groups share, what is counted of them, and announcements: rows of four tables."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.store.guarded import GuardedFile
from bot.store.records import Announcement, Campaign, Key, StoreError

__all__ = ["CampaignRows"]

#: What a token can carry.
_HIGHEST = 4095
_BY_KEY = "week = ? AND campaign = ? AND trial = ? AND language = ? AND step = ?"


def _key(row: dict[str, Any]) -> Key:
    return Key(row["week"], row["campaign"], row["trial"], row["language"], row["step"])


def _cells(key: Key) -> tuple[str, int, str, str, str]:
    return key.week, key.campaign, key.trial, key.language, key.step


class CampaignRows(GuardedFile):
    """The part of `Store` that is about links, counts and announcements."""

    def campaigns(self) -> list[Campaign]:
        return [Campaign(**row) for row in self._rows("SELECT * FROM campaigns ORDER BY slug")]

    def begin_campaign(self, campaign: Campaign) -> Campaign | None:
        with self._whole():
            known = self.campaigns()
            if campaign.slug in {one.slug for one in known}:
                return None
            taken = {one.number for one in known}
            for table in ("counts", "published"):
                taken |= {row["campaign"] for row in self._rows(f"SELECT campaign FROM {table}")}
            number = max(taken, default=0) + 1
            if number > _HIGHEST:
                raise StoreError(
                    f"DB_FILE={self._path}: there were {_HIGHEST} links, and tokens can tell no "
                    "more apart: begin a new database"
                )
            self._write(
                "INSERT INTO campaigns VALUES (?, ?, ?, ?, ?, ?)", campaign.slug, number,
                campaign.trial, campaign.language, campaign.label, campaign.secret_hash,
            )  # fmt: skip
        return next(one for one in self.campaigns() if one.slug == campaign.slug)

    def end_campaign(self, slug: str) -> bool:
        return self._write("DELETE FROM campaigns WHERE slug = ?", slug) > 0

    def count(self, sums: Mapping[Key, int]) -> None:
        with self._whole():
            for key, number in sums.items():
                self._write(
                    "INSERT INTO counts (week, campaign, trial, language, step, n) "
                    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (week, campaign, trial, language, step) "
                    "DO UPDATE SET n = n + excluded.n", *_cells(key), number,
                )  # fmt: skip

    def publish(
        self,
        over: Callable[[str], bool],
        published: Callable[[Mapping[Key, int]], Mapping[Key, int | None]],
    ) -> None:
        with self._whole():
            rows = [row for row in self._rows("SELECT * FROM counts") if over(row["week"])]
            frozen = {row["week"] for row in self._rows("SELECT week FROM published")}
            counts = {_key(row): row["n"] for row in rows if row["week"] not in frozen}
            for key, number in published(counts).items():
                self._write("INSERT INTO published VALUES (?, ?, ?, ?, ?, ?)", *_cells(key), number)
            for row in rows:
                self._write(f"DELETE FROM counts WHERE {_BY_KEY}", *_cells(_key(row)))

    def published(self) -> dict[Key, int | None]:
        return {_key(row): row["n"] for row in self._rows("SELECT * FROM published")}

    def announced(self) -> list[Announcement]:
        rows = self._rows("SELECT * FROM announced ORDER BY day")
        return [Announcement(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]

    def announce(self, announcement: Announcement) -> None:
        self._write(
            "INSERT INTO announced (trial, event, day, language) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING", announcement.trial, announcement.event,
            announcement.day.isoformat(), announcement.language,
        )  # fmt: skip
