"""The measurements of one bot; each starts a process of its own with an empty folder."""

import json
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.contestants import Contestant, launch
from tests.bench.load import Load, cores, script_file
from tests.bench.people import Person
from tests.bench.process import BotProcess, busy, yardstick
from tests.bench.results import Conversations, Doubled, Faulty, Round
from tests.bench.script import Script
from tests.bench.tally import Tally
from tests.bench.trials import KINDS, MIDDLE, doubled, faulty

__all__ = ["FULL", "QUICK", "NotStarted", "Plan", "Workplace"]

_PATIENTS = 64
_SLOW_PATIENTS, _SLOW_CALL = 128, 0.03
_RATES = (50, 200)
_START = 30.0


class NotStarted(Exception):
    """The bot did not come up; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds for each part of the measurements, and how many conversations are left open."""

    rounds: int
    warm: float
    hurry: float
    steady: float
    faults: float
    opened: int
    opening: float
    asked: int


FULL = Plan(3, 1.0, 2.5, 3.0, 12.0, 20_000, 10.0, 200)
QUICK = Plan(1, 0.5, 1.5, 2.0, 5.0, 600, 3.0, 50)


@dataclass(slots=True)
class _Stretch:
    """What a stretch of hurrying has cost."""

    tally: Tally
    seconds: float
    bot: float
    load: float
    all: float


def _quantile(waits: list[float], share: float) -> float:
    """In milliseconds; the nearest rank, so that it is a wait that somebody had."""
    ranked = sorted(waits)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1000 if ranked else float("nan")


