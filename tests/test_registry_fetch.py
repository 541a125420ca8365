"""Records from a registry: a real server on this computer that answers as it is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import socket
from threading import Thread
from typing import Any

import pytest

from bot.registry.fetch import fetch
from bot.registry.record import LIMIT, RegistryError
from tests.registry_fixtures import record

NUMBER = "NCT00000001"
GOOD = json.dumps(record()).encode()


class Registry:
    """What a registry answers, and what it was asked."""

    def __init__(self, code: int = 200, body: bytes = GOOD, length: int | None = None) -> None:
        self.code = code
        self.body = body
        self.length = len(body) if length is None else length
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.address = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """The answer to one request."""
        self.asked.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}))
        handler.send_response(self.code)
        handler.send_header("Content-Length", str(self.length))
        handler.end_headers()
        handler.wfile.write(self.body)


@contextmanager
def running(registry: Registry) -> Iterator[Registry]:
    """`registry` on a free port of this computer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            registry.answer(self)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        registry.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def refused(registry: Registry, number: str = NUMBER) -> str:
    """What is said when `registry` gives no record; one line."""
    with running(registry), pytest.raises(RegistryError) as caught:
        fetch(number, registry.address)
    says = str(caught.value)

    assert says.startswith(f"{number}: ")
    assert "\n" not in says

    return says


@pytest.mark.parametrize("number", [NUMBER, NUMBER.lower()])
def test_a_record_is_fetched_by_its_number(number: str) -> None:
    """The number is all that is asked, and nothing is said of who asks."""
    with running(Registry()) as registry:
        study = fetch(number, f"{registry.address}/")
    ((path, headers),) = registry.asked

    assert (NUMBER, f"/api/v2/studies/{NUMBER}") == (study.number, path)
    assert {"host", "accept", "user-agent", "connection", "accept-encoding"} == headers.keys()
    assert "Passerelle" == headers["user-agent"]


@pytest.mark.parametrize(
    ("registry", "reason"),
    [
        (Registry(404, b"not found"), "the registry has no such study: look at the number"),
        (Registry(500, b"oops"), "the registry answered 500: try again later, or download"),
        (Registry(429), "the registry answered 429"),
        (Registry(403), "the registry answered 403"),
        (Registry(200, b"<html>busy</html>"), "not readable as JSON"),
        (Registry(200, b""), "is empty"),
        (Registry(200, GOOD[:-5], len(GOOD)), "not readable as JSON"),
        (Registry(200, b" " * (LIMIT + 1)), "longer than 20 MB"),
        (Registry(200, b'{"studies": []}'), "has 0 studies"),
    ],
)
def test_what_the_registry_does_not_give_is_said(registry: Registry, reason: str) -> None:
    """With the mend."""
    assert reason in refused(registry)


def test_a_number_that_became_another_is_said() -> None:
    """The registry answers with the study that took its place."""
    assert "NCT00000002: the registry keeps it as NCT00000001: fetch that one" == refused(
        Registry(), "NCT00000002"
    )


def test_a_registry_that_is_not_there_is_said() -> None:
    """Nobody listens on the port."""
    with socket() as place:
        place.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{place.getsockname()[1]}"

        with pytest.raises(RegistryError, match="the registry cannot be reached") as caught:
            fetch(NUMBER, address)

    assert "or download the record in a browser and import the file" in str(caught.value)


def test_a_registry_that_stays_silent_is_said() -> None:
    """It takes the call and never answers."""
    with socket() as place:
        place.bind(("127.0.0.1", 0))
        place.listen()

        with pytest.raises(RegistryError, match="cannot be reached"):
            fetch(NUMBER, f"http://127.0.0.1:{place.getsockname()[1]}", patience=0.05)


def test_a_registry_that_speaks_no_http_is_said() -> None:
    """It answers with noise."""
    with socket() as place:
        place.bind(("127.0.0.1", 0))
        place.listen()

        def noise() -> None:
            call, _ = place.accept()
            with call:
                call.sendall(b"noise\r\n\r\n")

        thread = Thread(target=noise)
        thread.start()
        with pytest.raises(RegistryError, match="cannot be reached"):
            fetch(NUMBER, f"http://127.0.0.1:{place.getsockname()[1]}")
        thread.join()


@pytest.mark.parametrize(
    "base", ["http://", "http://[", "http://a:b", "http://a b", f"http://{'a' * 64}.example.org"]
)
def test_an_address_that_is_none_is_said(base: str) -> None:
    """Before anything is sent."""
    with pytest.raises(RegistryError, match="cannot be reached"):
        fetch(NUMBER, base)


@pytest.mark.parametrize("base", ["file:///etc", "ftp://example.org", "clinicaltrials.gov", ""])
def test_only_the_web_is_asked(base: str) -> None:
    """No file of this computer is a registry."""
    with pytest.raises(RegistryError, match="is no address of a registry"):
        fetch(NUMBER, base)


@pytest.mark.parametrize("number", ["", "NCT1", "NCT00000001/x", "2020-000119-66", "NCT٠٠٠٠٠٠٠١"])
def test_only_a_number_is_asked_for(number: str) -> None:
    """Nothing else becomes part of an address."""
    with pytest.raises(RegistryError, match=r"is no number of ClinicalTrials\.gov"):
        fetch(number, "http://127.0.0.1:1")
