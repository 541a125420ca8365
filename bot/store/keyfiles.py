"""Key files: one random key a day and purpose, destroyed when its days are over.

They live in a folder of their own (0700, files 0600), apart from any database and to be left out of
every backup: a copy of a key outlives its destruction. A file is overwritten before it is removed;
on flash storage an old copy may survive in the device until it is reused, so the folder belongs on
an encrypted disk.
"""

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from dialogs.errors import ClockBehind
from dialogs.wire.keyring import STATE_DAYS, Keyring
from dialogs.wire.seal import KEY_BYTES

__all__ = ["KeyFileError", "KeyFiles"]


class KeyFileError(Exception):
    """A key file or its folder cannot be used; the message says which, why, and the mend."""

    quotes_nothing = True


class KeyFiles:
    """The keys of one purpose in `folder`; a key lives `life` days, its own day included."""

    def __init__(self, folder: Path, purpose: str = "state", life: int = STATE_DAYS) -> None:
        self.folder = folder
        self.purpose = purpose
        self.life = life
        self._name = re.compile(rf"{re.escape(purpose)}-(\d{{4}}-\d{{2}}-\d{{2}})\.key")

    def keyring(self, today: date) -> Keyring:
        """The living keys of `today`: expired ones are destroyed first, today's is made if missing.

        Processes that share the folder take turns. Raises `ClockBehind` when a key is of a later
        day, before anything is destroyed, and `KeyFileError` when the folder or a file cannot be
        used.
        """
        try:
            with self._locked():
                self._sweep()
                days = self._days()
                if days and max(days) > today:
                    raise ClockBehind(today, max(days))
                for day, path in list(days.items()):
                    if today - day >= timedelta(days=self.life):
                        _destroy(path)
                        del days[day]
                if today not in days:
                    days[today] = self._create(today)
                keys = {day: self._read(path) for day, path in days.items()}
        except OSError as error:
            raise KeyFileError(
                f"KEYS_DIR={self.folder}: {error.strerror or error}: "
                "name a folder that this user may write to"
            ) from error
        return Keyring(self.purpose, keys, today, self.life)

    def days(self) -> list[date]:
        """The days of the keys that are there, the oldest first; changes nothing."""
        return sorted(self._days()) if self.folder.is_dir() else []

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.folder.stat().st_mode & 0o077:
            raise KeyFileError(
                f"KEYS_DIR={self.folder}: others may look into this folder: name a folder for the "
                f"keys alone, or run `chmod 700 {self.folder}`"
            )
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Destroys drafts that a crash left behind: each may hold a key."""
        for path in self.folder.glob(f".{self.purpose}-*.draft"):
            _destroy(path)

    def _days(self) -> dict[date, Path]:
        days = {}
        for path in self.folder.iterdir():
            if match := self._name.fullmatch(path.name):
                try:
                    days[date.fromisoformat(match[1])] = path
                except ValueError as error:
                    raise KeyFileError(f"{path}: no such day: remove the file") from error
        return days

    def _create(self, day: date) -> Path:
        """Writes the whole key under another name first, so that a crash leaves no half a key."""
        path = self.folder / f"{self.purpose}-{day.isoformat()}.key"
        draft = self.folder / f".{path.stem}.draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_bytes(KEY_BYTES))
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.rename(path)
        _sync(self.folder)
        return path

    def _read(self, path: Path) -> bytes:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read this key: run `chmod 600 {path}`")
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{path}: not a key of {KEY_BYTES} bytes: remove the file")
        return key


def _destroy(path: Path) -> None:
    """Overwrites and removes a file."""
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
