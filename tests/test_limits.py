"""How much may be asked in a day: of a source, of a crowd, of a centre; and knocks in an hour."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.contact import limits as module
from bot.contact.limits import Limits, Refusal
from tests.builders import Clock

HERE, THERE = (1, 1), (1, 2)
CROWD = b"net:192.0.2.0"


@dataclass
class Hours:
    """A timer that a test turns."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.now


@pytest.fixture
def hours() -> Hours:
    """The timer of `limits`."""
    return Hours()


@pytest.fixture
def limits(clock: Clock, hours: Hours) -> Limits:
    """Nothing was asked yet."""
    return Limits(clock, hours)


def sources(count: int, start: int = 0) -> list[bytes]:
    """As many conversations."""
    return [b"web:%d" % number for number in range(start, start + count)]


def asked(limits: Limits, count: int, crowd: bytes | None = None) -> list[Refusal | None]:
    """What as many conversations hear that ask a centre, each one of its own."""
    return [limits.ask(source, (3, n), crowd) for n, source in enumerate(sources(count))]


def test_a_source_may_ask_three_times_a_day(limits: Limits) -> None:
    """Of whatever centre; another source is not touched by it."""
    told = [limits.ask(b"chat:8", (1, centre)) for centre in range(5)]

    assert [None] * 3 + [Refusal.SOURCE] * 2 == told
    assert limits.ask(b"chat:9", HERE) is None


