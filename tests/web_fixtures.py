"""The web page served over real HTTP, a reader of its pages, and a browser to look at it."""

import http.client
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp

from bot.app import demonstration_desk
from bot.channels.web import web_app

#: The button that leads on from each step to a centre's contact details; that step is the end.
ONWARD = {
    "welcome": "start",
    "whom": "whom",
    "agreement": "agreed",
    "question": "answer",
    "ruled": "go_on",
    "recap": "result",
    "result": "contact",
    "regions": "region",
    "centres": "centre",
}
END = "contact"
#: The trial of the service that these tests walk through.
PALATINE = "NCT03870919"

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button as the page shows it."""

    label: str
    token: str
    action: str


@dataclass(slots=True)
class Screen(HTMLParser):
    """What a plain reader finds in one page."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    html: str = ""
    language: str = ""
    step: str = ""
    here: str = ""
    secret: str = ""
    action: str = ""
    title: str = ""
    buttons: list[Pressable] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    _open: dict[str, str | None] | None = None
    _in_title: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag tells."""
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "html":
            self.language = found["lang"] or ""
        elif tag == "main":
            self.step = found.get("data-step") or ""
            self.here = found.get("data-here") or ""
        elif tag == "form":
            self.action = found["action"] or ""
        elif tag == "input" and found.get("name") == "s":
            self.secret = found["value"] or ""
        elif tag == "h1":
            self._in_title = True
        elif tag == "button" and found.get("name") == "t":
            self._open = found

    def handle_data(self, data: str) -> None:
        """Collect labels and the title."""
        if self._in_title:
            self.title += data
        if self._open is not None:
            button = Pressable(data, self._open["value"] or "", self._open.get("data-action") or "")
            self.buttons.append(button)
            self._open = None

    def handle_endtag(self, tag: str) -> None:
        """The title ends."""
        if tag == "h1":
            self._in_title = False

    def button(self, action: str) -> Pressable:
        """The first button that does `action`."""
        return next(button for button in self.buttons if button.action == action)


@dataclass(frozen=True, slots=True)
class Served:
    """A running service, and the errors that it reported."""

    port: int
    errors: list[BaseException]

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def ask(
        self,
        method: str = "GET",
        path: str = "/",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Screen:
        """One request on its own connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Screen(status=answer.status, headers=found, html=text)
        finally:
            connection.close()

    def post(self, screen: Screen, token: str) -> Screen:
        """Post the form of `screen` as a browser does."""
        body = urlencode({"s": screen.secret, "t": token}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", screen.action, body, headers)

    def press(self, screen: Screen, action: str) -> Screen:
        """Press the first button that does `action`."""
        return self.post(screen, screen.button(action).token)


@contextmanager
def serving(app: ASGIApp, errors: list[BaseException]) -> Iterator[Served]:
    """`app` on a free port of this machine, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False,
        proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    limit = time.monotonic() + 10
    while not server.started and time.monotonic() < limit:
        time.sleep(0.01)
    try:
        yield Served(listener.getsockname()[1], errors)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real service in demonstration mode; no test may leave an error behind."""
    keys: Path = tmp_path_factory.mktemp("keys")
    errors: list[BaseException] = []
    desk = demonstration_desk(keys, trials=[PALATINE])
    with serving(web_app(desk, errors.append), errors) as service:
        yield service

    assert errors == []


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same with all studies; no test may leave an error behind."""
    keys: Path = tmp_path_factory.mktemp("keys")
    errors: list[BaseException] = []
    with serving(web_app(demonstration_desk(keys), errors.append), errors) as service:
        yield service

    assert errors == []


# Not for the whole session: while Playwright runs, no other test of the thread can use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium without a window."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        reason = f"no browser found: looked for {', '.join(_BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()
