"""Which requests are over, noted beside the keys: a backup that is put back revives none of them.

A backup of before her end holds a request as open; but the folder of the keys is in no backup.
There each end is a line: the request's code, sealed with the key of the request's day, in a file of
that day, which goes when the key does.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from bot.store.keyfiles import KeyFileError
from dialogs.errors import DeadToken
from dialogs.wire.handle import HANDLE_PAYLOAD
from dialogs.wire.keyring import Keyring

__all__ = ["Endings"]

_NAME = re.compile(r"ended-(\d{4}-\d{2}-\d{2})\.txt")
#: What a sealed code is bound to: it is no handle.
_BINDING = b"ended"


class Endings:
    """The ends in `folder`. Every method raises `KeyFileError`, which names the mend."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, keyring: Keyring, code: str, day: date) -> None:
        """Notes that the request with this code, of that day, is over.

        Nothing is noted once the day's key is gone: then nothing opens the request anyway.
        """
        try:
            line = keyring.seal(code.encode().ljust(HANDLE_PAYLOAD), _BINDING, day)
        except DeadToken:
            return
        with self._mended():
            path = self._folder / f"ended-{day.isoformat()}.txt"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if os.geteuid() == 0:
                    # A command run by root must not lock the service out.
                    owner = self._folder.stat()
                    os.fchown(handle, owner.st_uid, owner.st_gid)
                os.write(handle, f"{line}\n".encode())
                os.fsync(handle)
            finally:
                os.close(handle)

    def codes(self, keyring: Keyring) -> set[str]:
        """The codes of all requests that are over; what does not open any more is passed over."""
        found = set()
        with self._mended():
            for path in self._files().values():
                for line in path.read_text(encoding="ascii", errors="replace").split():
                    with suppress(DeadToken):
                        found.add(keyring.open(line, _BINDING).decode("ascii", "replace").strip())
        return found

    def counts(self) -> dict[date, int]:
        """How many ends are noted, by the day of the request."""
        with self._mended():
            found = sorted(self._files().items())
            return {day: len(path.read_bytes().split()) for day, path in found}

    def purge(self, living: frozenset[date]) -> None:
        """Forgets the ends of all days but those of `living` keys."""
        with self._mended():
            for day, path in self._files().items():
                if day not in living:
                    path.unlink()

    def _files(self) -> dict[date, Path]:
        if not self._folder.is_dir():
            return {}
        found = ((_NAME.fullmatch(path.name), path) for path in self._folder.iterdir())
        return {date.fromisoformat(name[1]): path for name, path in found if name}

    @contextmanager
    def _mended(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            cause = error.strerror if isinstance(error, OSError) else "a file names no day"
            raise KeyFileError(
                f"KEYS_DIR={self._folder}: {cause}: let this user read and write what is in it"
            ) from None