def test_three_requests_to_one_centre_are_three_too(limits: Limits) -> None:
    """A request that is begun anew counts."""
    told = [limits.ask(b"chat:8", HERE) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told


def test_a_crowd_may_ask_thirty_times_a_day(limits: Limits) -> None:
    """However many people it has; who is not of it may still ask."""
    told = asked(limits, 33, CROWD)

    assert [None] * 30 + [Refusal.SOURCE] * 3 == told
    assert limits.ask(b"web:x", HERE, b"net:198.51.100.0") is None
    assert limits.ask(b"chat:x", HERE) is None


def test_a_centre_gets_twenty_a_day(limits: Limits) -> None:
    """From wherever; the next centre is not touched by it."""
    told = [limits.ask(source, HERE) for source in sources(22)]

    assert [None] * 20 + [Refusal.CENTRE] * 2 == told
    assert limits.ask(b"web:0", THERE) is None
    assert limits.ask(b"web:0", (2, 1)) is None


def test_one_crowd_takes_a_third_of_a_centre(limits: Limits) -> None:
    """So nobody fills a centre's day from one place; what is left is for all others."""
    told = [limits.ask(source, HERE, CROWD) for source in sources(8)]
    others = [limits.ask(source, HERE) for source in sources(15, 100)]

    assert [None] * 6 + [Refusal.CENTRE] * 2 == told
    assert [None] * 14 + [Refusal.CENTRE] == others


def test_what_is_refused_counts_for_nothing(limits: Limits) -> None:
    """Neither for her nor for the centre nor for her network."""
    for source in sources(20):
        limits.ask(source, HERE)
    for _ in range(50):
        limits.ask(b"chat:8", HERE, CROWD)

    told = [limits.ask(b"chat:8", THERE, CROWD) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told
    assert [None] * 27 == asked(limits, 27, CROWD)


def test_what_was_not_sent_is_given_back(limits: Limits) -> None:
    """To her, to her crowd, to its share, and to the centre."""
    for source in sources(6):
        limits.ask(source, HERE, CROWD)
    for source in sources(14, 100):
        limits.ask(source, HERE)

    assert Refusal.CENTRE is limits.ask(b"chat:8", HERE)

    limits.give_back(b"web:0", HERE, CROWD)

    assert limits.ask(b"web:0", HERE, CROWD) is None
    assert Refusal.CENTRE is limits.ask(b"chat:8", HERE)


def test_giving_back_makes_room_for_three_again(limits: Limits) -> None:
    """As often as it comes to nothing."""
    for _ in range(10):
        assert limits.ask(b"chat:8", HERE) is None
        limits.give_back(b"chat:8", HERE)

    told = [limits.ask(b"chat:8", HERE) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told


def test_nobody_gets_back_what_was_not_counted(limits: Limits) -> None:
    """No more than three a day come of it."""
    limits.give_back(b"chat:8", HERE, CROWD)
    limits.give_back(b"chat:8", HERE, CROWD)
    told = [limits.ask(b"chat:8", HERE, CROWD) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told


def test_all_that_is_given_back_leaves_no_trace(limits: Limits) -> None:
    """Nor does what was refused."""
    limits.ask(b"chat:8", HERE, CROWD)
    limits.give_back(b"chat:8", HERE, CROWD)

    assert not limits._asked

    for source in sources(20):
        limits.ask(source, HERE)
    size = len(limits._asked)
    for source in sources(500, 100):
        limits.ask(source, HERE, source)

    assert size == len(limits._asked)


def test_the_next_day_begins_anew(limits: Limits, clock: Clock) -> None:
    """For her, her crowd and the centre."""
    for source in sources(20):
        limits.ask(source, HERE)
    for centre in range(4):
        limits.ask(b"chat:8", (1, 5 + centre), CROWD)
    clock.today += timedelta(days=1)
    told = [limits.ask(b"chat:8", HERE, CROWD) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told
    assert 4 == len(limits._asked)


def test_what_was_given_back_on_the_next_day_gives_nobody_more(
    limits: Limits, clock: Clock
) -> None:
    """A request that was counted before midnight."""
    limits.ask(b"chat:8", HERE)
    clock.today += timedelta(days=1)
    limits.give_back(b"chat:8", HERE)
    told = [limits.ask(b"chat:8", HERE) for _ in range(4)]

    assert [None, None, None, Refusal.SOURCE] == told


def test_nobody_is_told_again_on_the_next_day(limits: Limits, clock: Clock) -> None:
    """Hashes are under a key of the day, of the process, and 8 bytes long; nothing else is held."""
    first = limits._hashed(b"chat:8")

    assert first == limits._hashed(b"chat:8") != limits._hashed(b"chat:9")
    assert 8 == len(first)
    assert first != Limits(clock)._hashed(b"chat:8")

    limits.ask(b"chat:8", HERE, CROWD)
    key = limits._key
    clock.today += timedelta(days=1)

    assert first != limits._hashed(b"chat:8")
    assert key != limits._key
    assert not limits._asked


def test_neither_a_chat_nor_an_address_stands_in_memory(limits: Limits) -> None:
    """What is counted holds a hash in their place."""
    limits.ask(b"chat:987654321", HERE, b"net:192.0.2.77")
    limits.knock(b"receipt:192.0.2.77")
    held = repr(limits._asked) + repr(limits._knocks)

    assert "987654321" not in held
    assert "192.0.2.77" not in held


def test_thirty_knocks_an_hour(limits: Limits, hours: Hours) -> None:
    """Then no more until the hour is over; another source is not touched by it."""
    assert [True] * 30 + [False] * 3 == [limits.knock(b"receipt:a") for _ in range(33)]
    assert limits.knock(b"receipt:b")

    hours.now += 3599

    assert not limits.knock(b"receipt:a")

    hours.now += 1

    assert [True] * 30 + [False] == [limits.knock(b"receipt:a") for _ in range(31)]


def test_whoever_has_used_up_the_knocks_is_known_without_one_more(
    limits: Limits, hours: Hours
) -> None:
    """Asking counts nothing; an hour later it is forgotten."""
    for _ in range(30):
        assert not limits.worn(b"receipt:a")

        limits.knock(b"receipt:a")

    assert limits.worn(b"receipt:a")
    assert not limits.worn(b"receipt:b")
    assert 1 == len(limits._knocks)

    hours.now += 3600

    assert not limits.worn(b"receipt:a")


def test_knocks_and_requests_do_not_touch_each_other(limits: Limits) -> None:
    """Who knocked too often may ask, and the other way round."""
    for _ in range(40):
        limits.knock(b"chat:8")

    assert limits.ask(b"chat:8", HERE) is None
    for _ in range(5):
        limits.ask(b"chat:9", HERE)
    assert limits.knock(b"chat:9")


def test_knocks_begin_anew_with_the_day(limits: Limits, clock: Clock) -> None:
    """The key has changed with it."""
    for _ in range(40):
        limits.knock(b"receipt:a")
    clock.today += timedelta(days=1)

    assert limits.knock(b"receipt:a")
    assert 1 == len(limits._knocks)


def test_knocks_of_ever_new_sources_take_a_bounded_room(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond it the count begins anew."""
    assert 50_000 == module._MOST

    monkeypatch.setattr(module, "_MOST", 100)
    sizes = []
    for number in range(1000):
        assert limits.knock(b"receipt:%d" % number)
        sizes.append(len(limits._knocks))

    assert 100 == max(sizes)


def test_requests_of_a_day_take_a_bounded_room(limits: Limits) -> None:
    """What two centres accept in a day, with at most four counts each."""
    for number in range(1000):
        source = b"web:%d" % number
        limits.ask(source, (HERE, THERE)[number % 2], b"net:%d" % number)

    assert 2 * 20 * 3 + 2 == len(limits._asked)
