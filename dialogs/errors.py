"""Every failure of the dialogs has a name and exactly one reaction.

DialogError
├── DataError      a data file is wrong: the start fails and names file, key and reason
├── DeadToken      a button cannot be opened: the one friendly "let us start again"
├── StaleTap       a button no longer fits its step: the screen is drawn again
└── ClockBehind    the clock is behind the newest key: the start is refused
"""

from datetime import date

__all__ = ["ClockBehind", "DataError", "DeadToken", "DialogError", "StaleTap"]


class DialogError(Exception):
    """Base of all errors raised by `dialogs`."""


class DataError(DialogError):
    """A data file says something impossible.

    `file` is its name, `key` the place in it, `reason` what is wrong and how to mend it.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason


class DeadToken(DialogError):
    """A token is forged, cut, foreign, expired or nonsense; which of these is never said."""


class StaleTap(DialogError):
    """The action is not possible on the step the session is on."""


class ClockBehind(DialogError):
    """Today is earlier than the day of the newest key, so keys could outlive their promise."""

    def __init__(self, today: date, newest: date) -> None:
        super().__init__(
            f"today is {today.isoformat()} but the newest key is of {newest.isoformat()}: "
            "set the clock right, or remove the key files if the later date was the wrong one"
        )
        self.today = today
        self.newest = newest
