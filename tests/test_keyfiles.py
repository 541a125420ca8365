"""Key files: made, kept for seven days, destroyed, and never readable by others."""

import multiprocessing
import os
import subprocess
import sys
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bot.data import ROOT
from bot.store.keyfiles import KeyFileError, KeyFiles
from dialogs.errors import ClockBehind, DeadToken, DialogError
from dialogs.wire.keyring import STATE_DAYS
from dialogs.wire.pack import PAYLOAD
from dialogs.wire.seal import KEY_BYTES

FIRST = date(2026, 2, 26)
SAID = b"x" * PAYLOAD
PLACE = b"here"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "deep" / "keys"


def after(days: int) -> date:
    """The day so many days after the first."""
    return FIRST + timedelta(days=days)


def files(folder: Path) -> list[str]:
    """All files of a folder, drafts and foreign ones too."""
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    """The permissions of a file or folder."""
    return path.stat().st_mode & 0o777


def test_the_first_start_makes_one_key(folder: Path) -> None:
    """Of 64 bytes, in a folder of its own, and nothing else."""
    KeyFiles(folder).keyring(FIRST)

    assert ["state-2026-02-26.key"] == files(folder)
    assert KEY_BYTES == (folder / "state-2026-02-26.key").stat().st_size


def test_only_this_user_can_read_keys(folder: Path) -> None:
    """0700 for the folder and 0600 for the files, whatever the umask is."""
    old = os.umask(0)
    try:
        KeyFiles(folder).keyring(FIRST)
    finally:
        os.umask(old)

    assert 0o700 == mode(folder)
    assert 0o600 == mode(folder / "state-2026-02-26.key")


def test_a_folder_that_others_may_look_into_is_refused(folder: Path) -> None:
    """It is not ours to close: somebody may share it. The message has the mend; nothing is made."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with pytest.raises(KeyFileError, match="others may look into this folder") as caught:
        KeyFiles(folder).keyring(FIRST)

    assert f"chmod 700 {folder}" in str(caught.value)
    assert 0o755 == mode(folder)
    assert [] == files(folder)


def test_keys_are_random(tmp_path: Path) -> None:
    """No two days, and no two services, have the same key."""
    keys = set()
    for name in ("one", "other"):
        for days in range(3):
            KeyFiles(tmp_path / name).keyring(after(days))
        keys |= {path.read_bytes() for path in (tmp_path / name).iterdir()}

    assert 6 == len(keys)
    assert all(len(set(key)) > 30 for key in keys)


def test_a_restart_on_the_same_day_keeps_the_key(folder: Path) -> None:
    """Tokens of before the restart open after it."""
    token = KeyFiles(folder).keyring(FIRST).seal(SAID, PLACE)

    assert SAID == KeyFiles(folder).keyring(FIRST).open(token, PLACE)
    assert 1 == len(files(folder))


def test_a_key_opens_for_seven_days_and_is_gone_on_the_eighth(folder: Path) -> None:
    """The file disappears, and its tokens are dead, also for a service that starts anew."""
    store = KeyFiles(folder)
    token = store.keyring(FIRST).seal(SAID, PLACE)
    for days in range(1, STATE_DAYS):
        assert SAID == store.keyring(after(days)).open(token, PLACE)
        assert "state-2026-02-26.key" in files(folder)

    last = store.keyring(after(STATE_DAYS))

    assert "state-2026-02-26.key" not in files(folder)
    assert STATE_DAYS == len(files(folder))
    with pytest.raises(DeadToken):
        last.open(token, PLACE)
    with pytest.raises(DeadToken):
        KeyFiles(folder).keyring(after(STATE_DAYS)).open(token, PLACE)


def test_a_start_after_a_long_time_destroys_all_old_keys(folder: Path) -> None:
    """Nothing survives a service that was switched off for weeks."""
    for days in range(STATE_DAYS):
        KeyFiles(folder).keyring(after(days))
    KeyFiles(folder).keyring(after(40))

    assert ["state-2026-04-07.key"] == files(folder)


def test_a_key_is_overwritten_before_it_is_removed(folder: Path, tmp_path: Path) -> None:
    """What can still read the old file through an open handle reads something else."""
    KeyFiles(folder).keyring(FIRST)
    path = folder / "state-2026-02-26.key"
    secret = path.read_bytes()
    with path.open("rb") as handle:
        KeyFiles(folder).keyring(after(STATE_DAYS))
        left = handle.read()

    assert not path.exists()
    assert KEY_BYTES == len(left)
    assert secret != left


def test_a_clock_behind_destroys_nothing(folder: Path) -> None:
    """Both dates are named before any key is touched."""
    store = KeyFiles(folder)
    for days in (0, 3, 8):
        store.keyring(after(days))
    before = files(folder)
    with pytest.raises(ClockBehind) as caught:
        KeyFiles(folder).keyring(after(7))

    assert (after(7), after(8)) == (caught.value.today, caught.value.newest)
    assert before == files(folder)


def test_purposes_do_not_share_keys(folder: Path) -> None:
    """Each has its own files and its own life, and leaves the other's alone."""
    state, reply = KeyFiles(folder), KeyFiles(folder, "reply", 14)
    token = reply.keyring(FIRST).seal(SAID, PLACE)
    state.keyring(FIRST)
    state.keyring(after(10))

    assert ["reply-2026-02-26.key", "state-2026-03-08.key"] == files(folder)
    assert SAID == reply.keyring(after(13)).open(token, PLACE)

    reply.keyring(after(14))

    assert "reply-2026-02-26.key" not in files(folder)


