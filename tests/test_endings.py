"""A request that is over stays over, whatever backup of the database is put back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contact.exchange import HANDLE_DAYS
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFileError, KeyFiles
from bot.store.living import LivingKeys
from bot.store.records import Row, State
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.wire.keyring import Keyring
from tests.builders import Clock
from tests.test_exchange import Middle

DAY = date(2026, 3, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the keys are."""
    return tmp_path / "keys"


def keyring(folder: Path, today: date = DAY) -> Keyring:
    """The living keys of handles."""
    return KeyFiles(folder, "handle", HANDLE_DAYS).keyring(today)


def test_an_end_is_known_while_its_key_lives(folder: Path) -> None:
    """Then nothing opens the request any more, and the end is forgotten."""
    endings, first = Endings(folder), keyring(folder)
    endings.note(first, "ABCDEFGHJ", DAY)
    endings.note(first, "KLMNPQRST", DAY)
    last = keyring(folder, DAY + timedelta(days=HANDLE_DAYS - 1))
    endings.purge(last.days)

    assert {"ABCDEFGHJ", "KLMNPQRST"} == endings.codes(last)
    assert {DAY: 2} == endings.counts()

    late = keyring(folder, DAY + timedelta(days=HANDLE_DAYS))

    assert set() == endings.codes(late)

    endings.purge(late.days)

    assert {} == endings.counts()


def test_an_end_tells_nothing_without_its_key(folder: Path) -> None:
    """No code stands in the file, which nobody else may read."""
    Endings(folder).note(keyring(folder), "ABCDEFGHJ", DAY)
    (path,) = folder.glob("ended-*")

    assert b"ABCDEFGHJ" not in path.read_bytes()
    assert 0o600 == path.stat().st_mode & 0o777
    assert 65 == path.stat().st_size


def test_a_request_whose_key_is_gone_needs_no_note(folder: Path) -> None:
    """Its handle is dead already."""
    Endings(folder).note(keyring(folder), "ABCDEFGHJ", DAY - timedelta(days=1))

    assert {} == Endings(folder).counts()


def test_what_is_no_end_is_passed_over(folder: Path) -> None:
    """Half a line after a crash, or another file."""
    endings, keys = Endings(folder), keyring(folder)
    endings.note(keys, "ABCDEFGHJ", DAY)
    with (folder / f"ended-{DAY}.txt").open("ab") as file:
        file.write(b"half a line \xff")
    (folder / "other.txt").write_text("x")

    assert {"ABCDEFGHJ"} == endings.codes(keys)


def test_a_folder_that_is_not_there_has_no_ends(tmp_path: Path) -> None:
    """Looking makes none."""
    assert {} == Endings(tmp_path / "none").counts()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["ended-2026-03-01.txt", "ended-2026-13-45.txt"])
def test_a_file_that_will_not_do_is_named(folder: Path, name: str) -> None:
    """With the mend: a folder of that name, or a day that is none."""
    keys = keyring(folder)
    (folder / name).mkdir()
    with pytest.raises(KeyFileError, match=f"KEYS_DIR={folder}"):
        Endings(folder).codes(keys)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_command_of_root_leaves_the_file_to_the_service(folder: Path) -> None:
    """Whoever owns the folder owns what is in it."""
    keys = keyring(folder)
    os.chown(folder, 65534, 65534)
    Endings(folder).note(keys, "ABCDEFGHJ", DAY)

    assert 65534 == (folder / f"ended-{DAY}.txt").stat().st_uid


# Together with a store


def request(code: str, until: date, state: State = State.SENT) -> Row:
    """A request to the first centre."""
    return Row(code, "NCT03870919", 1, "fr", state, until, until, 7)


@pytest.fixture
def middle(tmp_path: Path, folder: Path, catalogue: Catalogue, clock: Clock) -> Iterator[Middle]:
    """A store in a file that can be copied, with three requests of today."""
    keys = LivingKeys(KeyFiles(folder, "handle", HANDLE_DAYS), clock)
    with open_store(tmp_path / "passerelle.db") as store:
        for code in ("K1", "K2", "K3"):
            store.begin(request(code, clock.today + timedelta(days=HANDLE_DAYS)))
        yield Middle(store, keys, catalogue, clock)


def test_a_backup_revives_nothing_and_closes_nothing_else(
    middle: Middle, folder: Path, tmp_path: Path
) -> None:
    """Taken just before the end; what goes on goes on, also what is begun later."""
    file = tmp_path / "passerelle.db"
    backup = shutil.copy(file, tmp_path / "backup")
    one = middle.exchange(endings=Endings(folder))
    for code in ("K1", "K2"):
        row = middle.store.request(code)

        assert row is not None

        one.bury(row)
        middle.store.change(code, State.ENDED, frozenset({State.SENT}), due_on=None)
    middle.store.close()
    shutil.copy(backup, file)
    with closing(open_store(file)) as again:
        middle.store = again
        two = middle.exchange(endings=Endings(folder))

        assert 2 == two.remember()

        again.begin(request("K4", middle.clock.today + timedelta(days=HANDLE_DAYS)))

        assert 0 == two.remember()

        states = {row["code"]: row["state"] for row in again.everything()["requests"]}

        assert {"K1": "ended", "K2": "ended", "K3": "sent", "K4": "sent"} == states


def test_an_end_that_cannot_be_noted_is_an_end(
    middle: Middle, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log says what is wrong with the folder, and nothing of the request."""
    one = middle.exchange(endings=Endings(folder))
    row = middle.store.request("K1")

    assert row is not None

    one.keyring()
    (folder / f"ended-{middle.clock.today}.txt").mkdir()
    one.bury(row)
    said = capsys.readouterr().err

    assert f"KEYS_DIR={folder}" in said
    assert "K1" not in said


def test_without_endings_there_is_nothing_to_remember(middle: Middle) -> None:
    """As in a terminal, where nobody is asked."""
    assert 0 == middle.exchange().remember()
