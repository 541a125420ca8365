"""Tables of a trial file as TOML, written as authors write them."""

import json
from collections.abc import Mapping
from datetime import date

from dialogs.trialfile import StatusEntry

__all__ = ["record_table", "status_table", "string"]


def string(text: str) -> str:
    """`text` as a TOML string; it has no signs that cannot be seen (`bot.registry.text`)."""
    return json.dumps(text, ensure_ascii=False)


def status_table(entry: StatusEntry) -> str:
    """An entry of the status history."""
    return (
        "[[status]]\n"
        f"day = {entry.day}\n"
        f"status = {string(entry.status)}\n"
        f"checked = {entry.checked}\n"
        f"source = {string(entry.source)}\n"
    )


def record_table(seen: date, digests: Mapping[str, str]) -> str:
    """What the criteria were when the file was made of them."""
    rows = "".join(f"{number} = {string(words)}\n" for number, words in digests.items())
    return f"[record]\nseen = {seen}\n\n[record.criteria]\n{rows}"
