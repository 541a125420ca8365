"""Key files: one random key a day and purpose, destroyed when its days are over.

They live in a folder of their own (0700, files 0600), apart from any database and to be left out of
every backup: a copy of a key outlives its destruction. A file is overwritten before it is removed;
on flash storage an old copy may survive in the device until it is reused, so the folder belongs on
an encrypted disk.
"""

import os
import re
import secrets
from datetime import date, timedelta
from pathlib import Path

from dialogs.errors import ClockBehind
from dialogs.wire.keyring import STATE_DAYS, Keyring
from dialogs.wire.seal import KEY_BYTES

__all__ = ["KeyFileError", "KeyFiles"]

_NAME = re.compile(r"([a-z]+)-(\d{4}-\d{2}-\d{2})\.key")


class KeyFileError(Exception):
    """A key file or its folder cannot be used; the message says which, why, and the mend."""


class KeyFiles:
    """The keys of one purpose in `folder`; a key lives `life` days, its own day included."""

    def __init__(self, folder: Path, purpose: str = "state", life: int = STATE_DAYS) -> None:
        self.folder = folder
        self.purpose = purpose
        self.life = life

    def keyring(self, today: date) -> Keyring:
        """The living keys of `today`: expired ones are destroyed first, today's is made if missing.

        Raises `ClockBehind` when a key is of a later day, before anything is destroyed, and
        `KeyFileError` when the folder or a file cannot be used.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            days = self._days()
            if days and max(days) > today:
                raise ClockBehind(today, max(days))
            for day, path in days.items():
                if today - day >= timedelta(days=self.life):
                    _destroy(path)
            if today not in days:
                self._create(today)
            keys = {day: self._read(path) for day, path in self._days().items()}
        except OSError as error:
            raise KeyFileError(
                f"KEYS_DIR={self.folder}: {error.strerror or error}: "
                "name a folder that this user may write to"
            ) from error
        return Keyring(self.purpose, keys, today, self.life)

    def _days(self) -> dict[date, Path]:
        days = {}
        for path in self.folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match and match[1] == self.purpose:
                days[date.fromisoformat(match[2])] = path
        return days

    def _create(self, day: date) -> None:
        """Writes the whole key under another name first, so that a crash leaves no half a key."""
        path = self.folder / f"{self.purpose}-{day.isoformat()}.key"
        draft = self.folder / f".{path.name}.{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_bytes(KEY_BYTES))
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            # `link` refuses to replace: the first of two processes that start together wins.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            _destroy(draft)
        _sync(self.folder)

    def _read(self, path: Path) -> bytes:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read this key: run `chmod 600 {path}`")
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{path}: not a key of {KEY_BYTES} bytes: remove the file")
        return key


def _destroy(path: Path) -> None:
    """Overwrites and removes a file that has no other name; only removes one that has."""
    with path.open("r+b") as file:
        if os.fstat(file.fileno()).st_nlink == 1:
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
