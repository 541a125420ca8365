"""The database file: who may read it, and what is wrong when it cannot be used."""

import os
from pathlib import Path

from bot.store.records import StoreError

__all__ = ["mend_of", "private"]

#: Parts of SQLite's messages: what to do, and whether it may pass.
_MENDS = (
    ("locked", "another program holds it for long: stop that, or try again", True),
    ("full", "the disk is full: make room", True),
    ("readonly", "it cannot be written: let this user write to the file and its folder", False),
    ("read-only", "it cannot be written: let this user write to the file and its folder", False),
    ("unable to open", "it cannot be opened: name a file that this user may write to", False),
    ("not a database", "it is no SQLite database: name another file", False),
    ("malformed", "it is damaged: restore a backup, or remove it and bind the centres anew", False),
)


def mend_of(error: Exception) -> tuple[str, bool]:
    """What is wrong and how to mend it, and whether it may pass."""
    if isinstance(error, OSError):
        return f"{error.strerror}: name a file that this user may write to", False
    said = str(error).lower()
    for part, mend, passing in _MENDS:
        if part in said:
            return mend, passing
    return "it cannot be used: look at the file and its disk", False


def private(path: Path, *, make: bool = True) -> None:
    """Makes the file, readable by this user alone, or sees to it that it is.

    Without `make` nothing is changed, and a file in which there is nothing will not do.
    """
    if make:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif not path.exists() or not path.stat().st_size:
        raise StoreError(
            f"DB_FILE={path}: there is no database: name the file that the service uses"
        )
    if path.stat().st_mode & 0o077:
        raise StoreError(f"DB_FILE={path}: others may read it: run `chmod 600 {path}`")
