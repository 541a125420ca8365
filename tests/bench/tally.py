"""What is counted while bots are measured."""

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """Counts of one stretch of time; `waits` are seconds from a press to its screen.

    `taps` are presses and /starts whose screen has come, `starts` the /starts among them; `lost`
    are presses whose screen did not come in time, `unheard` such /starts (she says it again);
    `astray` are those that were answered by another screen. `calls` are requests to the API,
    `replies` calls that rode in a webhook's answer, `polls` calls of getUpdates.
    """

    taps: int = 0
    starts: int = 0
    lost: int = 0
    unheard: int = 0
    astray: int = 0
    calls: int = 0
    replies: int = 0
    polls: int = 0
    same: int = 0
    failed: int = 0
    redelivered: int = 0
    expired: int = 0
    waits: list[float] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
