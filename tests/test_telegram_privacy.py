"""Nothing of a chat is left behind: the real program, every logger at its finest.

People with marked names talk to it, are blocked, send nonsense and press forged buttons while
Telegram fails in many ways. Then all that the program wrote is searched for the marks, for every
token that stood in a button, for the bot's own token and the webhook's secret.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.data import ROOT
from tests.fakes.telegram import FakeTelegram, Person
from tests.telegram_fixtures import SECRET

LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from bot.cli.main import main
if {heard}:
    import bot.app
    bot.app.silence = lambda: None
for name in list(logging.root.manager.loggerDict):
    logging.getLogger(name).setLevel(logging.DEBUG)
sys.exit(main([]))
"""
MARKS = {"canary", "Zoraïde", "Bird-5518", "726100", "203.0.113.77"}


class Program:
    """The program as an operator runs it, with all logging turned on."""

    def __init__(
        self, folder: Path, telegram: FakeTelegram, *, webhook: bool, heard: bool = False
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self.output = folder / "output.txt"
        (folder / "tmp").mkdir(exist_ok=True)
        ports = [_free(), _free()]
        environment = {
            **os.environ,
            "TMPDIR": str(folder / "tmp"),
            "KEYS_DIR": str(folder / "keys"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WEB_PORT": str(ports[0]),
            "WEB_URL": "https://passerelle.example.org",
            "BOT_TOKEN": telegram.token,
            "BOT_API_URL": telegram.url,
            "DEMO": "1",
            "DEMO_CHATS": "*",
        }
        if webhook:
            environment |= {
                "WEBHOOK_URL": f"http://127.0.0.1:{ports[1]}/hook",
                "WEBHOOK_LISTEN": f"127.0.0.1:{ports[1]}",
                "WEBHOOK_SECRET": SECRET,
            }
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LOUD.format(heard=heard)],
                cwd=folder, env=environment, stdout=output, stderr=output,
            )  # fmt: skip
        limit = time.monotonic() + 30
        while b"https://t.me/" not in self.output.read_bytes():
            if time.monotonic() > limit or self.process.poll() is not None:
                raise TimeoutError(self.output.read_text(encoding="utf-8"))
            time.sleep(0.05)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; gives its exit status."""
        self.process.send_signal(how)
        return self.process.wait(30)

    def leaks(self) -> set[str]:
        """What was found below its folder that should be nowhere."""
        tokens = {
            button["callback_data"]
            for call in self.telegram.calls
            for row in (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        }
        written = b"".join(p.read_bytes() for p in self.folder.rglob("*") if p.is_file())

        assert len(tokens) > 40

        sought = MARKS | tokens | {SECRET, self.telegram.token.partition(":")[2]}
        return {mark for mark in sought if mark.encode() in written}


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _talk(telegram: FakeTelegram) -> Person:
    person = telegram.person(
        7_261_000_001, first_name="Zoraïde", last_name="Bird-5518", username="canary_ana"
    )
    person.say("/start canary-payload")
    telegram.settle()
    while person.last.labels[0][0] != "Recommencer" and len(telegram.calls) < 60:
        person.tap(person.last, person.last.labels[0][0])
        telegram.settle()
    person.say("canary: je m'appelle Zoraïde, mon numéro est le 203.0.113.77")
    person.say("jveu mourir canary")
    person.send("photo", caption="canary Zoraïde")
    person.send("contact", phone_number="canary")
    person.say("canary", reply_to=person.last)
    person.tap(person.last, forged="canary" + "x" * 50)
    person.tap(person.last, forged=b"\xff\xfe canary")
    telegram.raw(b'{"update_id": 1, "message": {"canary": "Zora')
    telegram.raw({"message": {"message_id": "canary", "chat": {"id": "Bird-5518"}}})
    telegram.settle()
    group = telegram.group("canary group")
    group.say(person, "/start canary")
    telegram.settle()
    return person


def _trouble(telegram: FakeTelegram, person: Person) -> None:
    for status in (400, 403, 404, 429, 500):
        telegram.faults.answer("editMessageText", status, "canary Zoraïde", retry_after=1)
        person.tap(person.last, person.last.labels[0][0])
        telegram.settle(30)
    telegram.faults.drop("sendMessage", after_effect=True)
    person.say("/aide canary")
    telegram.settle()
    old = person.last
    person.block()
    person.tap_old(old, old.labels[0][0])
    telegram.settle()


@pytest.fixture
def marked(telegram: FakeTelegram) -> Iterator[FakeTelegram]:
    """A Telegram in which things go wrong on purpose."""
    yield telegram
    telegram.problems.clear()


@pytest.mark.parametrize("webhook", [True, False])
def test_nothing_of_a_chat_is_written(marked: FakeTelegram, tmp_path: Path, webhook: bool) -> None:
    """No name, number, text, token or secret; only keys and a few lines about our own work."""
    program = Program(tmp_path, marked, webhook=webhook)
    try:
        person = _talk(marked)
        _trouble(marked, person)
    finally:
        status = program.end()

    assert 0 == status
    assert set() == program.leaks()
    lines = program.output.read_text(encoding="utf-8").splitlines()

    assert all(line.startswith(("Passerelle (demonstration)", "passerelle: ")) for line in lines)
    kept = {"keys", "output.txt", "passerelle.db", "tmp"}
    assert kept >= {path.name for path in tmp_path.iterdir()}


def test_a_killed_program_leaves_nothing_and_loses_nothing(
    marked: FakeTelegram, tmp_path: Path
) -> None:
    """SIGKILL in the middle; after a restart her buttons work."""
    program = Program(tmp_path, marked, webhook=True)
    person = _talk(marked)
    program.end(signal.SIGKILL)

    assert set() == program.leaks()

    again = Program(tmp_path, marked, webhook=True)
    try:
        person.tap(person.messages[1], person.messages[1].labels[0][0])
        marked.settle()

        assert [] == person.spinning
        assert "Reprenons au début" not in person.messages[1].text
    finally:
        again.end()


def test_the_search_would_see_a_leak(marked: FakeTelegram, tmp_path: Path) -> None:
    """With the libraries' own logging not silenced, it finds what they write."""
    program = Program(tmp_path, marked, webhook=True, heard=True)
    try:
        _talk(marked)
    finally:
        program.end()

    told = {SECRET, marked.token.partition(":")[2]}

    assert told == program.leaks()

    (tmp_path / "more.txt").write_text("Zoraïde", encoding="utf-8")

    assert told | {"Zoraïde"} == program.leaks()
