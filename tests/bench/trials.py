"""Two trials of trust: taps while calls fail, and taps that come twice."""

import asyncio
from collections.abc import Callable

from tests.bench.api import Faults
from tests.bench.load import Load
from tests.bench.people import Person
from tests.bench.results import Doubled, Faulty

__all__ = ["KINDS", "MIDDLE", "doubled", "faulty"]

#: The ways in which a tap comes twice.
KINDS = ("same update twice", "double tap", "old screen")
#: The screen on which doubled taps are tried, and on which conversations are left open.
MIDDLE = 5
_FAULTS = Faults(flood=0.02, broken=0.02, dropped=0.01)
_PATIENTS = 64
_HAND = 0.1


async def faulty(load: Load, seconds: float) -> Faulty:
    """Taps lost while some of the calls fail; those under way at the end get their time too."""
    people = load.patients(_PATIENTS)
    tally = load.fresh()
    load.api.faults = _FAULTS
    await load.crowd.hurry(people, seconds)
    await load.crowd.rest(people, load.crowd.patience)
    waiting = [person.expected for person in people if person.waiting]
    unheard = waiting.count(0)
    lost = tally.lost + len(waiting) - unheard
    presses = tally.taps - tally.starts + lost
    return Faulty(presses, lost, tally.astray, tally.unheard + unheard)


def _moved(person: Person) -> Callable[[], bool]:
    return lambda: person.screen != MIDDLE


async def doubled(load: Load, kind: str, count: int = 20) -> Doubled:
    """How far so many patients on the middle screen get when a tap comes twice in this way."""
    crowd, tap = load.crowd, load.people.tap
    people = load.patients(count)
    await crowd.play(people, MIDDLE + 1, count, 30)
    await crowd.rest(people, 10)
    for person in people:
        bubble = person.bubble
        if bubble is None or person.screen != MIDDLE:
            continue
        data = crowd.data(bubble, MIDDLE)
        if data is None:
            continue
        first = tap(person, bubble, data)
        second = first if kind == "same update twice" else tap(person, bubble, data)
        crowd.put(person, first)
        if kind == "old screen":
            await crowd.until(_moved(person), 5)
            # A hand's breadth of time: bots that keep state have written it down by then.
            await asyncio.sleep(_HAND)
            second = tap(person, bubble, data)
        crowd.put(person, second)
    await crowd.calm(people, 1.0, 8.0)
    moved = [(person.screen or 0) - MIDDLE for person in people]
    once, twice = moved.count(1), moved.count(2)
    return Doubled(once, twice, count - once - twice)