class Workplace:
    """Where bots are measured: the script, a folder for all of theirs, and a plan."""

    def __init__(self, script: Script, folder: Path, plan: Plan) -> None:
        self.script = script
        self.folder = folder
        self.plan = plan
        self.cores = cores()

    @asynccontextmanager
    async def running(
        self, contestant: Contestant, samples: Path | None = None
    ) -> AsyncIterator[tuple[Load, BotProcess, Path, float]]:
        """A bot that has welcomed its first patient, and the seconds which that took."""
        folder = self.folder / contestant.id
        shutil.rmtree(folder, ignore_errors=True)
        async with Load(self.script, webhook=contestant.webhook) as load:
            bot, seconds = await self.start(contestant, load, folder, samples)
            try:
                yield load, bot, folder, seconds
            finally:
                bot.stop()

    async def start(
        self, contestant: Contestant, load: Load, folder: Path, samples: Path | None = None
    ) -> tuple[BotProcess, float]:
        """Start a bot on its core; the load moves to the other."""
        bot_core, load_core = self.cores
        os.sched_setaffinity(0, {bot_core, load_core})
        load.way.ready = False
        begin = time.perf_counter()
        bot = launch(contestant, load, folder, script_file(self.folder), bot_core, samples)
        os.sched_setaffinity(0, {load_core})
        try:
            welcomed = await load.ready(_START)
        except BaseException:
            bot.kill()
            raise
        if not welcomed:
            bot.kill()
            raise NotStarted(bot.words() or "it said nothing")
        return bot, time.perf_counter() - begin

    def yardstick(self) -> float:
        """How quick the bot's core is just now."""
        os.sched_setaffinity(0, set(self.cores))
        return yardstick(self.cores[0])

    async def _hurry(
        self, load: Load, bot: BotProcess, people: list[Person], seconds: float
    ) -> _Stretch:
        """Warm up, then measure."""
        await load.crowd.hurry(people, self.plan.warm)
        tally = load.fresh()
        begin, cpu, own, used = (
            time.perf_counter(),
            bot.cpu(),
            time.process_time(),
            busy(self.cores),
        )
        await load.crowd.hurry(people, seconds)
        return _Stretch(
            tally,
            time.perf_counter() - begin,
            bot.cpu() - cpu,
            time.process_time() - own,
            busy(self.cores) - used,
        )

    async def speed(self, contestant: Contestant) -> Round:
        """One round of speed."""
        plan = self.plan
        quick = self.yardstick()
        async with self.running(contestant) as (load, bot, _, start):
            people = load.patients(_PATIENTS)
            fast = await self._hurry(load, bot, people, plan.hurry)
            await load.crowd.rest(people, 10)
            waits = {}
            for rate in _RATES:
                people = load.patients(4 * _PATIENTS)
                tally = load.fresh()
                await load.crowd.steady(people, rate, plan.steady)
                await load.crowd.rest(people, 10)
                waits[rate] = _quantile(tally.waits, 0.5), _quantile(tally.waits, 0.99)
            load.api.delay = _SLOW_CALL
            slow = await self._hurry(load, bot, load.patients(_SLOW_PATIENTS), plan.hurry)
        taps = max(1, fast.tally.taps)
        return Round(
            rate=fast.tally.taps / fast.seconds,
            cpu=fast.bot / taps * 1000,
            bot_busy=fast.bot / fast.seconds,
            load_busy=fast.load / fast.seconds,
            others=(fast.all - fast.bot - fast.load) / fast.seconds / len(set(self.cores)),
            calls=fast.tally.calls / taps,
            replies=fast.tally.replies / taps,
            polls=fast.tally.polls / taps,
            waits=waits,
            slow_rate=slow.tally.taps / slow.seconds,
            start=start,
            yardstick=quick,
            lost=fast.tally.lost + slow.tally.lost,
            astray=fast.tally.astray + slow.tally.astray,
            problems=dict(fast.tally.problems + slow.tally.problems),
        )

    async def parts(self, contestant: Contestant) -> dict[str, float]:
        """The share of each part in the processor time of our own bot at full speed."""
        samples = self.folder / "samples.json"
        async with self.running(contestant, samples) as (load, bot, _, _start):
            people = load.patients(_PATIENTS)
            await load.crowd.hurry(people, self.plan.warm)
            bot.tell(signal.SIGUSR1)
            await load.crowd.hurry(people, 2 * self.plan.hurry)
            bot.tell(signal.SIGUSR2)
            await load.crowd.rest(people, 10)
            await load.crowd.until(samples.exists, 10)
        found: dict[str, int] = json.loads(samples.read_text(encoding="utf-8"))
        return {part: count / sum(found.values()) for part, count in found.items()}

    async def faulty(self, contestant: Contestant) -> Faulty:
        """Taps lost while some of the calls fail."""
        async with self.running(contestant) as (load, _bot, _, _start):
            return await faulty(load, self.plan.faults)

    async def doubled(self, contestant: Contestant) -> dict[str, Doubled]:
        """How far patients move when a press comes twice."""
        async with self.running(contestant) as (load, _bot, _, _start):
            return {kind: await doubled(load, kind) for kind in KINDS}

    async def conversations(self, contestant: Contestant) -> Conversations:
        """What open conversations cost, and whether they outlive a SIGKILL."""
        plan = self.plan
        async with self.running(contestant) as (load, bot, folder, _start):
            crew = load.patients(_PATIENTS)

            async def cost() -> float:
                stretch = await self._hurry(load, bot, crew, plan.hurry)
                await load.crowd.rest(crew, 10)
                return stretch.bot / max(1, stretch.tally.taps) * 1000

            before = await cost()
            memory, disk = [bot.memory()], bot.disk()
            counts, opened = [], []
            # This bot and the floor open all of them, the others as many as there is time for.
            seconds = plan.opening * (12 if contestant.role else 1)
            for _ in range(2):
                people = load.patients(plan.opened // 2)
                opened += people
                counts.append(await load.crowd.play(people, MIDDLE + 1, _PATIENTS, seconds))
                memory.append(bot.memory())
            after = await cost()
            disk_after = bot.disk()
            bot.kill()
            open_ones = [person for person in opened if person.screen == MIDDLE]
            asked = open_ones[:: max(1, len(open_ones) // plan.asked)][: plan.asked]
            again, _ = await self.start(contestant, load, folder)
            try:
                load.fresh()
                for person in asked:
                    load.crowd.onward(person)
                await load.crowd.rest(asked, 15)
            finally:
                again.stop()
            return Conversations(
                half=counts[0],
                count=sum(counts),
                memory=(memory[0], memory[1], memory[2]),
                disk=(disk, disk_after),
                cpu=(before, after),
                asked=len(asked),
                went_on=sum(person.screen == MIDDLE + 1 for person in asked),
            )
