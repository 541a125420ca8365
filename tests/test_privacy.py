"""Nothing of a conversation is left behind: every byte that the service writes is searched.

The real program runs with its own temporary folder and key folder, and is told marks in every place
a browser or a stranger could put them. Afterwards its output and all files are searched for the
marks, for every token and page secret it gave out, and for the answers.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.data import ROOT
from tests.web_fixtures import ONWARD, Screen

MARKS = {
    "User-Agent": "canary-agent-7261",
    "X-Forwarded-For": "203.0.113.77",
    "Cookie": "id=canary-cookie-5518",
    "Referer": "https://canary-referer-9034.example.org/mail?from=her",
    "Accept-Language": "en;q=0.9,x-canary-8842",
}


class Service:
    """The program as an operator runs it, and all that it has been told and has given out."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.output = folder / "output.txt"
        self.secrets: set[str] = set()
        (folder / "tmp").mkdir()
        environment = {
            **os.environ,
            "TRIALS": "NCT03870919",
            "TMPDIR": str(folder / "tmp"),
            "KEYS_DIR": str(folder / "keys"),
            "WEB_PORT": str(self.port),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "run_bot.py")],
                cwd=folder, env=environment, stdout=output, stderr=output,
            )  # fmt: skip
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(self.output.read_text(encoding="utf-8"))

    def ask(self, method: str, path: str, body: str | None = None) -> Screen:
        """One marked request; what the page gives out is remembered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = dict(MARKS)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        screen = Screen(status=answer.status, html=answer.read().decode())
        connection.close()
        self.secrets |= {button.token for button in screen.buttons} | {screen.here, screen.secret}
        return screen

    def press(self, screen: Screen, action: str) -> Screen:
        """The page after pressing the first button that does `action`."""
        token = screen.button(action).token
        return self.ask("POST", "/", urlencode({"s": screen.secret, "t": token}))

    def written(self) -> dict[Path, bytes]:
        """Everything below the folder that the service could write to."""
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The running program; killed without warning at the end if a test did not."""
    running = Service(tmp_path)
    yield running
    running.process.kill()
    running.process.wait(10)


def conversation(service: Service) -> Screen:
    """To a study centre's page; then tokens, bodies and addresses that are wrong."""
    screen = service.ask("GET", "/?lang=en&name=canary-query-1177")
    while screen.step in ONWARD:
        screen = service.press(screen, ONWARD[screen.step])
    token = screen.here
    for wrong in (token[:-1], token[::-1], "canary-token-6620", "canary-token" + "x" * 52):
        service.ask("POST", "/", urlencode({"s": screen.secret, "t": wrong}))
    service.ask("POST", "/", "canary-body-4403=" + "x" * 20_000)
    service.ask("POST", "/", "\x00canary-body-4403")
    service.ask("GET", "/canary-path-3391")
    with socket.create_connection(("127.0.0.1", service.port), 5) as raw:
        raw.sendall(b"canary-line-2205 / nonsense\r\n\r\n")
        raw.recv(1000)
    return screen


def leaks(service: Service) -> list[tuple[str, str]]:
    """(file, mark) of everything found that should be nowhere."""
    marks = {"canary", "203.0.113.77", "at_diagnosis", *(s for s in service.secrets if s)}
    return [
        (path.name, mark)
        for path, content in service.written().items()
        for mark in marks
        if mark.encode() in content
    ]


def test_nothing_of_a_conversation_is_written_anywhere(service: Service) -> None:
    """No mark, token, secret or answer in any file or line; only one key file and one line."""
    end = conversation(service)
    service.process.terminate()
    service.process.wait(10)

    assert "contact" == end.step
    assert len(service.secrets) > 100
    assert [] == leaks(service)
    written = {path.relative_to(service.folder).parts[0] for path in service.written()}
    assert {"keys", "output.txt", "passerelle.db"} == written
    assert 1 == len(service.output.read_text(encoding="utf-8").splitlines())


def test_a_killed_service_leaves_nothing_either(service: Service) -> None:
    """Not even without a chance to tidy up; and the conversation goes on after a restart."""
    end = conversation(service)
    service.process.kill()
    service.process.wait(10)

    assert [] == leaks(service)
    (service.folder / "tmp").rmdir()
    again = Service(service.folder)
    try:
        shown = again.ask("POST", "/", urlencode({"s": end.secret, "t": end.here}))
    finally:
        again.process.kill()
        again.process.wait(10)
    assert end.title == shown.title


@pytest.mark.parametrize("place", ["output.txt", "tmp/trace.log", "keys/notes.txt", "core.1"])
def test_the_search_sees_a_leak(service: Service, place: str) -> None:
    """A token, an address or a mark that does get written is found, wherever it is."""
    end = conversation(service)
    (service.folder / place).write_bytes(b"\x00\x01" + end.here.encode() + b"\xff 203.0.113.77")

    assert {(Path(place).name, end.here), (Path(place).name, "203.0.113.77")} == set(leaks(service))
