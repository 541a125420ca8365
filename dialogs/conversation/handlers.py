"""What a handler of an action is, and the one that only moves.

A handler takes the session, the argument of the tap, the catalogue and the day, and gives the
session after it. It raises `StaleTap` when the action is not possible there; the screen is then
drawn again.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

from dialogs.catalogue import Catalogue
from dialogs.conversation.machine import move
from dialogs.conversation.session import Session

__all__ = ["Handler", "fire", "fires", "fires_at"]

Handler = Callable[[Session, int, Catalogue, date], Session]
#: The machine, asked once for each step and trigger: it takes longer than all else in a move.
_lead = cache(move)


def fire(session: Session, trigger: str, focus: int | None = None) -> Session:
    """`session` on the step that `trigger` leads to; `StaleTap` when it leads nowhere from here."""
    return session.at(_lead(session.step, trigger), focus)


def fires(trigger: str) -> Handler:
    """An action that does nothing but move by `trigger`."""

    def handler(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
        return fire(session, trigger)

    return handler


def fires_at(trigger: str) -> Handler:
    """The same, and the argument of the tap is the new focus: a page, say."""

    def handler(session: Session, arg: int, catalogue: Catalogue, today: date) -> Session:
        return fire(session, trigger, arg)

    return handler
