"""How new the database is, noted apart from it, so that a backup put back is known as one.

A request that was ended must stay dead. A backup of before holds it as open; but the folder of the
keys is in no backup, and there the newest count of SQLite's own change counter is kept.
"""

import os
from pathlib import Path

__all__ = ["Stamp"]

#: The file change counter: bytes 24 to 27 of the file, one more after each change.
#: Source: the SQLite file format, section 1.3.7.
_COUNTER = slice(24, 28)
_NAME = "database.stamp"


class Stamp:
    """The stamp in `folder`. Every method raises `OSError`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME

    def note(self, database: Path) -> None:
        """Notes how new the file is; never goes back."""
        count = max(_count(database), self._noted())
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_name(f".{_NAME}.draft")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, str(count).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.replace(self._path)

    @property
    def noted(self) -> bool:
        """Whether there is one."""
        return self._noted() > 0

    def outdates(self, database: Path) -> bool:
        """Whether the file is older than what was noted."""
        return _count(database) < self._noted()

    def _noted(self) -> int:
        try:
            return int(self._path.read_bytes())
        except (FileNotFoundError, ValueError):
            return 0


def _count(database: Path) -> int:
    with database.open("rb") as file:
        return int.from_bytes(file.read(_COUNTER.stop)[_COUNTER], "big")
