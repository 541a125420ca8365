"""An authored trial file, and what a newer record says: one line more in its status history.

Nothing else of the file is touched: its comments, its order and its line ends stay as they are.
"""

import re
import tomllib

from bot.registry.record import RegistryError
from bot.registry.tables import status_table
from dialogs.eligibility.status import source_of
from dialogs.trialfile import StatusEntry, TrialFile

__all__ = ["known", "with_status"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADER = re.compile(r"[ \t]*\[")
_STATUS = re.compile(r"[ \t]*\[\[[ \t]*status[ \t]*\]\][ \t]*(?:#.*)?\r?\n?")


def known(trial: TrialFile, entry: StatusEntry) -> bool:
    """Whether the history says that already: the newest look at this source, or this very look."""
    who = source_of(entry.source)
    mine = [one for one in trial.status if source_of(one.source) == who]
    if not mine:
        return False
    newest = max(mine, key=lambda one: (one.checked, one.day))
    said = [(one.day, one.status, one.checked) for one in mine]
    return (newest.status == entry.status and newest.checked >= entry.checked) or (
        entry.day, entry.status, entry.checked,
    ) in said  # fmt: skip


def with_status(file: str, text: str, trial: TrialFile, entry: StatusEntry) -> str:
    """`text` of `file`, which decodes as `trial`, with `entry` in its place by day.

    `RegistryError` when the history is not written as `[[status]]` tables, one below the other.
    """
    lines = _LINE.findall(text)
    starts = [place for place, line in enumerate(lines) if _STATUS.fullmatch(line)]
    before = sum(one.day <= entry.day for one in trial.status)
    end = "\r\n" if "\r\n" in text else "\n"
    table = status_table(entry).replace("\n", end)
    result = ""
    if len(starts) == len(trial.status) > 0:
        if before:
            place, table = _after(lines, starts[before - 1]), end + table
            if not lines[place - 1].endswith("\n"):
                table = end + table
        else:
            place, table = starts[0], table + end
        result = "".join((*lines[:place], table, *lines[place:]))
    if not _only_new(text, result, entry, before):
        raise RegistryError(
            f"{file}: has no [[status]] tables to put the new one beside: put it in by hand: "
            + " / ".join(status_table(entry).splitlines())
        )
    return result


def _after(lines: list[str], start: int) -> int:
    """The place after the last key of the table that starts there."""
    last = start
    for place in range(start + 1, len(lines)):
        line = lines[place]
        if _HEADER.match(line):
            break
        if line.strip() and not line.lstrip().startswith("#"):
            last = place
    return last + 1


def _only_new(text: str, result: str, entry: StatusEntry, before: int) -> bool:
    """Whether `result` says what `text` says, and `entry` after so many others."""
    try:
        old, new = tomllib.loads(text), tomllib.loads(result)
    except tomllib.TOMLDecodeError:
        return False
    added = {"day": entry.day, "status": entry.status, "checked": entry.checked}
    old["status"].insert(before, {**added, "source": entry.source})
    return old == new
