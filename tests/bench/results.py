"""What was measured, bot by bot, in a form that can be kept and shown again."""

from pathlib import Path

import msgspec

__all__ = ["Conversations", "Doubled", "Faulty", "Result", "Results", "Round", "keep", "kept"]


class Round(msgspec.Struct):
    """Speed, once: taps a second, milliseconds a tap, shares of a core, waits in milliseconds.

    `waits` has for each rate (presses a second) the median and the 99th percentile. `others` is
    how much of both cores neither the bot nor the load has used, `yardstick` how quick the bot's
    core was just before (thousands of small JSON texts parsed a second).
    """

    rate: float
    cpu: float
    bot_busy: float
    load_busy: float
    others: float
    calls: float
    replies: float
    polls: float
    waits: dict[int, tuple[float, float]]
    slow_rate: float
    start: float
    yardstick: float
    lost: int
    astray: int
    problems: dict[str, int]


class Faulty(msgspec.Struct):
    """Under faults: presses in all, presses lost, presses that another screen answered.

    `unheard` are /starts without an answer; she said it again.
    """

    presses: int
    lost: int
    astray: int
    unheard: int = 0


class Doubled(msgspec.Struct):
    """Of so many patients: moved on once, twice, otherwise."""

    once: int
    twice: int
    other: int


class Conversations(msgspec.Struct):
    """Many conversations left open.

    Bytes of memory at the beginning, at half and at all of them, bytes of disk before and after,
    CPU milliseconds a tap before and after, and how many of those asked went on after SIGKILL.
    """

    half: int
    count: int
    memory: tuple[int, int, int]
    disk: tuple[int, int]
    cpu: tuple[float, float]
    asked: int
    went_on: int

    @property
    def memory_each(self) -> float:
        """Bytes of memory for each conversation of the second half.

        The first half is left out: it fills what is of a fixed size.
        """
        return (self.memory[2] - self.memory[1]) / max(1, self.count - self.half)

    @property
    def disk_each(self) -> float:
        """Bytes of disk for each conversation."""
        return (self.disk[1] - self.disk[0]) / max(1, self.count)


class Result(msgspec.Struct):
    """All about one bot."""

    title: str
    webhook: bool
    role: str
    rounds: list[Round] = []
    faulty: Faulty | None = None
    doubled: dict[str, Doubled] = {}
    conversations: Conversations | None = None


class Results(msgspec.Struct):
    """A whole run: when, where, with what, and the result of each bot by its id.

    `parts` are the shares of the processor time that our own bot spends on each part of its work.
    """

    day: str
    machine: str
    versions: dict[str, str]
    bots: dict[str, Result] = {}
    skipped: dict[str, str] = {}
    parts: dict[str, float] = {}


def keep(results: Results, path: Path) -> None:
    """Write the results down."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results)))


def kept(path: Path) -> Results:
    """The results that `keep` wrote down."""
    return msgspec.json.decode(path.read_bytes(), type=Results)
