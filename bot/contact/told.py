"""What comes of saying or doing something in a request, and who can say something to a patient."""

from enum import Enum
from typing import Protocol

from dialogs.conversation.screens import Event
from dialogs.wire.handle import Handle

__all__ = ["Busy", "Patients", "Told"]


class Busy(Exception):
    """Too much is under way for one request, or for one network: nothing was done."""


class Told(Enum):
    """What came of saying or doing something in a request."""

    DONE = "done"
    ALREADY = "already"  # somebody did it before
    OVER = "over"  # ended, closed, or too old
    BLOCKED = "blocked"  # she cannot be reached any more
    LONG = "long"
    DENSE = "dense"  # within the limit, but too many unusual characters for a link
    EMPTY = "empty"
    LATER = "later"  # nothing happened; it can be tried again
    UNSURE = "unsure"  # it may have happened
    ELSEWHERE = "elsewhere"  # not the channel of this centre
    DEAD = "dead"  # the handle does not open


class Patients(Protocol):
    """A way to reach a patient by her handle."""

    async def tell(self, handle: Handle, event: Event, text: str) -> Told:
        """Brings her what the centre said or did.

        DONE, BLOCKED, LATER (certainly not there) or UNSURE.
        """
