"""The keys of today, made and destroyed as days pass, for as long as the process runs."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.events import report
from bot.store.keyfiles import KeyFileError, KeyFiles
from dialogs.errors import ClockBehind
from dialogs.wire.keyring import Keyring

__all__ = ["LivingKeys"]

#: How far a clock may go back while the service runs: it was set right at midnight.
_GLITCH = timedelta(days=1)


class LivingKeys:
    """The keyring of `files` on the day that `clock` tells."""

    def __init__(self, files: KeyFiles, clock: Callable[[], date]) -> None:
        self._files = files
        self._clock = clock
        self._keyring = files.keyring(clock())
        self._behind = False

    def keyring(self) -> Keyring:
        """The keys of today; makes and destroys keys when a day has passed.

        When the key files cannot be used, the keys in memory serve on, none longer than its days,
        and the files are tried again. A clock that goes back a day changes nothing; one that goes
        back further raises `ClockBehind`, because keys could outlive their promise.
        """
        today = self._clock()
        if today == self._keyring.today and not self._behind:
            return self._keyring
        if today < self._keyring.today - _GLITCH:
            raise ClockBehind(today, self._keyring.today)
        if today > self._keyring.today or (self._behind and today == self._keyring.today):
            try:
                self._keyring = self._files.keyring(today)
                self._behind = False
            except KeyFileError as error:
                if not self._behind:
                    report(error)
                self._behind = True
                self._keyring = self._keyring.aged(today)
        return self._keyring
