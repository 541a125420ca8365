"""Posted forms over real HTTP: read within bounds, and counted for the network they come from."""

import json
import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.forms import BODY_LIMIT, accepted, body_of, crowd_of, fields_of
from tests.web_fixtures import Served, serving

FORM = "application/x-www-form-urlencoded"
PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("2001:db8:9::/48"))


async def told(request: Request) -> Response:
    """What was understood."""
    body = await body_of(request)
    return JSONResponse(
        {
            "body": None if body is None else body.decode("latin-1"),
            "fields": None if body is None else fields_of(request, body),
            "crowd": crowd_of(request, PROXIES).hex(),
        },
        headers={"Connection": "close"},
    )


@pytest.fixture(scope="module")
def reader() -> Iterator[Served]:
    """A page that says what it understood."""
    errors: list[BaseException] = []
    with serving(Starlette(routes=[Route("/", told, methods=["POST"])]), errors) as service:
        yield service


def understood(reader: Served, body: bytes, **headers: str) -> dict[str, Any]:
    """What the page understood of a post."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found: dict[str, Any] = json.loads(
        reader.ask("POST", "/", body, {"Content-Type": FORM, **named}).html
    )
    return found


def sent(reader: Served, head: str, body: bytes) -> dict[str, Any]:
    """The same for bytes that no library would send."""
    lines = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n{head}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", reader.port), timeout=10) as line:
        line.sendall(lines.encode() + body)
        received = b""
        while chunk := line.recv(65536):
            received += chunk
    found: dict[str, Any] = json.loads(received.partition(b"\r\n\r\n")[2])
    return found


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(reader: Served) -> None:
    """With its length told, and without."""
    whole = b"x" * BODY_LIMIT

    assert BODY_LIMIT == len(understood(reader, whole)["body"])
    assert understood(reader, whole + b"x")["body"] is None

    for body, known in ((whole, True), (whole + b"x", False)):
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        found = sent(reader, "Transfer-Encoding: chunked", chunked)

        assert known is (found["body"] is not None)


def test_a_body_that_is_announced_too_long_is_not_waited_for(reader: Served) -> None:
    """It is refused before a byte of it came."""
    found = sent(reader, f"Content-Length: {BODY_LIMIT + 1}", b"")

    assert found["body"] is None


def test_a_form_is_read_as_it_was_written(reader: Served) -> None:
    """Plus signs, escapes, line ends, signs of any alphabet; the last of two with one name."""
    fields = {"k": "a+b %26", "text": "un\r\ndeux é 🙂\0\ufffd", "lang": "fr"}

    assert fields == understood(reader, urlencode(fields).encode())["fields"]
    assert {"a": "2"} == understood(reader, b"a=1&a=2&b=&c")["fields"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text=%ED%A0%80",
        b"text=%FF",
        "text=é".encode(),
        b"&".join(b"a%d=1" % n for n in range(9)),
        b'{"text": "\\ud800"}',
        b"\0" * 100,
    ],
)
def test_what_is_no_form_has_no_fields(reader: Served, body: bytes) -> None:
    """Halves of characters, wrong bytes, too many fields, and other junk."""
    found = understood(reader, body)

    assert body.decode("latin-1") == found["body"]
    assert {} == found["fields"]


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (FORM, True),
        (FORM.upper() + " ; charset=UTF-8", True),
        ("text/plain", False),
        ("application/json", False),
        ("multipart/form-data; boundary=x", False),
        ("", False),
    ],
)
def test_only_plain_forms_have_fields(reader: Served, kind: str, read: bool) -> None:
    """By what the browser says they are."""
    found = understood(reader, b"a=1", Content_Type=kind)

    assert ({"a": "1"} if read else {}) == found["fields"]


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", []),
        ("fr", ["fr"]),
        ("fr-FR,fr;q=0.9,en;q=0.8", ["fr", "fr", "en"]),
        ("en;q=0.2, FR-ca;q=0.7", ["fr", "en"]),
        ("en ; q=0.2, fr; q=0.7", ["fr", "en"]),
        ("en;q=0,fr;q=0.1", ["fr"]),
        ("en;q=x,fr;q=nan,de;q=", ["de"]),
        ("de," * 1000, ["de"] * 67),
    ],
)
def test_the_preferred_language_comes_first(header: str, languages: list[str]) -> None:
    """Weights, blanks, nonsense, and no more of a header than a browser sends."""
    assert languages == [one for one in accepted(header) if one]


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("", "127.0.0.1"),
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7,10.1.2.3", "203.0.113.7"),
        ("10.1.2.3", "10.1.2.3"),
        ("203.0.113.7, unknown", "127.0.0.1"),
        ("203.0.113.7, unknown, 10.1.2.3", "10.1.2.3"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, ::ffff:10.1.2.3", "203.0.113.7"),
        ("203.0.113.7:5678", "203.0.113.7"),
        ("203.0.113.7:5678, 10.1.2.3:80", "203.0.113.7"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ("203.0.113.7, [2001:db8::1]x", "127.0.0.1"),
        ("203.0.113.7:http", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1, 2001:db8:9::1", "2001:db8:1:2::"),
    ],
)
def test_the_network_is_the_last_that_no_proxy_of_ours_is(
    reader: Served, forwarded: str, address: str
) -> None:
    """Read from the end; of an IPv6 address the half that a home has to itself."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    found = bytes.fromhex(understood(reader, b"", **headers)["crowd"])

    assert ip_address(address).packed[: len(found)] == found
    assert len(found) == (8 if ":" in address else 4)


def client(host: str | None, *forwarded: str) -> Request:
    """A request from `host`."""
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    place = None if host is None else (host, 1)
    return Request({"type": "http", "client": place, "headers": headers})


def test_nobodys_word_is_taken_for_where_somebody_comes_from() -> None:
    """Without a trusted proxy the header says nothing; without an address all are one crowd."""
    assert b"\x09\x09\x09\x09" == crowd_of(client("9.9.9.9", "203.0.113.7"), ())
    assert b"\x09\x09\x09\x09" == crowd_of(client("9.9.9.9", "203.0.113.7"), PROXIES)
    assert b"nowhere" == crowd_of(client(None), PROXIES)
    assert b"nowhere" == crowd_of(client("a socket"), PROXIES)


def test_a_socket_for_both_versions_tells_ipv4_networks_apart() -> None:
    """Their mapped addresses share the half that stands for a home."""
    first, second = (crowd_of(client(f"::ffff:9.9.9.{n}"), ()) for n in (1, 2))

    assert first != second
    assert first == crowd_of(client("9.9.9.1"), ())


def test_headers_in_several_lines_are_one_list() -> None:
    """The last line was written last."""
    found = crowd_of(client("127.0.0.1", "203.0.113.1", "203.0.113.2, 10.0.0.1"), PROXIES)

    assert ip_address("203.0.113.2").packed == found
