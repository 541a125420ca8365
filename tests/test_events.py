"""The lines this service writes about its own work say nothing of what anybody sent."""

import json
import logging
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.data import ROOT
from bot.events import Notice, notify, report, silence
from bot.store.records import StoreError
from bot.store.sqlite import SqliteStore
from dialogs.errors import DataError, DeadToken

CANARY = "zebra +33 6 12 34 56 78"


class HealthError(Exception):
    """An error whose message quotes a patient."""


def caught(error: Exception) -> BaseException:
    """`error` with a traceback, and another one as its cause."""
    with pytest.raises(type(error)) as info:
        _raise(error)
    return info.value


def _raise(error: Exception) -> None:
    try:
        json.loads(CANARY)
    except ValueError as cause:
        raise error from cause


def test_what_an_operator_can_mend_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The words of a store's and a key folder's errors are ours: which file, why, and the mend."""
    path = tmp_path / "passerelle.db"
    store = SqliteStore(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError) as info:
        store.unbind(CANARY, 1)
    report(info.value)
    other.close()
    store.close()

    said = capfd.readouterr().err

    assert f"DB_FILE={path}: another program holds it for long" in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "error",
    [
        HealthError(CANARY),
        ValueError(CANARY),
        KeyError(CANARY),
        DataError(CANARY, CANARY, CANARY),
        DeadToken(CANARY),
        OSError(2, CANARY, CANARY),
        UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
        ExceptionGroup(CANARY, [ValueError(CANARY)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_message_of_an_exception_never_appears(
    error: Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error: the type and the place, nothing of the content."""
    report(caught(error))
    out, err = capfd.readouterr()

    assert "" == out
    assert re.fullmatch(
        rf"passerelle: error {type(error).__name__} at tests/test_events\.py:\d+\n", err
    )


def test_notes_and_arguments_never_appear(capfd: pytest.CaptureFixture[str]) -> None:
    """Nor anything else that travels with an exception."""
    error = HealthError("first", CANARY)
    error.add_note(CANARY)
    report(caught(error))

    assert "zebra" not in capfd.readouterr().err


def test_an_error_without_a_place_is_reported_too(capfd: pytest.CaptureFixture[str]) -> None:
    """One that was never raised."""
    report(ValueError(CANARY))

    assert "passerelle: error ValueError at unknown place\n" == capfd.readouterr().err


def test_a_notice_is_one_line_of_a_closed_list(capfd: pytest.CaptureFixture[str]) -> None:
    """With nothing but a method or the name of the bot in it."""
    for notice in Notice:
        notify(notice, "setWebhook")
    lines = capfd.readouterr().err.splitlines()

    assert len(Notice) == len(lines)
    assert lines[2].startswith("passerelle: Telegram refused setWebhook at the start")
    assert lines[3].startswith("passerelle: another program takes this bot's updates")


def test_an_error_that_ends_the_program_says_nothing_either() -> None:
    """Nor one that is met while something is thrown away: type and place, no message."""
    program = (
        "from bot.events import silence\nsilence()\n"
        f"class Thrown:\n    def __del__(self):\n        raise OSError({CANARY!r})\n"
        f"Thrown()\nraise KeyError({CANARY!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 1 == done.returncode
    assert ["OSError", "KeyError"] == [line.split()[2] for line in done.stderr.splitlines()]
    assert "zebra" not in done.stderr


def test_silence_ends_all_logging(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever level a library or an operator sets; without it, the line is there."""
    logger = logging.getLogger("telegram.canary")
    handler = logging.StreamHandler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    before = logging.root.manager.disable
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    try:
        logger.critical("heard %s", CANARY)
        silence()
        logger.critical("unheard %s", CANARY)
    finally:
        logging.disable(before)
        logger.removeHandler(handler)
    err = capfd.readouterr().err

    assert f"heard {CANARY}\n" == err
