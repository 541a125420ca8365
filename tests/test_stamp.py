"""What a backup that is put back can and cannot bring to life."""

import shutil
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.store.records import Kind, Row, State, StoreError
from bot.store.sqlite import open_store
from bot.store.stamp import Stamp

UNTIL = date(2026, 3, 15)
SENDING = frozenset({State.SENDING})
OPEN = frozenset({State.SENT})


def request(code: str, centre: int = 3) -> Row:
    """A request as it begins."""
    return Row(code, "NCT1", centre, "fr", State.SENDING, UNTIL, None, None)


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Stamp]:
    """A database with two requests that were sent, and the stamp beside the keys."""
    file, stamp = tmp_path / "store.db", Stamp(tmp_path / "keys")
    with closing(open_store(file, stamp=stamp)) as store:
        for code in ("K1", "K2"):
            store.begin(request(code))
            store.change(code, State.SENT, SENDING, due_on=UNTIL)
    return file, stamp


def states(file: Path, stamp: Stamp) -> tuple[int, set[str]]:
    """How many requests an opening closed, and how all of them stand after it."""
    with closing(open_store(file, stamp=stamp)) as store:
        return store.restored, {row["state"] for row in store.everything()["requests"]}


@pytest.mark.parametrize("over", [State.ENDED, State.CLOSED])
def test_after_an_end_an_older_file_has_no_open_request(
    place: tuple[Path, Stamp], over: State
) -> None:
    """Neither the one that was ended, nor others, of which nobody knows."""
    file, stamp = place
    backup = shutil.copy(file, file.with_name("backup"))
    with closing(open_store(file, stamp=stamp)) as store:
        store.change("K1", over, OPEN, due_on=None)
    shutil.copy(backup, file)

    assert (2, {"closed"}) == states(file, stamp)
    assert (0, {"closed"}) == states(file, stamp)


def test_the_file_itself_opens_as_it_was_left(place: tuple[Path, Stamp]) -> None:
    """However often it is written, purged and written anew."""
    file, stamp = place
    with closing(open_store(file, stamp=stamp)) as store:
        store.change("K1", State.ENDED, OPEN, due_on=None)
        store.purge(date(2026, 3, 1))
    for _ in range(3):
        assert (0, {"ended", "sent"}) == states(file, stamp)


def test_a_backup_of_after_the_end_keeps_what_goes_on(place: tuple[Path, Stamp]) -> None:
    """It holds the end, so nothing in it is wrong."""
    file, stamp = place
    with closing(open_store(file, stamp=stamp)) as store:
        store.change("K1", State.ENDED, OPEN, due_on=None)
    backup = shutil.copy(file, file.with_name("backup"))
    with closing(open_store(file, stamp=stamp)) as store:
        store.begin(request("K3"))
    shutil.copy(backup, file)

    assert (0, {"ended", "sent"}) == states(file, stamp)


def test_a_dump_that_is_played_back_is_older_too(place: tuple[Path, Stamp]) -> None:
    """A new file begins to count at its beginning."""
    file, stamp = place
    with closing(open_store(file, stamp=stamp)) as store:
        for number in range(40):
            store.bind("NCT1", 3, Kind.GROUP, str(-number))
        store.change("K1", State.ENDED, OPEN, due_on=None)
    file.unlink()
    with closing(open_store(file)) as store:
        store.begin(request("K1"))

    assert (1, {"closed"}) == states(file, stamp)


def test_reading_closes_nothing(place: tuple[Path, Stamp]) -> None:
    """Who only looks sees what the file says."""
    file, stamp = place
    backup = shutil.copy(file, file.with_name("backup"))
    with closing(open_store(file, stamp=stamp)) as store:
        store.change("K1", State.ENDED, OPEN, due_on=None)
    shutil.copy(backup, file)
    with closing(open_store(file, reading=True, stamp=stamp)) as store:
        assert {"sent"} == {row["state"] for row in store.everything()["requests"]}


def test_a_stamp_never_goes_back(tmp_path: Path) -> None:
    """Also when two programs note one after the other."""
    stamp = Stamp(tmp_path)
    newer, older = tmp_path / "newer", tmp_path / "older"
    newer.write_bytes(bytes(24) + (9).to_bytes(4, "big"))
    older.write_bytes(bytes(24) + (7).to_bytes(4, "big"))
    stamp.note(newer)
    stamp.note(older)

    assert (False, True) == (stamp.outdates(newer), stamp.outdates(older))
    assert 0o600 == (tmp_path / "database.stamp").stat().st_mode & 0o777


def test_a_stamp_that_is_no_number_outdates_nothing(place: tuple[Path, Stamp]) -> None:
    """A broken disk must not close what goes on."""
    file, stamp = place
    stamp.note(file)
    (file.parent / "keys" / "database.stamp").write_bytes(b"\xff")

    assert (0, {"sent"}) == states(file, stamp)


def test_an_end_that_cannot_be_noted_is_not_taken_for_done(place: tuple[Path, Stamp]) -> None:
    """It says so, and the next try notes it."""
    file, stamp = place
    folder = file.parent / "keys"
    with closing(open_store(file, stamp=stamp)) as store:
        shutil.rmtree(folder, ignore_errors=True)
        folder.write_bytes(b"in the way")
        with pytest.raises(StoreError):
            store.change("K1", State.ENDED, OPEN, due_on=None)
        folder.unlink()

        assert not store.change("K1", State.ENDED, OPEN, due_on=None)
        assert not stamp.outdates(file)
        assert (folder / "database.stamp").exists()
