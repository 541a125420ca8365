"""What was aimed at, and whether it was reached; a figure is never rounded in its own favour."""

import statistics
from dataclasses import dataclass

from tests.bench.results import Result, Results

__all__ = ["Aim", "targets"]


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim: what it is about, what was wanted, what was found, and the verdict in a word."""

    words: str
    wanted: str
    found: str
    verdict: str


def _cpu(bot: Result) -> float:
    return statistics.median(one.cpu for one in bot.rounds)


def _aim(words: str, wanted: str, found: str, reached: bool) -> Aim:
    return Aim(words, wanted, found, "reached" if reached else "**missed**")


def _speed(ours: Result, floor: Result | None, peers: list[Result]) -> list[Aim]:
    aims = []
    if floor is not None:
        ratio = _cpu(ours) / _cpu(floor)
        aims.append(
            _aim("CPU a tap against the floor, webhook", "≤ 7 ×", f"{ratio:.2f} ×", ratio <= 7)
        )
    shipped = [_cpu(bot) for bot in peers if bot.title.startswith("python-telegram-bot")]
    if shipped:
        ratio = min(shipped) / _cpu(ours)
        words = "CPU a tap: python-telegram-bot as shipped, its better way, over ours"
        aims.append(_aim(words, "≥ 10 ×", f"{ratio:.2f} ×", ratio >= 10))
    if peers:
        best = min(peers, key=_cpu)
        way = "webhook" if best.webhook else "polling"
        found = f"{_cpu(ours):.3f} ms; the cheapest, {best.title} ({way}), {_cpu(best):.3f} ms"
        words = "CPU a tap against every other library"
        aims.append(_aim(words, "less", found, _cpu(ours) < _cpu(best)))
    slow = statistics.median(one.slow_rate for one in ours.rounds)
    words = "taps a second, API of 30 ms, 128 patients"
    aims.append(_aim(words, "≥ 1 500", f"{slow:.0f}", slow >= 1500))
    return aims


def _trust(ours: list[Result]) -> list[Aim]:
    aims = []
    faulty = [bot.faulty for bot in ours if bot.faulty]
    if faulty:
        lost, presses = sum(one.lost for one in faulty), sum(one.presses for one in faulty)
        found = f"{lost} of {presses}"
        aims.append(_aim("taps lost under faults, both ways", "0", found, lost == 0))
    moved = [one for bot in ours for one in bot.doubled.values()]
    if moved:
        wrong = sum(one.twice + one.other for one in moved)
        total = wrong + sum(one.once for one in moved)
        words = "doubled taps that answer unread, both ways"
        aims.append(_aim(words, "0", f"{wrong} of {total}", wrong == 0))
    talks = [bot.conversations for bot in ours if bot.conversations]
    if talks:
        memory = max(one.memory_each for one in talks)
        disk = max(one.disk_each for one in talks)
        words = "memory an open conversation, the worse way"
        aims.append(_aim(words, "0 B", f"{memory:.1f} B", memory <= 0))
        words = "disk an open conversation, the worse way"
        aims.append(_aim(words, "0 B", f"{disk:.1f} B", disk <= 0))
        went, asked = sum(one.went_on for one in talks), sum(one.asked for one in talks)
        words = "go on after SIGKILL, both ways"
        aims.append(_aim(words, "all", f"{went} of {asked}", went == asked))
    return aims


def targets(results: Results) -> list[Aim]:
    """Each aim that this run can speak of."""
    bots = list(results.bots.values())
    ours = [bot for bot in bots if bot.role == "ours"]
    hooked = next((bot for bot in ours if bot.webhook and bot.rounds), None)
    floor = next((b for b in bots if b.role == "floor" and b.webhook and b.rounds), None)
    peers = [bot for bot in bots if bot.role == "peer" and bot.rounds]
    return [*(_speed(hooked, floor, peers) if hooked else []), *_trust(ours)]
