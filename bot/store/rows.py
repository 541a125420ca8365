"""Rows of the tables as values, and back."""

from datetime import date
from typing import Any

from bot.store.records import Channel, Check, Kind, Row, State

__all__ = ["AWAY", "BOUND", "box", "channel_of", "check_of", "key", "marks", "place", "row_of"]

#: Whether a channel works, as the table says it.
AWAY, BOUND = "away", "bound"


def key(trial: str, centre: int) -> str:
    """The key of a centre."""
    return f"{trial}/{centre}"


def place(key: str) -> tuple[str, int]:
    """Trial and centre of a key."""
    trial, _, centre = key.partition("/")
    return trial, int(centre)


def box(address: int) -> str:
    """The key of a letter box."""
    return f"{address:020x}"


def marks(states: frozenset[State]) -> str:
    """A question mark for each of `states`."""
    return ", ".join("?" * len(states))


def channel_of(row: dict[str, Any]) -> Channel:
    """A row of `centres` that has a channel."""
    trial, centre = place(row["centre"])
    return Channel(trial, centre, Kind(row["kind"]), row["address"], row["state"] == AWAY)


def row_of(row: dict[str, Any]) -> Row:
    """A row of `requests`."""
    due = row["due_on"]
    return Row(
        row["code"], row["trial"], row["centre"], row["language"], State(row["state"]),
        date.fromisoformat(row["until"]), None if due is None else date.fromisoformat(due),
        row["card"],
    )  # fmt: skip


def check_of(row: dict[str, Any]) -> Check:
    """A row of `trial_checks`, whose columns are the fields."""
    return Check(**{**row, "day": date.fromisoformat(row["day"])})
