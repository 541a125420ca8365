"""Keys over the days of a running process: made, destroyed, and served on when files fail."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from dialogs.errors import ClockBehind, DeadToken
from dialogs.wire.keyring import STATE_DAYS
from dialogs.wire.pack import PAYLOAD
from tests.builders import Clock

SAID = b"x" * PAYLOAD
PLACE = b"here"
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the keys."""
    return tmp_path / "keys"


@pytest.fixture
def living(folder: Path, clock: Clock) -> LivingKeys:
    """The keys of a process that has just begun."""
    return LivingKeys(KeyFiles(folder), clock)


def days(folder: Path) -> list[date]:
    """The days whose key is there."""
    return KeyFiles(folder).days()


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The errors that the operator was told of, without the line of code and what follows."""
    return [line.split(".py:")[0] for line in capsys.readouterr().err.splitlines()]


def test_todays_key_is_there_from_the_start(living: LivingKeys, folder: Path, clock: Clock) -> None:
    """Before anybody asks for it: a folder that cannot be used is found at the start."""
    assert [clock.today] == days(folder)
    assert clock.today == living.keyring().today


def test_within_a_day_no_file_is_touched(living: LivingKeys, folder: Path) -> None:
    """The same keys, even while the folder is not there."""
    first = living.keyring()
    folder.rename(folder.with_name("away"))

    assert first is living.keyring()
    assert not folder.exists()


def test_a_new_day_makes_a_key_and_destroys_the_oldest(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """A token lives as long as the key of its day, and no day longer."""
    start = clock.today
    token = living.keyring().seal(SAID, PLACE)
    for _ in range(STATE_DAYS - 1):
        clock.today += DAY

        assert SAID == living.keyring().open(token, PLACE)
    clock.today += DAY
    with pytest.raises(DeadToken):
        living.keyring().open(token, PLACE)

    assert [start + DAY * number for number in range(1, STATE_DAYS + 1)] == days(folder)


def test_days_without_a_visitor_are_no_exception(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """The first one after a long time finds all old keys destroyed."""
    clock.today += 40 * DAY
    living.keyring()

    assert [clock.today] == days(folder)


def test_when_files_fail_the_keys_in_memory_serve_on(
    living: LivingKeys, folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """For old tokens and new ones; the operator is told once."""
    old = living.keyring().seal(SAID, PLACE)
    folder.chmod(0o755)
    clock.today += DAY
    keyring = living.keyring()
    new = keyring.seal(SAID, PLACE)

    assert clock.today == keyring.today
    assert [SAID, SAID] == [living.keyring().open(token, PLACE) for token in (old, new)]
    assert ["passerelle: error KeyFileError at store/keyfiles"] == told(capsys)

    clock.today += DAY
    living.keyring()

    assert [] == told(capsys)


def test_no_key_in_memory_outlives_its_days(living: LivingKeys, folder: Path, clock: Clock) -> None:
    """What was sealed on the last good day dies with it, though its file is still there."""
    early = living.keyring().seal(SAID, PLACE)
    clock.today += DAY
    late = living.keyring().seal(SAID, PLACE)
    folder.chmod(0o755)
    clock.today += (STATE_DAYS - 1) * DAY
    keyring = living.keyring()

    assert SAID == keyring.open(late, PLACE)
    with pytest.raises(DeadToken):
        keyring.open(early, PLACE)

    clock.today += DAY
    with pytest.raises(ValueError, match="no key is alive"):
        living.keyring()


def test_files_are_tried_again_on_the_same_day(
    living: LivingKeys, folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once mended, the key of today is made, tokens of before still open, and it can fail anew."""
    start = clock.today
    folder.chmod(0o755)
    clock.today += DAY
    token = living.keyring().seal(SAID, PLACE)
    folder.chmod(0o700)
    mended = living.keyring()

    assert [start, clock.today] == days(folder)
    assert SAID == mended.open(token, PLACE)
    assert mended is living.keyring()

    folder.chmod(0o755)
    clock.today += DAY
    living.keyring()

    assert 2 == len(told(capsys))


def test_a_service_of_no_use_after_all_its_days_comes_back(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """Mended after its last key died, it makes a new one."""
    folder.chmod(0o755)
    clock.today += STATE_DAYS * DAY
    with pytest.raises(ValueError, match="no key is alive"):
        living.keyring()
    folder.chmod(0o700)

    assert clock.today == living.keyring().today
    assert [clock.today] == days(folder)


def test_a_clock_set_right_at_midnight_changes_nothing(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """One day back: the same keys, and none is made for a day that is over."""
    clock.today += DAY
    keyring = living.keyring()
    before = days(folder)
    clock.today -= DAY

    assert keyring is living.keyring()
    assert before == days(folder)


def test_a_clock_further_back_stops_all_work(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """Keys could outlive their promise; both days are named, and nothing is touched."""
    clock.today += 2 * DAY
    living.keyring()
    before = days(folder)
    clock.today -= 2 * DAY
    with pytest.raises(ClockBehind) as caught:
        living.keyring()

    assert (clock.today, clock.today + 2 * DAY) == (caught.value.today, caught.value.newest)
    assert before == days(folder)

    clock.today += 2 * DAY

    assert clock.today == living.keyring().today


def test_a_key_of_a_later_day_in_the_folder_stops_all_work(
    living: LivingKeys, folder: Path, clock: Clock
) -> None:
    """Another process with another clock has made it."""
    clock.today += DAY
    KeyFiles(folder).keyring(clock.today + DAY)
    with pytest.raises(ClockBehind):
        living.keyring()
