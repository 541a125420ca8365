"""What was done lately is not done again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.telegram.ring import Ring


def counted(log: list[str], name: str = "done") -> Callable[[], Awaitable[None]]:
    """A piece of work that writes its name down."""

    async def work() -> None:
        await asyncio.sleep(0)
        log.append(name)

    return work


def test_a_key_works_once() -> None:
    """Another key is another piece of work."""
    log: list[str] = []

    async def play() -> None:
        ring = Ring()
        for key in (1, 1, 2, 1):
            await ring.once(key, counted(log, str(key)))

    asyncio.run(play())

    assert ["1", "2"] == log


def test_those_who_come_meanwhile_wait_for_the_end() -> None:
    """Ten at once: one works, all go on only when it is done."""
    log: list[str] = []

    async def play() -> None:
        ring = Ring()

        async def ask() -> None:
            await ring.once(7, counted(log))
            log.append("after")

        await asyncio.gather(*(ask() for _ in range(10)))

    asyncio.run(play())

    assert ["done", *["after"] * 10] == log


def test_work_that_fails_may_run_again() -> None:
    """The error reaches each that waited."""
    log: list[str] = []

    async def play() -> None:
        ring = Ring()

        async def fail() -> None:
            await asyncio.sleep(0)
            raise OSError

        found = await asyncio.gather(ring.once(1, fail), ring.once(1, fail), return_exceptions=True)

        assert [OSError, OSError] == [type(error) for error in found]

        await ring.once(1, counted(log))

    asyncio.run(play())

    assert ["done"] == log


def test_only_the_last_ones_are_remembered() -> None:
    """Memory does not grow with the people who write."""
    log: list[str] = []

    async def play() -> None:
        ring = Ring(size=3)
        for key in (1, 2, 3, 4, 4, 1):
            await ring.once(key, counted(log, str(key)))

    asyncio.run(play())

    assert ["1", "2", "3", "4", "1"] == log


@pytest.mark.parametrize(("passed", "runs"), [(9.9, 1), (10.0, 2)])
def test_a_key_is_forgotten_after_some_seconds(passed: float, runs: int) -> None:
    """The same button may be pressed again later."""
    log: list[str] = []
    now = [0.0]

    async def play() -> None:
        ring = Ring(seconds=10, clock=lambda: now[0])
        await ring.once("key", counted(log))
        now[0] += passed
        await ring.once("key", counted(log))

    asyncio.run(play())

    assert runs == len(log)