@pytest.mark.parametrize("size", [0, 1, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_half_written_key_is_named(folder: Path, size: int) -> None:
    """It is never used, nor silently replaced: somebody has to look."""
    folder.mkdir(mode=0o700, parents=True)
    path = folder / "state-2026-02-26.key"
    path.write_bytes(b"k" * size)
    path.chmod(0o600)

    with pytest.raises(KeyFileError, match="not a key of 64 bytes: remove the file") as caught:
        KeyFiles(folder).keyring(FIRST)

    assert str(path) in str(caught.value)


def test_a_key_that_others_may_read_is_refused(folder: Path) -> None:
    """The message has the command that mends it."""
    KeyFiles(folder).keyring(FIRST)
    path = folder / "state-2026-02-26.key"
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="others may read this key") as caught:
        KeyFiles(folder).keyring(FIRST)

    assert f"chmod 600 {path}" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["notes.txt", "state.key", "state-2026-02-26.key.bak", "State-2026-02-20.key"]
)
def test_foreign_files_are_left_alone(folder: Path, name: str) -> None:
    """What is not a key is neither read nor removed."""
    folder.mkdir(mode=0o700, parents=True)
    (folder / name).write_text("mine")
    KeyFiles(folder).keyring(FIRST)

    assert "mine" == (folder / name).read_text()


def test_a_name_with_an_impossible_date_is_named(folder: Path) -> None:
    """A start that cannot go on says which file is in its way."""
    folder.mkdir(mode=0o700, parents=True)
    (folder / "state-2026-02-30.key").write_bytes(b"k" * KEY_BYTES)

    with pytest.raises(KeyFileError, match="2026-02-30"):
        KeyFiles(folder).keyring(FIRST)


@pytest.mark.parametrize("size", [0, 10, KEY_BYTES])
def test_what_a_crash_left_behind_is_destroyed_at_the_next_start(folder: Path, size: int) -> None:
    """A process killed while it made a key leaves no copy of one, and does not stop the next."""
    folder.mkdir(mode=0o700, parents=True)
    draft = folder / ".state-2026-02-26.draft"
    draft.write_bytes(b"k" * size)
    KeyFiles(folder).keyring(FIRST)

    assert ["state-2026-02-26.key"] == files(folder)
    assert b"k" * KEY_BYTES != (folder / "state-2026-02-26.key").read_bytes()


def test_the_name_of_a_draft_is_the_one_that_is_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between writing and renaming, then started again."""

    def killed(self: Path, target: Path) -> Path:
        raise SystemExit

    with monkeypatch.context() as crash:
        crash.setattr(Path, "rename", killed)
        with pytest.raises(SystemExit):
            KeyFiles(folder).keyring(FIRST)
    left = files(folder)
    KeyFiles(folder).keyring(FIRST)

    assert 1 == len(left)
    assert ["state-2026-02-26.key"] == files(folder)


def test_a_folder_that_cannot_be_used_is_named_with_a_mend(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "keys").write_text("")
    with pytest.raises(KeyFileError) as caught:
        KeyFiles(tmp_path / "keys").keyring(FIRST)

    assert f"KEYS_DIR={tmp_path / 'keys'}" in str(caught.value)
    assert "name a folder that this user may write to" in str(caught.value)


def test_an_unwritable_folder_is_named_with_a_mend(folder: Path) -> None:
    """Tried as a user without rights, since root may write anywhere."""
    folder.mkdir(mode=0o700, parents=True)
    script = (
        "import os, sys, datetime, pathlib\n"
        "from bot.store.keyfiles import KeyFiles, KeyFileError\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: KeyFiles(pathlib.Path(sys.argv[1])).keyring(datetime.date(2026, 2, 26))\n"
        "except KeyFileError as error: print(error)\n"
    )
    unreachable = folder / "locked"
    unreachable.mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-c", script, str(unreachable / "keys")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert f"KEYS_DIR={unreachable / 'keys'}: Permission denied" in done.stdout
    assert "name a folder that this user may write to" in done.stdout


def _start(folder: str, days: int, together: Barrier, queue: "multiprocessing.Queue[str]") -> None:
    together.wait(20)
    try:
        queue.put(KeyFiles(Path(folder)).keyring(after(days)).seal(SAID, PLACE))
    except (DialogError, KeyFileError, OSError) as error:
        queue.put(f"{type(error).__name__}: {error}")


@pytest.mark.parametrize("days", [0, 20])
def test_services_that_start_at_once_get_the_same_key(folder: Path, days: int) -> None:
    """Whoever comes first makes the key, and destroys what is old, for all of them."""
    for old in range(days and 3):
        KeyFiles(folder).keyring(after(old))
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[str] = context.Queue()
    together = context.Barrier(4)
    starts = [
        context.Process(target=_start, args=(str(folder), days, together, queue)) for _ in range(4)
    ]
    for start in starts:
        start.start()
    tokens = {queue.get(timeout=20) for _ in starts}
    for start in starts:
        start.join(20)

    assert {KeyFiles(folder).keyring(after(days)).seal(SAID, PLACE)} == tokens
    assert 1 == len(files(folder))
