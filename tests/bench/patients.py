"""Simulated patients: they press the button that the script says, and notice what comes of it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable

from tests.bench.api import Api
from tests.bench.delivery import Polling, Webhook
from tests.bench.people import Bubble, Person
from tests.bench.script import Script

__all__ = ["Crowd"]

#: Seconds until a tap counts as lost; the patient then presses again.
PATIENCE = 20.0
#: Seconds from a screen, whose press has been answered too, to the next press.
PAUSE = 0.005
#: Seconds that she waits for a press to be answered when the screen is there already.
_HELD = 1.0


class Crowd:
    """Presses for many people at once.

    `then` is called for a person a moment after her screen has come and her button has stopped
    loading; what she does next is up to it. (Whoever pressed sooner than any hand can would find
    bots that keep state in the middle of writing it down.)
    """

    def __init__(self, script: Script, api: Api, way: Webhook | Polling) -> None:
        self.script = script
        self.patience = PATIENCE
        self.then: Callable[[Person], None] = lambda _person: None
        self._api = api
        self._way = way
        self._labels = [screen.labels() for screen in script.screens]
        api.shown = self._shown
        api.answered = self._answered

    def start(self, person: Person, since: float | None = None) -> None:
        """Send /start; the welcome should come."""
        self._expect(person, 0, since)
        self._way.put(person, self._api.people.start(person))

    def onward(self, person: Person, since: float | None = None) -> None:
        """Press the button of the script, or begin anew after the last screen.

        `since` is when she meant to press, if that was earlier than now.
        """
        screen = person.screen
        if screen is None or person.bubble is None or screen >= self.script.last:
            self.start(person, since)
            return
        self._expect(person, screen + 1, since)
        update = self.pressing(person, person.bubble, screen)
        if update is not None:
            self._way.put(person, update)

    def pressing(self, person: Person, bubble: Bubble, screen: int) -> bytes | None:
        """The update of pressing the script's button; None when the bubble has no such button."""
        data = self.data(bubble, screen)
        return None if data is None else self._api.people.tap(person, bubble, data)

    def data(self, bubble: Bubble, screen: int) -> str | None:
        """What the script's button carries in this bubble."""
        wanted = self.script.screens[screen]
        label = self._labels[screen][wanted.onward]
        if len(bubble.keys) < len(wanted.goes):
            self._api.tally.problems["a screen has fewer buttons than the script"] += 1
        for key in bubble.keys:
            if key.text == label and key.callback_data is not None:
                return key.callback_data
        self._api.tally.problems[f"no button {label!r}"] += 1
        return None

    def put(self, person: Person, update: bytes) -> None:
        """Send an update as it is."""
        self._way.put(person, update)

    def _expect(self, person: Person, screen: int, since: float | None) -> None:
        person.expected = screen
        person.waiting = True
        person.pressed = time.perf_counter() if since is None else since

    def _shown(self, person: Person) -> None:
        bubble = person.bubble
        screen = bubble.words.screen if bubble is not None else None
        before, person.screen = person.screen, screen
        if not person.waiting:
            self._api.tally.astray += screen != before
            return
        if screen == before and screen != person.expected:
            return  # the same screen drawn anew answers nothing
        person.waiting = False
        tally = self._api.tally
        tally.taps += 1
        tally.starts += person.expected == 0
        tally.astray += screen != person.expected
        now = time.perf_counter()
        tally.waits.append(now - person.pressed)
        if person.query in self._api.people.queries:
            person.held = now
        else:
            self._release(person)

    def _answered(self, person: Person) -> None:
        if person.held and person.query not in self._api.people.queries:
            self._release(person)

    def _release(self, person: Person) -> None:
        person.held = 0.0
        asyncio.get_running_loop().call_later(PAUSE, self._go, person)

    def _go(self, person: Person) -> None:
        if not person.waiting:
            self.then(person)

    def give_up(self, people: Iterable[Person]) -> None:
        """Count the taps that have waited too long, and press again."""
        now = time.perf_counter()
        for person in people:
            if person.waiting and person.pressed < now - self.patience:
                if person.expected == 0:
                    self._api.tally.unheard += 1
                else:
                    self._api.tally.lost += 1
                self.onward(person)
            elif person.held and person.held < now - _HELD:
                self._release(person)

    async def watch(self, people: list[Person], seconds: float) -> None:
        """Let time pass while nobody waits for ever."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, 0.25))
            self.give_up(people)

    async def hurry(self, people: list[Person], seconds: float) -> None:
        """Everybody presses as soon as a screen is there, for so many seconds."""
        self.then = self.onward
        for person in people:
            if not person.waiting:
                self.onward(person)
        await self.watch(people, seconds)

    async def rest(self, people: list[Person], seconds: float) -> bool:
        """Nobody presses any more; whether every screen came in so many seconds."""
        self.then = lambda _person: None
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if not any(person.waiting or person.sending or person.held for person in people):
                break
            await asyncio.sleep(0.01)
        return not any(person.waiting for person in people)

    async def calm(self, people: list[Person], still: float, seconds: float) -> None:
        """Wait until no screen has changed for a while, or so many seconds are over."""
        end = time.perf_counter() + seconds
        before: list[int | None] = []
        since = time.perf_counter()
        while (now := time.perf_counter()) < end and now - since < still:
            await asyncio.sleep(0.05)
            seen = [person.screen for person in people]
            if seen != before:
                before, since = seen, time.perf_counter()

    async def until(self, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds, or so many seconds are over."""
        end = time.perf_counter() + seconds
        while True:
            if holds() or time.perf_counter() > end:
                return
            await asyncio.sleep(0.002)

    async def steady(self, people: list[Person], rate: float, seconds: float) -> None:
        """So many presses a second, each by whoever has rested longest.

        When all of them wait for the bot, waits count from when a press was due: a bot that stalls
        cannot hide it.
        """
        idle = deque(person for person in people if not person.waiting)
        self.then = idle.append
        begin = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            stalled = not idle
            await self.until(lambda: bool(idle), begin + 3 * seconds - time.perf_counter())
            if not idle:
                return
            self.onward(idle.popleft(), due if stalled else None)

    async def play(self, people: list[Person], updates: int, at_once: int, seconds: float) -> int:
        """Each person makes so many updates from /start on, then leaves her bubble open.

        Gives how many people got so far before the time was up.
        """
        ahead = iter(people)
        left: dict[int, int] = {}
        done = asyncio.Event()
        end = time.perf_counter() + seconds
        finished = 0

        def admit() -> None:
            person = next(ahead, None)
            if person is not None and time.perf_counter() < end:
                left[person.number] = updates - 1
                self.start(person)
            elif not left:
                done.set()

        def go_on(person: Person) -> None:
            nonlocal finished
            if left.get(person.number):
                left[person.number] -= 1
                self.onward(person)
            elif left.pop(person.number, None) is not None:
                finished += 1
                admit()

        self.then = go_on
        for _ in range(at_once):
            admit()
        while not done.is_set() and time.perf_counter() < end + self.patience:
            await asyncio.sleep(0.05)
            if not left:
                break
        self.then = lambda _person: None
        return finished
